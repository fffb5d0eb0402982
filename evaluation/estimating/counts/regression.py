"""Poisson and negative binomial regression, by formula."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import polygamma

from evaluation.errors import WrongUse
from evaluation.estimating.counts._fitted import (
    Errors,
    Regression,
    coefficients,
    degrees,
    finite,
    ratios,
    refuse_unknown,
    warned,
)
from evaluation.estimating.counts.nb2 import Climbed, nb2, spread_slopes
from evaluation.estimating.counts.robust import sandwich, sums_by
from evaluation.estimating.found import Found
from evaluation.estimating.limits import WhyNot
from evaluation.estimating.table import Table, lay_out
from evaluation.language import _
from evaluation.nouns import Estimate

Floats = NDArray[np.float64]


def poisson(
    formula: str,
    data: pd.DataFrame,
    *,
    days: str | ArrayLike | None = None,
    weights: str | ArrayLike | None = None,
    cluster: str | ArrayLike | None = None,
    errors: Errors = "HC0",
    confidence: float = 0.95,
) -> Found:
    """Rate ratios by Poisson regression, with errors that do not believe in Poisson.

    One row of `data` is a child, or a child's interval. `formula` is as in R ('y ~ arm * age +
    C(authority)'; a text has a column for each level but the first by name, 'arm[T.referred]').
    `days` at risk (all above 0) go in as the offset log(days); `weights` multiply each row's
    likelihood. Both and `cluster` are a column's name or values, one a row.

    `cluster` is whose rows belong together; where it is not given, `child_key`, and where there
    is no such column each row stands alone. `errors`:

        HC0           robust and clustered, as R's sandwich::vcovCL(type="HC0", cadjust=FALSE)
        HC1           the same, times G / (G - 1) (N - 1) / (N - K)
        bias_reduced  Mancl and DeRouen's, for few clusters
        model         Poisson's own: too small where counts vary more, which is warned of

    Where clusters are fewer than 40, limits and p of the robust errors are from Student's t with
    G - 2 degrees of freedom. Each term is a figure 'rate_ratio', its group the term's name;
    'pearson_dispersion' is 1 for a Poisson. A term that the data do not tell, because a group
    has no event, is missing ('separation'). Rows with missing values are left out, and warned
    of. `model` is a `Regression`.

    >>> children = pd.DataFrame({"events": [1, 3, 2, 6], "days": [100, 100, 50, 50], "t": [1, 1, 0, 0]})
    >>> round(poisson("events ~ t", children, days="days").one("rate_ratio", "t").value, 3)
    0.25

    Raises WrongUse where the formula cannot be read, a column says no more than others do, counts
    are not whole numbers, or days or weights are negative.
    Source: McCullagh & Nelder (1989), Generalized Linear Models, chapter 6; as `robust.sandwich`.
    """
    table = lay_out(formula, data, days=days, weights=weights, cluster=cluster)
    if errors == "theta_known":
        raise WrongUse(_("A Poisson model has no theta that could be known."))
    fit, model = fit_table(table, dispersion=0.0, errors=errors, confidence=confidence)
    return Found(
        estimates=(
            *ratios(model, table, method=f"poisson_{_METHOD[errors]}", not_fitted=why_not(fit)),
            _spread(model, table, "pearson_dispersion", model.dispersion, None),
        ),
        model=model,
        beware=warned(model, table),
    )


def negative_binomial(
    formula: str,
    data: pd.DataFrame,
    *,
    days: str | ArrayLike | None = None,
    weights: str | ArrayLike | None = None,
    cluster: str | ArrayLike | None = None,
    errors: Errors | None = None,
    confidence: float = 0.95,
) -> Found:
    """Rate ratios by negative binomial regression: mean mu, variance mu + alpha mu^2 (NB2).

    Rows, formula, days, `cluster`, figures and refusals are as in `poisson`. `weights` are how
    many such rows there are: cells of equal rows give what the rows give. Counts that vary less
    than a Poisson's get a spread of 0. The figure 'dispersion' is alpha; R's theta is 1 / alpha.
    `errors`, where none are asked for, are 'model', or 'HC0' where a cluster has several rows:

        model         the observed information, alpha estimated with the coefficients
        theta_known   as MASS::glm.nb has them, as if alpha had been known
        HC0, HC1      robust and clustered, as R's sandwich::vcovCL of a glm.nb
        bias_reduced  Mancl and DeRouen's, for few clusters

    >>> children = pd.DataFrame({
    ...     "arm": ["referred", "not"] * 6, "events": [0, 2, 1, 0, 4, 9, 0, 1, 0, 5, 1, 1],
    ... })
    >>> found = negative_binomial("events ~ arm", children)
    >>> round(found.one("rate_ratio").value, 3)
    0.333

    Raises WrongUse as `poisson` does.
    Source: as `nb2`; Hilbe (2011), Negative Binomial Regression.
    """
    table = lay_out(formula, data, days=days, weights=weights, cluster=cluster)
    if errors is None:
        errors = "HC0" if table.cluster.max(initial=-1) + 1 < len(table.outcome) else "model"
    fit, model = fit_table(table, dispersion=None, errors=errors, confidence=confidence)
    return Found(
        estimates=(
            *ratios(model, table, method=f"nb2_{_METHOD[errors]}", not_fitted=why_not(fit)),
            _spread(model, table, "dispersion", model.alpha, model.alpha_se),
        ),
        model=model,
        beware=warned(model, table),
    )


_METHOD = {
    "HC0": "robust",
    "HC1": "robust_hc1",
    "bias_reduced": "bias_reduced",
    "model": "model",
    "theta_known": "theta_known",
}


def why_not(fit: Climbed) -> WhyNot | None:
    """Why a model has no coefficient at all, if it has none."""
    if not fit.kept.any():
        return "no_events"
    return None if fit.reached else "not_converged"


def _spread(
    model: Regression, table: Table, measure: str, value: float | None, se: float | None
) -> Estimate:
    return Estimate(
        "",
        measure,
        children=table.children,
        events=int(table.outcome.sum()),
        value=value,
        se=se,
        confidence=model.confidence,
        method="pearson" if measure.startswith("pearson") else "nb2",
        why_not=None if value is not None else "not_converged",
    )


def fit_table(
    table: Table, *, dispersion: float | None, errors: Errors, confidence: float
) -> tuple[Climbed, Regression]:
    """Fit a table, with a spread that is known (0 for Poisson) or, where None, looked for."""
    refuse_unknown(errors, _METHOD)
    x, y, w = table.x, table.outcome, table.weights
    fit = nb2(y, x, days=table.days, weights=w, dispersion=dispersion)
    clusters = int(table.cluster.max(initial=-1)) + 1
    terms = x.shape[1]
    covariance = np.full((terms, terms), np.nan)
    extra: dict[str, Any] = {}
    values = np.where(fit.reached & fit.kept.any(), fit.coefficients, np.nan)
    if fit.reached and fit.kept.any():
        rows, alpha = fit.kept, fit.dispersion
        columns, mean = x[rows][:, fit.basis], fit.mean[rows]
        own, extra = _covariance(
            columns,
            sizes=(clusters, len(y), terms),
            y=y[rows],
            mean=mean,
            w=w[rows],
            alpha=alpha,
            cluster=table.cluster[rows],
            errors=errors,
        )
        covariance[np.ix_(fit.basis, fit.basis)] = own
        covariance[~fit.known] = covariance[:, ~fit.known] = np.nan
        over = int(rows.sum()) - len(fit.basis)
        chi_squared = (w[rows] * (y[rows] - mean) ** 2 / (mean * (1 + alpha * mean))).sum()
        extra |= {"dispersion": float(chi_squared / over) if over else None}
        extra |= {"loglik": fit.loglik}
        if dispersion is None:
            extra |= {"alpha": alpha}
    df = degrees(clusters, errors)
    model = Regression(
        coefficients=coefficients(table.terms, values, covariance, df=df, confidence=confidence),
        covariance=pd.DataFrame(covariance, index=table.terms, columns=table.terms),
        errors=errors,
        confidence=confidence,
        clusters=clusters,
        rows=len(y),
        df=df,
        fitted=fit.mean,
        spec=table.spec,
        **extra,
    )
    return fit, model


def _covariance(
    columns: Floats,
    *,
    sizes: tuple[int, int, int],
    y: Floats,
    mean: Floats,
    w: Floats,
    alpha: float,
    cluster: NDArray[np.intp],
    errors: Errors,
) -> tuple[Floats, dict[str, Any]]:
    """The covariance of coefficients; and the errors of alpha and theta, where alpha is above 0."""
    share = 1 + alpha * mean
    each = w * mean / share
    # In columns that are orthogonal under the weights the information is the identity, whatever
    # the columns' units; `back` turns its covariance into that of the columns as given.
    root = np.sqrt(each)[:, np.newaxis]
    upper = np.linalg.qr(root * columns)[1]
    back = np.linalg.inv(upper)
    x = np.linalg.solve(upper.T, columns.T).T
    information = x.T @ (each[:, np.newaxis] * x)
    extra: dict[str, Any] = {}
    observed = information
    if alpha:
        cross = x.T @ (w * (y - mean) * mean / share**2)
        bend = w * mean * (1 + alpha * y) / share**2
        second = float((w * spread_slopes(y, mean, alpha)[1]).sum())
        observed = np.block(
            [
                [x.T @ (bend[:, np.newaxis] * x), cross[:, np.newaxis]],
                [cross[np.newaxis, :], np.array([[-second]])],
            ]
        )
        whole = np.linalg.inv(observed)
        extra["alpha_se"] = finite(float(np.sqrt(whole[-1, -1])) if whole[-1, -1] > 0 else np.nan)
        extra["theta_se"] = _theta_error(y, mean, w, 1 / alpha)
        if errors == "model":
            return np.asarray(back @ whole[:-1, :-1] @ back.T), extra
    if errors in ("model", "theta_known"):
        return np.asarray(back @ back.T), extra
    scores = (w * (y - mean) / share)[:, np.newaxis] * x
    by_cluster = None
    if errors == "bias_reduced":
        by_cluster = sums_by(cluster, each[:, None, None] * x[:, :, None] * x[:, None, :])
    clusters = np.unique(cluster, return_inverse=True)[1]
    if by_cluster is not None:
        by_cluster = by_cluster[np.unique(cluster)]
    robust = sandwich(
        scores, information, clusters, errors=errors, by_cluster=by_cluster, sizes=sizes
    )
    return np.asarray(back @ robust @ back.T), extra


def _theta_error(y: Floats, mean: Floats, w: Floats, theta: float) -> float | None:
    """As MASS::theta.ml has it: theta alone, the mean as known."""
    information = (
        polygamma(1, theta)
        - polygamma(1, theta + y)
        - 1 / theta
        + 2 / (mean + theta)
        - (y + theta) / (mean + theta) ** 2
    )
    total = float((w * information).sum())
    return total**-0.5 if total > 0 else None
