"""The likelihood of the ordered logit: heights, slopes and curves, and its highest point."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, log_expit

Floats = NDArray[np.float64]
Counts = NDArray[np.intp]

_ROUNDS = 200


@dataclass(frozen=True)
class OrderedFit:
    """An ordered logit at its highest point: the cutpoints first, then the slopes.

    `information` is the observed one. `scores` has a row a row: what each adds to the slope.
    `likes` are the directions that the likelihood likes, for `separation.endless`.
    """

    coefficients: Floats
    covariance: Floats
    information: Floats
    scores: Floats
    loglik: float
    converged: bool
    farthest: float
    likes: Floats


def fit_ordered(columns: Floats, band: Counts, weights: Floats, *, bands: int) -> OrderedFit:
    """Fit logit P(band <= k) = cutpoint_k - columns @ slopes by Newton's method, as R's polr.

    One row is one child, or `weights` of them; `band` counts from 0 and each occurs.
    Source: McCullagh (1980), J R Stat Soc B 42:109.
    """
    cuts = bands - 1
    centre, spread = columns.mean(axis=0), columns.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    above, below = _ends((columns - centre) / spread, band, cuts)
    share = np.bincount(band, weights=weights, minlength=bands).cumsum()[:-1] / weights.sum()
    beta = np.concatenate([np.log(share / (1 - share)), np.zeros(columns.shape[1])])

    at = _look(beta, above, below, band=band, weights=weights, cuts=cuts)
    converged = False
    for _round in range(_ROUNDS):
        step = np.linalg.pinv(at.information, hermitian=True) @ at.slope
        left = float(at.slope @ step)
        converged = bool(left < 1e-12)
        if left < 1e-20:
            break
        step *= min(1.0, 5.0 / float(np.abs(step).max()))
        for _halving in range(40):
            new = _look(at.beta + step, above, below, band=band, weights=weights, cuts=cuts)
            if new.height >= at.height - 1e-13 * abs(at.height):
                break
            step = step / 2
        else:
            break
        at = new

    # Back from centred and scaled columns: cutpoints gain centre @ slopes, slopes lose the scale.
    back = np.diag(np.concatenate([np.ones(cuts), 1 / spread]))
    back[:cuts, cuts:] = centre / spread
    forth = np.linalg.inv(back)
    ends = np.concatenate([(above @ at.beta)[band < cuts], (below @ at.beta)[band > 0]])
    return OrderedFit(
        coefficients=back @ at.beta,
        covariance=back @ np.linalg.pinv(at.information, hermitian=True) @ back.T,
        information=forth.T @ at.information @ forth,
        scores=at.scores @ forth,
        loglik=at.height,
        converged=converged,
        farthest=float(np.abs(ends).max()),
        likes=np.vstack([above[band < cuts], -below[band > 0]]) @ forth,
    )


@dataclass(frozen=True)
class _At:
    beta: Floats
    height: float
    slope: Floats
    information: Floats
    scores: Floats


def _ends(columns: Floats, band: Counts, cuts: int) -> tuple[Floats, Floats]:
    """For each row the columns of the cutpoint above its band, and of the one below."""
    above = np.hstack([np.eye(cuts + 1, cuts)[band], -columns])
    below = np.hstack([np.eye(cuts + 1, cuts, k=-1)[band], -columns])
    above[band == cuts] = 0.0
    below[band == 0] = 0.0
    return above, below


def _look(
    beta: Floats, above: Floats, below: Floats, *, band: Counts, weights: Floats, cuts: int
) -> _At:
    """P(band) = F(a) (1 - F(b)) (1 - e^(b - a)): each part keeps its digits."""
    a, b = above @ beta, below @ beta
    top, bottom = band == cuts, band == 0
    inside = ~top & ~bottom
    gap = np.where(inside, a - b, 1.0)
    if (gap <= 0).any():
        nothing = np.full(len(beta), np.nan)
        return _At(beta, -np.inf, nothing, np.zeros((len(beta),) * 2), above)
    height = np.where(top, 0.0, log_expit(a)) + np.where(bottom, 0.0, log_expit(-b))
    height += np.where(inside, np.log(-np.expm1(-gap)), 0.0)
    closer = np.where(inside, 1 / np.expm1(np.minimum(gap, 700.0)), 0.0)
    at_a = np.where(top, 0.0, expit(-a)) + closer
    at_b = -np.where(bottom, 0.0, expit(b)) - closer
    bend = closer * (1 + closer)
    aa = np.where(top, 0.0, expit(a) * expit(-a)) + bend
    bb = np.where(bottom, 0.0, expit(b) * expit(-b)) + bend
    across = above.T @ (below * (weights * bend)[:, np.newaxis])
    scores = weights[:, np.newaxis] * (above * at_a[:, np.newaxis] + below * at_b[:, np.newaxis])
    information = (
        above.T @ (above * (weights * aa)[:, np.newaxis])
        + below.T @ (below * (weights * bb)[:, np.newaxis])
        - across
        - across.T
    )
    return _At(beta, float(weights @ height), scores.sum(axis=0), information, scores)
