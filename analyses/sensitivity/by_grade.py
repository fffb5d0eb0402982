"""By grade: without 'no apparent risk', and of medium and high risk alone."""

from __future__ import annotations

from analyses.plan import Plan
from analyses.sensitivity._graded import GRADED
from analyses.sensitivity._shared import of_window, ratio
from analyses.time_away import time_away
from evaluation.following import follow
from evaluation.nouns import AtRisk, Cohort, Estimate, Snapshot


def figures(cohort: Cohort, at_risk: AtRisk, snapshot: Snapshot, plan: Plan) -> list[Estimate]:
    """The primary window's ratio of each of those outcomes; who is compared stays the same."""
    del at_risk
    told = []
    for name, outcome in GRADED.items():
        again = follow(cohort, outcome, snapshot, away=time_away(snapshot))
        children, alike = of_window(cohort, again, plan)
        told.append(ratio(children, alike, plan, "by_grade_rate_ratio", outcome=name))
    return told
