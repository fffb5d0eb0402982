"""The model behind an interrupted series: a GLM, and a covariance for neighbours in time."""

from __future__ import annotations

import warnings
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluation.estimating._statsmodels import (
    Gaussian,
    Glm,
    NegativeBinomialFamily,
    PoissonFamily,
    with_covariance,
)
from evaluation.estimating.counts.nb2 import nb2
from evaluation.estimating.series.ar1 import ar1
from evaluation.estimating.series.hac import newey_west

Floats = NDArray[np.float64]
Family = Literal["quasi_poisson", "poisson", "negative_binomial", "gaussian"]
Covariance = Literal["ar1", "hac", "model"]


def fit(
    outcome: Floats,
    design: pd.DataFrame,
    exposure: Floats | None,
    period: NDArray[np.int64],
    treated: Floats,
    *,
    family: Family,
    covariance: Covariance,
    lag: int,
) -> tuple[Any, float | None] | None:
    """Statsmodels' results of a GLM, its covariance put in place, and rho of 'ar1'.

    None where it has no solution.

    A log link with the log of `exposure` as offset, for all but 'gaussian'. Of the negative
    binomial the dispersion is estimated first and then taken as known, as R's glm.nb does.
    Intervals use Student's t on the rows less the coefficients.

    >>> design = pd.DataFrame({"intercept": np.ones(4), "level": [0.0, 0, 1, 1]})
    >>> found, _rho = fit(np.array([4.0, 6, 9, 11]), design, None, np.arange(4), np.ones(4),
    ...                family="quasi_poisson", covariance="hac", lag=0)
    >>> float(np.exp(found.params["level"]).round(6))
    2.0
    """
    options: dict[str, Any] = {}
    if exposure is not None:
        options["exposure"] = exposure
    law = Gaussian() if family == "gaussian" else PoissonFamily()
    if family == "negative_binomial":
        dispersion = _dispersion(outcome, design, exposure)
        if dispersion is None:
            return None
        if dispersion > 0:
            law = NegativeBinomialFamily(alpha=dispersion)
    scale = "X2" if family in {"quasi_poisson", "gaussian"} else 1.0
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # what went wrong is looked for below
        try:
            found = Glm(outcome, design, family=law, **options).fit(
                tol_criterion="params", tol=1e-10, rtol=1e-10, maxiter=200, scale=scale, use_t=True
            )
        except (np.linalg.LinAlgError, ValueError):
            return None
    mean = np.asarray(found.mu, dtype=float)
    slope = found.family.link.deriv(mean)
    score = (outcome - mean) / np.asarray(found.family.variance(mean) * slope, dtype=float)
    scores = design.to_numpy() * score[:, np.newaxis]
    bread = np.asarray(found.normalized_cov_params, dtype=float)
    if not _has_arrived(scores.sum(axis=0), bread, mean, is_count=family != "gaussian"):
        return None
    if covariance == "hac":
        wide = newey_west(bread, scores, period, lag=lag)
        return with_covariance(found, wide, f"HAC, lag {lag}"), None
    if covariance == "ar1":
        weight = 1 / np.sqrt(np.asarray(found.family.variance(mean) * slope**2, dtype=float))
        wide, rho = ar1(
            design.to_numpy() * weight[:, np.newaxis],
            np.asarray(found.resid_pearson, dtype=float),
            period,
            treated,
            scale=None if scale == "X2" else 1.0,
        )
        return with_covariance(found, wide, f"AR(1), rho {rho:.2f}"), rho
    return found, None


def _has_arrived(gradient: Floats, bread: Floats, mean: Floats, *, is_count: bool) -> bool:
    """Whether no step is left, whatever `converged` says, and no mean has run away to 0."""
    left = float(gradient @ bread @ gradient)
    if not (np.isfinite(left) and np.isfinite(mean).all()):
        return False
    return left < 1e-8 * max(1.0, float(mean.max())) and not (
        is_count and mean.min() < 1e-8 * mean.max()
    )


def _dispersion(outcome: Floats, design: pd.DataFrame, exposure: Floats | None) -> float | None:
    ones = np.ones(len(outcome))
    climbed = nb2(
        outcome,
        design.to_numpy(),
        days=ones if exposure is None else exposure,
        weights=ones,
        dispersion=None,
    )
    return climbed.dispersion if climbed.reached else None
