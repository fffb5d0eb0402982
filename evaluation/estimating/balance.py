"""How alike two arms are, before and after weighting, and how much of them the weights leave."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Estimand = Literal["att", "ate", "ato"]
"""Whose effect it is: of those treated, of all children, or of those who might go either way."""

IMBALANCED = 0.1
"""A standardised mean difference above this is called imbalance (Austin 2009)."""

NO_BALANCE = pd.DataFrame(
    columns=[
        "covariate",
        "smd_before",
        "smd_after",
        "variance_ratio_before",
        "variance_ratio_after",
    ]
)


def balance(
    columns: pd.DataFrame, is_treated: Flags, weight: Floats, *, estimand: Estimand = "att"
) -> pd.DataFrame:
    """How far the arms differ before and after weighting; one row is one column.

    A standardised mean difference is the difference of the arms' means over a standard
    deviation before weighting: for 'att' that of the treated, otherwise the root of the mean of
    both arms' variances; of a 0/1 column sqrt(p (1 - p)). A variance ratio is treated over
    comparison, and missing for a 0/1 column. Both are missing where there is no spread.

    >>> balance(pd.DataFrame({"age": [14, 16, 15, 11]}), np.array([True, True, False, False]),
    ...     np.array([1, 1, 1, 0.25]))[["smd_before", "smd_after"]].round(2).values.tolist()
    [[1.41, 0.57]]

    Source: Austin (2009), Stat Med 28:3083; as R's MatchIt and cobalt.
    """
    even = np.ones_like(weight)
    rows = []
    for name, column in columns.items():
        x = column.to_numpy(dtype=float)
        is_flag = bool(np.isin(x, (0, 1)).all())
        inside, outside = x[is_treated], x[~is_treated]
        variances = [_plain_variance(arm, is_flag=is_flag) for arm in (inside, outside)]
        vary = min(variances) > 0
        deviation = np.sqrt(variances[0] if estimand == "att" else np.mean(variances))
        row = {"covariate": name}
        for when, used in (("before", even), ("after", weight)):
            w, v = used[is_treated], used[~is_treated]
            there = w.sum() > 0 and v.sum() > 0
            difference = (
                np.average(inside, weights=w) - np.average(outside, weights=v) if there else np.nan
            )
            spread = np.nan if is_flag else variance(outside, v)
            own = np.nan if is_flag else variance(inside, w)
            row[f"smd_{when}"] = difference / deviation if deviation > 0 else np.nan
            row[f"variance_ratio_{when}"] = own / spread if spread > 0 and vary else np.nan
        rows.append(row)
    return pd.DataFrame(rows, columns=NO_BALANCE.columns)


def effective_sample_size(weights: Floats) -> float:
    """How many unweighted children the weighted ones are worth, (sum w)^2 / sum w^2.

    >>> effective_sample_size(np.array([1.0, 1.0, 2.0]))
    2.6666666666666665

    0 where every weight is. Source: Kish (1965), Survey Sampling, section 11.7.
    """
    return float(weights.sum() ** 2 / (weights**2).sum()) if weights.any() else 0.0


def outside_common_support(score: Floats, is_treated: Flags) -> Flags:
    """Which children have a score that nobody of the other arm has, or goes beyond.

    The common range reaches from the larger of the arms' smallest scores to the smaller of
    their largest.

    >>> outside_common_support(np.array([0.2, 0.6, 0.1, 0.5]), np.array([True, True, False, False]))
    array([False,  True,  True, False])

    Source: Dehejia & Wahba (1999), J Am Stat Assoc 94:1053.
    """
    arms = (score[is_treated], score[~is_treated])
    low, high = max(arm.min() for arm in arms), min(arm.max() for arm in arms)
    # Scores that a fit makes equal may differ in their last digit.
    hair = 1e-9
    return np.asarray((score < low - hair) | (score > high + hair))


def variance(x: Floats, w: Floats) -> float:
    """The weighted variance that is the usual one where the weights are even."""
    share = w / w.sum() if w.sum() > 0 else np.zeros_like(w)
    spare = 1 - (share**2).sum()
    mean = (share * x).sum()
    return float((share * (x - mean) ** 2).sum() / spare) if spare > 1e-12 else np.nan


def _plain_variance(x: Floats, *, is_flag: bool) -> float:
    if is_flag:
        return float(x.mean() * (1 - x.mean()))
    if len(x) < 2 or np.ptp(x) <= 1e-9 * np.abs(x).max():
        return 0.0  # what is only rounding is no spread
    return float(x.var(ddof=1))
