"""The rules by which a point of a control chart is more than noise."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]


def marks(value: Floats, centre: Floats, reach: Floats, *, shift: int, trend: int) -> list[str]:
    """Why each point stands out: codes joined by a space, '' if it does not.

    `reach` is the way from the centre to a limit, before any limit is cut off at 0.

        outside   beyond a limit
        shift     in a run of `shift` or more points on one side of the centre
        trend     in a run of `trend` or more points, each above (or each below) the one before
        near      one of two in three consecutive points that lie on the same side in the outer
                  third between centre and limit, or beyond

    >>> marks(np.array([5.0, 6, 5, 30]), np.full(4, 5.5), np.full(4, 3.0), shift=7, trend=7)
    ['', '', '', 'outside']

    Source: NHS England, Making Data Count (shift and trend of 7); Wheeler (2000).
    """
    distance = value - centre
    side = np.where(np.isclose(value, centre, rtol=1e-12, atol=1e-12), 0.0, np.sign(distance))
    distance = np.abs(side) * distance
    rules = {
        "outside": np.abs(distance) > reach,
        "shift": _in_run(side, shift),
        "trend": _in_trend(value, trend),
        "near": _near(distance, reach),
    }
    return [
        " ".join(rule for rule, flags in rules.items() if flags[point])
        for point in range(len(value))
    ]


def _in_run(side: Floats, length: int) -> Flags:
    """Points in an unbroken run of one sign; a point on the centre belongs to neither side."""
    flags = np.zeros(len(side), dtype=bool)
    start = 0
    for point in range(1, len(side) + 1):
        if point == len(side) or side[point] != side[start]:
            if side[start] != 0 and point - start >= length:
                flags[start:point] = True
            start = point
    return flags


def _in_trend(value: Floats, length: int) -> Flags:
    """Points that keep rising, or keep falling; `length` points make length - 1 steps."""
    steps = _in_run(np.sign(np.diff(value)), max(length - 1, 1))
    return np.append(steps, False) | np.insert(steps, 0, False)


def _near(distance: Floats, reach: Floats) -> Flags:
    """Two of three consecutive points beyond two thirds of the way to the same limit."""
    flags = np.zeros(len(distance), dtype=bool)
    for sign in (1, -1):
        beyond = sign * distance > reach * 2 / 3
        for point in range(len(distance) - 2):
            three = slice(point, point + 3)
            if beyond[three].sum() >= 2:
                flags[three] |= beyond[three]
    return flags
