"""The mean of each arm, with what every child adds to its doubt; and how the two compare."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from evaluation.estimating._outcomes import ArmModel, Happened
from evaluation.estimating.limits import two_sided
from evaluation.estimating.weighting import Propensity
from evaluation.nouns import Estimate

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Effects:
    """What stands behind the figures: the arms' means and each child's influence on them.

    `influence` has a row a child of the propensity and a column an arm (treated, comparison);
    the covariance of the two means is `influence.T @ influence / n**2`. `outcome_models` holds
    the arms' models where there are any.
    """

    means: Floats
    influence: Floats
    outcome_models: tuple[ArmModel, ...] = ()

    @property
    def covariance(self) -> Floats:
        """Of the two means."""
        return np.asarray(self.influence.T @ self.influence / len(self.influence) ** 2)


def arm_mean(
    alike: Propensity,
    what: Happened,
    inside: Flags,
    *,
    model: ArmModel | None,
    by_weights: bool,
    normalised: bool,
    estimated: bool,
) -> tuple[float, Floats]:
    """The mean (of a rate: events a day) had all whose effect it is been in this arm.

    What the model expects of them, and what it got wrong in the arm, weighted to be like them:
    either part may be missing. `normalised` divides the second part by its own weights, not by
    the number of those whose effect it is. `estimated` lets the influence know that weights and
    models were fitted to the same children (M-estimation); otherwise they are taken as known.

    Source: Tsiatis (2006), Semiparametric Theory and Missing Data, chapters 3 and 13; Stefanski
    & Boos (2002), Am Stat 56:29.
    """
    score = alike.children["score"].to_numpy(dtype=float)
    n = len(score)
    is_treated = alike.is_treated
    x = alike.design.to_numpy(dtype=float)
    target, target_slope = alike.recipe.tilt(score, is_treated)
    weight, weight_slope = _weights(alike, score, is_treated)
    of_scores = (
        n
        * (x * (is_treated - score)[:, np.newaxis])
        @ np.linalg.inv((x * (score * (1 - score))[:, np.newaxis]).T @ x)
    )

    value, influence = 0.0, np.zeros(n)
    asked = np.where(what.here, target * what.days, 0.0)
    if model is not None:
        mean, own = _ratio(asked * model.expected, asked)
        value, influence = mean, own
        if estimated:
            moves = (asked * model.slope) @ model.columns / asked.sum()
            influence = influence + model.influence @ moves
            drift = np.where(what.here, target_slope * what.days, 0.0) * (model.expected - mean)
            influence = influence + of_scores @ (drift @ x / asked.sum())
    if by_weights:
        w = np.where(inside & what.here, weight, 0.0)
        expected = 0.0 if model is None else model.expected * what.days
        below = w * what.days if normalised or model is None else asked
        wrong, own = _ratio(w * (what.y - expected), below)
        value, influence = value + wrong, influence + own
        if estimated:
            drift = w * weight_slope * (what.y - expected)
            if normalised or model is None:
                drift = drift - w * weight_slope * wrong * what.days
            else:
                drift = drift - wrong * np.where(what.here, target_slope * what.days, 0.0)
            influence = influence + of_scores @ (drift @ x / below.sum())
            if model is not None:
                moves = (w * model.slope * what.days) @ model.columns / below.sum()
                influence = influence - model.influence @ moves
    return value, influence


def _weights(alike: Propensity, score: Floats, is_treated: Flags) -> tuple[Floats, Floats]:
    """Weights that are not stabilised, and how their logarithms move with the logit."""
    weight = alike.children["weight"].to_numpy(dtype=float)
    even = np.ones((1, len(score)))
    whole = alike.recipe.whole(score[np.newaxis, :], is_treated, even)[0]
    slope = np.where(weight < whole, 0.0, alike.recipe.slope(score, is_treated))
    if alike.recipe.stabilised:
        share = is_treated.mean()
        if alike.recipe.estimand == "att":
            weight = np.where(is_treated, weight, weight * share / (1 - share))
        else:
            weight = weight / np.where(is_treated, share, 1 - share)
    return weight, slope


def _ratio(above: Floats, below: Floats) -> tuple[float, Floats]:
    """The ratio of two sums, and each child's influence on it."""
    total = below.sum()
    if total <= 0:
        return np.nan, np.full_like(above, np.nan)
    value = float(above.sum() / total)
    return value, len(above) * (above - value * below) / total


