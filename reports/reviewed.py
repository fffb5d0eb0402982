"""Op Encompass before and after its review: the lines of the series, what may be said, and their table."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import pandas as pd

from analyses.encompass.review import COHORT, LINES, MONTHS_ON, OUTCOME
from analyses.monitoring.dated import review_on
from evaluation.drawing import interrupted_series as drawing
from evaluation.language import Language, Text, _
from evaluation.nouns import DatedEvent, Figure, Release
from evaluation.quarters import Quarter
from evaluation.wording import by_then, changed, percent
from reports.cells import tabled, with_limits
from reports.reading import body_of, every, pick
from reports.writing import Block, Words, month, picture, plain, short_month

SECTION = "op_encompass"
LATE = _("Schools not told before they next opened")

Every = Literal["month", "quarter"]


@dataclass(frozen=True, slots=True)
class Series:
    """The series as the release holds it: each line by month, and the effect in the sixth month."""

    event: DatedEvent
    fitted: dict[str, Figure]
    expected: dict[str, Figure]
    ratio: Figure | None

    @property
    def months(self) -> list[str]:
        """All months from the first to the last of the lines, as '2024-05'."""
        held = sorted(self.fitted)
        return [str(each) for each in pd.period_range(held[0], held[-1], freq="M")] if held else []

    @property
    def then(self) -> str:
        """The month that the effect is told of."""
        return str(pd.Period(self.event.on, freq="M") + MONTHS_ON)

    @property
    def says(self) -> Text:
        """The sentence that stands alone."""
        return changed(self.ratio, outcome=LATE)

    @property
    def sixth_month(self) -> Text | None:
        """Both lines in that month, and their ratio."""
        return by_then(
            self.ratio, self.fitted.get(self.then), self.expected.get(self.then),
            month=_(
                "By the lines, not told in time in the sixth month from the review on ({month})",
                month=month(self.then),
            ),
        )  # fmt: skip


def series(release: Release) -> Series | None:
    """The series around the first review that the body knows of; None without one."""
    events = body_of(release).events
    on = review_on(events, SECTION, until=release.quarter.last_day)
    ratio = pick(
        release, section=SECTION, measure="rate_ratio", cohort=COHORT, outcome=OUTCOME,
        group="contrast",
    )  # fmt: skip
    if on is None or ratio is None:
        return None
    fitted, expected = (
        {
            figure.group: figure
            for figure in every(
                release, section=SECTION, measure=line, cohort=COHORT, outcome=OUTCOME
            )
            if figure.value is not None
        }
        for line in LINES
    )
    event = next(
        each for each in events
        if each.on == on and each.kind == "review" and each.concerns(SECTION)
    )  # fmt: skip
    return Series(event, fitted, expected, ratio)


def drawn(release: Release, told: Series, *, by: Every) -> Block | None:
    """Both lines, and what was seen by month or quarter; None where there are no lines."""
    if not told.fitted or not told.expected:
        return None
    months = told.months
    seen = _seen(release, months, by)
    fitted, expected = (
        [
            drawing.OnLine(months.index(name), *_held(figure))
            for name, figure in sorted(line.items())
        ]
        for line in (told.fitted, told.expected)
    )

    def draw(to: Path, language: Language) -> None:
        drawing.draw(
            [short_month(each, language) for each in months],
            seen,
            fitted,
            expected,
            to,
            changed_at=_place(told.event.on, months),
            words=_words(told, by, language),
            y_title=plain(LATE, language),
        )

    return picture(
        "reviewed",
        _("Schools not told before they next opened, before and after the review"),
        _(
            "Two lines by month, from {first} to {last}. The line through the months: {start} "
            "({first}); {before} in the last month before the review; {after} in the first one after "
            "it; {end} ({last}). If the trend before had gone on: {expected} ({last}). {says}",
            first=month(months[0]),
            last=month(months[-1]),
            start=percent(told.fitted[months[0]].value),
            before=percent(_last_before(told)),
            after=percent(told.fitted[_first_after(told)].value),
            end=percent(told.fitted[months[-1]].value),
            expected=percent(told.expected[max(told.expected)].value),
            says=told.says,
        ),
        draw,
    )


def table(told: Series) -> list[Block | None]:
    """Both lines month by month."""
    return tabled(
        "reviewed-lines",
        _("Schools not told before they next opened, by month: both lines"),
        [
            (_("Month"), "left"),
            (_("The line through the months (interval)"), "right"),
            (_("If the trend before had gone on (interval)"), "right"),
        ],
        [
            (
                month(name),
                with_limits(told.fitted.get(name), percent),
                with_limits(told.expected[name], percent) if name in told.expected else "–",
            )
            for name in sorted(told.fitted)
        ],
        [*told.fitted.values(), *told.expected.values()],
    )


def by_month(release: Release) -> dict[str, Figure]:
    """The share told in time of each month that the release holds."""
    return {
        figure.group: figure
        for figure in every(
            release, section=SECTION, measure="school_told", cohort="op_encompass_months",
            outcome="before_school_opens",
        )
    }  # fmt: skip


def _seen(release: Release, months: Sequence[str], by: Every) -> list[drawing.Seen]:
    """The shares that the release holds, each at its month or the middle one of its quarter."""
    shares = every(
        release, section=SECTION, measure="school_told", cohort=f"op_encompass_{by}s",
        outcome="before_school_opens",
    )  # fmt: skip
    return [
        drawing.Seen(_middle(figure.group, by, months), 1 - figure.value)
        for figure in shares
        if figure.value is not None
    ]


def _middle(group: str, by: Every, months: Sequence[str]) -> float:
    if by == "month":
        return _place(date.fromisoformat(f"{group}-01"), months) + 0.5
    return _place(Quarter.parse(group).first_day, months) + 1.5


def _place(day: date, months: Sequence[str]) -> float:
    """Where a day lies: a month is one wide, and its middle is its number."""
    since = pd.Period(day, freq="M") - pd.Period(months[0], freq="M")
    return float(since.n) - 0.5 + (day.day - 1) / monthrange(day.year, day.month)[1]


def _held(figure: Figure) -> tuple[float, float, float]:
    value = figure.value or 0.0
    low, high = figure.low, figure.high
    return value, value if low is None else low, value if high is None else high


def _first_after(told: Series) -> str:
    return min(told.expected)


def _last_before(told: Series) -> float | None:
    before = [name for name in told.fitted if name < _first_after(told)]
    return told.fitted[max(before)].value if before else None


def _words(told: Series, by: Every, language: Language) -> drawing.Words:
    def said(words: Words) -> str:
        return plain(words, language)

    last = max(told.expected)
    return drawing.Words(
        seen=said(_("A quarter, as it was seen") if by == "quarter" else _("A month, as it was seen")),
        fitted=said(_("The line through the months")),
        expected=said(_("If the trend before had gone on")),
        room=said(_("How far that may be out (95%)")),
        event=said(_("{title} ({day})", title=told.event.title, day=told.event.on)),
        fitted_ends=percent(told.fitted[max(told.fitted)].value),
        expected_ends=percent(told.expected[last].value),
    )  # fmt: skip
