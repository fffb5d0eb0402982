"""Kaplan-Meier curves under many sets of weights at once, for resampling."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_NOTHING = 1e-12
"""A survival that is 0, but for the order in which its sums were made."""


def survival_under(time: Floats, event: Floats, weights: Floats, at: Floats) -> Floats:
    """Kaplan-Meier estimates under many sets of weights at once, for the bootstrap.

    `weights` has a row a set and a column a child; the result a row a set and a column a day of
    `at`. Missing where nobody with a weight is left at risk and survival had not reached 0.

    >>> days, event = np.array([3.0, 5.0, 8.0]), np.array([1.0, 1.0, 0.0])
    >>> survival_under(days, event, np.array([[1.0, 1, 1], [2, 1, 1]]), np.array([4.0])).round(3)
    array([[0.667],
           [0.5  ]])
    """
    steps = np.unique(time[event == 1])
    deaths = weights @ _flags((time[:, np.newaxis] == steps) & (event[:, np.newaxis] == 1))
    exposed = weights @ _flags(time[:, np.newaxis] >= steps)
    shares = np.divide(deaths, exposed, out=np.zeros_like(deaths), where=exposed > 0)
    # Sums in another order may leave 1 - 1 a hair below 0.
    after = np.cumprod(np.clip(1 - shares, 0, 1), axis=1)
    estimate = np.hstack([np.ones((len(weights), 1)), after])[
        :, np.searchsorted(steps, at, side="right")
    ]
    left = weights @ _flags(time[:, np.newaxis] >= at)
    return np.where((left > 0) | (estimate < _NOTHING), estimate, np.nan)


def _flags(are: NDArray[np.bool_]) -> Floats:
    return are.astype(float)
