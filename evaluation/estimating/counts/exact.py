"""Rates and their ratio from totals, with exact limits."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import binomtest, chi2

from evaluation.errors import WrongUse
from evaluation.estimating.beware import TOO_VARIED, varied
from evaluation.estimating.counts._fitted import finite
from evaluation.estimating.found import Beware, Found
from evaluation.estimating.limits import two_sided
from evaluation.estimating.table import counted, days_at_risk, refuse_events_without_days
from evaluation.language import _
from evaluation.nouns import Estimate

Floats = NDArray[np.float64]


def rate(events: ArrayLike, days: ArrayLike, *, confidence: float = 0.95) -> Found:
    """One group's events per 100 child-days at risk, with exact (Garwood's) limits.

    `events` and `days` are totals, or one number a child: they are added up. The limits hold
    where events come singly and alike in all children; that is looked at where there is a number
    a child, and warned of where they vary more (`overdispersion`). 0 events have a lower limit
    of 0 and an upper one. Without a day at risk there is no rate ('no_follow_up').

    >>> found = rate(3, 400).one()
    >>> round(found.value, 2), round(found.low, 3), round(found.high, 3)
    (0.75, 0.155, 2.192)

    Raises WrongUse unless events are whole numbers and days numbers, of 0 or more.
    Source: Garwood (1936), Biometrika 28:437; R's poisson.test.
    """
    each, at_risk = _totals(events, days)
    two_sided(confidence)
    total, span = float(each.sum()), float(at_risk.sum())
    tail = (1 - confidence) / 2
    children = len(each) if np.ndim(events) else None
    if not span:
        nothing = Estimate("", "rate", children=children, why_not="no_follow_up")
        return Found(estimates=(nothing,))
    low = float(chi2.ppf(tail, 2 * total)) / 2 if total else 0.0
    high = float(chi2.isf(tail, 2 * total + 2)) / 2
    estimate = Estimate(
        "",
        "rate",
        children=children,
        events=int(total),
        value=100 * total / span,
        low=100 * low / span,
        high=100 * high / span,
        confidence=confidence,
        method="garwood",
    )
    beware = _varied(each, at_risk)
    unmet = ("overdispersion",) if beware else ()
    return Found(estimates=(replace(estimate, unmet=unmet),), beware=beware)


def rate_ratio_exact(
    events_1: ArrayLike,
    days_1: ArrayLike,
    events_2: ArrayLike,
    days_2: ArrayLike,
    *,
    null: float = 1.0,
    confidence: float = 0.95,
) -> Found:
    """The rate of the first group over that of the second, with exact conditional limits.

    Events and days are totals, or one number a child. Given all events, those of the first group
    are binomial: the limits are Clopper and Pearson's, and p, of the hypothesis that the ratio is
    `null`, adds up all results no likelier than the one seen. They hold where events come singly
    and alike in all children (`rate_ratio_robust` does not need that). Without an event in the
    second group the ratio has no value, but a lower limit and p; without any, nothing.

    >>> found = rate_ratio_exact(11, 800, 21, 3011).one()
    >>> round(found.value, 3), round(found.low, 3), round(found.high, 3), round(found.p, 4)
    (1.971, 0.858, 4.277, 0.0797)

    Raises WrongUse unless events are whole numbers and days numbers of 0 or more, and null > 0.
    Source: Przyborowski & Wilenski (1940), Biometrika 31:313; R's poisson.test.
    """
    if not (math.isfinite(null) and null > 0):
        raise WrongUse(_("A rate ratio to test against must be above 0."))
    two_sided(confidence)
    first, span_1 = _totals(events_1, days_1)
    second, span_2 = _totals(events_2, days_2)
    one, other = int(first.sum()), int(second.sum())
    days = float(span_1.sum()), float(span_2.sum())
    known = np.ndim(events_1) and np.ndim(events_2)
    estimate = Estimate(
        "",
        "rate_ratio",
        "contrast",
        children=len(first) + len(second) if known else None,
        events=one + other,
        confidence=confidence,
        method="exact_conditional",
        design_level=1,
        unmet=("unmeasured_confounding",),
    )
    if not min(days):
        return Found(estimates=(replace(estimate, why_not="no_follow_up"),))
    if not one + other:
        return Found(estimates=(replace(estimate, why_not="no_events"),))
    share = null * days[0] / (null * days[0] + days[1])
    tested = binomtest(one, one + other, share)
    limits = tested.proportion_ci(confidence_level=confidence, method="exact")
    low, high = (_odds(limit) * days[1] / days[0] for limit in (limits.low, limits.high))
    found = replace(
        estimate,
        value=(one / days[0]) / (other / days[1]) if other else None,
        low=low,
        high=finite(high),
        p=float(tested.pvalue),
        why_not=None if other else "no_events",
    )
    beware = _varied(first, span_1) or _varied(second, span_2)
    if beware:
        found = replace(found, unmet=(*found.unmet, "overdispersion"))
    return Found(estimates=(found,), model=tested, beware=beware)


def _totals(events: ArrayLike, days: ArrayLike) -> tuple[Floats, Floats]:
    each, at_risk = np.atleast_1d(counted(events)), np.atleast_1d(days_at_risk(days))
    if each.shape != at_risk.shape or each.ndim != 1:
        raise WrongUse(_("Each number of events needs its days at risk."))
    refuse_events_without_days(each, at_risk)
    return each, at_risk


def _varied(events: Floats, days: Floats) -> tuple[Beware, ...]:
    """Whether children vary more than chance: Pearson's chi-squared over its degrees of freedom."""
    events, days = events[days > 0], days[days > 0]
    if len(events) < 2 or not events.any():
        return ()
    expected = events.sum() * days / days.sum()
    dispersion = float(((events - expected) ** 2 / expected).sum()) / (len(events) - 1)
    return (varied(dispersion),) if dispersion > TOO_VARIED else ()


def _odds(share: float) -> float:
    return share / (1 - share) if share < 1 else math.inf
