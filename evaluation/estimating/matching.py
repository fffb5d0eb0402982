"""Each treated child beside the untreated ones most like it. Weighting is to be preferred."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluation.errors import WrongUse
from evaluation.estimating._outcomes import happened
from evaluation.estimating._overlap import threats
from evaluation.estimating.balance import BY_COVARIATE, NO_BALANCE, balance, effective_sample_size
from evaluation.estimating.found import Beware, Found
from evaluation.estimating.limits import two_sided
from evaluation.estimating.weighting import Propensity
from evaluation.language import _
from evaluation.nouns import Estimate

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

_EQUAL = 1e-9
"""Logits nearer than this are equal, but for the order in which their sums were made."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How children are matched."""

    caliper: float | None
    on: Literal["logit", "score"]
    each: int
    replacement: bool


@dataclass(frozen=True, kw_only=True)
class Matching(Found):
    """Who was matched with whom, and how alike that makes the arms.

    `pairs` has a row a pair: treated, comparison (their keys) and distance (of scores, or of
    their logits). `children` is the propensity's frame with the weights of the match (1 for a
    treated child, 1 / its matches for each of them, added up; 0 for those unmatched). `balance`
    is of the propensity's columns, as `Propensity.balance`. `tied` counts the treated children
    for whom the order of children with equal scores may decide who is matched.

        matched_children    treated (matched, of all treated), comparison (different children)
        matched_pairs       contrast
        effective_children  comparison
        smd_before, smd_after, variance_ratio_before, variance_ratio_after    by covariate
    """

    alike: Propensity = field(repr=False)
    pairs: pd.DataFrame = field(repr=False)
    children: pd.DataFrame = field(repr=False)
    balance: pd.DataFrame = field(repr=False)
    tied: int
    rules: Rules = field(repr=False)


def match(
    alike: Propensity,
    *,
    caliper: float | None = None,
    on: Literal["logit", "score"] = "logit",
    each: int = 1,
    replacement: bool = False,
) -> Matching:
    """Match each treated child with the `each` untreated ones whose scores are nearest.

    Greedy: the treated with the largest scores choose first. Without `replacement` an untreated
    child is matched once. `caliper` is the farthest a match may be, in standard deviations (of
    all children) of what is matched `on`: the 'logit' of the score, or the 'score' itself; a
    treated child with nobody so near is left out, and the effect is then no longer of all those
    treated.

    Children with equal scores come in the order of their child_key, never of their rows. That
    order means nothing and yet can decide the result: `matched_difference` tells by how much.
    Weighting uses every child, has no such order, and is to be preferred: see `propensity`.

    >>> from evaluation.estimating.weighting import propensity
    >>> children = pd.DataFrame({
    ...     "child_key": range(40), "arm": (["referred"] + ["not"] * 3) * 10,
    ...     "prior": [2, 1, 1, 0, 4, 5, 3, 3, 3, 4] * 4,
    ... })
    >>> alike = propensity(children, ["prior"], treated="referred")
    >>> found = match(alike, caliper=0.2)
    >>> found.one("matched_children", "treated").value, found.pairs.iloc[0].tolist()
    (10.0, [0.0, 1.0, 0.0])

    Raises WrongUse where a caliper is negative, or `each` is less than 1.
    Source: Rosenbaum & Rubin (1985), Am Stat 39:33; Austin (2014), Stat Med 33:1057. R's
    MatchIt 4.5.1, by its defect 163, passes order and caliper over; the reference rows do not.
    """
    if each < 1 or (caliper is not None and caliper < 0):
        raise WrongUse(_("A match needs one child at least, and a caliper of 0 or more."))
    rules = Rules(caliper, on, each, replacement)
    order = np.argsort(np.argsort(_keys(alike), kind="stable"), kind="stable")
    chosen, tied = _greedy(alike, rules, order)
    return _matching(alike, rules, chosen, tied)


