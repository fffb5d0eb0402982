"""Going missing again: the children referred against like children who were not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

import pandas as pd

from analyses.cohorts import later_referrals
from analyses.outcomes import OUTCOMES
from analyses.plan import Plan
from analyses.quarterly import curves, windows
from analyses.quarterly.alike import figure
from analyses.recording import definition_changed
from analyses.snapshots import covered, run_end, told_without_a_gap
from analyses.time_away import time_away, told_throughout
from evaluation.errors import MissingTable
from evaluation.estimating.proportions import wilson
from evaluation.following import follow
from evaluation.nouns import AtRisk, Cohort, Estimate, Snapshot
from evaluation.quarters import Quarter


def figures(
    cohort: Cohort,
    at_risk: AtRisk,
    snapshot: Snapshot,
    plan: Plan,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> list[Estimate]:
    """Who was compared, what became of the arms, each window's result, and the curves.

    The primary window comes first. Every comparison is of design level 3 and bears the
    assumptions that do not hold, or cannot be checked, in `unmet`. `at_risk` is of the plan's
    outcome; its secondary outcomes follow, in a section of their own (see `beside`).
    """
    crossed = crossed_over(cohort, snapshot, plan)
    unmet = ["unmeasured_confounding"]
    unmet += ["crossing_over"] if crossed.children else []
    if not (at_risk.away_removed and told_throughout(snapshot)):
        unmet.append("time_away_not_removed")
    if not all(map(partial(told_without_a_gap, snapshot), _WHO_AND_WHEN)):
        unmet.append("returns_missing")
    of = len(plan.outcomes)
    told = [*flow(cohort), *arms(cohort), crossed]
    told += _answers(
        cohort, at_risk, snapshot, plan, unmet=tuple(unmet), progress=_part(progress, 0, of)
    )
    told = [replace(one, outcome=plan.outcome) for one in told]
    for number, name in enumerate(plan.secondary_outcomes, start=1):
        told += beside(
            cohort, name, snapshot, plan, unmet=tuple(unmet), progress=_part(progress, number, of)
        )
    return told


def beside(
    cohort: Cohort,
    outcome: str,
    snapshot: Snapshot,
    plan: Plan,
    *,
    unmet: tuple[str, ...],
    progress: Callable[[int, int], None] | None = None,
) -> list[Estimate]:
    """Another outcome of the same children, in the section 'other_outcomes': never claimed from.

    The same figures as the plan's own outcome has, all of them secondary. Where a return that
    the outcome needs has not come they say so.
    """
    told = list(arms(cohort))
    try:
        at_risk = follow(cohort, OUTCOMES[outcome], snapshot, away=time_away(snapshot))
    except MissingTable:
        told += _no_answers(plan)
    else:
        told += _answers(cohort, at_risk, snapshot, plan, unmet=unmet, progress=progress)
    return _placed_beside(told, outcome)


def _answers(
    cohort: Cohort,
    at_risk: AtRisk,
    snapshot: Snapshot,
    plan: Plan,
    *,
    unmet: tuple[str, ...],
    progress: Callable[[int, int], None] | None,
) -> list[Estimate]:
    parts = (plan.window_days, *plan.secondary_windows, 0)
    shares = {days: _part(progress, number, len(parts)) for number, days in enumerate(parts)}
    told = []
    for days in parts[:-1]:
        changed = definition_changed(
            windows.complete(cohort, at_risk, days), snapshot, plan, days=days
        )
        told += windows.figures(
            cohort, at_risk, plan, days=days, unmet=(*unmet, *changed), progress=shares[days]
        )
    changed = definition_changed(cohort.children, snapshot, plan, days=plan.windows_days[-1])
    return told + curves.figures(
        cohort, at_risk, plan, unmet=(*unmet, *changed), progress=shares[0]
    )


def _placed_beside(told: Iterable[Estimate], outcome: str) -> list[Estimate]:
    return [
        replace(
            one,
            section=OTHERS,
            outcome=outcome,
            role="secondary" if one.role == "primary" else one.role,
        )
        for one in told
    ]


OTHERS = "other_outcomes"
"""The section of secondary outcomes: apart, so that no reader of 're_missing' takes one for it."""

_WHO_AND_WHEN = ("meeting_decisions", "st_giles_referrals")
"""What tells a child's time zero, its arm and its earlier referrals; a gap in it tells nothing."""


def flow(cohort: Cohort) -> Iterable[Estimate]:
    """The children discussed, those left out and why, and the arms."""
    for step in cohort.flow:
        yield figure(
            measure="flow", group=step.reason, children=step.children, value=float(step.children)
        )


def arms(cohort: Cohort) -> Iterable[Estimate]:
    """The children of each arm, however long they were followed."""
    for arm in ("referred", "not_referred"):
        children = int((cohort.children["arm"] == arm).sum())
        yield figure(measure="children", group=arm, children=children, value=float(children))


def crossed_over(cohort: Cohort, snapshot: Snapshot, plan: Plan) -> Estimate:
    """The share of the comparison arm that a later meeting referred within the primary window.

    Of the children whose window is complete both in the episodes' returns and the meetings'.
    Where many cross over, the comparison is with a later referral rather than with none.
    """
    days = pd.Timedelta(days=plan.window_days)
    meetings = covered(snapshot, "meeting_decisions")
    waiting = cohort.children[cohort.children["arm"] == "not_referred"]
    last_meeting = pd.to_datetime(
        waiting["time_zero"].map(lambda day: run_end(meetings, Quarter.of(day.date())))
    )
    ends = waiting["time_zero"] + days
    complete = waiting[(ends <= waiting["data_end"]) & (ends <= last_meeting)]
    later = later_referrals(cohort, snapshot).reindex(complete["child_key"]).to_numpy()
    crossed = int((later <= (complete["time_zero"] + days).to_numpy()).sum())
    if complete.empty:
        return figure(
            measure="crossed_over",
            group="not_referred",
            days=plan.window_days,
            of=0,
            why_not="no_comparison" if waiting.empty else "no_follow_up",
        )
    (share,) = wilson(crossed, len(complete)).placed(
        "re_missing",
        cohort="discussed",
        outcome="re_missing",
        measure="crossed_over",
        group="not_referred",
        days=plan.window_days,
        design_level=None,
    )
    return share


def no_figures(plan: Plan) -> list[Estimate]:
    """The headline figures of every outcome where the returns for the cohort have not come."""
    told = [replace(one, outcome=plan.outcome) for one in _no_answers(plan)]
    for outcome in plan.secondary_outcomes:
        told += _placed_beside(_no_answers(plan), outcome)
    return told


def _no_answers(plan: Plan) -> list[Estimate]:
    return [
        *(told for days in plan.windows_days for told in windows.no_figures(plan, days)),
        *curves.risks(None, plan, "no_return"),
    ]


def _part(
    progress: Callable[[int, int], None] | None, number: int, parts: int
) -> Callable[[int, int], None] | None:
    """The progress of one of several equal parts, told as progress of the whole."""
    if progress is None:
        return None
    return lambda done, of: progress(number * of + done, parts * of)
