"""Time to the next episode: days free of one within each window, which needs no proportional hazards."""

from __future__ import annotations

from analyses.plan import Plan
from analyses.quarterly.alike import numbers
from analyses.sensitivity._shared import figure, known, none, of_window, weighted
from evaluation.estimating.survival import rmst
from evaluation.nouns import AtRisk, Cohort, Estimate, Snapshot

MEASURE = "days_free_of_episodes_difference"


def figures(cohort: Cohort, at_risk: AtRisk, snapshot: Snapshot, plan: Plan) -> list[Estimate]:
    """Mean days free of an episode of those referred, less of those not, weighted, in each window.

    Of children whose window is complete; limits take the weights for known.
    """
    del snapshot
    told = []
    for days in plan.windows_days:
        children, alike = of_window(cohort, at_risk, plan, days)
        if isinstance(alike, str):
            told += none([MEASURE], plan, alike, days=days, children=len(children))
            continue
        rows = weighted(children, alike)
        found = rmst(
            rows["days_to_first"], rows["any_event"], until=days, group=rows["arm"],
            reference="not_referred", weights=rows["weight"], child=rows["child_key"],
            confidence=plan.confidence,
        ).one("rmst_difference")  # fmt: skip
        said = known(children, alike, plan, days=days, method="weighted_rmst")
        told.append(figure(measure=MEASURE, **said, **numbers(found)))
    return told
