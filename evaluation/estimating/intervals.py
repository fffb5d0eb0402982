"""Limits from what resampled children gave: percentiles, plain or mended (BCa)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from evaluation.errors import WrongUse
from evaluation.estimating.limits import Limits, two_sided
from evaluation.language import _

Floats = NDArray[np.float64]
Interval = Literal["percentile", "bca"]


def checked(interval: Interval, replicates: int, confidence: float) -> None:
    """Raise WrongUse where there is no such interval, confidence or number of replicates."""
    two_sided(confidence)
    if interval not in ("percentile", "bca"):
        raise WrongUse(_("An interval is 'percentile' or 'bca'."))
    if replicates < 1:
        raise WrongUse(_("A bootstrap needs at least one replicate."))


def percentile(draws: Floats, *, confidence: float = 0.95) -> Limits:
    """The limits between which so many of the draws lie; missing draws do not count.

    Of 1,999 draws the limits of 95% are the 50th from either end.

    >>> low, high = percentile(np.arange(1.0, 2000.0))
    >>> round(low), round(high)
    (50, 1950)

    Source: Efron & Tibshirani (1993), An Introduction to the Bootstrap, chapter 13.
    """
    return _at(draws, np.array([(1 - confidence) / 2, (1 + confidence) / 2]))


def bca(
    draws: Floats, value: float, *, acceleration: float = 0.0, confidence: float = 0.95
) -> Limits:
    """Percentile limits mended for bias and for a spread that moves with the value.

    `value` is the figure from the children themselves; `acceleration` comes from leaving out
    one child at a time (see `acceleration`). With few draws the mended limits may lie beyond
    the outermost of them, which is then the limit: draw 2,000 or so. R's `boot.ci` interpolates
    between draws on the normal scale and so differs in the last digits.

    >>> low, high = bca(np.arange(1.0, 2000.0), 1000.0)
    >>> round(low), round(high)
    (50, 1950)

    Source: Efron (1987), J Am Stat Assoc 82:171; Davison & Hinkley (1997), Bootstrap Methods
    and their Application, section 5.3.2.
    """
    drawn = draws[np.isfinite(draws)]
    if not len(drawn) or not np.isfinite(value):
        return Limits(np.nan, np.nan)
    below = ((drawn < value).sum() + 0.5 * (drawn == value).sum()) / len(drawn)
    # With no draw on one side the bias is as large as so many draws can tell.
    edge = 0.5 / len(drawn)
    bias = float(norm.ppf(np.clip(below, edge, 1 - edge)))
    tails = bias + two_sided(confidence) * np.array([-1.0, 1.0])
    return _at(drawn, norm.cdf(bias + tails / np.maximum(1 - acceleration * tails, 1e-6)))


def without_bias(ratio: float, draws: Floats, limits: Limits) -> float:
    """A ratio less the bias that its draws have against it, on the logarithm.

    >>> round(without_bias(0.80, np.array([0.6, 0.8, 1.2]), Limits(0.6, 1.2)), 3)
    0.769

    It goes at most half-way to a limit. With very few children the draws may lie so far from the
    ratio that all of what they show would take it to the end of its interval, or beyond; so large
    a bias is itself hardly known. Unchanged where the ratio, or every draw, has no logarithm.
    Source: Efron & Tibshirani (1993), An Introduction to the Bootstrap, section 10.6.
    """
    drawn = draws[np.isfinite(draws) & (draws > 0)]
    if not len(drawn) or not ratio > 0:
        return ratio
    low, high = np.sqrt(np.clip(ratio, *limits) * np.array(limits))
    return float(np.clip(ratio**2 / np.exp(np.log(drawn).mean()), low, high))


def acceleration(left_out: Floats, arm: Sequence[int] | NDArray[np.intp]) -> float:
    """How fast a figure's spread moves with its value, from leaving out each child in turn.

    `left_out` has the figure without each child, `arm` the group within which that child is
    drawn. Children without whom there is no figure do not count; 0 where none leaves a mark.

    >>> values = np.array([1.0, 2.0, 3.0, 10.0])
    >>> without = (values.sum() - values) / 3
    >>> round(acceleration(without, [0, 0, 0, 0]), 4)
    0.0849

    Source: Davison & Hinkley (1997), equation 5.26 (several groups); Efron & Tibshirani (1993),
    equation 14.15 (one).
    """
    cubes = squares = 0.0
    groups = np.asarray(arm)
    for group in np.unique(groups):
        own = left_out[(groups == group) & np.isfinite(left_out)]
        if len(own) < 2:
            continue
        influence = (len(own) - 1) * (own.mean() - own) / len(own)
        cubes += float((influence**3).sum())
        squares += float((influence**2).sum())
    return cubes / (6 * squares**1.5) if squares > 0 else 0.0


def _at(draws: Floats, shares: Floats) -> Limits:
    drawn = draws[np.isfinite(draws)]
    if not len(drawn):
        return Limits(np.nan, np.nan)
    low, high = np.quantile(drawn, shares, method="weibull")
    return Limits(float(low), float(high))
