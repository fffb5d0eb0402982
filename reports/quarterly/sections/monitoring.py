"""Missing episodes month by month: for watching, never a claim."""

from __future__ import annotations

from pathlib import Path

from IPython.display import Markdown

from evaluation.drawing import control_chart
from evaluation.language import Language, Text, _
from evaluation.nouns import Release
from evaluation.wording import LEVELS, WITHHELD, count, two_figures
from reports.cells import counted, notes, value
from reports.quarterly.months import MARKS, Series, series, stand_out, usual
from reports.reading import pick
from reports.writing import (
    Block,
    Words,
    bullets,
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

MEASURE = _("Missing episodes begun each month")
TABLE = "months"


def section(release: Release, language: Language) -> Markdown:
    """The control chart, what stands out, and the before and after that is not impact."""
    months = series(release)
    return page(
        language,
        heading(2, _("Missing episodes each month")),
        prose(
            _(
                "All missing episodes that police recorded, of all children in the area, whether "
                "referred or not. The limits show how much months differ by chance alone; a month "
                "that stands out is a reason to ask, not an answer."
            ),
            usual(months),
            _("The numbers stand in {table}.", table=f"@tbl-{TABLE}") if months.figures else None,
        ),
        _picture(months),
        bullets(stand_out(months)),
        notes(figure for figure in months.figures if figure.value is None),
        heading(3, _("Before and after referral")),
        *_before_after(release),
    )


def in_brief(release: Release) -> tuple[Text, Words]:
    """The last three months beside what is usual."""
    months = series(release)
    last = months.figures[-3:]
    if not last:
        return MEASURE, _("This release holds no monthly figures.")
    numbers = "; ".join(value(figure, count) for figure in last)
    if months.mean is None:
        return MEASURE, _("Last three months: {numbers}.", numbers=numbers)
    return MEASURE, _(
        "Last three months: {numbers}. Usual range: {low} to {high}.",
        numbers=numbers,
        low=count(months.low),
        high=count(months.high),
    )


def table(release: Release) -> list[Block | None]:
    """Every point of the picture."""
    months = series(release)
    if not months.figures:
        return [prose(_("This release holds no monthly figures."))]
    marks = dict(months.marks)
    return [
        grid(
            TABLE,
            _("Missing episodes begun each month, and the children who had them"),
            [
                (_("Month"), "left"),
                (_("Episodes"), "right"),
                (_("Children"), "right"),
                (_("Stands out"), "left"),
            ],
            [
                (
                    month(figure.group),
                    value(figure, count),
                    counted(figure),
                    MARKS[marks[place]] if place in marks else "–",
                )
                for place, figure in enumerate(months.figures)
            ],
        ),
        notes(figure for figure in months.figures if figure.value is None),
    ]


def _picture(months: Series) -> Block | None:
    if not any(figure.value is not None for figure in months.figures):
        return None
    groups = [figure.group for figure in months.figures]

    def draw(to: Path, language: Language) -> None:
        control_chart.draw(
            tuple(short_month(group, language) for group in groups),
            tuple(figure.value for figure in months.figures),
            to,
            lines=_lines(months, language),
            marks=dict(months.marks),
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
            marked=_together(stand_out(months)),
        ),
        draw,
    )


def _together(sentences: tuple[Text, ...]) -> Text:
    joined, *rest = sentences
    for sentence in rest:
        joined = _("{first} {next}", first=joined, next=sentence)
    return joined


def _lines(months: Series, language: Language) -> control_chart.Lines | None:
    if months.mean is None or months.low is None or months.high is None:
        return None
    low = _("Low limit {number}", number=count(months.low)).to(language)
    mean = _("Mean {number}", number=count(months.mean)).to(language)
    high = _("High limit {number}", number=count(months.high)).to(language)
    return control_chart.Lines(months.mean, months.low, months.high, (low, mean, high))


def _before_after(release: Release) -> list[Block | None]:
    before, after = (
        pick(
            release,
            section="monitoring",
            measure="before_after",
            cohort="discussed",
            outcome="re_missing",
            group=group,
            days=90,
        )
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
            _("Children referred: episodes per 100 days, before and after"),
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
