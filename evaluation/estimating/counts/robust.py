"""Covariances that hold though children, or clusters of them, vary more than a model says."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def sums_by(cluster: NDArray[np.intp], values: Floats) -> Floats:
    """The sums of rows within each cluster; `values` has a row a row, in any shape."""
    made = np.zeros((int(cluster.max(initial=-1)) + 1, *values.shape[1:]))
    flat, into = values.reshape(len(values), -1), made.reshape(len(made), -1)
    for place in range(flat.shape[1]):
        into[:, place] = np.bincount(cluster, weights=flat[:, place], minlength=len(made))
    return made


def sandwich(
    scores: Floats,
    information: Floats,
    cluster: NDArray[np.intp],
    *,
    errors: str,
    by_cluster: Floats | None = None,
    sizes: tuple[int, int, int] | None = None,
) -> Floats:
    """The covariance of coefficients from each row's score and the information of them all.

        HC0           sums of scores within clusters; R: sandwich::vcovCL(type="HC0", cadjust=FALSE)
        HC1           times G / (G - 1) (N - 1) / (N - K), as R's vcovCL(type="HC1")
        bias_reduced  each cluster's residuals as if it had not been fitted to: needs
                      `by_cluster`, the information from each cluster (Mancl and DeRouen)

    `sizes` are G, N and K where they are other than those of `scores`, some of whose rows or
    columns were left out. Missing (NaN) where a cluster alone tells a coefficient, so that nothing is left without it.

    >>> scores, one = np.array([[1.0], [-2.0], [1.0]]), np.array([[4.0]])
    >>> float(sandwich(scores, one, np.array([0, 1, 2]), errors="HC0")[0, 0])
    0.375

    Source: Zeileis, Koell & Graham (2020), J Stat Softw 95(1); Mancl & DeRouen (2001),
    Biometrics 57:126.
    """
    sums = sums_by(cluster, scores)
    if errors == "bias_reduced":
        assert by_cluster is not None
        left = information[np.newaxis] - by_cluster
        if (np.linalg.cond(left) > 1e12).any():
            return np.full_like(information, np.nan)
        sums = np.linalg.solve(left, sums[:, :, np.newaxis])[:, :, 0] @ information.T
    bread = np.linalg.inv(information)
    covariance = bread @ (sums.T @ sums) @ bread
    if errors == "HC1":
        clusters, rows, terms = sizes or (len(sums), *scores.shape)
        covariance = covariance * clusters / (clusters - 1) * (rows - 1) / (rows - terms)
    return np.asarray(covariance)
