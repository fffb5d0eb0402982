"""Intervals by drawing whole children again, and weighting them anew each time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluation.errors import WrongUse
from evaluation.estimating.limits import Limits, WhyNot, two_sided
from evaluation.estimating.batched import fit_many
from evaluation.estimating.two_arms import Group, Measure, two_arms
from evaluation.estimating.weighting import Propensity
from evaluation.language import _

Floats = NDArray[np.float64]

_AT_ONCE = 250
_MOST_MISSING = 0.05
_NONE = Limits(np.nan, np.nan)
_COLUMNS = ["measure", "group", "days", "value", "low", "high", "estimated", "why_not"]
_LACKING: Mapping[Measure, WhyNot] = {
    "rate": "no_follow_up",
    "rate_ratio": "no_events",
    "difference_per_100": "no_follow_up",
    "unadjusted_rate_ratio": "no_events",
    "risk": "no_follow_up",
    "risk_difference": "no_follow_up",
}


@dataclass(frozen=True, slots=True)
class Bootstrapped:
    """One figure with its interval; what is missing (NaN) is so because of `why_not`."""

    value: float
    low: float
    high: float
    why_not: WhyNot | None


@dataclass(frozen=True)
class Bootstrap:
    """Every figure with its interval, and how the replicates went.

    `figures` has a row a figure: measure, group, days, value, low, high, estimated (replicates
    in which it could be) and why_not, missing where there is an interval. `separated` counts replicates in which the propensity of
    some child went to 0 or 1 (they are used: the weights have a limit), `not_converged` those
    whose propensity could not be fitted (they are not).
    """

    figures: pd.DataFrame
    replicates: int
    separated: int
    not_converged: int

    def figure(self, measure: Measure, group: Group, days: int) -> Bootstrapped:
        """One of them. Raises KeyError if it was not asked for."""
        for row in self.figures.to_dict("records"):
            if (row["measure"], row["group"], row["days"]) == (measure, group, days):
                why_not: WhyNot | None = None if pd.isna(row["why_not"]) else row["why_not"]
                return Bootstrapped(row["value"], row["low"], row["high"], why_not)
        raise KeyError(measure, group, days)


def whole_child(
    propensity: Propensity,
    *,
    counts: Mapping[int, pd.DataFrame],
    times: pd.DataFrame | None = None,
    at: Sequence[int] = (),
    replicates: int = 1999,
    rng: np.random.Generator,
    confidence: float = 0.95,
    progress: Callable[[int, int], None] | None = None,
) -> Bootstrap:
    """Estimate every figure, with percentile limits from resampled children.

    `counts` holds for each window of days a row a child: child_key, events, days_at_risk; a
    child may be in one window and not in another. `times` has child_key, days_to_first and
    any_event, and the risk of any event is estimated from it (1 - weighted Kaplan-Meier) at
    each day of `at`. `following.windowed` gives both. Only children in `propensity` count.

        rate                    treated, comparison   events per 100 child-days
        rate_ratio              contrast
        unadjusted_rate_ratio   contrast              without weights
        difference_per_100      contrast              events per 100 treated children
        risk                    treated, comparison   share with any event by that day
        risk_difference         contrast

    A child is drawn with all its events and all its time, so that a few children with many
    events widen the interval as they should, and the same children serve every figure. The
    propensity is fitted anew in each replicate, with the covariates of `propensity`. Children
    are drawn arm by arm: how many were referred says nothing of the effect (the weighted
    ratio does not depend on it), and no replicate is without an arm.

    There is no interval, and `why_not` says why, where the figure could not be had in more than
    one replicate in twenty ('no_events', 'no_follow_up', 'not_converged'), where an arm has no
    events ('no_events'), or none without ('too_few_children'): resampling cannot see the doubt
    in a zero.

    >>> children = pd.DataFrame({
    ...     "child_key": range(40), "arm": ["referred", "not"] * 20, "days_at_risk": 90,
    ...     "events": [0, 2, 1, 0, 4, 9, 0, 1, 0, 5] * 4,
    ... })
    >>> from evaluation.estimating.weighting import propensity
    >>> weights = propensity(children, [], treated="referred")
    >>> result = whole_child(weights, counts={90: children}, rng=np.random.default_rng(1))
    >>> ratio = result.figure("rate_ratio", "contrast", 90)
    >>> round(ratio.value, 3), round(ratio.low, 1), round(ratio.high, 1)
    (0.294, 0.1, 0.6)

    Source: Efron & Tibshirani (1993), An Introduction to the Bootstrap, chapter 13; refitting:
    Austin & Small (2014), Stat Med 33:4306.
    """
    two_sided(confidence)
    if replicates < 1:
        raise WrongUse(_("A bootstrap needs at least one replicate."))
    arms = two_arms(propensity, counts, times, at)
    design = propensity.design.to_numpy(dtype=float)
    drawn: list[Floats] = []
    separated = not_converged = 0
    for begin in range(0, replicates, _AT_ONCE):
        multiplicity = _draw(arms.is_treated, min(_AT_ONCE, replicates - begin), rng)
        fits = fit_many(design, arms.is_treated.astype(float), multiplicity)
        weights = multiplicity * np.where(arms.is_treated, 1, fits.fitted / (1 - fits.fitted))
        weights[~fits.converged] = np.nan
        drawn.append(arms.under(weights, plain=multiplicity))
        separated += int(fits.separated.sum())
        not_converged += int((~fits.converged).sum())
        if progress is not None:
            progress(begin + len(multiplicity), replicates)

    weights = propensity.children["weight"].to_numpy(dtype=float)[np.newaxis, :]
    observed = arms.under(weights, plain=np.ones_like(weights))[0]
    # A figure that is missing too often lacks events or follow-up, unless the fits failed.
    failed = not_converged > _MOST_MISSING * replicates
    rows = []
    for key, value, column in zip(arms.keys, observed, np.concatenate(drawn).T, strict=True):
        estimated = column[np.isfinite(column)]
        why_not = arms.why_no_interval(key)
        is_missing = np.isnan(value) or len(estimated) < (1 - _MOST_MISSING) * replicates
        if why_not is None and is_missing:
            why_not = "not_converged" if failed else _LACKING[key[0]]
        limits = _NONE if why_not else _percentiles(estimated, confidence)
        rows.append((*key, value, *limits, len(estimated), why_not))
    return Bootstrap(pd.DataFrame(rows, columns=_COLUMNS), replicates, separated, not_converged)


def _draw(is_treated: NDArray[np.bool_], replicates: int, rng: np.random.Generator) -> Floats:
    """How often each child is drawn: as many from each arm as it has, with replacement."""
    multiplicity = np.empty((replicates, len(is_treated)))
    for arm in (is_treated, ~is_treated):
        size = int(arm.sum())
        multiplicity[:, arm] = rng.multinomial(size, np.full(size, 1 / size), size=replicates)
    return multiplicity


def _percentiles(values: Floats, confidence: float) -> Limits:
    """Of 1,999 replicates the limits of 95% are the 50th from either end."""
    tails = [(1 - confidence) / 2, (1 + confidence) / 2]
    low, high = np.quantile(values, tails, method="weibull")
    return Limits(float(low), float(high))