# ---- Figures -------------------------------------------------------------------------------------


def figures(
    alike: Propensity,
    what: Happened,
    effects: Effects,
    *,
    method: str,
    confidence: float,
    unmet: tuple[str, ...],
) -> Iterator[Estimate]:
    """Each arm's mean, risk or rate per 100 child-days, then what they differ by."""
    told = partial(
        Estimate,
        "",
        method=method,
        confidence=confidence,
        design_level=3,
        unmet=unmet,
        met=tuple(code for code in alike.met if code not in unmet),
    )
    counts = what.kind != "mean"
    scale = 100.0 if what.kind == "rate" else 1.0
    means, influence = scale * effects.means, scale * effects.influence
    n, z = len(influence), two_sided(confidence)
    arms = (alike.is_treated & what.here, ~alike.is_treated & what.here)

    def known(those: Flags) -> dict[str, Any]:
        events = int(what.y[those].sum()) if counts else None
        return {"children": int(those.sum()), "events": events}

    reasons = [_why_no_limits(what, arm) for arm in arms]
    for group, arm, mean, own, why in zip(
        ("treated", "comparison"), arms, means, influence.T, reasons, strict=True
    ):
        figure = partial(told, what.kind, group, **known(arm))
        yield figure(**_limits(mean, float(np.sqrt((own**2).sum()) / n), z, why))

    why = next((reason for reason in reasons if reason), None)
    together = partial(told, group="contrast", **known(arms[0] | arms[1]))
    se = float(np.sqrt(((influence[:, 0] - influence[:, 1]) ** 2).sum()) / n)
    difference = _limits(means[0] - means[1], se, z, why, test=True)
    yield together(measure=f"{what.kind}_difference", **difference)
    if counts:
        yield together(measure=f"{what.kind}_ratio", **_ratio_of(means, influence, z, why))


def _why_no_limits(what: Happened, arm: Flags) -> str | None:
    """Why an arm's children allow no interval: nobody was followed, or all fared alike."""
    if not what.days[arm].any():
        return "no_follow_up"
    if what.kind != "mean" and not what.y[arm].any():
        return "no_events"
    if what.kind == "risk" and what.y[arm].all():
        return "no_variation"
    return None


def _limits(
    value: float, se: float, z: float, why_not: str | None, *, test: bool = False
) -> dict[str, Any]:
    if not np.isfinite(value):
        return {"why_not": why_not or "not_converged"}
    if why_not or not np.isfinite(se):
        return {"value": float(value), "why_not": why_not or "not_converged"}
    p = float(2 * norm.sf(abs(value) / se)) if test and se > 0 else None
    return {
        "value": float(value),
        "low": float(value - z * se),
        "high": float(value + z * se),
        "se": se,
        "p": p,
    }


def _ratio_of(means: Floats, influence: Floats, z: float, why_not: str | None) -> dict[str, Any]:
    """The ratio of two means, with limits on the log scale."""
    if not np.isfinite(means).all() or means[1] <= 0 or means[0] < 0:
        return {"why_not": why_not or "not_converged"}
    ratio = float(means[0] / means[1])
    if why_not or not ratio:
        return {"value": ratio, "why_not": why_not or "no_events"}
    own = influence[:, 0] / means[0] - influence[:, 1] / means[1]
    se = float(np.sqrt((own**2).sum()) / len(own))
    found = _limits(np.log(ratio), se, z, None, test=True)
    return {**found, **{end: float(np.exp(found[end])) for end in ("value", "low", "high")}}
