"""What a comparison of this size could detect, told before what it found.

The answers depend on how many children there are and how much they vary, never on the effect
that was seen. The other way round, from the effect to the number of children, is `sample_size`.
"""

from __future__ import annotations

import math

from scipy.optimize import brentq
from scipy.stats import norm

from evaluation.errors import WrongUse
from evaluation.estimating.found import Found
from evaluation.language import _
from evaluation.nouns import Estimate

PLANNED = "planning_values"


def minimum_detectable_rate_ratio(
    treated: float,
    comparison: float,
    *,
    mean_events: float,
    dispersion: float,
    power: float = 0.8,
    alpha: float = 0.05,
    design_effect: float = 1.0,
) -> Found:
    """The rate ratios nearest to 1 that would be detected: `low` for fewer, `high` for more.

    `treated` and `comparison` are numbers of children (of a weighted arm its effective sample
    size), `mean_events` the events expected per child in the window, `dispersion` the alpha of
    a negative binomial (0 is Poisson), as `counts.overdispersion` estimates it without
    looking at arms. `design_effect` is that of clusters, as `effect_of_clusters` gives it.

    The log of the ratio is taken as normal with the variance that it has when the arms do not
    differ, (1 / mean + dispersion) (1 / treated + 1 / comparison). `value` is `low`.

    >>> found = minimum_detectable_rate_ratio(60, 60, mean_events=2.4, dispersion=2)
    >>> round(found.one().low, 2)
    0.45

    Raises WrongUse unless the numbers are positive.
    Source: Zhu & Lakkis (2014), Stat Med 33:376, method 1.
    """
    must_vary(treated, comparison, mean_events, dispersion)
    spread = (1 / mean_events + dispersion) * (1 / treated + 1 / comparison)
    ratio = math.exp(quantiles(power, alpha) * math.sqrt(spread * inflated(design_effect)))
    return _detectable("rate_ratio", 1 / ratio, ratio, children=treated + comparison)


def minimum_detectable_difference(
    treated: float,
    comparison: float,
    *,
    base: float,
    power: float = 0.8,
    alpha: float = 0.05,
    design_effect: float = 1.0,
) -> Found:
    """The smallest changes of a share that would be detected: `low` (negative) and `high`.

    `base` is the share expected in the comparison arm. A change so large that the share would
    leave 0 to 1 cannot happen: it is missing. `value` is `low`, or `high` where that is missing.

    >>> round(100 * minimum_detectable_difference(100, 100, base=0.6).one().low)
    -20

    Raises WrongUse unless the numbers are positive and 0 < base < 1.
    Source: Fleiss, Levin & Paik (2003), Statistical Methods for Rates and Proportions, section
    4.2, without continuity correction (as R's power.prop.test), for arms of any size.
    """
    if not (treated > 0 and comparison > 0 and 0 < base < 1):
        raise WrongUse(_("Power needs children in both arms and a share between 0 and 1."))
    n_1, n_0 = treated / inflated(design_effect), comparison / inflated(design_effect)
    quantiles(power, alpha)
    z_alpha, z_power = float(norm.ppf(1 - alpha / 2)), float(norm.ppf(power))

    def excess(other: float) -> float:
        """By how much the difference passes what is needed to detect it."""
        pooled = (n_1 * other + n_0 * base) / (n_1 + n_0)
        null = math.sqrt(pooled * (1 - pooled) * (1 / n_1 + 1 / n_0))
        actual = math.sqrt(other * (1 - other) / n_1 + base * (1 - base) / n_0)
        return abs(other - base) - z_alpha * null - z_power * actual

    return _detectable(
        "difference",
        float(brentq(excess, 0, base)) - base if excess(0) >= 0 else None,
        float(brentq(excess, base, 1)) - base if excess(1) >= 0 else None,
        children=treated + comparison,
    )


def minimum_detectable_hazard_ratio(
    events: float,
    *,
    treated_share: float = 0.5,
    power: float = 0.8,
    alpha: float = 0.05,
    design_effect: float = 1.0,
) -> Found:
    """The hazard ratios nearest to 1 that would be detected: `low` for fewer, `high` for more.

    `events` are those expected in both arms together, once competing events and the ends of
    follow-up have taken theirs: `sample_size.expected_events` tells how many. `treated_share` is
    the share of the children who are treated.

    >>> round(minimum_detectable_hazard_ratio(246.787).one().low, 3)
    0.7

    Raises WrongUse unless there are events and 0 < treated_share < 1.
    Source: Schoenfeld (1983), Biometrics 39:499.
    """
    if not (events > 0 and 0 < treated_share < 1):
        raise WrongUse(_("Power needs some events, and a share of treated between 0 and 1."))
    information = events * treated_share * (1 - treated_share) / inflated(design_effect)
    ratio = math.exp(quantiles(power, alpha) / math.sqrt(information))
    return _detectable("hazard_ratio", 1 / ratio, ratio, events=events)


def effect_of_clusters(size: float, *, icc: float, cv: float = 0.0) -> float:
    """The design effect of children in clusters of mean `size`, alike by `icc`.

    `cv` is the standard deviation of the clusters' sizes over their mean: 0 where all are alike,
    then it is 1 + (size - 1) icc.

    >>> round(effect_of_clusters(20, icc=0.05), 2)
    1.95

    Raises WrongUse unless size is 1 or more, icc between 0 and 1, and cv not negative.
    Source: Kish (1965); with unequal sizes, Eldridge, Ashby & Kerry (2006), Int J Epidemiol 35:1292.
    """
    if not (size >= 1 and 0 <= icc <= 1 and cv >= 0):
        raise WrongUse(_("Clusters hold one child or more, and an icc lies between 0 and 1."))
    return 1 + ((1 + cv**2) * size - 1) * icc


def quantiles(power: float, alpha: float) -> float:
    """The two normal quantiles that a two-sided test has to pass, added.

    >>> round(quantiles(0.8, 0.05), 4)
    2.8016
    """
    if not (0 < alpha < 1 and alpha / 2 < power < 1):
        raise WrongUse(_("Power and alpha lie between 0 and 1, and power above half of alpha."))
    return float(norm.ppf(1 - alpha / 2) + norm.ppf(power))


def must_vary(treated: float, comparison: float, mean_events: float, dispersion: float) -> None:
    """Raise WrongUse unless two arms have children, and these some events.

    >>> must_vary(60, 60, mean_events=2.4, dispersion=0)
    """
    if not (treated > 0 and comparison > 0 and mean_events > 0 and dispersion >= 0):
        raise WrongUse(_("Power needs children in both arms, some events and no negative spread."))


def inflated(design_effect: float) -> float:
    """The design effect, looked over.

    >>> inflated(1.5)
    1.5
    """
    if not (math.isfinite(design_effect) and design_effect > 0):
        raise WrongUse(_("A design effect is above 0: 1 where children stand alone."))
    return design_effect


def _detectable(
    what: str,
    low: float | None,
    high: float | None,
    *,
    children: float | None = None,
    events: float | None = None,
) -> Found:
    value = high if low is None else low
    estimate = Estimate(
        "",
        f"minimum_detectable_{what}",
        "contrast",
        children=None if children is None else math.floor(children),
        events=None if events is None else math.floor(events),
        value=value,
        low=low,
        high=high,
        method=PLANNED,
        why_not=None if value is not None else "too_few_children",
    )
    return Found(estimates=(estimate,))
