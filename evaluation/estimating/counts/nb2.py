"""The likelihood of counts with spread (NB2; Poisson is the case without), and its top."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import digamma, gammaln, polygamma

from evaluation.estimating.collinear import independent
from evaluation.estimating.counts._newton import Height, Top, climb, told

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_MANY = 2000
"""Counts above this are left to gamma functions, which lose digits only where counts are small."""


@dataclass(frozen=True)
class Climbed:
    """A fitted mean, and the spread about it.

    `coefficients` has one number a column; `known` says which of them the data determine: the
    others have no end (a group without events), or there is nothing that tells them. `dispersion`
    is alpha, variance mu + alpha mu^2; 0 is Poisson. `kept` are the rows with a mean above 0,
    `basis` the columns that they were fitted with. `reached` is False where there is no fit.
    """

    coefficients: Floats
    known: Flags
    dispersion: float
    mean: Floats
    loglik: float
    kept: Flags
    basis: NDArray[np.intp]
    reached: bool


def nb2(
    count: Floats, columns: Floats, *, days: Floats, weights: Floats, dispersion: float | None
) -> Climbed:
    """Fit log(mean / days) = columns @ coefficients to counts; the spread too, where it is None.

    The mean at a known spread has one top (the likelihood is concave), found by Newton's method.
    The spread begins where it is 0: if the likelihood falls from there, the counts vary no more
    than chance and it stays 0. Else BFGS brings mean and spread near their top and Newton's
    method onto it. Rows whose mean goes to 0, because no child like them had an event, are
    taken out, and the coefficients that only they tell are not known.

    >>> counts = np.array([0, 1, 1, 2, 0, 3, 8, 1, 0, 6.0])
    >>> one = np.ones(10)
    >>> fit = nb2(counts, one[:, np.newaxis], days=one, weights=one, dispersion=None)
    >>> float(np.exp(fit.coefficients[0]).round(3)), round(fit.dispersion, 2)
    (2.2, 1.07)

    Source: Lawless (1987), Can J Stat 15:209; the boundary: Dean & Lawless (1989), J Am Stat
    Assoc 84:467; rows without a mean: Correia, Guimaraes & Zylkin (2021), arXiv:1903.01633.
    """
    if not count.any():
        return _nothing(columns)
    kept = np.ones(len(count), dtype=bool)
    while True:
        known = told(columns[kept])
        basis = independent(columns[kept])
        part = _Rows(count[kept], columns[kept][:, basis], np.log(days[kept]), weights[kept])
        start = part.start()
        top = climb(lambda at, part=part: part.height(at, dispersion or 0.0), start)  # type: ignore[misc]
        mean = np.zeros_like(count)
        mean[kept] = part.mean(top.at)
        rate = mean / days
        nearly_none = kept & (count == 0) & (rate < 1e-6 * np.average(rate, weights=weights * days))
        if not (nearly_none.any() and told(columns[kept & ~nearly_none]).sum() < known.sum()):
            break
        kept &= ~nearly_none
    alpha, coefficients, reached, value = dispersion or 0.0, top.at, top.reached, top.height.value
    if dispersion is None and reached and (begin := _where_spread_helps(part, top)) is not None:
        coefficients, alpha, reached, value = _with_spread(part, *begin)
        mean[kept] = part.mean(coefficients)
    every = np.full(columns.shape[1], np.nan)
    every[basis] = part.back(coefficients)
    return Climbed(
        coefficients=np.where(known, every, np.nan),
        known=known,
        dispersion=alpha,
        mean=mean,
        loglik=value - float((weights * gammaln(count + 1)).sum()),
        kept=kept,
        basis=basis,
        reached=reached and bool(np.isfinite(every[basis]).all()),
    )


def _nothing(columns: Floats) -> Climbed:
    """Without an event there is a mean of 0 for every row, and no coefficient."""
    rows, terms = columns.shape
    return Climbed(
        coefficients=np.full(terms, np.nan),
        known=np.zeros(terms, dtype=bool),
        dispersion=0.0,
        mean=np.zeros(rows),
        loglik=0.0,
        kept=np.zeros(rows, dtype=bool),
        basis=np.zeros(0, dtype=np.intp),
        reached=False,
    )


def _where_spread_helps(part: _Rows, poisson: Top) -> tuple[Floats, float] | None:
    """A mean and a spread above 0 to climb from, or None where 0 is the best.

    The likelihood rises from 0 if squares exceed counts. Where it falls, it might yet rise
    further off, as it can where a few rows have nearly all the days: three places are looked at.
    """
    mean = part.mean(poisson.at)
    excess = float((part.weights * ((part.count - mean) ** 2 - part.count)).sum())
    if excess > 0:
        moments = excess / float((part.weights * mean**2).sum())
        return poisson.at, float(np.clip(moments, 1e-6, 1e3))
    for alpha in (0.01, 0.1, 1.0):
        top = climb(lambda at, alpha=alpha: part.height(at, alpha), poisson.at)  # type: ignore[misc]
        if top.reached and top.height.value > poisson.height.value:
            return top.at, alpha
    return None


def _with_spread(part: _Rows, start: Floats, alpha: float) -> tuple[Floats, float, bool, float]:
    """Mean and log of the spread together, from a place below the top."""

    def down(at: Floats) -> tuple[float, Floats]:
        value, slope, _information = part.height_with_spread(at)
        return -value, -slope

    with np.errstate(all="ignore"):
        near = minimize(
            down,
            np.append(start, np.log(alpha)),
            jac=True,
            method="BFGS",
            options={"gtol": 1e-6 * float(part.weights.sum()) ** 0.5, "maxiter": 500},
        )
        top = climb(part.height_with_spread, np.asarray(near.x, dtype=float), rounds=100)
    return top.at[:-1], float(np.exp(top.at[-1])), top.reached, top.height.value


class _Rows:
    """Counts with columns made orthogonal, so that no unit of measurement makes the climb hard."""

    def __init__(self, count: Floats, columns: Floats, offset: Floats, weights: Floats) -> None:
        self.count, self.offset, self.weights = count, offset, weights
        self.columns, self._upper = np.linalg.qr(columns)
        self._below = _below(count)

    def start(self) -> Floats:
        """As generalised linear models begin: the log of the counts, by weighted least squares."""
        near = self.count + 0.1
        root = np.sqrt(self.weights * near)
        aim = np.log(near) - self.offset
        found = np.linalg.lstsq(root[:, np.newaxis] * self.columns, root * aim, rcond=None)[0]
        return np.asarray(found, dtype=float)

    def back(self, at: Floats) -> Floats:
        """The coefficients of the columns as they were given."""
        return np.asarray(np.linalg.solve(self._upper, at))

    def mean(self, at: Floats) -> Floats:
        return np.asarray(np.exp(np.clip(self.columns @ at + self.offset, -700, 700)))

    def height(self, at: Floats, alpha: float) -> Height:
        """The likelihood (without log y!) of the mean alone, the spread as it is."""
        y, w = self.count, self.weights
        line = self.columns @ at + self.offset
        mean = self.mean(at)
        share = 1 + alpha * mean
        value = float((w * (y * (line - np.log(share)) - mean * _log1p_over(alpha * mean))).sum())
        value += float((w * self._logs(alpha)).sum())
        slope = self.columns.T @ (w * (y - mean) / share)
        bend = w * mean * (1 + alpha * y) / share**2
        return Height(value, slope, self.columns.T @ (bend[:, np.newaxis] * self.columns))

    def height_with_spread(self, at: Floats) -> Height:
        """The same of mean and log spread together."""
        alpha = float(np.exp(np.clip(at[-1], -60, 60)))
        value, slope, information = self.height(at[:-1], alpha)
        y, w, mean = self.count, self.weights, self.mean(at[:-1])
        share = 1 + alpha * mean
        firsts, seconds = spread_slopes(y, mean, alpha, self._below)
        first, second = float((w * firsts).sum()), float((w * seconds).sum())
        cross = self.columns.T @ (w * (y - mean) * mean / share**2)
        size = len(at)
        full = np.empty((size, size))
        full[:-1, :-1] = information
        full[:-1, -1] = full[-1, :-1] = alpha * cross
        full[-1, -1] = -(alpha**2) * second - alpha * first
        return Height(value, np.append(slope, alpha * first), full)

    def _logs(self, alpha: float) -> Floats:
        """log of Gamma(y + 1/alpha) / Gamma(1/alpha) alpha^y, without any great number."""
        few, many = np.minimum(self.count, _MANY).astype(np.int64), self.count > _MANY
        made = np.concatenate([[0.0], np.cumsum(np.log1p(alpha * self._below))])[few]
        if alpha and many.any():
            y, theta = self.count[many], 1 / alpha
            made[many] = gammaln(y + theta) - gammaln(theta) + y * np.log(alpha)
        return np.asarray(made)


def spread_slopes(
    count: Floats, mean: Floats, alpha: float, below: Floats | None = None
) -> tuple[Floats, Floats]:
    """The first and second derivative of each row's log-likelihood by alpha.

    With u = alpha mu: the sums over j < y of j / (1 + alpha j), which need no gamma function,
    and f(u) = (log(1 + u) - u / (1 + u)) / u^2 with its derivative, by series where u is small.
    """
    j = _below(count) if below is None else below
    place, many = np.minimum(count, _MANY).astype(np.int64), count > _MANY
    ratio = j / (1 + alpha * j)
    firsts = np.concatenate([[0.0], np.cumsum(ratio)])[place]
    seconds = np.concatenate([[0.0], np.cumsum(ratio**2)])[place]
    if many.any():
        y, theta = count[many], 1 / alpha
        once = theta * (digamma(y + theta) - digamma(theta))
        twice = theta**2 * (polygamma(1, theta) - polygamma(1, y + theta))
        firsts[many] = theta * (y - once)
        seconds[many] = theta**2 * (y - 2 * once + twice)
    u = alpha * mean
    small = u < 1e-2
    safe = np.where(small, 1.0, u)
    f = (np.log1p(safe) - safe / (1 + safe)) / safe**2
    slope_of_f = 1 / (safe * (1 + safe) ** 2) - 2 * f / safe
    powers = np.arange(2, 11)
    signs = (-1.0) ** powers * (powers - 1) / powers
    held = np.where(small, u, 0.0)
    series = sum(s * held ** (p - 2) for s, p in zip(signs, powers, strict=True))
    series_slope = sum(
        s * (p - 2) * held ** (p - 3) for s, p in zip(signs[1:], powers[1:], strict=True)
    )
    f, slope_of_f = np.where(small, series, f), np.where(small, series_slope, slope_of_f)
    share = mean / (1 + u)
    first = firsts + mean**2 * f - count * share
    second = -seconds + mean**3 * slope_of_f + count * share**2
    return np.asarray(first), np.asarray(second)


def _below(count: Floats) -> Floats:
    """The whole numbers below the greatest count; beyond many, gamma functions do."""
    return np.arange(min(int(count.max(initial=0.0)), _MANY), dtype=float)


def _log1p_over(u: Floats) -> Floats:
    """log(1 + u) / u, which is 1 where u is 0."""
    return np.asarray(np.divide(np.log1p(u), u, out=np.ones_like(u), where=u > 0))
