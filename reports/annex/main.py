"""The main figure of the release, and what the sections of the annex ask about it."""

from __future__ import annotations

from evaluation.language import Text, _
from evaluation.nouns import Figure, Release
from evaluation.wording import Road, decimals, three_figures
from reports.cells import value, with_limits
from reports.reading import find, one, primary
from reports.writing import Words

COHORT = "discussed"
ARMS = {"referred": _("Referred"), "not_referred": _("Not referred then")}


def days_of(release: Release) -> int | None:
    """The days of the plan's own window."""
    figure = primary(release)
    return release.claiming.days if figure is None else figure.days


def main_road(release: Release) -> Road:
    """The plan's first main figure, as the one that all others are held against."""
    return Road(primary(release))


def referred_now(release: Release) -> Figure | None:
    """Referred now against not referred yet, main figure or check; None where there is none."""
    return one(
        release, "rate_ratio", section="re_missing", cohort="referred_now", days=days_of(release)
    )


def here(release: Release, measure: str, **place: object) -> Figure | None:
    """One figure of the children whose primary window is complete."""
    return one(
        release, measure, section="re_missing", cohort=COHORT, days=days_of(release), **place
    )


def all_here(release: Release, measure: str, **place: object) -> tuple[Figure, ...]:
    """All such figures of a measure."""
    return find(
        release, measure, section="re_missing", cohort=COHORT, days=days_of(release), **place
    )


def ratio(figure: Figure | None) -> Words:
    """A ratio with its interval, in three significant figures."""
    return with_limits(figure, three_figures)


def p_value(figure: Figure | None) -> Words:
    """'p = 0.58'; one that rounds to nothing as 'p < 0.01'."""
    if figure is not None and figure.value is not None and figure.value < LEAST:
        return _("p < {p}", p=decimals(LEAST))
    return _("p = {p}", p=value(figure, decimals))


LEAST = 0.01
"""A p is written to two decimals."""


def window(figure: Figure | None) -> Text:
    """The window of a figure, which no line end parts."""
    return _("{days}\N{NO-BREAK SPACE}days", days=(figure.days if figure else None) or 0)
