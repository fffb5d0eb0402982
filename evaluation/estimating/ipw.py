"""Outcomes of two arms made alike by weights: means, risks and rates, and how they compare."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from evaluation.estimating._influence import Effects, arm_mean, figures
from evaluation.estimating._outcomes import Kind, happened
from evaluation.estimating.found import Found
from evaluation.estimating.weighting import Propensity


def ipw(
    alike: Propensity,
    children: pd.DataFrame,
    outcome: str,
    *,
    kind: Kind = "mean",
    days: str = "days_at_risk",
    weights: Literal["estimated", "known"] = "estimated",
    confidence: float = 0.95,
) -> Found:
    """Compare an outcome of two arms under the weights of a propensity (Hajek's estimator).

    `children` has a row a child: child_key, `outcome`, and for a rate `days`. Children without
    a propensity do not count; those without a row here help to fit the weights and no more.

        mean     any number                   mean (treated, comparison), mean_difference
        risk     0 or 1                       risk, risk_difference, risk_ratio
        rate     events in days at risk       rate (per 100 child-days), rate_difference,
                                              rate_ratio

    Standard errors are robust (HC0) and come from each child's influence. With weights
    'estimated' they allow for the propensity being fitted to the same children, which for all
    children ('ate') makes them smaller; with 'known' they are those of R's
    `lm(y ~ arm, weights = w)` with `sandwich(type = "HC0")`. `se` of a ratio is of its
    logarithm, on which scale its limits are made. There are no limits where an arm has no
    events. With few children `whole_child` is to be preferred.

    >>> from evaluation.estimating.weighting import propensity
    >>> children = pd.DataFrame({
    ...     "child_key": range(40), "arm": ["referred", "not"] * 20,
    ...     "prior": [0, 1, 1, 2, 3, 1, 2, 0] * 5, "score": [9.0, 7, 8, 4, 5, 6, 7, 3] * 5,
    ... })
    >>> alike = propensity(children, ["prior"], treated="referred")
    >>> ipw(alike, children, "score").table[["measure", "group", "value"]].round(2)
               measure       group  value
    0             mean     treated   7.25
    1             mean  comparison   5.02
    2  mean_difference    contrast   2.23

    Raises WrongUse where a column or value is missing, or a child has two rows.
    Source: Lunceford & Davidian (2004), Stat Med 23:2937, equations 10 and 19.
    """
    what = happened(alike, children, outcome, kind=kind, days=days)
    arms = [
        arm_mean(
            alike,
            what,
            inside,
            model=None,
            by_weights=True,
            normalised=True,
            estimated=weights == "estimated",
        )
        for inside in (alike.is_treated, ~alike.is_treated)
    ]
    effects = Effects(
        np.array([mean for mean, _own in arms]), np.column_stack([own for _mean, own in arms])
    )
    method = f"{alike.estimand}_weights"
    told = figures(alike, what, effects, method=method, confidence=confidence, unmet=alike.unmet)
    return Found(estimates=tuple(told), model=effects, beware=alike.beware)
