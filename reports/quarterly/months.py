"""The monthly series of the release, with limits that are computed from its rounded numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from evaluation.estimating.charts import xmr
from evaluation.language import Text, _
from evaluation.nouns import Figure, Release
from evaluation.wording import count
from reports.cells import value
from reports.reading import every
from reports.writing import month

FEWEST = 8
"""With fewer months, limits would say more about chance than about the months."""

MARKS = {
    "outside": _("Beyond a limit"),
    "shift": _("One of seven or more in a row on one side of the mean"),
    "trend": _("One of seven or more in a row that rise or fall"),
    "near": _("One of two in three that lie close to a limit"),
}


@dataclass(frozen=True, slots=True)
class Series:
    """The months in order; `marks` names, by place, why a month stands out.

    `mean`, `low` and `high` are missing where there are too few months for limits.
    """

    figures: tuple[Figure, ...]
    mean: float | None = None
    low: float | None = None
    high: float | None = None
    marks: tuple[tuple[int, str], ...] = ()

    def of(self, quarter_began: str) -> tuple[Figure, ...]:
        """The months from one such as '2025-01' on."""
        return tuple(figure for figure in self.figures if figure.group >= quarter_began)


def series(release: Release) -> Series:
    """The monthly series and its limits. A month that is not shown has no part in them."""
    found = every(
        release, section="monitoring", measure="episodes", cohort=None, outcome="re_missing"
    )
    figures = tuple(sorted(found, key=lambda figure: figure.group))
    known = {place: f.value for place, f in enumerate(figures) if f.value is not None}
    if len(known) < FEWEST:
        return Series(figures)
    points = xmr(pd.Series(known, dtype=float), floor=0).points
    first = points.iloc[0]
    return Series(
        figures,
        float(first["centre"]),
        float(first["low"]),
        float(first["high"]),
        tuple(
            (place, codes.split()[0])
            for place, codes in zip(known, points["marks"], strict=True)
            if codes
        ),
    )


def usual(months: Series) -> Text | None:
    """The mean and the limits in a sentence; None where there are too few months."""
    if months.mean is None:
        return None
    return _(
        "Mean of the months shown: {mean} episodes. Usual range: {low} to {high}.",
        mean=count(months.mean),
        low=count(months.low),
        high=count(months.high),
    )


def stand_out(months: Series, *, since: str = "") -> tuple[Text, ...]:
    """Which months stand out and why, from the month `since` on; one sentence for each reason."""
    if not months.figures:
        return (_("This release holds no monthly figures."),)
    if months.mean is None:
        return (_("There are too few months for limits."),)
    told = []
    for code, why in MARKS.items():
        chosen = [months.figures[place] for place, mark in months.marks if mark == code]
        if chosen := [figure for figure in chosen if figure.group >= since]:
            told.append(_("{why}: {months}.", why=why, months=named(chosen)))
    if told:
        return tuple(told)
    return (_("None of these months stands out.") if since else _("No month stands out."),)


def named(figures: Iterable[Figure]) -> tuple[Text, ...]:
    """Each month with its number: 'May 2024 (60)'."""
    return tuple(
        _("{month} ({episodes})", month=month(figure.group), episodes=value(figure, count))
        for figure in figures
    )
