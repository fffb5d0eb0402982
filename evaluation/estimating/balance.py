"""How alike two arms are, before and after weighting, and how much of them the weights leave."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Estimand = Literal["att", "ate", "ato"]
"""Whose effect it is: of those treated, of all children, or of those who might go either way."""

IMBALANCED = 0.1
"""A standardised mean difference above this is called imbalance (Austin 2009)."""

BY_COVARIATE = ("smd_before", "smd_after", "variance_ratio_before", "variance_ratio_after")
"""What is told of each covariate."""

NO_BALANCE = pd.DataFrame(columns=["covariate", *BY_COVARIATE, "by_chance"])


def balance(
    columns: pd.DataFrame, is_treated: Flags, weight: Floats, *, estimand: Estimand = "att"
) -> pd.DataFrame:
    """How far the arms differ before and after weighting; one row is one column.

    A standardised mean difference is the difference of the arms' means over a standard
    deviation before weighting: for 'att' that of the treated, otherwise the root of the mean of
    both arms' variances; of a 0/1 column sqrt(p (1 - p)). Where those treated are all the same
    and the others are not, both arms' variances serve for 'att', too: nobody treated is of a
    place that many others are of. A variance ratio is treated over comparison, and missing for
    a 0/1 column. Both are missing where there is no spread.

    `by_chance` is how often arms of these effective sizes, drawn at random from the same
    children, would differ so much after weighting (two-sided, from the normal distribution).

    >>> balance(pd.DataFrame({"age": [14, 16, 15, 11]}), np.array([True, True, False, False]),
    ...     np.array([1, 1, 1, 0.25]))[["smd_before", "smd_after"]].round(2).values.tolist()
    [[1.41, 0.57]]

    Source: Austin (2009), Stat Med 28:3083; as R's MatchIt and cobalt; balance against what
    chance leaves: Hansen & Bowers (2008), Stat Sci 23:219.
    """
    even = np.ones_like(weight)
    rows = []
    for name, column in columns.items():
        x = column.to_numpy(dtype=float)
        is_flag = bool(np.isin(x, (0, 1)).all())
        inside, outside = x[is_treated], x[~is_treated]
        variances = [_plain_variance(arm, is_flag=is_flag) for arm in (inside, outside)]
        vary = min(variances) > 0
        own = estimand == "att" and variances[0] > 0
        deviation = np.sqrt(variances[0] if own else np.mean(variances))
        row = {"covariate": name}
        for when, used in (("before", even), ("after", weight)):
            w, v = used[is_treated], used[~is_treated]
            there = w.sum() > 0 and v.sum() > 0
            difference = (
                np.average(inside, weights=w) - np.average(outside, weights=v) if there else np.nan
            )
            treated, others = (
                np.nan if is_flag else variance(arm, used_of)
                for arm, used_of in ((inside, w), (outside, v))
            )
            row[f"smd_{when}"] = difference / deviation if deviation > 0 else np.nan
            row[f"variance_ratio_{when}"] = treated / others if others > 0 and vary else np.nan
        row["by_chance"] = _by_chance(inside, outside, weight[is_treated], weight[~is_treated])
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


def _by_chance(inside: Floats, outside: Floats, w: Floats, v: Floats) -> float:
    """How often two arms from one population differ by this much; missing without spread."""
    if not (w.sum() > 0 and v.sum() > 0):
        return np.nan
    both, share = np.concatenate([inside, outside]), np.concatenate([w / w.sum(), v / v.sum()])
    difference = np.average(inside, weights=w) - np.average(outside, weights=v)
    spread = np.average((both - np.average(both, weights=share)) ** 2, weights=share)
    error = np.sqrt(spread * (1 / effective_sample_size(w) + 1 / effective_sample_size(v)))
    if not error > 1e-9 * max(np.abs(both).max(), 1e-300):
        return np.nan
    return float(2 * norm.sf(abs(difference) / error))


def _plain_variance(x: Floats, *, is_flag: bool) -> float:
    if is_flag:
        return float(x.mean() * (1 - x.mean()))
    if len(x) < 2 or np.ptp(x) <= 1e-9 * np.abs(x).max():
        return 0.0  # what is only rounding is no spread
    return float(x.var(ddof=1))
