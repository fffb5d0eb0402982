"""Makes the comparison children look like those treated, by weights from a propensity model."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluation.estimating._statsmodels import Binomial, Glm
from evaluation.estimating.design import Design, Dropped, choose, expand
from evaluation.estimating.limits import CannotEstimate

Floats = NDArray[np.float64]

SEPARATED = 8.0
"""A coefficient beyond this, per standard deviation or level, means that arms are separated."""


@dataclass(frozen=True)
class Propensity:
    """Weights for the effect on those treated, and how well they balance the arms.

    `children` has a row a child: child_key, arm, score (the chance of being treated) and weight
    (1 for a treated child, score / (1 - score) for another). `balance` has a row a column of
    every covariate that varies, in the model or not: covariate, smd_before, smd_after,
    variance_ratio_before, variance_ratio_after (of what is not 0/1). `effective_sample_size` is
    how many unweighted comparison children the weighted ones are worth. `design` holds the
    model's columns, intercept first; `model` is the fitted statsmodels object.
    """

    treated: str
    children: pd.DataFrame
    covariates: tuple[str, ...]
    dropped: tuple[Dropped, ...]
    pooled: tuple[str, ...]
    balance: pd.DataFrame
    effective_sample_size: float
    design: pd.DataFrame
    model: Any

    @property
    def largest_imbalance_before(self) -> float:
        """The largest absolute standardised difference before weighting; 0 without covariates."""
        return float(self.balance["smd_before"].abs().max()) if len(self.balance) else 0.0

    @property
    def largest_imbalance_after(self) -> float:
        """The largest absolute standardised difference after weighting; 0 without covariates."""
        return float(self.balance["smd_after"].abs().max()) if len(self.balance) else 0.0

    @property
    def effective_share(self) -> float:
        """The effective sample size as a share of the comparison children."""
        return self.effective_sample_size / int((self.children["arm"] != self.treated).sum())


def propensity(
    children: pd.DataFrame,
    covariates: Sequence[str],
    *,
    treated: str,
    events_per_parameter: float = 10.0,
    fewest_in_level: int = 5,
) -> Propensity:
    """Fit the chance of being treated and weight the comparison to those treated (ATT).

    `children` has a row a child: child_key, arm, and the covariates, as known at time zero.
    `covariates` come in order of importance: they go in while the parameters, the intercept
    included, number at most the smaller arm / `events_per_parameter`; one that is too wide is
    passed over. Texts become 0/1 columns (`design.expand` says how). Where the arms are
    separated the last covariate is taken out and the model fitted again. `dropped` says what
    was left out and why: 'constant', 'too_few_events', 'collinear', 'separation'.

    >>> children = pd.DataFrame({
    ...     "child_key": list("ABCDEFGH"),
    ...     "arm": ["referred"] * 4 + ["not_referred"] * 4,
    ...     "episodes": [3, 4, 5, 4, 3, 4, 5, 3],
    ... })
    >>> weighted = propensity(children, ["episodes"], treated="referred", events_per_parameter=2)
    >>> weighted.covariates, round(weighted.effective_sample_size, 2)
    (('episodes',), 3.53)

    Raises CannotEstimate where an arm is empty, or not even the shares of the arms can be fitted.
    Source: Rosenbaum (1987), J Am Stat Assoc 82:387; Austin (2011), Multivar Behav Res 46:399;
    effective sample size: Kish (1965), Survey Sampling.
    """
    is_treated = (children["arm"] == treated).to_numpy()
    smaller_arm = min(is_treated.sum(), (~is_treated).sum())
    if smaller_arm == 0:
        raise CannotEstimate("no_comparison")
    children = children.reset_index(drop=True)
    chosen = choose(
        children,
        covariates,
        treated=treated,
        parameters=smaller_arm / events_per_parameter,
        reserved=1,
        fewest_in_level=fewest_in_level,
    )
    while True:
        design = _with_intercept(chosen, len(children))
        model = _fit(design, is_treated)
        if model is not None:
            break
        if not chosen.covariates:
            raise CannotEstimate("not_converged")
        chosen = chosen.without_last("separation")

    score = np.asarray(model.fittedvalues, dtype=float)
    weight = np.where(is_treated, 1.0, score / (1 - score))
    every = [
        expand(children, covariate, treated=treated, fewest_in_level=fewest_in_level).every
        for covariate in covariates
    ]
    return Propensity(
        treated=treated,
        children=children[["child_key", "arm"]].assign(score=score, weight=weight),
        covariates=chosen.covariates,
        dropped=chosen.dropped,
        pooled=chosen.pooled,
        balance=balance(pd.concat(every, axis=1), is_treated, weight) if every else _NO_BALANCE,
        effective_sample_size=effective_sample_size(weight[~is_treated]),
        design=design,
        model=model,
    )


def balance(
    columns: pd.DataFrame, is_treated: NDArray[np.bool_], weight: NDArray[np.float64]
) -> pd.DataFrame:
    """How far the arms differ before and after weighting; one row is one column.

    A standardised mean difference is the difference of the arms' means over the standard
    deviation of the treated before weighting, sqrt(p (1 - p)) for a 0/1 column. A variance
    ratio is treated over comparison, and missing for a 0/1 column. Both are missing where the
    treated do not vary.

    >>> balance(pd.DataFrame({"age": [14, 16, 15, 11]}), np.array([True, True, False, False]),
    ...     np.array([1, 1, 1, 0.25]))[["smd_before", "smd_after"]].round(2).values.tolist()
    [[1.41, 0.57]]

    Source: Austin (2009), Stat Med 28:3083; as R's MatchIt for the effect on those treated.
    """
    even = np.ones_like(weight)
    rows = []
    for name, column in columns.items():
        x = column.to_numpy(dtype=float)
        is_flag = bool(np.isin(x, (0, 1)).all())
        inside, outside = x[is_treated], x[~is_treated]
        share = inside.mean()
        deviation = np.sqrt(share * (1 - share)) if is_flag else _deviation(inside)
        row = {"covariate": name}
        for when, used in (("before", even), ("after", weight)):
            w = used[~is_treated]
            difference = share - np.average(outside, weights=w) if w.sum() > 0 else np.nan
            spread = np.nan if is_flag else _variance(outside, w)
            row[f"smd_{when}"] = difference / deviation if deviation > 0 else np.nan
            row[f"variance_ratio_{when}"] = deviation**2 / spread if spread > 0 else np.nan
        rows.append(row)
    return pd.DataFrame(rows, columns=_NO_BALANCE.columns)


def effective_sample_size(weights: NDArray[np.float64]) -> float:
    """How many unweighted children the weighted ones are worth, (sum w)^2 / sum w^2.

    >>> effective_sample_size(np.array([1.0, 1.0, 2.0]))
    2.6666666666666665

    0 where every weight is. Source: Kish (1965), Survey Sampling, section 11.7.
    """
    return float(weights.sum() ** 2 / (weights**2).sum()) if weights.any() else 0.0


_NO_BALANCE = pd.DataFrame(
    columns=[
        "covariate",
        "smd_before",
        "smd_after",
        "variance_ratio_before",
        "variance_ratio_after",
    ]
)


def _with_intercept(chosen: Design, children: int) -> pd.DataFrame:
    intercept = pd.DataFrame({"intercept": np.ones(children)})
    return intercept.join(chosen.columns)


def _fit(design: pd.DataFrame, is_treated: NDArray[np.bool_]) -> Any | None:
    """The fitted model, or None where the arms are separated or the fit is not to be trusted."""
    model = Glm(is_treated.astype(float), design, family=Binomial())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # separation is looked for below, warned of or not
        # It stops where R's glm stops: a step more moves no coefficient by 1e-7 of itself, but
        # standard errors, taken from the step before, by more than the 1e-5 that R is met to.
        fitted = model.fit(maxiter=100, tol=1e-9, rtol=1e-8)
    coefficients = np.asarray(fitted.params, dtype=float)
    slope = np.asarray(model.score(coefficients), dtype=float)
    scale = np.where(design.isin((0, 1)).all(), 1.0, design.std(ddof=0))
    trusted = (
        np.isfinite(coefficients).all()
        and (np.abs(coefficients * scale)[1:] <= SEPARATED).all()
        and (np.abs(slope) <= 1e-6 * np.maximum(np.abs(design).sum(), 1)).all()
    )
    return fitted if trusted else None


def _deviation(x: Floats) -> float:
    return float(x.std(ddof=1)) if len(x) > 1 else 0.0


def _variance(x: Floats, w: Floats) -> float:
    """The weighted variance that is the usual one where the weights are even."""
    share = w / w.sum() if w.sum() > 0 else np.zeros_like(w)
    spare = 1 - (share**2).sum()
    return float((share * (x - (share * x).sum()) ** 2).sum() / spare) if spare > 0 else np.nan
