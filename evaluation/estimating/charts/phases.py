"""A series in time: its values, and the phases between dated changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from evaluation.errors import WrongUse
from evaluation.language import _

Floats = NDArray[np.float64]


def numbers(values: pd.Series | ArrayLike, what: str) -> pd.Series:
    """The values as numbers, in their order and under their index; never altered in place.

    >>> numbers([1, 2], "values").tolist()
    [1.0, 2.0]

    Raises WrongUse where one is missing or no number, or dates stand out of order.
    """
    series = values if isinstance(values, pd.Series) else _in_a_row(values)
    try:
        floats = series.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError):
        floats = np.array([np.nan])
    if not np.isfinite(floats).all():
        raise WrongUse(
            _(
                "The {what} of a chart must be numbers, none of them missing. Leave the point out: "
                "a month without a return is not a month without events.",
                what=what,
            )
        )
    in_time = isinstance(series.index, pd.DatetimeIndex | pd.PeriodIndex)
    if in_time and not series.index.is_monotonic_increasing:
        raise WrongUse(_("The points of a chart must stand in the order of time. Sort them first."))
    return pd.Series(floats, index=series.index)


def _in_a_row(values: ArrayLike) -> pd.Series:
    row = np.asarray(values)
    if row.ndim != 1:
        raise WrongUse(_("The points of a chart are one row of numbers, not a table."))
    return pd.Series(row)


def phases(index: pd.Index, changes: Sequence[Any], *, fewest: int = 2) -> NDArray[np.int64]:
    """The phase of each point, from 1: a change's own point is the first of a new phase.

    `changes` are labels of the index, or dates between them.

    >>> phases(pd.period_range("2025-01", periods=4, freq="M"), ["2025-03-15"]).tolist()
    [1, 1, 2, 2]

    Raises WrongUse where a phase has fewer than `fewest` points, or a change is no such date.
    """
    starts = sorted({_place(index, change) for change in changes})
    phase = np.ones(len(index), dtype=np.int64)
    for start in starts:
        phase[start:] += 1
    sizes = np.bincount(phase, minlength=len(starts) + 2)[1 : len(starts) + 2]
    if len(index) < fewest or (sizes < fewest).any():
        raise WrongUse(
            _(
                "A control chart needs {fewest} points or more in each phase; these have {sizes}.",
                fewest=fewest,
                sizes=", ".join(str(size) for size in sizes),
            )
        )
    return phase


def baseline_of(phase: NDArray[np.int64], baseline: int | None) -> NDArray[np.bool_]:
    """The points that set the limits: the first `baseline` of each phase, or all.

    >>> baseline_of(np.array([1, 1, 1, 2, 2]), 2).tolist()
    [True, True, False, True, True]
    """
    if baseline is None:
        return np.ones(len(phase), dtype=bool)
    if baseline < 2:
        raise WrongUse(_("A baseline needs two points or more; leave it out to take them all."))
    within = pd.Series(phase).groupby(phase).cumcount().to_numpy()
    return np.asarray(within < baseline)


def mean_moving_range(values: Floats, *, screen: bool) -> float:
    """The mean step from point to point; with `screen`, without steps beyond 3.267 times it.

    >>> mean_moving_range(np.array([10.0, 14, 12, 8]), screen=False).__round__(3)
    3.333
    """
    steps = np.abs(np.diff(values))
    if screen and steps.any():
        steps = steps[steps < 3.267 * steps.mean()]
    return float(steps.mean()) if len(steps) else 0.0


def _moment(written: Any) -> pd.Timestamp:
    """A moment; a text has its year first, for 03/04/2025 is April here and March elsewhere."""
    if isinstance(written, str) and not written[:4].isdigit():
        raise ValueError(written)
    return pd.Timestamp(written)


def _place(index: pd.Index, change: Any) -> int:
    """The place of the first point at or after a change."""
    try:
        if isinstance(index, pd.PeriodIndex):
            change = change if isinstance(change, pd.Period) else _moment(change)
            change = change if isinstance(change, pd.Period) else change.to_period(index.freq)
        elif isinstance(index, pd.DatetimeIndex):
            change = _moment(change)
            if index.tz is not None and change.tz is None:
                change = change.tz_localize(index.tz)
        elif isinstance(change, str) and len(index) and isinstance(index[0], date):
            change = date.fromisoformat(change)
        at = np.flatnonzero(np.asarray(index == change))
        if len(at):
            return int(at[0])
        if index.is_monotonic_increasing:
            found = int(np.asarray(index.searchsorted(change)))
            if 0 < found < len(index):
                return found
    except (TypeError, ValueError):
        pass
    raise WrongUse(
        _(
            "The change {change} does not lie within the series. Give a label of its index, or a "
            "date between its first and last point.",
            change=str(change),
        )
    )
