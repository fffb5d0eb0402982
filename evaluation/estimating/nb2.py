"""Negative binomial regression (NB2), fitted so that a bad fit is never taken for a good one."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from evaluation.estimating import _statsmodels

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Nb2:
    """A fitted NB2 model: mean mu, variance mu + dispersion mu^2.

    `coefficients` has a row a term: term, coefficient, se (from the observed information, the
    dispersion estimated with them). At dispersion 0 it is a Poisson model. `model` is the
    statsmodels object.
    """

    coefficients: pd.DataFrame
    dispersion: float
    dispersion_se: float
    loglik: float
    model: Any


def nb2(events: ArrayLike, design: pd.DataFrame, *, days: ArrayLike | None = None) -> Nb2 | None:
    """Fit a negative binomial regression of counts; None where the fit is not to be trusted.

    `design` has a row a child and holds its intercept; the log of `days` (all above 0) is the
    offset. It is begun by BFGS, which stops early, and finished by Newton's method, which does
    not start well: `converged` is believed of neither, but the coefficients and the gradient
    are looked at. Counts that vary less than a Poisson's get a dispersion of 0.

    >>> counts = [0, 1, 1, 2, 0, 3, 8, 1, 0, 6]
    >>> fit = nb2(counts, pd.DataFrame({"intercept": np.ones(10)}))
    >>> float(np.exp(fit.coefficients["coefficient"]).round(3).iloc[0]), round(fit.dispersion, 2)
    (2.2, 1.07)

    Source: Lawless (1987), Can J Stat 15:209; Hilbe (2011), Negative Binomial Regression.
    """
    count = np.asarray(events, dtype=float)
    exposure = None if days is None else np.asarray(days, dtype=float)
    model = _statsmodels.NegativeBinomial(count, design, loglike_method="nb2", exposure=exposure)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # what went wrong is looked for below
        try:
            begun = model.fit(method="bfgs", maxiter=1000, disp=False)
            fitted = model.fit(
                start_params=begun.params, method="newton", maxiter=100, tol=1e-12, disp=False
            )
            parameters = np.asarray(fitted.params, dtype=float)
            errors = np.asarray(fitted.bse, dtype=float)
            if _is_optimum(model, parameters, errors) and parameters[-1] > 0:
                return _result(fitted, design, parameters, errors)
        except np.linalg.LinAlgError:
            pass
        return _without_dispersion(count, design, exposure)


def _without_dispersion(count: Floats, design: pd.DataFrame, exposure: Floats | None) -> Nb2 | None:
    """The Poisson model, if the likelihood falls as soon as there is any dispersion."""
    model = _statsmodels.Poisson(count, design, exposure=exposure)
    try:
        fitted = model.fit(method="newton", maxiter=100, tol=1e-12, disp=False)
    except np.linalg.LinAlgError:
        return None
    parameters = np.asarray(fitted.params, dtype=float)
    errors = np.asarray(fitted.bse, dtype=float)
    mean = np.asarray(fitted.predict(), dtype=float)
    if not _is_optimum(model, parameters, errors) or ((count - mean) ** 2 - count).sum() > 0:
        return None
    return _result(fitted, design, np.append(parameters, 0.0), np.append(errors, np.nan))


def _is_optimum(model: Any, parameters: Floats, errors: Floats) -> bool:
    """Whether all is finite and the gradient is next to nothing beside the standard errors."""
    slope = np.asarray(model.score(parameters), dtype=float)
    return bool(
        np.isfinite(parameters).all()
        and np.isfinite(errors).all()
        and (np.abs(slope * errors) < 1e-5).all()
    )


def _result(fitted: Any, design: pd.DataFrame, parameters: Floats, errors: Floats) -> Nb2:
    table = pd.DataFrame(
        {"term": list(design.columns), "coefficient": parameters[:-1], "se": errors[:-1]}
    )
    return Nb2(table, float(parameters[-1]), float(errors[-1]), float(fitted.llf), fitted)
