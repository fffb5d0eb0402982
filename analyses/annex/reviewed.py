"""What the series around a review of Op Encompass rests on: its diagnostics, and other ways to make it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import time
from typing import Any

from analyses.encompass import review
from analyses.encompass.clocks import weak
from analyses.encompass.eligible import Eligible, eligible
from analyses.encompass.incidents import FORM, incidents
from analyses.monitoring.dated import other_changes, review_on
from analyses.snapshots import covered
from evaluation.errors import WrongUse
from evaluation.estimating.series import Interrupted
from evaluation.nouns import DatedEvent, Estimate, Snapshot

SECTION = "op_encompass"
COHORTS = frozenset({review.COHORT, "op_encompass_months"})
"""The figures of the quarter that the annex tells again."""

WAYS: Mapping[str, Mapping[str, Any]] = {
    "no_change_of_trend": {"slope": False},
    "closures_not_allowed_for": {"closures": False},
    "with_seasons": {"harmonics": 1},
    "review_month_kept": {"phase_in": 0},
    "negative_binomial": {"family": "negative_binomial"},
    "newey_west": {"covariance": "hac"},
    "independent_months": {"covariance": "model"},
}
"""What is done otherwise in each; the months are the same."""

NINE, UNKNOWN_LATE = "school_day_at_nine", "unknown_as_late"
"""The same series of other rows."""

_TESTS = {"dispersion": "pearson_dispersion", "autocorrelation": "autocorrelation"}


def figures(snapshot: Snapshot, events: tuple[DatedEvent, ...]) -> list[Estimate]:
    """Diagnostics of the series around the first review, and its effect made in other ways.

    'pearson_dispersion' (1 where chance is all there is), 'autocorrelation' (of neighbouring
    months) and 'ljung_box_p' are of all of it; 'rate_ratio' is the effect in the sixth month, of
    the way that is its `group`, a key of WAYS, 'school_day_at_nine' or 'unknown_as_late'. None at
    all without a review, or where the series itself cannot be made.
    """
    until = snapshot.quarter.last_day
    on = review_on(events, SECTION, until=until)
    came = covered(snapshot, FORM)
    if on is None or snapshot.quarter not in came:
        return []
    quarters = came[0].to(snapshot.quarter)
    others = other_changes(events, SECTION, until=until)
    found = eligible(snapshot, quarters)
    series = review.around(found, snapshot, on, other_changes=others)
    if series is None:
        return []
    told = _diagnostics(found, series)
    for way, how in WAYS.items():
        try:
            made = review.around(found, snapshot, on, other_changes=others, **how)
        except WrongUse:  # more waves than the years bear
            made = None
        told.append(_effect(found, made, way))
    nine = eligible(snapshot, quarters, rows=incidents(snapshot, begins=time(9)))
    for way, own in {NINE: nine, UNKNOWN_LATE: _all_judged(found)}.items():
        made = review.around(own, snapshot, on, other_changes=others)
        told.append(_effect(own, made, way))
    return told


def _diagnostics(found: Eligible, series: Interrupted) -> list[Estimate]:
    common = review.fields(found) | {"unmet": weak(found)}
    told = [
        replace(one, measure=_TESTS[one.measure], group="all", design_level=2, **common)
        for one in series
        if one.measure in _TESTS
    ]
    return told + [
        replace(one, measure="ljung_box_p", value=one.p, p=None, design_level=2, **common)
        for one in series
        if one.measure == "ljung_box"
    ]


def _effect(found: Eligible, series: Interrupted | None, way: str) -> Estimate:
    """The effect in the sixth month; without a value, and why, where there is none."""
    common = review.fields(found) | {"role": "sensitivity"}
    held = [] if series is None else list(series)
    for one in (each for each in held if each.measure == "rate_ratio"):
        return replace(one, group=way, unmet=(*weak(found), *one.unmet), **common)
    why = next((one.why_not for one in held if one.why_not), "few_periods")
    return Estimate(measure="rate_ratio", group=way, design_level=2, why_not=why, **common)


def _all_judged(found: Eligible) -> Eligible:
    """As if no school that is unknown, or whose closures are, had been told in time."""
    unknown = found.due["state"].isin(["no_school", "unknown_calendar"])
    due = found.due.assign(
        state=found.due["state"].mask(unknown, "judged"),
        in_time=found.due["in_time"].mask(unknown, other=False),
    )
    return replace(found, due=due)
