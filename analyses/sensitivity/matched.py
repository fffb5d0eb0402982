"""Matching: each referred child beside the one most like it, instead of weights."""

from __future__ import annotations

from analyses.plan import Plan
from analyses.quarterly.alike import numbers
from analyses.sensitivity._shared import figure, known, of_window
from evaluation.estimating.counts import rate_ratio_robust
from evaluation.estimating.matching import match
from evaluation.nouns import AtRisk, Cohort, Estimate, Snapshot

CALIPER = 0.2
"""No match is farther than so many standard deviations of the logit (Austin 2011)."""


def figures(cohort: Cohort, at_risk: AtRisk, snapshot: Snapshot, plan: Plan) -> list[Estimate]:
    """The ratio among the matched, and how many of the referred found a match.

    Limits take the matches for known. Who finds no match is left out, so the effect is then not
    of all who were referred.
    """
    del snapshot
    children, alike = of_window(cohort, at_risk, plan)
    said = known(children, alike, plan, days=plan.window_days, method="matching")
    if isinstance(alike, str):
        return [figure(measure="matched_rate_ratio", **said, why_not=alike)]
    pairs = match(alike, caliper=CALIPER)
    used = children.merge(pairs.children[["child_key", "weight"]], on="child_key")
    used = used[used["weight"] > 0]
    said = known(used, alike, plan, days=plan.window_days, method="matching")
    one = rate_ratio_robust(used, treated="referred", weights="weight", confidence=plan.confidence)
    matched = pairs.one("matched_children", "treated")
    return [
        figure(measure="matched_rate_ratio", **said, **numbers(one.one("rate_ratio"))),
        figure(
            measure="matched_children", group="referred", days=plan.window_days, design_level=None,
            children=matched.children, of=matched.of, value=float(matched.children or 0),
        ),
    ]  # fmt: skip