def matched_difference(
    matched: Matching,
    children: pd.DataFrame,
    outcome: str,
    *,
    rng: np.random.Generator,
    tie_orders: int = 200,
    confidence: float = 0.95,
) -> Found:
    """How an outcome of the matched treated differs from that of their matches.

    `children` has a row a child: child_key and `outcome` (a number, for every matched child).

        mean                treated, comparison
        mean_difference     contrast; with limits where each has one match of its own, from the
                            spread of the pairs' differences; none otherwise
        mean_difference     'tie_orders': the same if children with equal scores came in other
                            orders, `tie_orders` of them drawn; value is the median, low and
                            high the least and the most of them, not limits of an interval

    >>> from evaluation.estimating.weighting import propensity
    >>> children = pd.DataFrame({
    ...     "child_key": range(40), "arm": (["referred"] + ["not"] * 3) * 10,
    ...     "prior": [2, 1, 1, 0, 4, 5, 3, 3, 3, 4] * 4, "events": [3, 1, 4, 1, 5] * 8,
    ... })
    >>> matched = match(propensity(children, ["prior"], treated="referred"))
    >>> found = matched_difference(matched, children, "events", rng=np.random.default_rng(1))
    >>> spread = found.one("mean_difference", "tie_orders")
    >>> found.one("mean_difference", "contrast").value, spread.low, spread.high
    (0.4, -1.1, 1.1)

    Raises WrongUse where a matched child has no outcome.
    Source of the limits: Austin (2011), Multivar Behav Res 46:399.
    """
    alike = matched.alike
    what = happened(alike, children, outcome, kind="mean", days="")
    if not what.here.all():
        raise WrongUse(_("Some children with a score have no {outcome}.", outcome=outcome))
    told = partial(
        Estimate,
        "",
        method="matching",
        confidence=confidence,
        design_level=3,
        unmet=(
            *(each.trap for each in matched.beware if each.trap != "prefer_weighting"),
            "unmeasured_confounding",
        ),
    )
    place = pd.Series(np.arange(len(what.y)), index=alike.children["child_key"])
    if matched.pairs.empty:
        none = told("mean_difference", "contrast", why_not="no_comparison")
        return Found(estimates=(none,), model=matched, beware=matched.beware)
    chosen = matched.pairs[["treated", "comparison"]].apply(lambda keys: place.loc[keys].to_numpy())
    treated, comparison, apart = _difference(what.y, chosen.to_numpy())
    arms = {"treated": treated, "comparison": comparison}
    counts = {group: int(chosen[group].nunique()) for group in arms}
    both = told("mean_difference", "contrast", children=sum(counts.values()), value=apart.mean())
    figures = [
        *(told("mean", group, children=counts[group], value=mean) for group, mean in arms.items()),
        _with_limits(both, apart, matched.rules, confidence),
    ]
    others = []
    for _order in range(tie_orders):
        again, _tied = _greedy(alike, matched.rules, rng.permutation(len(what.y)))
        others.append(_difference(what.y, again)[2].mean())
    beware = matched.beware
    if others:
        low, high = float(np.min(others)), float(np.max(others))
        figures.append(
            told(
                "mean_difference",
                "tie_orders",
                children=both.children,
                value=float(np.median(others)),
                low=low,
                high=high,
                method="matching_tie_orders",
            )
        )
        if high - low > 1e-9 * max(abs(high), abs(low)):
            text = _(
                "The order of children with equal scores means nothing, and moves the difference "
                "from {low} to {high}. Prefer weighting.",
                low=float(f"{low:.6g}"),
                high=float(f"{high:.6g}"),
            )
            beware = (*beware, Beware("tied_scores", text))
    return Found(estimates=tuple(figures), model=matched, beware=beware)


def _greedy(alike: Propensity, rules: Rules, order: Places) -> tuple[Places, int]:
    """Pairs as places in the propensity's frame; `order` ranks children with equal scores."""
    score = alike.children["score"].to_numpy(dtype=float)
    logit = np.log(score / (1 - score))
    scale = score if rules.on == "score" else logit
    farthest = np.inf if rules.caliper is None else rules.caliper * scale.std(ddof=1) + 1e-12
    # Scores that differ in the last digits only are one.
    value = np.round(scale / _EQUAL) * _EQUAL if rules.on == "logit" else np.round(scale, 12)
    treated = np.flatnonzero(alike.is_treated)
    treated = treated[np.lexsort((order[treated], -value[treated]))]
    others = np.flatnonzero(~alike.is_treated)
    others = others[np.argsort(order[others], kind="stable")]
    free = np.ones(len(others), dtype=bool)
    pairs: list[tuple[int, int]] = []
    tied = 0
    for child in treated:
        distance = np.where(free, np.abs(value[others] - value[child]), np.inf)
        nearest = np.argsort(distance, kind="stable")[: rules.each + 1]
        reach = [one for one in nearest if distance[one] <= farthest and np.isfinite(distance[one])]
        if len(reach) > rules.each and abs(distance[reach[-1]] - distance[reach[-2]]) < _EQUAL:
            tied += 1
        for one in reach[: rules.each]:
            pairs.append((int(child), int(others[one])))
            if not rules.replacement:
                free[one] = False
    return np.array(pairs, dtype=np.intp).reshape(-1, 2), tied


