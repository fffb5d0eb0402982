"""Shares of many small groups, drawn towards the mean of all by as much as chance alone would."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import betainc, betaincinv, betaln, expit

from evaluation.errors import WrongUse
from evaluation.estimating.found import Found
from evaluation.estimating.limits import two_sided
from evaluation.estimating.proportions import part
from evaluation.language import _
from evaluation.nouns import Estimate

Floats = NDArray[np.float64]

_OWN, _MEAN = 60, 32
"""Points of the sums over how much groups differ, and over their mean."""

_LOGITS = (-9.0, 14.0)
"""Between which the part of its own of a typical group lies, on the logit."""

_NOTHING = 1e-6
"""A weight, beside the largest, that changes no digit."""


@dataclass(frozen=True, kw_only=True)
class Shrunken(Found):
    """Shares drawn towards their mean.

    One row of `model` is one group, in the order given: children (with the event), of, share
    (as counted), shrunken, low, high, and own, how much of its shrunken share is its own.
    """

    model: pd.DataFrame = field(repr=False)


def shrunken_shares(events: pd.Series, of: pd.Series, *, confidence: float = 0.95) -> Shrunken:
    """Estimate each group's share with the help of the others, for groups too small by themselves.

    `events` children `of` so many, a row a group, under one index whose labels name the groups.
    Of twenty small groups that do not differ the extremes are chance, and are believed by whoever
    reads them. Shares are taken to vary among groups as a beta distribution; each is drawn
    towards the mean by what its own size leaves to chance, one of few children far, one of
    thousands hardly.

    Neither the mean nor how much groups differ is taken for known, as an empirical Bayes
    estimate would: with few groups their likelihood is often highest where they do not differ at
    all, and limits from there would be far too narrow. Instead all values of both count, by
    their likelihood; beforehand every mean is held as likely as any other, and for a group of
    typical size (the harmonic mean) every part between none and all of its own.

        shrunken_share   of each group, in the order given: `children` had the event, of `of`; a
                         group without children has no value ('too_few_children')
        mean_share       the mean of the groups (group 'all')

    Limits hold `confidence` of the probability. Where fewer than two groups have children there
    is nothing to draw towards ('no_comparison').

    >>> found = shrunken_shares(pd.Series({"a": 9, "b": 60, "c": 1}), pd.Series({"a": 10, "b": 100, "c": 4}))
    >>> found.model[["share", "shrunken"]].round(2).to_numpy().tolist()
    [[0.9, 0.76], [0.6, 0.6], [0.25, 0.49]]

    Raises WrongUse unless 0 <= events <= of, all whole, and both have one index without twins.
    Source: beta-binomial: Kleinman (1973), J Am Stat Assoc 68:46; what is held beforehand:
    Christiansen & Morris (1997), J Am Stat Assoc 92:618; Daniels (1999), Can J Stat 27:567.
    """
    two_sided(confidence)
    if not events.index.is_unique or not events.index.equals(of.index):
        raise WrongUse(_("Events and children need one index, with each group once."))
    counts = [part(had, all_) for had, all_ in zip(events, of, strict=True)]
    y, n = (np.array(column, dtype=float) for column in zip(*counts, strict=True)) if counts else (
        np.empty(0), np.empty(0)
    )  # fmt: skip
    there = n > 0
    names = [str(name) for name in events.index]
    if there.sum() < 2:
        return _without_value(names, counts, confidence)
    mean, precision, weight = _posterior(y[there], n[there])
    a, b = mean * precision, (1 - mean) * precision
    tails = ((1 - confidence) / 2, (1 + confidence) / 2)
    rows = []
    for had, all_ in counts:
        own = float(weight @ (all_ / (all_ + precision)))
        value = float(weight @ ((a + had) / (precision + all_)))
        low, high = (
            (_quantile(a + had, b + all_ - had, weight, tail) for tail in tails)
            if all_
            else (np.nan, np.nan)
        )
        rows.append((had, all_, had / all_ if all_ else np.nan, value, low, high, own))
    model = pd.DataFrame(
        rows, index=names, columns=["children", "of", "share", "shrunken", "low", "high", "own"]
    )
    order = np.argsort(mean)
    ends = np.interp(tails, np.cumsum(weight[order]), mean[order])
    total = Estimate(
        "",
        "mean_share",
        children=int(y.sum()),
        of=int(n.sum()),
        value=float(weight @ mean),
        low=float(ends[0]),
        high=float(ends[1]),
        confidence=confidence,
        method="beta_binomial",
        design_level=1,
    )
    return Shrunken(
        estimates=(*(_figure(row, confidence) for row in model.itertuples()), total), model=model
    )


def _posterior(y: Floats, n: Floats) -> tuple[Floats, Floats, Floats]:
    """Means and precisions of the beta distribution (its a + b), and the weight of each pair.

    The part of its own of a typical group runs from next to 0 to next to 1, laid evenly on the
    logit and weighted so that every part counts alike; for each, means are laid where a beta
    distribution of half the information has them, and weighted for it.
    """
    typical = len(n) / (1 / n).sum()
    own = expit(np.linspace(*_LOGITS, _OWN))
    precision = typical * (1 - own) / own
    information = n / (1 + (n - 1) / (precision[:, np.newaxis] + 1))
    reach = information.sum(axis=1)
    middle = (information @ (y / n)) / reach
    left, right = 1 + middle * reach / 2, 1 + (1 - middle) * reach / 2
    share = (np.arange(_MEAN) + 0.5) / _MEAN
    laid = betaincinv(left[:, np.newaxis], right[:, np.newaxis], share)
    mean = np.clip(laid, 1e-12, 1 - 1e-12)
    dense = (
        np.log(mean) * (left - 1)[:, np.newaxis]
        + np.log1p(-mean) * (right - 1)[:, np.newaxis]
        - betaln(left, right)[:, np.newaxis]
    )
    log = np.log(own * (1 - own))[:, np.newaxis] - dense
    a, b = mean * precision[:, np.newaxis], (1 - mean) * precision[:, np.newaxis]
    for had, all_ in zip(y, n, strict=True):
        log += betaln(a + had, b + all_ - had) - betaln(a, b)
    weight = np.exp(log - log.max())
    kept = weight > _NOTHING
    every = np.broadcast_to(precision[:, np.newaxis], mean.shape)
    return mean[kept], every[kept], weight[kept] / weight[kept].sum()


def _quantile(a: Floats, b: Floats, weight: Floats, share: float) -> float:
    """Of a mixture of beta distributions."""
    return float(brentq(lambda at: float(weight @ betainc(a, b, at)) - share, 0.0, 1.0, xtol=1e-7))


def _figure(row: object, confidence: float) -> Estimate:
    told = row._asdict()  # type: ignore[attr-defined]
    known = told["of"] > 0
    return Estimate(
        "",
        "shrunken_share",
        told["Index"],
        children=int(told["children"]),
        of=int(told["of"]),
        value=told["shrunken"] if known else None,
        low=told["low"] if known else None,
        high=told["high"] if known else None,
        confidence=confidence,
        method="beta_binomial",
        design_level=1,
        why_not=None if known else "too_few_children",
    )


def _without_value(names: list[str], counts: list[tuple[int, int]], confidence: float) -> Shrunken:
    had, all_ = sum(one for one, _all in counts), sum(every for _one, every in counts)
    groups = [("shrunken_share", name, *each) for name, each in zip(names, counts, strict=True)]
    return Shrunken(
        estimates=tuple(
            Estimate(
                "",
                measure,
                group,
                children=own,
                of=of,
                confidence=confidence,
                method="beta_binomial",
                design_level=1,
                why_not="no_comparison",
            )
            for measure, group, own, of in (*groups, ("mean_share", "all", had, all_))
        ),
        model=pd.DataFrame(counts, index=names, columns=["children", "of"]),
    )
