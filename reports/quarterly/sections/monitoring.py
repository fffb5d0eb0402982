"""Missing episodes month by month: for watching, never a claim."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from IPython.display import Markdown

from evaluation.drawing import control_chart
from evaluation.estimating.control import xmr
from evaluation.language import Language, Text, _
from evaluation.nouns import Figure, Release
from evaluation.wording import LEVELS, WITHHELD, count, two_figures
from reports.cells import counted, notes, value
from reports.reading import every, pick
from reports.writing import (
    Block,
    Words,
    callout,
    grid,
    heading,
    month,
    page,
    picture,
    plain,
    prose,
    short_month,
)

FEWEST_MONTHS = 8
"""With fewer months, limits would say more about chance than about the months."""

MARKS = {
    "outside": _("Beyond a limit"),
    "shift": _("One of seven or more in a row on one side of the mean"),
    "trend": _("One of seven or more in a row that rise or fall"),
    "near": _("One of two in three that lie close to a limit"),
}

MEASURE = _("Missing episodes begun each month")


@dataclass(frozen=True, slots=True)
class Series:
    """The months in order, with limits from the released numbers; `marks` by place."""

    figures: tuple[Figure, ...]
    mean: float | None
    low: float | None
    high: float | None
    marks: dict[int, str]


def series(release: Release) -> Series:
    """The monthly series and its control limits. Months that are not shown have no part in them."""
    figures = tuple(
        sorted(every(release, section="monitoring", measure="episodes"), key=lambda f: f.group)
    )
    known = {place: f.value for place, f in enumerate(figures) if f.value is not None}
    if len(known) < FEWEST_MONTHS:
        return Series(figures, None, None, None, {})
    chart = xmr(pd.Series(known, dtype=float), floor=0)
    first = chart.iloc[0]
    marks = {
        place: codes.split()[0] for place, codes in zip(known, chart["marks"], strict=True) if codes
    }
    return Series(figures, float(first["mean"]), float(first["low"]), float(first["high"]), marks)


def section(release: Release, language: Language) -> Markdown:
    """The control chart, what stands out, and the before and after that is not impact."""
    months = series(release)
    return page(
        language,
        heading(2, _("Missing episodes each month")),
        prose(
            _(
                "All missing episodes that police recorded, of all children in the area, whether "
                "referred or not. The limits show how much months differ by chance alone; a point "
                "that stands out is a reason to ask, not an answer."
            ),
            usual(months),
            _("The numbers stand in {table}.", table="@tbl-months") if months.figures else None,
        ),
        _picture(months),
        prose(stands_out(months)),
        notes(figure for figure in months.figures if figure.value is None),
        heading(3, _("Before and after referral")),
        *_before_after(release),
    )


def in_brief(release: Release) -> tuple[Text, Words]:
    """The last three months beside what is usual."""
    months = series(release)
    last = months.figures[-3:]
    if not last:
        return MEASURE, _("This release does not hold it.")
    return MEASURE, _(
        "Last three months: {values}. Usual range: {low} to {high}.",
        values="; ".join(value(figure, count) for figure in last),
        low=count(months.low),
        high=count(months.high),
    )


def usual(months: Series) -> Text | None:
    """The mean and the limits in a sentence; None where there are too few months."""
    if months.mean is None:
        return None
    return _(
        "Mean of all months shown: {mean} episodes a month; usual range {low} to {high}.",
        mean=count(months.mean),
        low=count(months.low),
        high=count(months.high),
    )


def stands_out(months: Series) -> Text:
    """Which months stand out, by name and number."""
    if not months.figures:
        return _("This release holds no monthly figures.")
    if months.mean is None:
        return _("There are too few months for limits.")
    if not months.marks:
        return _("No month stands out.")
    named = [
        _("{month} ({episodes})",
          month=month(months.figures[place].group), episodes=value(months.figures[place], count))
        for place in sorted(months.marks)
    ]  # fmt: skip
    return _("Months that stand out: {months}.", months=tuple(named))


def _picture(months: Series) -> Block | None:
    if not any(figure.value is not None for figure in months.figures):
        return None
    groups = [figure.group for figure in months.figures]

    def draw(to: Path, language: Language) -> None:
        lines = None
        if months.mean is not None and months.low is not None and months.high is not None:
            words = (
                _("Low limit {number}", number=count(months.low)),
                _("Mean {number}", number=count(months.mean)),
                _("High limit {number}", number=count(months.high)),
            )
            low, centre, high = (text.to(language) for text in words)
            lines = control_chart.Lines(months.mean, months.low, months.high, (low, centre, high))
        control_chart.draw(
            tuple(short_month(group, language) for group in groups),
            tuple(figure.value for figure in months.figures),
            to,
            lines=lines,
            marks=months.marks,
            mark_words={code: plain(words, language) for code, words in MARKS.items()},
            y_title=plain(_("Episodes begun in the month"), language),
            withheld=WITHHELD,
        )

    return picture(
        "months",
        _("Missing episodes begun each month, with limits"),
        _(
            "A line of {months} months, from {first} to {last}. {usual} {marked}",
            months=len(groups),
            first=month(groups[0]),
            last=month(groups[-1]),
            usual=usual(months) or "",
            marked=stands_out(months),
        ),
        draw,
    )


def _before_after(release: Release) -> list[Block | None]:
    before, after = (
        pick(release, section="monitoring", measure="before_after", group=group, days=90)
        for group in ("before", "after")
    )
    return [
        callout(
            "warning",
            _("For monitoring, not impact"),
            prose(
                _(
                    "Children are referred at their worst. Their episodes would on average fall "
                    "afterwards without any service, often by half. A fall from before to after is "
                    "therefore no sign that a service works, and must not be quoted as one."
                ),
                LEVELS[2],
            ),
        ),
        grid(
            "before-after",
            _("Children referred: episodes in the 90 days before and after, per 100 days"),
            [
                (_("Period"), "left"),
                (_("Children"), "right"),
                (_("Episodes per 100 days"), "right"),
            ],
            [
                (_("90 days before"), counted(before), value(before, two_figures)),
                (_("90 days after"), counted(after), value(after, two_figures)),
            ],
        ),
        notes([before, after]),
    ]
