"""What is held against one cohort: our default, and what others would have done."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
from scipy.stats import norm
from statsmodels.duration.hazard_regression import PHReg

from analyses.plan import Plan
from analyses.quarterly.alike import made_alike, modelled
from calibration.cohorts import WINDOW, Drawn
from evaluation.errors import EvaluationError
from evaluation.estimating.bootstrap import whole_child
from evaluation.estimating.counts import rate_ratio_adjusted
from evaluation.estimating.recurrent import andersen_gill
from evaluation.nouns import Estimate

Ratio = tuple[float, float, float]
"""A ratio and the limits of its interval."""

NONE: Ratio = (np.nan, np.nan, np.nan)
COVARIATES = ("episodes_90", "episodes_365", "days_since_last", "age")
"""What the regressions adjust for: all that moves both the referral and the outcome much."""

DEFAULT = "default"
SPARING = "sparing"


def rivals(plan: Plan, *, replicates: int) -> dict[str, Callable[[Drawn, int], dict[str, Ratio]]]:
    """Each takes a cohort and a seed, and gives ratios by name."""
    return {
        DEFAULT: partial(_default, plan=plan, replicates=replicates),
        SPARING: partial(_sparing, plan=plan, replicates=replicates),
        "before_after": _before_after,
        "poisson": _poisson,
        "negative_binomial": partial(_negative_binomial, plan=plan),
        "andersen_gill": _andersen_gill,
        "phreg": _phreg,
    }


def _default(
    drawn: Drawn, seed: tuple[int, ...], *, plan: Plan, replicates: int
) -> dict[str, Ratio]:
    """As `analyses.quarterly.windows.figures` does it for its primary window; and what it leaves out."""
    alike = made_alike(drawn.children, plan)
    if isinstance(alike, str):
        return {DEFAULT: NONE}
    found = whole_child(
        alike,
        counts={WINDOW: drawn.children},
        replicates=replicates,
        rng=np.random.default_rng(seed),
        confidence=plan.confidence,
        doubly_robust=True,
    )
    told = {
        name: _told(found.one(measure, "contrast", WINDOW))
        for name, measure in (
            (DEFAULT, "rate_ratio"),
            ("doubly_robust", "doubly_robust_rate_ratio"),
            ("unweighted", "unadjusted_rate_ratio"),
        )
    }
    rates = (found.one("rate", arm, WINDOW).value for arm in ("treated", "comparison"))
    return {**told, "bias_kept": _kept(told[DEFAULT], *rates)}


def _sparing(
    drawn: Drawn, seed: tuple[int, ...], *, plan: Plan, replicates: int
) -> dict[str, Ratio]:
    """The default with ten children of the smaller arm for each parameter of the propensity."""
    told = _default(drawn, seed, plan=replace(plan, events_per_parameter=10), replicates=replicates)
    return {SPARING: told[DEFAULT]}


def _kept(told: Ratio, treated: float | None, comparison: float | None) -> Ratio:
    """The plain quotient of the rates, with the same limits."""
    return (treated / comparison, *told[1:]) if treated and comparison else NONE


def _told(one: Estimate) -> Ratio:
    if one.value is None or one.low is None or one.high is None:
        return NONE
    return (one.value, one.low, one.high)


def _before_after(drawn: Drawn, _seed: object) -> dict[str, Ratio]:
    """The referred, after against as many days before; every episode as if by itself."""
    own = drawn.children[drawn.children["arm"] == "referred"]
    before, after = own["events_before"].sum(), own["events"].sum()
    days = WINDOW * len(own)
    return {"before_after": _of_counts(after, own["days_at_risk"].sum(), before, days)}


def _poisson(drawn: Drawn, _seed: object) -> dict[str, Ratio]:
    """A Poisson model of arm alone with its own errors, in closed form."""
    sums = drawn.children.groupby("arm")[["events", "days_at_risk"]].sum()
    return {"poisson": _of_counts(*sums.loc["referred"], *sums.loc["not_referred"])}


def _of_counts(events: float, days: float, others: float, their_days: float) -> Ratio:
    if not events or not others:
        return NONE
    return _of_log(np.log(events / days * their_days / others), np.sqrt(1 / events + 1 / others))


def _of_log(log_ratio: float, error: float) -> Ratio:
    reach = norm.ppf(0.975) * error
    return tuple(float(np.exp(log_ratio + way * reach)) for way in (0, -1, 1))  # type: ignore[return-value]


def _negative_binomial(drawn: Drawn, _seed: object, *, plan: Plan) -> dict[str, Ratio]:
    """Our negative binomial model with the plan's covariates, as the report gives it beside."""
    fit = rate_ratio_adjusted(
        modelled(drawn.children),
        plan.covariates,
        treated="referred",
        events_per_parameter=plan.events_per_parameter,
        confidence=plan.confidence,
    )
    return {"negative_binomial": _told(fit.one("rate_ratio"))}


def _andersen_gill(drawn: Drawn, _seed: object) -> dict[str, Ratio]:
    """Our Andersen-Gill model of all episodes, errors clustered by child."""
    formula = " + ".join(("stop ~ referred", *COVARIATES))
    try:
        found = andersen_gill(formula, laid_out(drawn))
    except EvaluationError:
        return {"andersen_gill": NONE}
    return {"andersen_gill": _told(found.one("hazard_ratio", "referred"))}


def laid_out(drawn: Drawn) -> pd.DataFrame:
    """The rows of time at risk with what a regression wants; referred is 0 or 1."""
    children = modelled(drawn.children)
    children = children.assign(referred=(children["arm"] == "referred").astype(int))
    return drawn.rows.merge(children[["child_key", "referred", *COVARIATES]], on="child_key")


def _phreg(drawn: Drawn, _seed: object) -> dict[str, Ratio]:
    """statsmodels' PHReg as it comes: first episodes; all of them (Andersen-Gill), plain and by child."""
    rows = laid_out(drawn)
    first = rows.drop_duplicates("child_key")
    told = {}
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for name, some, more in (
            ("phreg_first", first, {}),
            ("phreg_plain", rows, {}),
            ("phreg_clustered", rows, {"groups": rows["child_key"].to_numpy()}),
        ):
            model = PHReg(
                some["stop"].to_numpy(float),
                some[["referred", *COVARIATES]].to_numpy(float),
                status=some["event"].to_numpy(),
                entry=some["start"].to_numpy(float),
            )
            try:
                fit = model.fit(**more)
                told[name] = _of_log(fit.params[0], fit.bse[0])
            except (np.linalg.LinAlgError, ValueError):
                told[name] = NONE
    return told
