"""Other triggers: the same comparison had the plan asked for more episodes, or in other days."""

from __future__ import annotations

from dataclasses import replace

from analyses.cohorts import discussed
from analyses.outcomes import OUTCOMES
from analyses.plan import Plan
from analyses.quarterly.alike import ARMS
from analyses.quarterly.alike import figure as described
from analyses.sensitivity._shared import of_window, ratio
from analyses.time_away import time_away
from evaluation.following import follow
from evaluation.nouns import AtRisk, Cohort, Estimate, Snapshot

TRIGGERS = ((2, 90), (3, 60), (4, 90), (3, 180))
"""Episodes, and the days before the meeting in which they began; the plan's own is left out."""


def figures(cohort: Cohort, at_risk: AtRisk, snapshot: Snapshot, plan: Plan) -> list[Estimate]:
    """Of each trigger (its cohort is 'trigger_2_in_90' …): children by arm, and the ratio."""
    del cohort, at_risk
    told = []
    for episodes, days in TRIGGERS:
        if (episodes, days) == (plan.trigger_episodes, plan.trigger_days):
            continue
        other = replace(plan, trigger_episodes=episodes, trigger_days=days)
        own = discussed(snapshot, other)
        name = f"trigger_{episodes}_in_{days}"
        again = follow(own, OUTCOMES[plan.outcome], snapshot, away=time_away(snapshot))
        for arm in ARMS:
            size = int((own.children["arm"] == arm).sum())
            told.append(
                described(
                    measure="children", group=arm, cohort=name, children=size, value=float(size),
                    role="sensitivity",
                )
            )  # fmt: skip
        told.append(
            ratio(*of_window(own, again, other), other, "other_trigger_rate_ratio", cohort=name)
        )
    return told
