"""What the evaluator's annex holds beside the figures of the quarter: what they rest on.

    balance       how alike the arms are, covariate by covariate
    overlap       whom there is to compare with, and what the weights leave
    diagnostics   dispersion, proportional hazards, dominance by few
    roads         every sensitivity analysis of the folder, or why one could not be made

None of it answers the plan's question; it says how far the answer can be trusted.
"""

from __future__ import annotations

from collections.abc import Callable

from analyses.annex import balance, diagnostics, overlap, roads
from analyses.cohorts import discussed
from analyses.outcomes import OUTCOMES
from analyses.plan import Plan
from analyses.quarterly.alike import made_alike
from analyses.quarterly.windows import complete
from analyses.stamping import stamped
from analyses.time_away import time_away
from evaluation.errors import MissingTable
from evaluation.following import follow
from evaluation.nouns import Estimate, Snapshot

SECTIONS = frozenset({"re_missing", "other_outcomes", "completeness"})
"""The sections of the quarter's release that the annex tells again."""


def estimates(
    snapshot: Snapshot,
    plan: Plan,
    *,
    registered: Plan | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Estimate, ...]:
    """What the comparison rests on, in the plan's primary window, and all other roads to it.

    None at all where the returns for the comparison have not come: the quarter's own figures then
    say so. `progress(done, of)` is told of each sensitivity analysis.
    """
    try:
        cohort = discussed(snapshot, plan)
        at_risk = follow(cohort, OUTCOMES[plan.outcome], snapshot, away=time_away(snapshot))
    except MissingTable:
        return ()
    children = complete(cohort, at_risk, plan.window_days)
    alike = made_alike(children, plan)
    told = diagnostics.figures(children, alike, plan)
    if not isinstance(alike, str):
        told += balance.figures(alike, plan) + overlap.figures(alike, plan)
    told += roads.figures(cohort, at_risk, snapshot, plan, progress=progress)
    return stamped(told, plan, registered)
