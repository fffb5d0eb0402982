"""Logistic and Poisson regression under many sets of weights at once, for resampling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_STEEPEST = 30.0
"""Beyond this many logits a probability is 0 or 1 to every digit that counts."""

_LONGEST_STEP = 5.0
"""A step moves no child's log rate by more; a whole one may overshoot, and come back slowly."""


@dataclass(frozen=True)
class Fits:
    """Many fits of one model; a row a fit.

    `fitted` are the fitted probabilities, or rates in a unit of exposure, a column a child;
    children without weight have theirs as well. `converged` says that the gradient is next to
    nothing. `separated` says that some child's probability went to 0 or 1, or rate to 0: the
    coefficients then have no end, though what is fitted does.
    """

    coefficients: Floats
    fitted: Floats
    converged: Flags
    separated: Flags


def fit_many(
    design: Floats,
    outcome: Floats,
    weights: Floats,
    *,
    family: Literal["logistic", "poisson"] = "logistic",
    exposure: Floats | None = None,
    rounds: int = 50,
) -> Fits:
    """Fit a regression for each row of `weights`, all at the same time.

    `design` has a row a child, the intercept in its first column; `outcome` is 0 or 1, or for
    the Poisson model a number of events in `exposure` (days at risk; 1 unless given; a child
    with 0 has no part in the fit). `weights` has a row a fit and a column a child (how often
    the child was drawn). Newton's method, which for these models is iteratively reweighted
    least squares: each fit is what statsmodels' GLM gives for the same weights, to 1e-8.

    >>> drawn = np.array([[1.0, 1.0, 1.0], [2.0, 1.0, 1.0]])
    >>> two = fit_many(np.ones((3, 1)), np.array([1.0, 0.0, 0.0]), drawn)
    >>> two.fitted[:, 0].round(3).tolist()
    [0.333, 0.5]
    >>> counts, days = np.array([1.0, 0.0, 4.0]), np.array([10.0, 20.0, 20.0])
    >>> two = fit_many(np.ones((3, 1)), counts, drawn, family="poisson", exposure=days)
    >>> two.fitted[:, 0].round(3).tolist()
    [0.1, 0.1]

    Source: McCullagh & Nelder (1989), Generalized Linear Models, sections 4.4 and 6.2.
    """
    # Centred and scaled columns: the same fit, from a system that solves well.
    centre, spread = design[:, 1:].mean(axis=0), design[:, 1:].std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    columns = np.hstack([design[:, :1], (design[:, 1:] - centre) / spread])
    children, terms = columns.shape
    products = (columns[:, :, np.newaxis] * columns[:, np.newaxis, :]).reshape(children, -1)
    is_poisson = family == "poisson"
    exposed = np.ones(children) if exposure is None else exposure
    # The scale on which a gradient is next to nothing: of children, or of events.
    total = weights.sum(axis=1, keepdims=True)
    beta = np.zeros((len(weights), terms))
    if is_poisson:
        events = weights @ outcome[:, np.newaxis]
        beta[:, :1] = np.log(_over(events, weights @ exposed[:, np.newaxis]))
        total = np.maximum(events, total)
    # A hair on the diagonal lets a column be solved that no drawn child varies in. It bends the
    # step and not the gradient, so it does not move the place where the steps end.
    hair = 1e-10 * np.eye(terms)
    widest = np.abs(columns).max(axis=0)

    moving = np.arange(len(weights))
    for _round in range(rounds):
        mean = _mean(beta[moving], columns, exposed, is_poisson=is_poisson)
        slope = (weights[moving] * (outcome - mean)) @ columns / total[moving]
        steep = np.abs(slope).max(axis=1) > 1e-11
        moving, mean, slope = moving[steep], mean[steep], slope[steep]
        if not len(moving):
            break
        variance = mean if is_poisson else mean * (1 - mean)
        information = (weights[moving] * variance / total[moving] @ products).reshape(
            -1, terms, terms
        )
        step = np.linalg.solve(information + hair, slope[:, :, np.newaxis])[:, :, 0]
        if is_poisson:
            step /= np.maximum(np.abs(step) @ widest / _LONGEST_STEP, 1)[:, np.newaxis]
        beta[moving] += step

    mean = _mean(beta, columns, exposed, is_poisson=is_poisson)
    slope = (weights * (outcome - mean)) @ columns / total
    if is_poisson:
        fitted = _mean(beta, columns, np.ones(children), is_poisson=True)
        extreme = mean < 1e-8 * total / len(columns)
    else:
        fitted = mean
        extreme = (mean < 1e-6) | (mean > 1 - 1e-6)
    slopes = beta[:, 1:] / spread
    return Fits(
        coefficients=np.hstack([beta[:, :1] - slopes @ centre[:, np.newaxis], slopes]),
        fitted=fitted,
        converged=np.isfinite(slope).all(axis=1) & (np.abs(slope).max(axis=1) < 1e-9),
        separated=np.any(extreme & (weights * exposed > 0), axis=1),
    )


def _mean(beta: Floats, columns: Floats, exposed: Floats, *, is_poisson: bool) -> Floats:
    """What is expected of each child: a probability, or a number of events."""
    predictor = np.clip(beta @ columns.T, -_STEEPEST, _STEEPEST)
    if is_poisson:
        return np.asarray(np.exp(predictor) * exposed)
    return np.asarray(expit(predictor))


def _over(events: Floats, days: Floats) -> Floats:
    """The rate, or a hair where there is none: its logarithm is where the steps begin."""
    return np.divide(events, days, out=np.full_like(events, 1e-9), where=(events > 0) & (days > 0))
