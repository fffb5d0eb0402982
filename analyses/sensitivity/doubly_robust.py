"""Doubly robust: weights and a Poisson model of episodes in each arm; right if either is."""

from __future__ import annotations

import numpy as np

from analyses.plan import Plan
from analyses.quarterly.alike import numbers
from analyses.sensitivity._shared import REPLICATES, figure, known, of_window
from evaluation.estimating.bootstrap import whole_child
from evaluation.nouns import AtRisk, Cohort, Estimate, Snapshot


def figures(cohort: Cohort, at_risk: AtRisk, snapshot: Snapshot, plan: Plan) -> list[Estimate]:
    """The ratio in each window ('doubly_robust_rate_ratio'), whole children drawn again."""
    del snapshot
    told = []
    for days in plan.windows_days:
        children, alike = of_window(cohort, at_risk, plan, days)
        said = known(children, alike, plan, days=days, method="aipw_att_bootstrap")
        if isinstance(alike, str):
            told.append(figure(measure="doubly_robust_rate_ratio", **said, why_not=alike))
            continue
        drawn = whole_child(
            alike,
            counts={days: children},
            replicates=min(plan.bootstrap_replicates, REPLICATES),
            rng=np.random.default_rng([plan.seed, days, 1]),
            confidence=plan.confidence,
            doubly_robust=True,
        )
        one = drawn.one("doubly_robust_rate_ratio", "contrast", days)
        told.append(figure(measure="doubly_robust_rate_ratio", **said, **numbers(one)))
    return told
