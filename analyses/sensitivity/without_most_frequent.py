"""Without the child with most episodes: does the answer hang on one?"""

from __future__ import annotations

from analyses.plan import Plan
from analyses.quarterly.alike import made_alike
from analyses.sensitivity._shared import of_window, ratio
from evaluation.nouns import AtRisk, Cohort, Estimate, Snapshot


def figures(cohort: Cohort, at_risk: AtRisk, snapshot: Snapshot, plan: Plan) -> list[Estimate]:
    """The primary window's ratio without the child that had most episodes in it.

    It is left out for its outcome, so this figure estimates nothing by itself; it is a check of
    influence alone. Of children with equally many, the first by key is left out.
    """
    del snapshot
    children, _alike = of_window(cohort, at_risk, plan)
    most = children.sort_values(["events", "child_key"], ascending=[False, True]).head(1)
    others = children[~children["child_key"].isin(most["child_key"])]
    return [ratio(others, made_alike(others, plan), plan, "without_most_frequent_rate_ratio")]
