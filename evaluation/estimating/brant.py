"""Whether one odds ratio does for every cut of the bands: Brant's test of parallel lines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import chi2

from evaluation.estimating.counts.robust import sums_by
from evaluation.estimating.firth import LogisticFit, fit_logistic
from evaluation.estimating.separation import endless

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ParallelLines:
    """Brant's test. `by_column` has a row a column: statistic, df, p, and its slope at each cut."""

    statistic: float
    df: int
    p: float
    by_column: pd.DataFrame


def parallel_lines(
    columns: pd.DataFrame,
    band: NDArray[np.intp],
    weights: Floats,
    *,
    bands: int,
    cluster: NDArray[np.intp] | None = None,
) -> ParallelLines | None:
    """Compare the slopes of a logistic regression at each cut; None where it cannot be done.

    At each cut, above is set against the rest; where lines are parallel the slopes are alike but
    for chance. `columns` are without an intercept, `band` counts from 0. The slopes' covariance
    is that of the model, or clustered where `cluster` numbers the clusters. It cannot be done
    where there are two bands, or where some cut is separated.

    >>> rng = np.random.default_rng(3)
    >>> age = rng.normal(size=300)
    >>> band = np.digitize(age + rng.logistic(size=300), [-1, 0, 1.0])
    >>> found = parallel_lines(pd.DataFrame({"age": age}), band, np.ones(300), bands=4)
    >>> found.df, found.p > 0.05
    (2, True)

    Source: Brant (1990), Biometrics 46:1171.
    """
    if bands < 3 or columns.shape[1] == 0:
        return None
    x = np.column_stack([np.ones(len(columns)), columns.to_numpy(dtype=float)])
    fits = []
    for cut in range(bands - 1):
        above = (band > cut).astype(float)
        fit = fit_logistic(x, above, weights, penalised=False)
        along = np.abs(x @ fit.coefficients).max()
        sign = np.where(above == 1, 1.0, -1.0)[:, np.newaxis]
        if not fit.converged or (not along <= 12 and endless(sign * x).any()):
            return None
        fits.append(fit)

    covariance = _together(x, weights, fits, cluster)
    slopes = np.concatenate([fit.coefficients[1:] for fit in fits])
    terms = columns.shape[1]
    rows = []
    for term, name in enumerate(columns):
        statistic, df = _alike(slopes, covariance, [term], terms, bands - 1)
        of_cuts = {f"cut_{cut + 1}": fit.coefficients[1 + term] for cut, fit in enumerate(fits)}
        rows.append(
            {"column": str(name), "statistic": statistic, "df": df}
            | {"p": float(chi2.sf(statistic, df))}
            | of_cuts
        )
    statistic, df = _alike(slopes, covariance, list(range(terms)), terms, bands - 1)
    if not np.isfinite(statistic):
        return None
    by_column = pd.DataFrame(rows).set_index("column")
    return ParallelLines(statistic, df, float(chi2.sf(statistic, df)), by_column)


def _together(
    x: Floats, weights: Floats, fits: list[LogisticFit], cluster: NDArray[np.intp] | None
) -> Floats:
    """The covariance of the slopes of all cuts, which the same children make alike."""
    blocks = []
    for low, fit_low in enumerate(fits):
        row = []
        for high, fit_high in enumerate(fits):
            if cluster is None:
                # Those above the higher cut are above the lower one too.
                both = fits[max(low, high)].fitted
                spread = weights * (both - fit_low.fitted * fit_high.fitted)
                meat = x.T @ (x * spread[:, np.newaxis])
            else:
                meat = sums_by(cluster, fit_low.scores).T @ sums_by(cluster, fit_high.scores)
            row.append((fit_low.covariance @ meat @ fit_high.covariance)[1:, 1:])
        blocks.append(row)
    return np.block(blocks)


def _alike(
    slopes: Floats, covariance: Floats, which: list[int], terms: int, cuts: int
) -> tuple[float, int]:
    """Wald's statistic that the slopes of `which` columns are the same at every cut."""
    contrasts = []
    for cut in range(1, cuts):
        for term in which:
            row = np.zeros(terms * cuts)
            row[term], row[cut * terms + term] = 1, -1
            contrasts.append(row)
    differences = np.array(contrasts) @ slopes
    spread = np.array(contrasts) @ covariance @ np.array(contrasts).T
    if np.linalg.matrix_rank(spread, hermitian=True) < len(spread):
        return np.nan, len(spread)
    return float(differences @ np.linalg.solve(spread, differences)), len(spread)
