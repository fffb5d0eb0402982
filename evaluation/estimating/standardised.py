"""Risks on the reader's scale: what a model expects if all children had one level, or another."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit
from scipy.stats import t

from evaluation.errors import WrongUse
from evaluation.language import _
from evaluation.nouns import Estimate

Floats = NDArray[np.float64]


def contrast(
    risks: tuple[float, float],
    slopes: tuple[Floats, Floats],
    covariance: Floats,
    groups: tuple[str, str],
    *,
    known: dict[str, Any],
    df: float = math.inf,
) -> tuple[Estimate, ...]:
    """Two risks, their difference and their ratio, with errors by the delta method.

    `slopes` say how the risks move with the coefficients, whose `covariance` is given; `known`
    goes into every figure. Limits of a risk are made on the logit, those of the ratio on the log
    scale; those of the difference end at -1 and 1. Quantiles are Student's with `df`.

    >>> one = contrast((0.4, 0.2), (np.array([0.24, 0]), np.array([0, 0.16])), np.eye(2) / 4,
    ...     ("b", "a"), known={})
    >>> [(row.measure, round(row.value, 2), round(row.se, 3)) for row in one][2:]
    [('risk_difference', 0.2, 0.144), ('risk_ratio', 2.0, 0.5)]

    Source: Lane & Nelder (1982), Biometrics 38:613; Norton et al. (2013), Stata J 13:492.
    """
    quantile = float(t.ppf(0.5 + known.get("confidence", 0.95) / 2, df))

    def error(slope: Floats) -> float:
        return math.sqrt(max(float(slope @ covariance @ slope), 0.0))

    def figure(measure: str, group: str, **told: Any) -> Estimate:
        return Estimate("", measure, group, **{**known, **told})

    figures = []
    for group, risk, slope in zip(groups, risks, slopes, strict=True):
        se = error(slope)
        low = high = risk
        if 0 < risk < 1:
            away = quantile * se / (risk * (1 - risk))
            middle = math.log(risk / (1 - risk))
            low, high = float(expit(middle - away)), float(expit(middle + away))
        figures.append(figure("risk", group, value=risk, low=low, high=high, se=se))

    difference, se = risks[0] - risks[1], error(slopes[0] - slopes[1])
    figures.append(
        figure(
            "risk_difference",
            "contrast",
            value=difference,
            low=max(difference - quantile * se, -1.0),
            high=min(difference + quantile * se, 1.0),
            se=se,
            p=float(2 * t.sf(abs(difference) / se, df)) if se else None,
        )
    )
    if min(risks) <= 0:
        return (*figures, figure("risk_ratio", "contrast", why_not="no_events"))
    ratio, se = risks[0] / risks[1], error(slopes[0] / risks[0] - slopes[1] / risks[1])
    figures.append(
        figure(
            "risk_ratio",
            "contrast",
            value=ratio,
            low=ratio * math.exp(-quantile * se),
            high=ratio * math.exp(quantile * se),
            se=se,
            p=float(2 * t.sf(abs(math.log(ratio)) / se, df)) if se else None,
        )
    )
    return tuple(figures)


def columns_if(spec: Any, rows: pd.DataFrame, column: str, level: object) -> Floats:
    """The model's columns as they would be if every child had `level` in `column`.

    Raises WrongUse where the model has no such column, or it is of words and no child has that.
    """
    if column not in {str(name) for name in spec.required_variables}:
        raise WrongUse(_("The model has no column {column}.", column=column))
    values = rows[column]
    is_number = pd.api.types.is_numeric_dtype(values.dtype)
    if (not is_number and level not in set(values)) or (is_number and isinstance(level, str)):
        raise WrongUse(_("No child has {level} in {column}.", level=str(level), column=column))
    given: Any = float(level) if is_number else level  # type: ignore[arg-type]
    if isinstance(values.dtype, pd.CategoricalDtype):
        given = pd.Categorical([level] * len(rows), dtype=values.dtype)
    made = rows.assign(**{column: given})
    numbers = [name for name in made if pd.api.types.is_numeric_dtype(made[name].dtype)]
    made = made.astype(dict.fromkeys(numbers, float))
    return np.asarray(spec.get_model_matrix(made), dtype=float)
