"""What a quarter's release holds: every figure, in the order in which it is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from analyses.cohorts import discussed
from analyses.outcomes import OUTCOMES
from analyses.plan import Plan
from analyses.quarterly import completeness, monitoring, re_missing, referrals
from analyses.stamping import stamped
from analyses.time_away import time_away
from evaluation.errors import MissingTable
from evaluation.following import follow
from evaluation.nouns import Estimate, Provider, Snapshot

Progress: TypeAlias = Callable[[int, int], None]


def estimates(
    snapshot: Snapshot,
    plan: Plan,
    providers: Mapping[str, Provider],
    *,
    progress: Progress | None = None,
    registered: Plan | None = None,
) -> tuple[Estimate, ...]:
    """All the figures of the quarter of `snapshot`, each with its doubt; none is rounded yet.

    Completeness comes first, and what could be seen at all before what was seen. A question
    whose returns have not come has its figures, with `why_not` 'no_return' and no value. The
    same snapshot and plan give the same figures. `progress(done, of)` is told of the bootstrap.

    What departs from the plan that was registered is exploratory (see `stamped`): the project's
    own, unless `registered` is given, as a simulation with fewer draws may do for its own.
    """
    figures = completeness.figures(snapshot, providers)
    figures += referrals.figures(snapshot)
    figures += monitoring.episodes_by_month(snapshot)
    try:
        cohort = discussed(snapshot, plan)
        at_risk = follow(cohort, OUTCOMES[plan.outcome], snapshot, away=time_away(snapshot))
    except MissingTable:
        figures += monitoring.no_before_after() + re_missing.no_figures(plan)
    else:
        figures += monitoring.before_after(cohort, at_risk)
        figures += re_missing.figures(cohort, at_risk, snapshot, plan, progress=progress)
    return stamped(figures, plan, registered)
