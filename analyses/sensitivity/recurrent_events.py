"""Recurrent events: Andersen-Gill, and Prentice-Williams-Peterson by total and by gap time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from analyses.plan import Plan
from analyses.quarterly.alike import numbers
from analyses.sensitivity._shared import figure, known, none, of_window
from evaluation.errors import WrongUse
from evaluation.estimating.found import Found
from evaluation.estimating.limits import CannotEstimate
from evaluation.estimating.recurrent import andersen_gill, pwp_gap, pwp_total
from evaluation.following import recurring
from evaluation.nouns import AtRisk, Cohort, Estimate, Snapshot

MOST = 4
"""From the fourth episode on they stand together: later ones are too few by themselves."""

MODELS: Mapping[str, Callable[..., Found]] = {
    "andersen_gill_hazard_ratio": andersen_gill,
    "pwp_total_hazard_ratio": partial(pwp_total, number="enum"),
    "pwp_gap_hazard_ratio": partial(pwp_gap, number="enum"),
}


def figures(cohort: Cohort, at_risk: AtRisk, snapshot: Snapshot, plan: Plan) -> list[Estimate]:
    """The three hazard ratios within the primary window, weighted, errors clustered by child.

    Limits take the weights for known. The two of Prentice, Williams and Peterson compare children
    who have had as many episodes before: what the referral did to those is not in them.
    """
    del snapshot
    days = plan.window_days
    children, alike = of_window(cohort, at_risk, plan)
    if isinstance(alike, str):
        return none(tuple(MODELS), plan, alike, children=len(children))
    own = alike.children[["child_key", "weight"]]
    rows = recurring(within(at_risk, days), most=MOST).rows.drop(columns="arm")
    rows = rows.merge(own, on="child_key").merge(children[["child_key", "arm"]], on="child_key")
    rows = rows.assign(referred=(rows["arm"] == "referred").astype(float))
    told = []
    for measure, model in MODELS.items():
        try:
            found = model(
                "stop ~ referred", rows, weights="weight", confidence=plan.confidence
            ).one("hazard_ratio")
            number = numbers(found)
        except (CannotEstimate, WrongUse) as fault:
            number = numbers(getattr(fault, "why_not", "not_converged"))
        said = known(children, alike, plan, days=days, method="weighted_cox_by_child")
        told.append(figure(measure=measure, **said, **number))
    return told


def within(at_risk: AtRisk, days: int) -> AtRisk:
    """Time at risk up to a day after time zero, and no later."""
    rows = at_risk.rows[at_risk.rows["start"] < days]
    rows = rows.assign(
        events=rows["events"].where(rows["stop"] <= days, 0), stop=rows["stop"].clip(upper=days)
    )
    return AtRisk(rows.reset_index(drop=True), at_risk.changed, at_risk.away_removed)
