"""Intervals by drawing whole children again, and weighting them anew each time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluation.estimating.batched import fit_many
from evaluation.estimating.intervals import Interval, acceleration, checked, without_bias
from evaluation.estimating.limits import WhyNot
from evaluation.estimating.resampling import MOST_MISSING, Resampled, figure, limits_of
from evaluation.estimating.two_arms import Key, Measure, TwoArms, two_arms
from evaluation.estimating.weighting import Propensity
from evaluation.nouns import Estimate

Floats = NDArray[np.float64]

_AT_ONCE = 250
_LACKING: Mapping[Measure, WhyNot] = {
    "rate": "no_follow_up",
    "rate_ratio": "no_events",
    "difference_per_100": "no_follow_up",
    "unadjusted_rate_ratio": "no_events",
    "doubly_robust_rate_ratio": "not_converged",
    "risk": "no_follow_up",
    "risk_difference": "no_follow_up",
}


@dataclass(frozen=True, kw_only=True)
class Bootstrap(Resampled):
    """Every figure with its interval, and how the replicates went.

    `draws` has a row a replicate and a column a figure: measure, group, days. `separated`
    counts replicates in which the propensity of some child went to 0 or 1 (they are used: the
    weights have a limit), `not_converged` those whose propensity could not be fitted (they are
    not).
    """

    separated: int
    not_converged: int


def whole_child(
    propensity: Propensity,
    *,
    counts: Mapping[int, pd.DataFrame],
    times: pd.DataFrame | None = None,
    at: Sequence[int] = (),
    replicates: int = 1999,
    rng: np.random.Generator,
    confidence: float = 0.95,
    interval: Interval = "percentile",
    doubly_robust: bool = False,
    bias: Literal["removed", "kept"] = "removed",
    progress: Callable[[int, int], None] | None = None,
) -> Bootstrap:
    """Estimate every figure, with limits from resampled children.

    `counts` holds for each window of days a row a child: child_key, events, days_at_risk; a
    child may be in one window and not in another. `times` has child_key, days_to_first and
    any_event, and the risk of any event is estimated from it (1 - weighted Kaplan-Meier) at
    each day of `at`. `following.windowed` gives both. Only children in `propensity` count.

        rate                      treated, comparison   events per 100 child-days
        rate_ratio                contrast
        unadjusted_rate_ratio     contrast              without weights
        doubly_robust_rate_ratio  contrast              if `doubly_robust`: weights and models
        difference_per_100        contrast              events per 100 treated children
        risk                      treated, comparison   share with any event by that day
        risk_difference           contrast

    A child is drawn with all its events and all its time, so that a few children with many
    events widen the interval as they should, and the same children serve every figure. The
    propensity is fitted anew in each replicate, with the covariates of `propensity`, and made
    into weights by its recipe (whose effect, stabilised, truncated). Children
    are drawn arm by arm: how many were referred says nothing of the effect (the weighted
    ratio does not depend on it), and no replicate is without an arm.

    `interval` is 'percentile', or 'bca', which mends bias and skewness by leaving out each child
    in turn (propensity refitted) and can tell more where children are few. `doubly_robust`
    adds the ratio that is right if either the propensity is or a Poisson model of events in
    each arm, with the same covariates: `aipw(..., kind="rate", normalised=True)`, with both
    refitted. `se` is the spread of the draws, of their logarithms for a ratio.

    A weighted ratio of few children runs high, because the rate below the line is noisy where a
    few children have much of the weight: by 2% to 5% at 50 referred and 50 not, where the interval
    reaches from half to twice. The draws tell how much, and it is taken off the weighted and the
    doubly robust ratio (see `intervals.without_bias`), which are then not quite the quotient of
    the two rates. 'kept' leaves it on. The unadjusted ratio is always the plain quotient.
    docs/calibration.md holds both against the truth.

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
    >>> ratio = result.one("rate_ratio", "contrast", 90)
    >>> round(ratio.value, 3), round(ratio.low, 1), round(ratio.high, 1)
    (0.31, 0.1, 0.6)

    Source: Efron & Tibshirani (1993), An Introduction to the Bootstrap, chapter 13; refitting:
    Austin & Small (2014), Stat Med 33:4306.
    """
    checked(interval, replicates, confidence)
    arms = two_arms(propensity, counts, times, at, doubly_robust=doubly_robust)
    design = propensity.design.to_numpy(dtype=float)
    drawn: list[Floats] = []
    separated = not_converged = 0
    for begin in range(0, replicates, _AT_ONCE):
        multiplicity = _draw(arms.is_treated, min(_AT_ONCE, replicates - begin), rng)
        found = _refitted(propensity, design, arms, multiplicity)
        drawn.append(found.figures)
        separated += found.separated
        not_converged += found.not_converged
        if progress is not None:
            progress(begin + len(multiplicity), replicates)
    draws = np.concatenate(drawn)
    speeds = np.zeros(len(arms.keys))
    if interval == "bca":
        speeds = _accelerations(propensity, design, arms)

    # A figure that is missing too often lacks events or follow-up, unless the fits failed.
    failed = not_converged > MOST_MISSING * replicates
    estimates = []
    for place, (key, value) in enumerate(zip(arms.keys, _observed(propensity, arms), strict=True)):
        limits = limits_of(
            draws[:, place],
            value,
            interval=interval,
            confidence=confidence,
            speed=float(speeds[place]),
        )
        why_not = arms.why_no_interval(key)
        if why_not is None and limits is None:
            why_not = "not_converged" if failed else _LACKING[key[0]]
        is_ratio = key[0].endswith("ratio")
        is_weighted = is_ratio and not key[0].startswith("unadjusted")
        if is_weighted and limits is not None and bias == "removed":
            told = without_bias(value, draws[:, place], limits)
        else:
            told = value
        estimates.append(
            figure(
                _known(propensity, arms, key, interval),
                told,
                limits,
                draws[:, place],
                why_not=why_not,
                confidence=confidence,
                on_log=is_ratio,
            )
        )
    columns = pd.MultiIndex.from_tuples(arms.keys, names=["measure", "group", "days"])
    return Bootstrap(
        estimates=tuple(estimates),
        model=propensity,
        beware=propensity.beware,
        replicates=replicates,
        draws=pd.DataFrame(draws, columns=columns),
        separated=separated,
        not_converged=not_converged,
    )


@dataclass(frozen=True, slots=True)
class _Refitted:
    """The figures of many draws of children (a row a draw), and how the propensities went."""

    figures: Floats
    separated: int
    not_converged: int


def _refitted(
    propensity: Propensity, design: Floats, arms: TwoArms, multiplicity: Floats
) -> _Refitted:
    """Every figure for each row of `multiplicity`: how often each child is there."""
    fits = fit_many(design, arms.is_treated.astype(float), multiplicity)
    recipe = propensity.recipe
    weights = multiplicity * recipe.weights(fits.fitted, arms.is_treated, multiplicity)
    weights[~fits.converged] = np.nan
    target = multiplicity * recipe.tilt(fits.fitted, arms.is_treated)[0]
    return _Refitted(
        arms.under(weights, plain=multiplicity, target=target),
        int(fits.separated.sum()),
        int((~fits.converged).sum()),
    )


def _observed(propensity: Propensity, arms: TwoArms) -> Floats:
    """The figures of the children themselves, under the weights of the propensity."""
    score = propensity.children["score"].to_numpy(dtype=float)
    weights = propensity.children["weight"].to_numpy(dtype=float)[np.newaxis, :]
    target = propensity.recipe.tilt(score, arms.is_treated)[0][np.newaxis, :]
    return np.asarray(arms.under(weights, plain=np.ones_like(weights), target=target)[0])


def _accelerations(propensity: Propensity, design: Floats, arms: TwoArms) -> Floats:
    """Of each figure, from leaving out each child in turn and fitting the propensity anew."""
    children = len(design)
    without: list[Floats] = []
    for begin in range(0, children, _AT_ONCE):
        some = np.arange(begin, min(begin + _AT_ONCE, children))
        multiplicity = np.ones((len(some), children))
        multiplicity[np.arange(len(some)), some] = 0
        without.append(_refitted(propensity, design, arms, multiplicity).figures)
    group = arms.is_treated.astype(np.intp)
    return np.array([acceleration(column, group) for column in np.concatenate(without).T])


def _known(propensity: Propensity, arms: TwoArms, key: Key, interval: Interval) -> Estimate:
    """What is known of a figure before its number."""
    measure, group, days = key
    weighted = not measure.startswith("unadjusted")
    how = f"{propensity.estimand}_weights_bootstrap" if weighted else "bootstrap"
    if measure.startswith("doubly_robust"):
        how = f"aipw_{propensity.estimand}_bootstrap"
    children, events = arms.behind(key)
    return Estimate(
        "",
        measure,
        group,
        days=days,
        children=children,
        events=events,
        method=how if interval == "percentile" else f"{how}_{interval}",
        design_level=3 if weighted else 1,
        unmet=propensity.unmet if weighted else ("unmeasured_confounding",),
        met=propensity.met if weighted else (),
    )


def _draw(is_treated: NDArray[np.bool_], replicates: int, rng: np.random.Generator) -> Floats:
    """How often each child is drawn: as many from each arm as it has, with replacement."""
    multiplicity = np.empty((replicates, len(is_treated)))
    for arm in (is_treated, ~is_treated):
        size = int(arm.sum())
        multiplicity[:, arm] = rng.multinomial(size, np.full(size, 1 / size), size=replicates)
    return multiplicity
