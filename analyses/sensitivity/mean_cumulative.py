"""Mean number of episodes that a child has had by a day, whatever came before or after."""

from __future__ import annotations

from analyses.plan import Plan
from analyses.quarterly.alike import numbers
from analyses.sensitivity._shared import figure, known, none, of_window
from analyses.sensitivity.recurrent_events import within
from evaluation.estimating.survival import mean_cumulative
from evaluation.nouns import AtRisk, Cohort, Estimate, Snapshot

MEASURES = ("mean_episodes_difference", "mean_episodes_ratio")


def figures(cohort: Cohort, at_risk: AtRisk, snapshot: Snapshot, plan: Plan) -> list[Estimate]:
    """Mean episodes of those referred by the end of each window, less and over those of the others.

    Weighted, robust by child; limits take the weights for known. It assumes nothing of how episodes
    hang together. Of children whose window is complete.
    """
    del snapshot
    told = []
    for days in plan.windows_days:
        children, alike = of_window(cohort, at_risk, plan, days)
        if isinstance(alike, str):
            told += none(MEASURES, plan, alike, days=days, children=len(children))
            continue
        own = alike.children[["child_key", "weight"]].merge(
            children[["child_key", "arm"]], on="child_key"
        )
        rows = within(at_risk, days).rows.drop(columns="arm").merge(own, on="child_key")
        found = mean_cumulative(
            rows, at=[days], group="arm", reference="not_referred", weights="weight",
            confidence=plan.confidence,
        )  # fmt: skip
        said = known(children, alike, plan, days=days, method="weighted_mean_cumulative")
        told += [
            figure(
                measure=measure, **said,
                **numbers(found.one(measure.replace("episodes", "events"), "contrast", days)),
            )
            for measure in MEASURES
        ]  # fmt: skip
    return told
