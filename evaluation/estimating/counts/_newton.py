"""Newton's method with a watch on it, and which terms of a model the data can tell at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import qr

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_CLOSE = 1e-20
"""The squared length of the last step, in standard errors, below which the top is reached."""


class Height(NamedTuple):
    """A log-likelihood at one place, its slope, and its information (minus the curvature)."""

    value: float
    slope: Floats
    information: Floats


class Top(NamedTuple):
    """Where the climb ended. `reached` is False where the slope there is not next to nothing."""

    at: Floats
    height: Height
    reached: bool


def climb(height: Callable[[Floats], Height], start: Floats, *, rounds: int = 60) -> Top:
    """Climb a log-likelihood to its top; each step is halved until it leads up.

    Whether the top is reached is judged by the slope and the information there, never by how
    little the last step did.

    >>> top = climb(lambda b: Height(-float(b @ b), -2 * b, 2 * np.eye(1)), np.array([3.0]))
    >>> top.reached, round(float(top.at[0]), 9)
    (True, 0.0)
    """
    at, here = start, height(start)
    if not len(start):
        return Top(at, here, reached=True)
    for _round in range(rounds):
        step = _step(here)
        if step is None:
            break
        length = float(step @ here.slope)
        if length < _CLOSE:
            return Top(at, here, reached=True)
        share = 1.0
        there = height(at + step)
        # Near the top a likelihood is flat to the last digit: a step that loses a hair is taken.
        hair = 1e-12 * (1 + abs(here.value))
        while not there.value >= here.value - (hair if length < 1e-6 else 0.0):
            share /= 2
            if share < 1e-10:
                return Top(at, here, reached=length < 1e-12)
            there = height(at + share * step)
        at, here = at + share * step, there
    step = _step(here)
    return Top(at, here, reached=step is not None and float(step @ here.slope) < 1e-12)


def _step(here: Height) -> Floats | None:
    """Newton's step, bent towards the slope where the likelihood does not curve down."""
    if not (np.isfinite(here.slope).all() and np.isfinite(here.information).all()):
        return None
    size = np.sqrt(np.abs(np.diag(here.information)))
    size = np.where(size > 0, size, 1.0)
    scaled, slope = here.information / np.outer(size, size), here.slope / size
    for bend in (0.0, 1e-14, 1e-10, 1e-6, 1e-3, 0.1, 1.5, 10.0):
        try:
            root = np.linalg.cholesky(scaled + bend * np.eye(len(slope)))
        except np.linalg.LinAlgError:
            continue
        step = np.linalg.solve(root.T, np.linalg.solve(root, slope)) / size
        if np.isfinite(step).all() and step @ here.slope >= 0:
            return np.asarray(step)
    return None


def told(columns: Floats) -> Flags:
    """Which coefficients the rows determine, whatever the others are; a flag a column."""
    terms = columns.shape[1]
    size = np.sqrt((columns**2).sum(axis=0))
    scaled = columns / np.where(size > 0, size, 1.0)
    if not len(columns):
        return np.zeros(terms, dtype=bool)
    upper = qr(scaled, mode="economic")[1]
    _left, values, right = np.linalg.svd(upper, full_matrices=True)
    rank = int((values > 1e-8 * max(values.max(initial=0.0), 1e-300)).sum())
    return np.asarray((np.abs(right[rank:]) < 1e-6).all(axis=0) & (size > 0))
