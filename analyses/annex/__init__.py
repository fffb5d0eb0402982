"""What the evaluator's annex holds beside the figures of the quarter: what they rest on.

    balance       how alike the arms are, covariate by covariate
    overlap       whom there is to compare with, and what the weights leave
    diagnostics   dispersion, proportional hazards, dominance by few
    reviewed      the series around a review of Op Encompass, and other ways to make it
    roads         every sensitivity analysis of the folder, or why one could not be made

None of it answers the plan's question; it says how far the answer can be trusted.
"""

from __future__ import annotations

from collections.abc import Callable

from analyses.annex import balance, diagnostics, overlap, reviewed, roads
from analyses.cohorts import discussed
from analyses.outcomes import OUTCOMES
from analyses.plan import Plan
from analyses.quarterly.alike import made_alike
from analyses.quarterly.windows import complete
from analyses.stamping import stamped
from analyses.time_away import time_away
from evaluation.errors import MissingTable
from evaluation.following import follow
from evaluation.nouns import DatedEvent, Estimate, Snapshot

_SECTIONS = frozenset({"re_missing", "other_outcomes", "completeness"})


def is_told_again(figure: Estimate) -> bool:
    """Whether the annex tells this figure of the quarter's release again."""
    return figure.section in _SECTIONS or figure.cohort in reviewed.COHORTS


def estimates(
    snapshot: Snapshot,
    plan: Plan,
    *,
    registered: Plan | None = None,
    events: tuple[DatedEvent, ...] = (),
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Estimate, ...]:
    """What the comparison rests on, in the plan's primary window, and all other roads to it.

    Of the comparison none where its returns have not come: the quarter's own figures then say so.
    `events` are the body's. `progress(done, of)` is told of each sensitivity analysis.
    """
    series = reviewed.figures(snapshot, events)
    try:
        cohort = discussed(snapshot, plan)
        at_risk = follow(cohort, OUTCOMES[plan.outcome], snapshot, away=time_away(snapshot))
    except MissingTable:
        return stamped(series, plan, registered)
    children = complete(cohort, at_risk, plan.window_days)
    alike = made_alike(children, plan)
    told = diagnostics.figures(children, alike, plan)
    if not isinstance(alike, str):
        told += balance.figures(alike, plan) + overlap.figures(alike, plan)
    told += roads.figures(cohort, at_risk, snapshot, plan, progress=progress)
    return stamped(told + series, plan, registered)
