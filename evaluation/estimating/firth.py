"""Logistic regression by Newton's method: plain, or penalised by Firth so that it has an end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit
from scipy.stats import chi2

Floats = NDArray[np.float64]

_ROUNDS = 500
_LONGEST = 5.0
"""The largest step of a standardised coefficient in one round."""


@dataclass(frozen=True)
class LogisticFit:
    """A logistic regression at its highest point.

    `information` is the expected one, of which `covariance` is the inverse. `scores` has a row
    a row of the data: what each adds to the slope, which sums to nothing where it has
    `converged`. `loglik` is penalised where the fit is.
    """

    coefficients: Floats
    covariance: Floats
    information: Floats
    scores: Floats
    fitted: Floats
    loglik: float
    penalised: bool
    converged: bool


@dataclass(frozen=True)
class Profile:
    """A coefficient's limits and p-value from the likelihood itself, not from its curvature."""

    low: float
    high: float
    p: float


def fit_logistic(
    columns: Floats, outcome: Floats, weights: Floats | None = None, *, penalised: bool
) -> LogisticFit:
    """Fit a logistic regression; `penalised` adds half the log determinant of the information.

    One row is one child (or `weights` of them). The penalty (Jeffreys' prior) takes away the
    first-order bias, and gives an end to coefficients that separation leaves without one: the
    coefficients and their errors are those of R's brglm2 with type "AS_mean".

    >>> level = np.column_stack([np.ones(8), [0, 0, 0, 0, 1, 1, 1, 1]])
    >>> fit_logistic(level, np.array([0, 1, 0, 1, 1, 1, 1, 1.0]), penalised=True).coefficients
    array([0.        , 2.19722458])

    Source: Firth (1993), Biometrika 80:27; Heinze & Schemper (2002), Stat Med 21:2409.
    """
    scale = _Scale(columns)
    weights = np.ones(len(outcome)) if weights is None else weights
    at = _climb(scale.columns, outcome, weights, penalised=penalised)
    # Separated and not penalised, the information may be nothing to the last digit.
    covariance = np.linalg.pinv(at.information, hermitian=True)
    back = scale.back
    forth = np.linalg.inv(back)
    return LogisticFit(
        coefficients=back @ at.beta,
        covariance=back @ covariance @ back.T,
        information=forth.T @ at.information @ forth,
        scores=at.scores @ forth,
        fitted=at.fitted,
        # The penalty is of the information of the columns as they were given.
        loglik=at.height + (float(np.linalg.slogdet(forth)[1]) if penalised else 0.0),
        penalised=penalised,
        converged=at.converged,
    )


def profile(
    columns: Floats,
    outcome: Floats,
    weights: Floats | None = None,
    *,
    term: int,
    penalised: bool = True,
    confidence: float = 0.95,
) -> Profile:
    """Limits of one coefficient where the penalised likelihood has fallen by half a chi-squared.

    They need not lie evenly about the estimate, as those from its error do, which separation
    makes far too wide or too narrow. `p` is that of the penalised likelihood ratio against 0. As
    R's logistf. `term` is the column's place; it may not be the intercept.

    >>> level = np.column_stack([np.ones(8), [0, 0, 0, 0, 1, 1, 1, 1]])
    >>> of = profile(level, np.array([0, 1, 0, 1, 1, 1, 1, 1.0]), term=1)
    >>> round(of.low, 2), round(of.high, 2), round(of.p, 2)
    (-0.75, 7.28, 0.15)

    Source: Heinze & Schemper (2002), Stat Med 21:2409.
    """
    scale = _Scale(columns)
    weights = np.ones(len(outcome)) if weights is None else weights
    x, y, w = _patterns(scale.columns, outcome, weights)
    top = _climb(x, y, w, penalised=penalised)
    spread = float(np.sqrt(np.linalg.inv(top.information)[term, term]))
    warm = {"from": top.beta}

    def fall(value: float) -> float:
        start = warm["from"].copy()
        start[term] = value
        at = _climb(x, y, w, penalised=penalised, start=start, fixed=term)
        warm["from"] = at.beta
        return 2 * (top.height - at.height)

    enough = float(chi2.isf(1 - confidence, 1))
    limits = []
    for way in (-1, 1):
        warm["from"] = top.beta
        inner, step = float(top.beta[term]), spread
        outer = inner + way * step
        while fall(outer) < enough:
            inner, step = outer, step * 1.6
            outer = inner + way * step
        limits.append(brentq(lambda value: fall(value) - enough, inner, outer, xtol=1e-9))
    warm["from"] = top.beta
    factor = scale.back[term, term]
    return Profile(
        low=float(limits[0] * factor),
        high=float(limits[1] * factor),
        p=float(chi2.sf(fall(0.0), 1)),
    )


