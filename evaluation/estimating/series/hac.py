"""Standard errors that allow for periods near each other being alike (Newey and West)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from evaluation.errors import WrongUse
from evaluation.language import _

Floats = NDArray[np.float64]


def newey_west(bread: Floats, scores: Floats, period: NDArray[np.int64], *, lag: int) -> Floats:
    """The covariance of coefficients, with Bartlett weights up to `lag` periods apart.

    `bread` is the inverse of the expected information, `scores` has a row an observation, and
    `period` its whole number of periods since the first. Scores of one period are added up, so
    that two series may be hit by the same weather (Driscoll and Kraay); a period without an
    observation counts as one with a score of 0. `lag=0` is White's covariance.

    >>> newey_west(np.eye(1), np.array([[1.0], [2.0], [-1.0]]), np.arange(3), lag=1)
    array([[6.]])

    With one series and no gaps it is R's sandwich::NeweyWest(prewhite=FALSE, adjust=FALSE).
    Source: Newey & West (1987), Econometrica 55:703; Driscoll & Kraay (1998), Rev Econ Stat 80:549.
    """
    periods = int(period.max()) + 1
    if not 0 <= lag < periods:
        raise WrongUse(
            _(
                "The lag must be 0 or more, and below the number of periods ({periods}).",
                periods=periods,
            )
        )
    summed = np.zeros((periods, scores.shape[1]))
    np.add.at(summed, period, scores)
    meat = summed.T @ summed
    for apart in range(1, lag + 1):
        crossed = summed[apart:].T @ summed[:-apart]
        meat += (1 - apart / (lag + 1)) * (crossed + crossed.T)
    return np.asarray(bread @ meat @ bread)


def usual_lag(periods: int) -> int:
    """The lag where none is asked for: the whole part of 4 (periods / 100) ^ (2/9).

    >>> usual_lag(48)
    3
    """
    return int(4 * (periods / 100) ** (2 / 9))
