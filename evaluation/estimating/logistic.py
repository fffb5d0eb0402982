"""Logistic regression under many sets of weights at once, for resampling."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_STEEPEST = 30.0
"""Beyond this many logits a probability is 0 or 1 to every digit that counts."""


@dataclass(frozen=True)
class Fits:
    """Many fits of one model; a row a fit.

    `scores` are the fitted probabilities, a column a child. `converged` says that the gradient
    is next to nothing. `separated` says that some child's probability went to 0 or 1: the
    coefficients then have no end, though the probabilities do.
    """

    coefficients: Floats
    scores: Floats
    converged: Flags
    separated: Flags


def fit_many(design: Floats, outcome: Floats, weights: Floats, *, rounds: int = 50) -> Fits:
    """Fit a logistic regression for each row of `weights`, all at the same time.

    `design` has a row a child, the intercept in its first column; `outcome` is 0 or 1;
    `weights` has a row a fit and a column a child (how often the child was drawn). Newton's
    method, which for this model is iteratively reweighted least squares: each fit is what
    statsmodels' GLM gives for the same weights, to 1e-8.

    >>> drawn = np.array([[1.0, 1.0, 1.0], [2.0, 1.0, 1.0]])
    >>> two = fit_many(np.ones((3, 1)), np.array([1.0, 0.0, 0.0]), drawn)
    >>> two.scores[:, 0].round(3).tolist()
    [0.333, 0.5]

    Source: McCullagh & Nelder (1989), Generalized Linear Models, section 4.4.
    """
    # Centred and scaled columns: the same probabilities, from a system that solves well.
    centre, spread = design[:, 1:].mean(axis=0), design[:, 1:].std(axis=0)
    columns = np.hstack([design[:, :1], (design[:, 1:] - centre) / spread])
    children, terms = columns.shape
    products = (columns[:, :, np.newaxis] * columns[:, np.newaxis, :]).reshape(children, -1)
    total = weights.sum(axis=1, keepdims=True)
    # A hair on the diagonal lets a column be solved that no drawn child varies in. It bends the
    # step and not the gradient, so it does not move the place where the steps end.
    hair = 1e-10 * np.eye(terms)

    beta = np.zeros((len(weights), terms))
    moving = np.arange(len(weights))
    for _round in range(rounds):
        score = _probability(beta[moving], columns)
        slope = (weights[moving] * (outcome - score)) @ columns / total[moving]
        steep = np.abs(slope).max(axis=1) > 1e-11
        moving, score, slope = moving[steep], score[steep], slope[steep]
        if not len(moving):
            break
        spread_of_fit = weights[moving] * score * (1 - score) / total[moving]
        information = (spread_of_fit @ products).reshape(-1, terms, terms) + hair
        beta[moving] += np.linalg.solve(information, slope[:, :, np.newaxis])[:, :, 0]

    score = _probability(beta, columns)
    slope = (weights * (outcome - score)) @ columns / total
    extreme = (score < 1e-6) | (score > 1 - 1e-6)
    slopes = beta[:, 1:] / spread
    return Fits(
        coefficients=np.hstack([beta[:, :1] - slopes @ centre[:, np.newaxis], slopes]),
        scores=score,
        converged=np.isfinite(slope).all(axis=1) & (np.abs(slope).max(axis=1) < 1e-9),
        separated=np.any(extreme & (weights > 0), axis=1),
    )


def _probability(beta: Floats, columns: Floats) -> Floats:
    return np.asarray(expit(np.clip(beta @ columns.T, -_STEEPEST, _STEEPEST)))
