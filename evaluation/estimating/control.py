"""A control chart for single values: limits, and the points that are more than noise."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluation.errors import WrongUse
from evaluation.language import _

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]


def xmr(
    values: pd.Series, *, shift: int = 7, trend: int = 7, floor: float | None = None
) -> pd.DataFrame:
    """Lay limits round a series in time; one row is one point, indexed as `values`.

        value, mean   the mean is of all points
        low, high     mean -/+ 2.66 times the mean moving range; never below `floor`
        marks         why the point stands out, codes joined by a space; '' if it does not

        outside   beyond a limit
        shift     in a run of `shift` or more points on one side of the mean
        trend     in a run of `trend` or more points, each above (or each below) the one before
        near      one of two in three consecutive points that lie on the same side in the outer
                  third between mean and limit, or beyond

    Rates and counts cannot fall below 0: give them `floor=0`. Missing values are not allowed:
    a month without a return is not a month without episodes.

    >>> chart = xmr(pd.Series([4, 6, 5, 5, 4, 6, 5, 30]), floor=0)
    >>> chart["high"].round(2).iloc[0].item(), chart["marks"].iloc[-1]
    (20.28, 'outside')

    Raises WrongUse where a value is missing or there are fewer than two.
    Source: Wheeler (2000), Understanding Variation; NHS England, Making Data Count.
    """
    value = values.to_numpy(dtype=float)
    if len(value) < 2 or not np.isfinite(value).all():
        raise WrongUse(_("A control chart needs two values or more, and none of them missing."))
    mean = value.mean()
    limit = 2.66 * np.abs(np.diff(value)).mean()
    side = np.sign(value - mean)
    rules = {
        "outside": np.abs(value - mean) > limit,
        "shift": _in_run(side, shift),
        "trend": _in_trend(value, trend),
        "near": _near(value - mean, limit),
    }
    marks = [
        " ".join(rule for rule, flags in rules.items() if flags[point])
        for point in range(len(value))
    ]
    low = mean - limit if floor is None else max(mean - limit, floor)
    return pd.DataFrame(
        {"value": value, "mean": mean, "low": low, "high": mean + limit, "marks": marks},
        index=values.index,
    )


def _in_run(side: Floats, length: int) -> Flags:
    """Points in an unbroken run of one sign; a point on the mean belongs to neither side."""
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


def _near(distance: Floats, limit: float) -> Flags:
    """Two of three consecutive points beyond two thirds of the way to the same limit."""
    flags = np.zeros(len(distance), dtype=bool)
    for sign in (1, -1):
        beyond = sign * distance > limit * 2 / 3
        for point in range(len(distance) - 2):
            three = slice(point, point + 3)
            if beyond[three].sum() >= 2:
                flags[three] |= beyond[three]
    return flags
