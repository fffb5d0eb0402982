"""When a claim may be made: which quarter's release is the claim analysis, by the plan's rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, cast

import pandas as pd

from analyses.cohorts import ARMS, discussed
from analyses.plan import Plan, departures
from evaluation.disclosure import parse_release
from evaluation.disclosure.arms import CONTRAST
from evaluation.errors import MissingTable
from evaluation.estimating.spending import Look, at_look, looks
from evaluation.nouns import AT_LOOK, Claiming, Cohort, Estimate, Snapshot
from evaluation.quarters import Quarter
from evaluation.store import Store, earlier_releases

CLAIMED = ("rate_ratio", "episodes_per_100_children")
"""What a claim is made from: the ratio, and the difference that decides where it rounds to 1."""

STEP = 0.05
"""Shares of the information are cut to whole twentieths: a boundary then tells no count."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Where a quarter stands: `quarter` is that of the claim analysis (see `Release`).

    `look` is there where the quarter is a look of the rule 'by_spending' that has error to spend.
    """

    quarter: Quarter | None
    claiming: Claiming
    look: Look | None = None


def moment(
    snapshot: Snapshot,
    plan: Plan,
    *,
    registered: Plan | None = None,
    claimed: Quarter | None = None,
) -> Moment:
    """Which quarter's release may carry a claim, as the snapshot's quarter can know it.

    By date it is the plan's. By children it is the first quarter by whose last day each arm has
    so many children with a complete primary window; which children those are is settled by the
    days of meetings and returns, and never by what happened after them. `claimed` is the quarter
    of a claim analysis that was already made under this plan, if there is one: it stays that one
    though late returns would now move it. By spending it is the snapshot's quarter where that
    is a look at which more is known than at the last, else the next look. Every look that has
    passed counts as taken: whoever skips one has no error saved.
    """
    claiming = Claiming(
        rule=cast("Literal['by_date', 'by_children', 'by_spending']", plan.claim_rule),
        days=plan.window_days,
        children=plan.claim_children_per_arm,
        looks=plan.claim_looks or (),
        agreement=cast("Literal['first', 'both']", plan.agreement),
        blocked_by=plan.claim_blocked_by,
        departs=departures(plan, registered),
    )
    if plan.claim_rule == "by_date":
        return Moment(plan.claim_quarter, claiming)
    try:
        cohort = discussed(snapshot, plan)
    except MissingTable:
        return Moment(_next(plan, snapshot.quarter), claiming)
    if plan.claim_rule == "by_children":
        return Moment(claimed or _reached(cohort, snapshot, plan), claiming)
    return _at_a_look(cohort, snapshot.quarter, plan, claiming)


def complete_by(cohort: Cohort, day: pd.Timestamp, days: int) -> dict[str, int]:
    """How many children of each arm had `days` days complete on record by the end of a day."""
    ends = cohort.children["time_zero"] + pd.Timedelta(days=days)
    whole = cohort.children[(ends <= cohort.children["data_end"]) & (ends <= day)]
    return {arm: int((whole["arm"] == arm).sum()) for arm in ARMS}


def with_look(estimates: Iterable[Estimate], plan: Plan, look: Look | None) -> list[Estimate]:
    """The figures, and after each main one that a claim is made from the same at its look.

    The figure of the usual confidence stays what it was; the one whose measure ends in AT_LOOK
    bears the interval by which the claim is judged.
    """
    told: list[Estimate] = []
    for estimate in estimates:
        told.append(estimate)
        if look is not None and estimate.measure in CLAIMED and _is_main(estimate, plan):
            on_log = estimate.measure == "rate_ratio"
            wide = (
                replace(estimate, value=None, low=None, high=None, why_not="not_converged")
                if estimate.value is not None and estimate.se is None
                else at_look(estimate, look, on_log=on_log)
            )
            told.append(replace(wide, measure=estimate.measure + AT_LOOK))
    return told


def claimed_before(store: Store, body: str, plan: Plan) -> Quarter | None:
    """The quarter of the first claim analysis that was released under this very plan, if any."""
    for released in earlier_releases(store, body):
        if released.plan == plan.hash:
            release = parse_release(released.text)
            if release.is_claim:
                return release.quarter
    return None


def _reached(cohort: Cohort, snapshot: Snapshot, plan: Plan) -> Quarter | None:
    """The first quarter by whose end each arm is large enough; None while it is not."""
    starts = cohort.children["time_zero"]
    if starts.empty:
        return None
    for quarter in Quarter.of(starts.min().date()).to(snapshot.quarter):
        sizes = complete_by(cohort, pd.Timestamp(quarter.last_day), plan.window_days)
        if min(sizes.values()) >= (plan.claim_children_per_arm or 0):
            return quarter
    return None


def _at_a_look(cohort: Cohort, quarter: Quarter, plan: Plan, claiming: Claiming) -> Moment:
    planned = plan.claim_looks or ()
    if quarter not in planned:
        return Moment(_next(plan, quarter), claiming)
    known, spent_at = [0.0], [0.0]
    for each in (each for each in planned if each <= quarter):
        share = _share(cohort, each, plan)
        time = 1.0 if each == planned[-1] else min(1.0, share)
        taken = share > known[-1] and time > spent_at[-1]
        if taken:
            known.append(share)
            spent_at.append(time)
    claiming = replace(claiming, information=known[-1])
    if not taken:  # nothing new is known, or nothing is left to spend
        return Moment(_next(plan, quarter + 1), claiming)
    made = looks(known[1:], spent_at=spent_at[1:], alpha=1 - plan.confidence)
    return Moment(quarter, claiming, made[-1])


def _share(cohort: Cohort, quarter: Quarter, plan: Plan) -> float:
    """The share of the planned information that was in at a quarter's end, in whole twentieths.

    That of a ratio of rates grows with 1 / (1 / referred + 1 / others).
    """
    sizes = complete_by(cohort, pd.Timestamp(quarter.last_day), plan.window_days)
    one, other = sizes.values()
    if not (one and other):
        return 0.0
    share = one * other / (one + other) / ((plan.claim_children_per_arm or 0) / 2)
    return round(int(share / STEP + 1e-9) * STEP, 2)


def _next(plan: Plan, quarter: Quarter) -> Quarter | None:
    """The next look from a quarter on; None where there is none, or the rule knows no quarters."""
    return next((each for each in plan.claim_looks or () if each >= quarter), None)


def _is_main(estimate: Estimate, plan: Plan) -> bool:
    return (
        estimate.role in {"primary", "co_primary"}
        and estimate.days == plan.window_days
        and estimate.group == CONTRAST
    )