@dataclass(frozen=True)
class _At:
    """Where the climb stands: the height, the slope and the curve of the likelihood."""

    beta: Floats
    height: float
    slope: Floats
    information: Floats
    scores: Floats
    fitted: Floats
    converged: bool = False


class _Scale:
    """Columns centred and scaled, which solve well, and the way `back` to the coefficients."""

    def __init__(self, columns: Floats) -> None:
        constant = (columns == columns[:1]).all(axis=0) & (columns[0] != 0)
        spread = columns.std(axis=0)
        scale = np.where(constant | (spread == 0), 1.0, spread)
        self.columns = columns / scale
        self.back = np.diag(1 / scale)
        if constant.any():
            place = int(np.flatnonzero(constant)[0])
            centre = np.where(constant, 0.0, self.columns.mean(axis=0))
            self.columns = self.columns - centre
            self.back[place] -= centre / columns[0, place]


def _climb(
    x: Floats,
    y: Floats,
    w: Floats,
    *,
    penalised: bool,
    start: Floats | None = None,
    fixed: int | None = None,
) -> _At:
    """Newton's method, halving each step that does not climb; `fixed` stays where it starts."""
    free = np.arange(x.shape[1]) != (-1 if fixed is None else fixed)
    at = _look(x, y, w, np.zeros(x.shape[1]) if start is None else start, penalised=penalised)
    for _round in range(_ROUNDS):
        if not np.isfinite(at.height):
            break
        try:
            step = np.linalg.solve(at.information[np.ix_(free, free)], at.slope[free])
        except np.linalg.LinAlgError:
            break
        left = float(at.slope[free] @ step)
        if left < 1e-20:
            return _At(**{**vars(at), "converged": True})
        step *= min(1.0, _LONGEST / float(np.abs(step).max()))
        for _halving in range(30):
            beta = at.beta.copy()
            beta[free] += step
            new = _look(x, y, w, beta, penalised=penalised)
            if new.height >= at.height - 1e-13 * abs(at.height):
                break
            step = step / 2
        else:
            break
        at = new
    return _At(**{**vars(at), "converged": _is_flat(at, free)})


def _is_flat(at: _At, free: NDArray[np.bool_]) -> bool:
    """Whether what is left to climb is nothing beside the estimates' errors."""
    if not np.isfinite(at.height):
        return False
    try:
        step = np.linalg.solve(at.information[np.ix_(free, free)], at.slope[free])
    except np.linalg.LinAlgError:
        return False
    return bool(at.slope[free] @ step < 1e-12)


def _look(x: Floats, y: Floats, w: Floats, beta: Floats, *, penalised: bool) -> _At:
    along = x @ beta
    fitted = expit(along)
    # log p of what happened, without loss where p is next to 1.
    height = -float(w @ np.logaddexp(0, np.where(y == 1, -along, along)))
    spread = w * expit(along) * expit(-along)
    information = x.T @ (x * spread[:, np.newaxis])
    left = w * (y - fitted)
    if penalised:
        sign, log_determinant = np.linalg.slogdet(information)
        if sign <= 0 or not np.isfinite(log_determinant):
            height = -np.inf
        else:
            height += 0.5 * float(log_determinant)
            inverse = np.linalg.inv(information)
            left = left + spread * ((x @ inverse) * x).sum(axis=1) * (0.5 - fitted)
    scores = x * left[:, np.newaxis]
    return _At(beta, height, scores.sum(axis=0), information, scores, fitted)


def _patterns(x: Floats, y: Floats, w: Floats) -> tuple[Floats, Floats, Floats]:
    """Rows that are alike as one row with the sum of their weights."""
    rows, which = np.unique(np.column_stack([x, y]), axis=0, return_inverse=True)
    together = np.bincount(which.ravel(), weights=w, minlength=len(rows)).astype(np.float64)
    return rows[:, :-1], rows[:, -1], together
