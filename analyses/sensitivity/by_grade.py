"""By grade: without 'no apparent risk', and of medium and high risk alone."""

from __future__ import annotations

from analyses.outcomes import OUTCOMES
from analyses.plan import Plan
from analyses.sensitivity._shared import of_window, ratio
from analyses.time_away import time_away
from evaluation.following import follow
from evaluation.nouns import AtRisk, Cohort, Estimate, Snapshot

GRADED = ("re_missing_graded", "re_missing_medium_high")


def figures(cohort: Cohort, at_risk: AtRisk, snapshot: Snapshot, plan: Plan) -> list[Estimate]:
    """The primary window's ratio of each of those outcomes; who is compared stays the same."""
    del at_risk
    told = []
    for name in GRADED:
        again = follow(cohort, OUTCOMES[name], snapshot, away=time_away(snapshot))
        children, alike = of_window(cohort, again, plan)
        told.append(ratio(children, alike, plan, "by_grade_rate_ratio", outcome=name))
    return told
