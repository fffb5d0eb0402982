"""Self-controlled case series: each referred child beside its own earlier time."""

from __future__ import annotations

import pandas as pd

from analyses.by_child import events_of
from analyses.outcomes import OUTCOMES
from analyses.plan import Plan
from analyses.quarterly.alike import numbers
from analyses.sensitivity._shared import figure, none
from evaluation.errors import WrongUse
from evaluation.estimating.counts import case_series
from evaluation.following import merge_episodes
from evaluation.nouns import AtRisk, Cohort, Estimate, Snapshot

MEASURE = "self_controlled_rate_ratio"


def figures(cohort: Cohort, at_risk: AtRisk, snapshot: Snapshot, plan: Plan) -> list[Estimate]:
    """The rate in the primary window over the child's own, the days of the trigger apart.

    Only of those referred. The days in which the trigger was met stand by themselves: a referral
    follows a spike, and with the spike in the baseline every service would seem to work. What is
    left of the year before is the baseline, which is calmer than a child's days on the whole
    ('calm_baseline'). Age, season and whatever else changed meanwhile are
    not told apart from the referral: it is of design level 2.
    """
    del at_risk
    days = plan.window_days
    own = cohort.children[cohort.children["arm"] == "referred"]
    own = own[own["time_zero"] + pd.Timedelta(days=days) <= own["data_end"]]
    said = {
        "group": "referred", "days": days, "design_level": 2, "method": "case_series",
        "unmet": ("calm_baseline", "time_not_at_risk"), "children": len(own),
    }  # fmt: skip
    if len(own) < plan.minimum_children_per_arm:
        why_not = "too_few_children" if len(own) else "no_follow_up"
        return none([MEASURE], plan, why_not, **said)
    last = own["followed_to"].clip(upper=own["time_zero"] + pd.Timedelta(days=days))
    start = own["time_zero"] - pd.Timedelta(days=plan.history_days)
    episodes = merge_episodes(OUTCOMES[plan.outcome].events(snapshot))
    events = episodes.rename(columns={"started_on": "day"})[["child_key", "day"]]
    events = events[events["child_key"].isin(own["child_key"])]
    spans = own[["child_key"]].assign(start=start, stop=last)
    inside = events.merge(spans, on="child_key")
    inside = inside[(inside["day"] > inside["start"]) & (inside["day"] <= inside["stop"])]
    if inside.empty:
        return none([MEASURE], plan, "no_events", **said)
    exposed = own[["child_key"]].assign(day=own["time_zero"])
    try:
        found = case_series(
            spans, inside[["child_key", "day"]], exposed,
            risk=[(0, days)], before=plan.trigger_days, confidence=plan.confidence,
        ).one("rate_ratio", f"after_0_{days}")  # fmt: skip
    except WrongUse:
        return none([MEASURE], plan, "no_variation", **said)
    return [
        figure(
            measure=MEASURE, confidence=plan.confidence, **events_of(inside["child_key"]), **said, **numbers(found),
        )
    ]  # fmt: skip
