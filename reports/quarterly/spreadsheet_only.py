"""Figures of a public release that no section shows: they stand in the spreadsheets alone.

A report that shows everything is read by nobody; one that drops a figure in silence is not to be
trusted. So each is either read by a section, or named here with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from evaluation.nouns import Figure, Release
from evaluation.quarters import Quarter
from reports.quarterly.sections.reached import DIMENSIONS
from reports.reading import primary

DETAIL = "a finer or a second look at what a section shows"
EVERY_GROUP = "of groups by which the report does not tell who was reached"
CHECKS = "a check of another figure, for an evaluator"

ONLY: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("engagement", "engaged_adjusted"): DETAIL,
        ("engagement", "engaged_difference"): DETAIL,
        ("engagement", "engaged_shrunk"): DETAIL,
        ("engagement", "lost"): CHECKS,
        ("endings", "sessions_counted"): CHECKS,
        ("monitoring", "assessments"): DETAIL,
        ("monitoring", "children_missing"): DETAIL,
        ("monitoring", "episodes_per_100_child_days"): DETAIL,
        ("monitoring", "first_sessions"): DETAIL,
        ("monitoring", "referrals_made"): DETAIL,
        ("monitoring", "share_missing"): DETAIL,
        ("op_encompass", "further_incidents"): DETAIL,
        ("op_encompass", "level_ratio"): DETAIL,
        ("op_encompass", "rows"): DETAIL,
        ("op_encompass", "slope_ratio"): DETAIL,
        ("op_encompass", "trend_ratio"): DETAIL,
        ("positive_futures_sessions", "attendances_per_session_limits"): DETAIL,
        ("positive_futures_sessions", "minutes"): DETAIL,
        ("re_missing", "any_episode"): DETAIL,
        ("re_missing", "children"): CHECKS,
        ("referrals", "closed"): DETAIL,
        ("referrals", "closed_because"): DETAIL,
        ("referrals", "declined"): DETAIL,
        ("referrals", "declined_because"): DETAIL,
        ("risk_change", "band_pair"): DETAIL,
        ("risk_change", "bowker"): CHECKS,
        ("risk_change", "higher_band_odds_ratio"): DETAIL,
        ("risk_change", "stuart_maxwell"): CHECKS,
        ("risk_change", "too_early"): CHECKS,
        ("waiting", "ended_first"): CHECKS,
        ("waiting", "late_into_view"): CHECKS,
        ("waiting", "still_waiting"): CHECKS,
    }
)
"""Section and measure -> why no section shows it."""


MAIN_WINDOW = 182
QUARTERS = 4
"""Quarters back to which the report tells of caseloads and interviews."""

_OF_MAIN_WINDOW = {
    "days_not_at_risk",
    "episodes_per_100_child_days",
    "episodes_per_100_children",
    "minimum_detectable_rate_ratio",
    "negative_binomial_rate_ratio",
    "unadjusted_rate_ratio",
}
_OF_PLACES = {"sessions_held", "attendances", "attendances_per_session"}
_MONTHS_OF_PLACES = ("sessions_by_month_and_authority", "attendances")


def why_only_there(figure: Figure, release: Release) -> str | None:
    """Why a figure stands in the spreadsheets alone; None where a section is to show it."""
    named = ONLY.get((figure.section, figure.measure))
    return named or next((why for why, holds in _RULES if holds(figure, release)), None)


def _of_other_groups(figure: Figure, _release: Release) -> bool:
    _service, by, dimension = (figure.cohort or "").partition("_engagement_by_")
    return figure.section == "engagement" and bool(by) and dimension not in DIMENSIONS


def _of_positive_futures(figure: Figure, release: Release) -> bool:
    """Of the second service the stages and who was reached are shown, and what does not fit."""
    return (
        figure.section in {"caseload", "endings", "risk_change", "waiting"}
        and (figure.cohort or "").startswith("positive_futures")
        and (figure.measure, figure.group) != ("unexplained", str(release.quarter))
    )


def _of_encompass(figure: Figure, _release: Release) -> bool:
    return figure.section == "op_encompass" and (
        figure.cohort == "op_encompass_months"
        or figure.group == "other"
        or figure.measure == "children"
        or figure.outcome in {"before_nine", "within_12_hours", "within_48_hours"}
    )


def _of_sessions(figure: Figure, _release: Release) -> bool:
    if figure.section != "positive_futures_sessions":
        return False
    elsewhere = figure.group.rpartition("/")[2] == "other"
    if figure.cohort != "sessions_12_months":
        return elsewhere or (figure.cohort, figure.measure) != _MONTHS_OF_PLACES
    return figure.group != "all" and (elsewhere or figure.measure not in _OF_PLACES)


def _of_other_windows(figure: Figure, _release: Release) -> bool:
    return (
        figure.section == "re_missing"
        and figure.measure in _OF_MAIN_WINDOW
        and figure.days != MAIN_WINDOW
    )


def _of_no_comparison(figure: Figure, release: Release) -> bool:
    """Where the comparison cannot be estimated, what belongs to it is not told either."""
    ratio = primary(release)
    return figure.section == "re_missing" and (ratio is None or ratio.value is None)


def _of_earlier_quarters(figure: Figure, release: Release) -> bool:
    if figure.section not in {"caseload", "return_interviews"}:
        return False
    return Quarter.parse(figure.group) < release.quarter - (QUARTERS - 1)


def _of_other_stages(figure: Figure, _release: Release) -> bool:
    """Of children with the same time behind them only the first session is told."""
    cohort = figure.cohort or ""
    return cohort.endswith("_old_enough") and figure.measure != "first_session"


def _of_one_band(figure: Figure, _release: Release) -> bool:
    return (figure.section, figure.measure) == ("risk_change", "reassessed") and (
        figure.group != "all"
    )


_RULES: tuple[tuple[str, Callable[[Figure, Release], bool]], ...] = (
    (EVERY_GROUP, _of_other_groups),
    (DETAIL, _of_positive_futures),
    (DETAIL, _of_encompass),
    (DETAIL, _of_sessions),
    (DETAIL, _of_other_windows),
    (CHECKS, _of_no_comparison),
    (DETAIL, _of_earlier_quarters),
    (DETAIL, _of_other_stages),
    (DETAIL, _of_one_band),
)
