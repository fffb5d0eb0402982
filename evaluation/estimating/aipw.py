"""Effects from a model of the outcome in each arm, alone or with weights (doubly robust)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from evaluation.estimating._influence import Effects, arm_mean, figures
from evaluation.estimating._outcomes import ArmModel, Kind, arm_model, happened, outcome_columns
from evaluation.estimating.found import Beware, Found
from evaluation.estimating.weighting import Propensity
from evaluation.language import _


def aipw(
    alike: Propensity,
    children: pd.DataFrame,
    outcome: str,
    *,
    kind: Kind = "mean",
    days: str = "days_at_risk",
    covariates: Sequence[str] | None = None,
    normalised: bool = False,
    models: Literal["known", "estimated"] = "known",
    confidence: float = 0.95,
) -> Found:
    """Compare an outcome of two arms by weights and a model of the outcome together.

    In each arm a model of the outcome is fitted (least squares for a 'mean', logistic for a
    'risk', Poisson with the log of days at risk as offset for a 'rate'); what it expects of the
    children whose effect it is, is mended by what it got wrong in the arm, weighted to be like
    them. The effect is right if either the propensity or the models of the outcome are. Whose
    effect it is, the weights say: `propensity(..., estimand="att")` or 'ate'.

    `children`, `outcome`, `kind` and the figures are as for `ipw`. `covariates` are those of the
    models of the outcome: the propensity's own, if none are named. For a rate, days at risk are
    taken to be as long in one arm as in the other for children alike in the covariates.
    `normalised` divides what was wrong by the sum of its weights and not by the number of
    children, which is steadier where some weigh much. Weights are not clipped; statsmodels
    clips scores at 0.01 and 0.99, which moves its effect.

    Standard errors come from the efficient influence function, which takes the models as
    'known': right where both are right, as their fitting then matters to no first order.
    'estimated' allows for the fitting (M-estimation), and is right where one of them is.

    >>> from evaluation.estimating.weighting import propensity
    >>> children = pd.DataFrame({
    ...     "child_key": range(40), "arm": ["referred", "not"] * 20, "days_at_risk": 90,
    ...     "prior": [0, 1, 1, 2, 3, 1, 2, 0] * 5, "events": [1, 2, 0, 4, 2, 3, 1, 1] * 5,
    ... })
    >>> alike = propensity(children, ["prior"], treated="referred")
    >>> found = aipw(alike, children, "events", kind="rate")
    >>> round(found.one("rate_ratio").value, 2), round(found.one("rate_ratio").se, 2)
    (0.26, 0.1)

    A column that says nothing of its own within an arm is left out there, as R does, with a
    warning ('collinear'). Where a model cannot be fitted the figures are missing:
    'not_converged'.
    Raises WrongUse where a column or value is missing, or a child has two rows.
    Source: Robins, Rotnitzky & Zhao (1994), J Am Stat Assoc 89:846; on those treated: Mercatanti
    & Li (2014), Ann Appl Stat 8:2485; Glynn & Quinn (2010), Political Analysis 18:36.
    """
    return _compared(
        alike,
        children,
        outcome,
        kind=kind,
        days=days,
        covariates=covariates,
        by_weights=True,
        normalised=normalised,
        estimated=models == "estimated",
        method=f"aipw_{alike.estimand}",
        confidence=confidence,
    )


def regression_adjustment(
    alike: Propensity,
    children: pd.DataFrame,
    outcome: str,
    *,
    kind: Kind = "mean",
    days: str = "days_at_risk",
    covariates: Sequence[str] | None = None,
    confidence: float = 0.95,
) -> Found:
    """Compare an outcome of two arms by a model of it in each arm (g-computation).

    As `aipw` without weights: what the arms' models expect of the children whose effect it is.
    It leans wholly on the models of the outcome, also where one arm has no children like those
    of the other. Standard errors allow for the models having been fitted.

    >>> from evaluation.estimating.weighting import propensity
    >>> children = pd.DataFrame({
    ...     "child_key": range(40), "arm": ["referred", "not"] * 20,
    ...     "prior": [0, 1, 1, 2, 3, 1, 2, 0] * 5, "score": [9.0, 7, 8, 4, 5, 6, 7, 3] * 5,
    ... })
    >>> alike = propensity(children, ["prior"], treated="referred")
    >>> round(regression_adjustment(alike, children, "score").one("mean_difference").value, 2)
    2.0

    Source: Lane & Nelder (1982), Biometrics 38:613; errors: Stefanski & Boos (2002), Am Stat
    56:29.
    """
    return _compared(
        alike,
        children,
        outcome,
        kind=kind,
        days=days,
        covariates=covariates,
        by_weights=False,
        normalised=False,
        estimated=True,
        method="regression_adjustment",
        confidence=confidence,
    )


def _compared(
    alike: Propensity,
    children: pd.DataFrame,
    outcome: str,
    *,
    kind: Kind,
    days: str,
    covariates: Sequence[str] | None,
    by_weights: bool,
    normalised: bool,
    estimated: bool,
    method: str,
    confidence: float,
) -> Found:
    what = happened(alike, children, outcome, kind=kind, days=days)
    design = outcome_columns(alike, children, covariates)
    means, influences, fitted = [], [], []
    for inside in (alike.is_treated, ~alike.is_treated):
        model = arm_model(what, design, inside)
        if model is None:
            mean, influence = np.nan, np.full(len(inside), np.nan)
        else:
            fitted.append(model)
            mean, influence = arm_mean(
                alike,
                what,
                inside,
                model=model,
                by_weights=by_weights,
                normalised=normalised,
                estimated=estimated,
            )
        means.append(mean)
        influences.append(influence)
    effects = Effects(np.array(means), np.column_stack(influences), tuple(fitted))
    beware = (*alike.beware, *_collinear(fitted))
    unmet = (*alike.unmet, *({"collinear"} if len(beware) > len(alike.beware) else ()))
    told = figures(alike, what, effects, method=method, confidence=confidence, unmet=unmet)
    return Found(estimates=tuple(told), model=effects, beware=beware)


def _collinear(models: Sequence[ArmModel]) -> tuple[Beware, ...]:
    left_out = dict.fromkeys(name for model in models for name in model.collinear)
    if not left_out:
        return ()
    text = _(
        "These columns say nothing of their own within an arm, and were left out of the model of "
        "the outcome there: {columns}.",
        columns=", ".join(left_out),
    )
    return (Beware("collinear", text),)
