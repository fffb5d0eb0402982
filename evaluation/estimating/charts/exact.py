"""Exact limits of a funnel: where a count lies when nothing but chance is at work."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom, poisson

Floats = NDArray[np.float64]
Kind = Literal["proportion", "rate", "ratio"]


def count_at(probability: float, size: Floats, target: float, *, kind: Kind) -> Floats:
    """The interpolated quantile of the count, for each size, at a target.

    With r the smallest whole number of which P(R <= r) exceeds the probability, it is r less
    (P(R <= r) - probability) / P(R = r).

    >>> count_at(0.975, np.array([20.0]), 0.5, kind="proportion").round(3).item()
    13.884

    The count is binomial for a proportion, Poisson with mean size x target for a rate or a ratio.
    Source: Spiegelhalter (2005), Stat Med 24:1185, appendix A.1.
    """
    law = binom(size, target) if kind == "proportion" else poisson(size * target)
    r = law.ppf(probability)
    r = np.where(law.cdf(r) > probability, r, r + 1)
    upto, at = law.cdf(r), law.pmf(r)
    return np.asarray(r - (upto - probability) / at, dtype=float)


def p_value(events: Floats, size: Floats, target: float, *, kind: Kind) -> Floats:
    """Twice the smaller tail, at most 1.

    >>> p_value(np.array([3.0]), np.array([20.0]), 0.5, kind="proportion").round(5).item()
    0.00258
    """
    law = binom(size, target) if kind == "proportion" else poisson(size * target)
    return np.asarray(np.minimum(1, 2 * np.minimum(law.cdf(events), law.sf(events - 1))))
