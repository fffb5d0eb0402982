"""No place free: only children who were not referred because the service had no place.

Whether a place was free on the day has little to do with the child; so those whom it kept out are
more like those referred than children whom the meeting did not want to refer.
"""

from __future__ import annotations

import pandas as pd

from analyses.plan import Plan
from analyses.quarterly.alike import ARMS, made_alike
from analyses.quarterly.alike import figure as described
from analyses.sensitivity._shared import of_window, ratio
from analyses.snapshots import table
from evaluation.nouns import AtRisk, Cohort, Estimate, Snapshot

NAME, REASON = "no_place_free", "no_capacity"


def figures(cohort: Cohort, at_risk: AtRisk, snapshot: Snapshot, plan: Plan) -> list[Estimate]:
    """Children of each arm (cohort 'no_place_free'), and the primary window's ratio of them."""
    own = no_place_free(cohort, snapshot)
    sizes = {arm: int((own.children["arm"] == arm).sum()) for arm in ARMS}
    children, _alike = of_window(own, at_risk, plan)
    return [
        *(
            described(
                measure="children", group=arm, cohort=NAME, children=size, value=float(size),
                role="sensitivity",
            )
            for arm, size in sizes.items()
        ),
        ratio(children, made_alike(children, plan), plan, "no_place_free_rate_ratio", cohort=NAME),
    ]  # fmt: skip


def no_place_free(cohort: Cohort, snapshot: Snapshot) -> Cohort:
    """The cohort with only those of its comparison arm for whom no place was free at time zero."""
    decisions = table(snapshot, "meeting_decisions")
    full = decisions.loc[decisions["reason_not_referred"] == REASON, ["child_key", "met_on"]]
    starts = pd.MultiIndex.from_frame(cohort.children[["child_key", "time_zero"]])
    kept = starts.isin(pd.MultiIndex.from_frame(full)) | (cohort.children["arm"] == "referred")
    children = cohort.children[kept].reset_index(drop=True)
    return Cohort(NAME, children, cohort.flow, cohort.data_end, cohort.snapshot)
