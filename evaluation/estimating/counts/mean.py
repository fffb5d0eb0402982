"""The mean of counts, with limits that do not believe in Poisson: in closed form."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import t

from evaluation.estimating.beware import students
from evaluation.estimating.limits import Limits, two_sided


def limits_of_mean(counts: ArrayLike, *, confidence: float = 0.95) -> Limits:
    """Limits of the mean of some counts: `poisson('counts ~ 1', errors='HC1')` without the fit.

    With one mean and nothing else the robust error of its logarithm is s / (sqrt(n) mean), where
    s is the counts' own standard deviation. Fewer than 40 counts get t's limits, as there.
    Missing (NaN) below three counts, and where all are 0.

    >>> [round(end, 2) for end in limits_of_mean([20, 21, 19, 20] * 10)]
    [19.78, 20.22]

    Source: as `robust.sandwich`, of which it is the case of a constant alone.
    """
    held = np.asarray(counts, dtype=float)
    if len(held) < 3 or not held.any():
        return Limits(math.nan, math.nan)
    mean = float(held.mean())
    df = students(len(held))
    reach = two_sided(confidence) if df is None else float(t.ppf(0.5 + confidence / 2, df))
    half = reach * float(held.std(ddof=1)) / (math.sqrt(len(held)) * mean)
    return Limits(mean * math.exp(-half), mean * math.exp(half))
