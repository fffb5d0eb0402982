"""What the sensitivity analyses share: the window's children, made alike, and a ratio of theirs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from analyses.by_child import events_of
from analyses.plan import Plan
from analyses.quarterly.alike import figure as compared
from analyses.quarterly.alike import made_alike, numbers, weaknesses
from analyses.quarterly.windows import complete
from evaluation.estimating.bootstrap import whole_child
from evaluation.estimating.weighting import Propensity
from evaluation.nouns import AtRisk, Cohort, Estimate

REPLICATES = 499
"""Beside the primary figure's many: enough to see whether an answer holds."""

figure = partial(compared, role="sensitivity", group="contrast", design_level=3)


def known(
    frame: pd.DataFrame | None, alike: Propensity | str | None, plan: Plan, **more: Any
) -> dict[str, Any]:
    """What a figure about these children says beside its number."""
    said: dict[str, Any] = {"confidence": plan.confidence, "unmet": ("unmeasured_confounding",)}
    if frame is not None:
        said |= {
            "children": len(frame),
            **events_of(frame["child_key"], frame["events"]),
        }
    if isinstance(alike, Propensity):
        said["unmet"] += weaknesses(alike, plan)
    return said | more


def of_window(
    cohort: Cohort, at_risk: AtRisk, plan: Plan, days: int | None = None
) -> tuple[pd.DataFrame, Propensity | str]:
    """The children whose window is complete (the primary one unless told), and their weights."""
    children = complete(cohort, at_risk, days or plan.window_days)
    return children, made_alike(children, plan)


def ratio(
    children: pd.DataFrame,
    alike: Propensity | str,
    plan: Plan,
    measure: str,
    *,
    days: int | None = None,
    **more: Any,
) -> Estimate:
    """The weighted rate ratio of a window's children, limits from whole children drawn again."""
    days = days or plan.window_days
    told = known(children, alike, plan, days=days, method="att_weights_bootstrap", **more)
    if isinstance(alike, str):
        return figure(measure=measure, **told, why_not=alike)
    drawn = whole_child(
        alike,
        counts={days: children},
        replicates=min(plan.bootstrap_replicates, REPLICATES),
        rng=np.random.default_rng([plan.seed, days, *map(ord, measure)]),
        confidence=plan.confidence,
    )
    return figure(measure=measure, **told, **numbers(drawn.one("rate_ratio", "contrast", days)))


def weighted(children: pd.DataFrame, alike: Propensity) -> pd.DataFrame:
    """The children with the weight of each beside."""
    return children.merge(alike.children[["child_key", "weight"]], on="child_key")


def none(measures: Sequence[str], plan: Plan, why_not: str, **more: Any) -> list[Estimate]:
    """The same figures where they cannot be had."""
    told = known(None, None, plan, why_not=why_not, **{"days": plan.window_days} | more)
    return [figure(measure=measure, **told) for measure in measures]
