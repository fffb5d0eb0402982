"""Whether a likelihood has a highest point at all, or climbs for ever along some direction."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_NOTHING = 1e-7
"""A change this small, of a coefficient that may move by 1, is the solver's rounding."""

_AT_ONCE = 1000
"""Rows that the solver is given at first, and at each turn."""


def endless(rows: Floats) -> Flags:
    """Which coefficients have no finite estimate, found by linear programming.

    Each of `rows` is a direction that the likelihood likes: the more `row @ coefficients`, the
    better it fits. For a logistic regression these are the children's columns, with the sign
    turned round where the child had no event. Where coefficients can move so that no row's
    product falls and some row's rises, the likelihood climbs for ever: the data are separated.
    `rows` must be of full column rank.

    >>> event, age = np.array([0, 0, 1, 1]), np.array([11, 12, 14, 15])
    >>> endless(np.where(event == 1, 1, -1)[:, None] * np.column_stack([np.ones(4), age]))
    array([ True,  True])

    Source: Albert & Anderson (1984), Biometrika 71:1; Konis (2007), DPhil thesis, Oxford.
    """
    largest = np.abs(rows).max(axis=0)
    scaled = np.unique(rows / np.where(largest > 0, largest, 1), axis=0)
    terms = rows.shape[1]
    none = np.zeros(terms, dtype=bool)
    if not _climb(scaled, scaled.sum(axis=0)):
        return none
    found = none.copy()
    for term in range(terms):
        way = np.zeros(terms)
        way[term] = 1
        found[term] = _climb(scaled, way) or _climb(scaled, -way)
    return found


def _climb(rows: Floats, way: Floats) -> bool:
    """Whether coefficients can go `way` while no row's product falls.

    Of many rows a few bind, so that the problem is solved for some, and for those it got wrong.
    """
    held = np.unique(np.linspace(0, len(rows) - 1, _AT_ONCE).astype(int))
    while True:
        solved: Any = linprog(
            -way, A_ub=-rows[held], b_ub=np.zeros(len(held)), bounds=(-1, 1), method="highs"
        )
        if solved.status != 0 or float(way @ solved.x) <= _NOTHING:
            return False
        along = rows @ solved.x
        wrong = np.flatnonzero(along < -_NOTHING)
        if not len(wrong):
            return True
        worst = wrong[np.argsort(along[wrong])[:_AT_ONCE]]
        if np.isin(worst, held).all():
            return True  # wrong by the solver's rounding only
        held = np.union1d(held, worst)
