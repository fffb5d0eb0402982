"""What a comparison of this size could detect, told before what it found.

The answers depend on how many children there are and how much they vary, never on the effect
that was seen.
"""

from __future__ import annotations

import math

from scipy.optimize import brentq
from scipy.stats import norm

from evaluation.errors import WrongUse
from evaluation.estimating.limits import Limits
from evaluation.language import _


def minimum_detectable_rate_ratio(
    treated: float,
    comparison: float,
    *,
    mean_events: float,
    dispersion: float,
    power: float = 0.8,
    alpha: float = 0.05,
) -> Limits:
    """The rate ratios nearest to 1 that would be detected: `low` for fewer, `high` for more.

    `treated` and `comparison` are numbers of children (of a weighted arm its effective sample
    size), `mean_events` the events expected per child in the window, `dispersion` the alpha of
    a negative binomial (0 is Poisson), as `counts.overdispersion` estimates it without
    looking at arms.

    The log of the ratio is taken as normal with the variance that it has when the arms do not
    differ, (1 / mean + dispersion) (1 / treated + 1 / comparison).

    >>> round(minimum_detectable_rate_ratio(60, 60, mean_events=2.4, dispersion=2).low, 2)
    0.45

    Raises WrongUse unless the numbers are positive.
    Source: Zhu & Lakkis (2014), Stat Med 33:376, method 1.
    """
    if not (treated > 0 and comparison > 0 and mean_events > 0 and dispersion >= 0):
        raise WrongUse(_("Power needs children in both arms, some events and no negative spread."))
    error = math.sqrt((1 / mean_events + dispersion) * (1 / treated + 1 / comparison))
    ratio = math.exp(_quantiles(power, alpha) * error)
    return Limits(1 / ratio, ratio)


def minimum_detectable_difference(
    treated: float, comparison: float, *, base: float, power: float = 0.8, alpha: float = 0.05
) -> Limits:
    """The smallest changes of a share that would be detected: `low` (negative) and `high`.

    `base` is the share expected in the comparison arm. A change so large that the share would
    leave 0 to 1 cannot happen: it is missing.

    >>> round(100 * minimum_detectable_difference(100, 100, base=0.6).low)
    -20

    Raises WrongUse unless the numbers are positive and 0 < base < 1.
    Source: Fleiss, Levin & Paik (2003), Statistical Methods for Rates and Proportions, section
    4.2, without continuity correction (as R's power.prop.test), for arms of any size.
    """
    if not (treated > 0 and comparison > 0 and 0 < base < 1):
        raise WrongUse(_("Power needs children in both arms and a share between 0 and 1."))
    z_alpha, z_power = norm.ppf(1 - alpha / 2), norm.ppf(power)

    def excess(other: float) -> float:
        """By how much the difference passes what is needed to detect it."""
        pooled = (treated * other + comparison * base) / (treated + comparison)
        null = math.sqrt(pooled * (1 - pooled) * (1 / treated + 1 / comparison))
        actual = math.sqrt(other * (1 - other) / treated + base * (1 - base) / comparison)
        return abs(other - base) - float(z_alpha) * null - float(z_power) * actual

    return Limits(
        low=brentq(excess, 0, base) - base if excess(0) >= 0 else math.nan,
        high=brentq(excess, base, 1) - base if excess(1) >= 0 else math.nan,
    )


def _quantiles(power: float, alpha: float) -> float:
    return float(norm.ppf(1 - alpha / 2) + norm.ppf(power))
