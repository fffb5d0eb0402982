"""How many children or events a comparison needs, to detect an effect that would matter."""

from __future__ import annotations

import math

from scipy.stats import norm

from evaluation.errors import WrongUse
from evaluation.estimating.found import Found
from evaluation.estimating.power import PLANNED, inflated, must_vary, quantiles
from evaluation.language import _
from evaluation.nouns import Estimate


def events_needed(
    hazard_ratio: float,
    *,
    treated_share: float = 0.5,
    power: float = 0.8,
    alpha: float = 0.05,
    design_effect: float = 1.0,
) -> Found:
    """The events, in both arms together, that would detect a hazard ratio.

    `treated_share` is the share of the children who are treated. The number is not rounded.

    >>> round(events_needed(0.7).one().value, 3)
    246.787

    Raises WrongUse where the hazard ratio is 1 or not above 0.
    Source: Schoenfeld (1983), Biometrics 39:499.
    """
    _must_differ(hazard_ratio, treated_share)
    root = quantiles(power, alpha) / math.log(hazard_ratio)
    needed = inflated(design_effect) * root**2 / (treated_share * (1 - treated_share))
    return _needed("events_needed", needed, "all")


def expected_events(
    children: float,
    *,
    per_100_child_days: float,
    days: float,
    competing_per_100_child_days: float = 0.0,
    entry_days: float = 0.0,
) -> Found:
    """How many of the children have the event before anything else ends their follow-up.

    Every child is followed for `days` at most; where they enter one by one over `entry_days`, the
    last only `days` - `entry_days`. `competing_per_100_child_days` is the rate of all that ends it
    earlier: a competing event, turning 18, moving away. Both rates are taken as constant.

    >>> round(expected_events(100, per_100_child_days=0.4, days=180).one().value, 1)
    51.3

    Raises WrongUse where a number is negative, or entry lasts longer than follow-up.
    Source: Schoenfeld (1983), with exponential times; Lachin & Foulkes (1986), Biometrics 42:507.
    """
    hazard, other = per_100_child_days / 100, competing_per_100_child_days / 100
    if not (children > 0 and hazard > 0 and other >= 0 and days > 0 and 0 <= entry_days <= days):
        raise WrongUse(
            _(
                "Events are expected of children who are followed: numbers must be above 0, and "
                "entry no longer than follow-up."
            )
        )
    both = hazard + other
    if entry_days:
        still = (math.exp(-both * (days - entry_days)) - math.exp(-both * days)) / (
            both * entry_days
        )
    else:
        still = math.exp(-both * days)
    return _needed("expected_events", children * hazard / both * (1 - still), "all")


def children_needed_for_rate_ratio(
    rate_ratio: float,
    *,
    mean_events: float,
    dispersion: float,
    treated_share: float = 0.5,
    power: float = 0.8,
    alpha: float = 0.05,
    design_effect: float = 1.0,
) -> Found:
    """The children of each arm who would detect a rate ratio; group 'treated' and 'comparison'.

    The reverse of `power.minimum_detectable_rate_ratio`, with its assumptions. Not rounded.

    >>> found = children_needed_for_rate_ratio(0.451, mean_events=2.4, dispersion=2)
    >>> round(found.one(group="treated").value)
    60

    Raises WrongUse where the ratio is 1 or not above 0, or the numbers are not positive.
    Source: Zhu & Lakkis (2014), Stat Med 33:376, method 1.
    """
    _must_differ(rate_ratio, treated_share)
    must_vary(treated_share, 1 - treated_share, mean_events, dispersion)
    root = quantiles(power, alpha) / math.log(rate_ratio)
    spread = (1 / mean_events + dispersion) / (treated_share * (1 - treated_share))
    return _arms(inflated(design_effect) * root**2 * spread, treated_share)


def children_needed_for_difference(
    share: float,
    *,
    base: float,
    treated_share: float = 0.5,
    power: float = 0.8,
    alpha: float = 0.05,
    design_effect: float = 1.0,
) -> Found:
    """The children of each arm who would detect `share` against `base`, expected in the other.

    The reverse of `power.minimum_detectable_difference`. Not rounded.

    >>> round(children_needed_for_difference(0.4, base=0.6).one(group="treated").value, 2)
    96.92

    Raises WrongUse unless both shares lie between 0 and 1 and differ.
    Source: Fleiss, Levin & Paik (2003), section 4.2, as R's power.prop.test.
    """
    if not (0 < share < 1 and 0 < base < 1 and share != base and 0 < treated_share < 1):
        raise WrongUse(_("Two shares that differ are needed, each between 0 and 1."))
    quantiles(power, alpha)
    left = 1 - treated_share
    pooled = treated_share * share + left * base
    null = math.sqrt(pooled * (1 - pooled) * (1 / treated_share + 1 / left))
    actual = math.sqrt(share * (1 - share) / treated_share + base * (1 - base) / left)
    passed = float(norm.ppf(1 - alpha / 2)) * null + float(norm.ppf(power)) * actual
    return _arms(inflated(design_effect) * (passed / (share - base)) ** 2, treated_share)


def _must_differ(ratio: float, treated_share: float) -> None:
    if not (0 < ratio < math.inf and ratio != 1 and 0 < treated_share < 1):
        raise WrongUse(
            _("A ratio above 0 and other than 1 is needed, and a share of treated between 0 and 1.")
        )


def _arms(children: float, treated_share: float) -> Found:
    arms = {"treated": treated_share, "comparison": 1 - treated_share}
    return Found(
        estimates=tuple(
            Estimate("", "children_needed", arm, value=children * share, method=PLANNED)
            for arm, share in arms.items()
        )
    )


def _needed(measure: str, value: float, group: str) -> Found:
    return Found(estimates=(Estimate("", measure, group, value=value, method=PLANNED),))
