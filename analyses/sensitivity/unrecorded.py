"""The E-value: how strong what nobody recorded would have to be, to explain the ratio away."""

from __future__ import annotations

from dataclasses import replace

from analyses.plan import Plan
from analyses.sensitivity._shared import figure, of_window, ratio
from evaluation.estimating.e_value import e_value
from evaluation.nouns import AtRisk, Cohort, Estimate, Snapshot


def figures(cohort: Cohort, at_risk: AtRisk, snapshot: Snapshot, plan: Plan) -> list[Estimate]:
    """The E-value of the primary window's ratio ('point') and of its nearer limit ('limit')."""
    del snapshot
    one = ratio(*of_window(cohort, at_risk, plan), plan, "rate_ratio")
    blank = replace(
        figure(measure="e_value"), days=one.days, children=one.children, events=one.events,
        with_events=one.with_events,
        largest_child_events=one.largest_child_events, unmet=one.unmet, method="e_value_rate_ratio",
    )  # fmt: skip
    if one.value is None or not one.value > 0 or one.low is None:
        why_not = one.why_not or "no_events"
        return [replace(blank, group=group, why_not=why_not) for group in ("point", "limit")]
    found = e_value(one)
    return [
        replace(blank, group=group, value=found.one(group=group).value)
        for group in ("point", "limit")
    ]