def _matching(alike: Propensity, rules: Rules, chosen: Places, tied: int) -> Matching:
    score = alike.children["score"].to_numpy(dtype=float)
    scale = score if rules.on == "score" else np.log(score / (1 - score))
    keys = alike.children["child_key"]
    pairs = pd.DataFrame(
        {
            "treated": keys.iloc[chosen[:, 0]].to_numpy(),
            "comparison": keys.iloc[chosen[:, 1]].to_numpy(),
            "distance": np.abs(scale[chosen[:, 0]] - scale[chosen[:, 1]]),
        }
    )
    weight = np.zeros(len(score))
    weight[chosen[:, 0]] = 1.0
    shares = 1 / np.bincount(chosen[:, 0], minlength=len(score))[chosen[:, 0]]
    np.add.at(weight, chosen[:, 1], shares)
    is_treated = alike.is_treated
    columns = alike.design.drop(columns="intercept")
    table = balance(columns, is_treated, weight) if columns.shape[1] else NO_BALANCE
    nobody = np.zeros(len(score), dtype=bool)
    beware = [
        Beware(
            "prefer_weighting",
            _(
                "Matching leaves children out and leans on the order of equal scores. Weighting "
                "uses every child: prefer it."
            ),
        ),
        *threats(table, weight, is_treated, nobody, alike.dropped, estimand="att"),
    ]
    unmatched = int(is_treated.sum() - (weight[is_treated] > 0).sum())
    if unmatched:
        text = _(
            "{unmatched} of {treated} treated children have nobody near enough and are left out. "
            "The effect is of the others.",
            unmatched=unmatched,
            treated=int(is_treated.sum()),
        )
        beware.insert(1, Beware("no_overlap", text))
    return Matching(
        estimates=tuple(_told(chosen, weight, is_treated, table)),
        beware=tuple(beware),
        alike=alike,
        pairs=pairs,
        children=alike.children.assign(weight=weight),
        balance=table,
        tied=tied,
        rules=rules,
    )


def _told(
    chosen: Places, weight: Floats, is_treated: NDArray[np.bool_], table: pd.DataFrame
) -> Iterator[Estimate]:
    told = partial(Estimate, "", method="matching")
    yield told("matched_pairs", "contrast", children=len(np.unique(chosen)), value=len(chosen))
    for group, arm in (("treated", is_treated), ("comparison", ~is_treated)):
        matched = int((weight[arm] > 0).sum())
        yield told(
            "matched_children", group, children=matched, of=int(arm.sum()), value=float(matched)
        )
    used = weight[~is_treated]
    yield told(
        "effective_children",
        "comparison",
        children=int((used > 0).sum()),
        value=effective_sample_size(used),
    )
    for row in table.to_dict("records"):
        for measure in BY_COVARIATE:
            if np.isfinite(value := float(row[measure])):
                yield told(measure, row["covariate"], children=int((weight > 0).sum()), value=value)


def _difference(y: Floats, chosen: Places) -> tuple[float, float, Floats]:
    """The means of both sides, and each treated child's difference from its matches."""
    if not len(chosen):
        return np.nan, np.nan, np.array([np.nan])
    treated, first = np.unique(chosen[:, 0], return_inverse=True)
    of_matches = np.bincount(first, weights=y[chosen[:, 1]]) / np.bincount(first)
    return float(y[treated].mean()), float(of_matches.mean()), y[treated] - of_matches


def _with_limits(both: Estimate, apart: Floats, rules: Rules, confidence: float) -> Estimate:
    value = float(apart.mean())
    if rules.replacement or rules.each > 1 or len(apart) < 2:
        return replace(both, value=value)
    se = float(apart.std(ddof=1) / np.sqrt(len(apart)))
    reach = two_sided(confidence) * se
    return replace(both, value=value, se=se, low=value - reach, high=value + reach)


def _keys(alike: Propensity) -> pd.Series:
    """What orders children with equal scores: their keys, numbers as numbers."""
    keys = alike.children["child_key"]
    return keys if pd.api.types.is_numeric_dtype(keys.dtype) else keys.astype("str")
