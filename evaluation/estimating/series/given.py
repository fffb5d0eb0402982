"""What was given of an interrupted series, read and looked over."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_numeric_dtype

from evaluation.errors import WrongUse
from evaluation.estimating.columns import must_have
from evaluation.estimating.series.terms import Every, counted, counted_one
from evaluation.language import _

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Given:
    """The rows of a series that are fitted, in the order of time.

    `period` counts from the first period of all (`origin`, in periods of the calendar); `start` is
    that of the interruption. `left_out` are rows without an outcome.
    """

    times: pd.Series
    outcome: Floats
    exposure: Floats | None
    period: Whole
    treated: Floats
    start: int
    origin: int
    left_out: int
    compared: bool

    @property
    def span(self) -> int:
        """Periods from the first to the last."""
        return int(self.period.max()) + 1

    def sides(self) -> list[NDArray[np.bool_]]:
        """Which rows lie before and after, for each series."""
        after = self.period >= self.start
        arms = [1.0, 0.0] if self.compared else [1.0]
        return [(self.treated == arm) & side for arm in arms for side in (~after, after)]

    def must_bear(self, *, slope: bool) -> None:
        """Raise WrongUse where a side has too few periods for a level and a slope."""
        fewest = 2 if slope else 1
        sizes = [int(side.sum()) for side in self.sides()]
        if min(sizes) < fewest or min(sizes[::2]) < 2:
            raise WrongUse(
                _(
                    "The interruption leaves {sizes} periods before and after. Two are needed "
                    "before, and {fewest} after.",
                    sizes=", ".join(str(size) for size in sizes),
                    fewest=fewest,
                )
            )

    def side_without_events(self) -> bool:
        """Whether a side has no event at all, so that no ratio can be had."""
        return any(self.outcome[side].sum() == 0 for side in self.sides())


def given(
    series: pd.DataFrame,
    *,
    outcome: str,
    exposure: str | None,
    time: str,
    every: Every,
    arm: str | None,
    treated: str | None,
    interruption: Any,
    phase_in: int,
    family: str,
) -> Given:
    """Read the columns of a series; see `interrupted_series`.

    >>> frame = pd.DataFrame({"period": ["2025-01", "2025-02"], "events": [3, 1]})
    >>> given(frame, outcome="events", exposure=None, time="period", every="month", arm=None,
    ...       treated=None, interruption="2025-02", phase_in=0, family="poisson").start
    1
    """
    must_have(series, [outcome, time, *([exposure] if exposure else []), *([arm] if arm else [])])
    if (arm is None) != (treated is None):
        raise WrongUse(
            _("A comparison needs both: `arm`, the column, and `treated`, the interrupted one.")
        )
    if family == "gaussian" and exposure is not None:
        raise WrongUse(_("A gaussian series has no exposure: give the rate itself as outcome."))
    known = series[series[outcome].notna()]
    if known.empty:
        raise WrongUse(_("The series has no period with an outcome."))
    calendar = counted(known[time], every)
    is_treated = np.ones(len(known))
    if arm is not None and not known[arm].isna().any():
        is_treated = (known[arm] == treated).to_numpy().astype(float)
    if arm is not None and (is_treated.all() or not is_treated.any() or known[arm].nunique() != 2):
        raise WrongUse(
            _(
                "The column {arm} must tell two series apart, one of which is {treated}.",
                arm=arm,
                treated=str(treated),
            )
        )
    if pd.DataFrame({"period": calendar, "treated": is_treated}).duplicated().any():
        raise WrongUse(
            _("A period stands twice in the series. Give one row a period (and series).")
        )
    origin = int(calendar.min())
    start = counted_one(interruption, every) - origin
    period = calendar - origin
    keep = (period < start) | (period >= start + phase_in)
    order = np.lexsort((1 - is_treated, period))
    order = order[keep[order]]
    values = _numbers(known[outcome])[order]
    below = None if exposure is None else _numbers(known[exposure])[order]
    _must_be_counts(values, below, family)
    return Given(
        times=known[time].iloc[order],
        outcome=values,
        exposure=below,
        period=period[order],
        treated=is_treated[order],
        start=start,
        origin=origin,
        left_out=len(series) - len(known),
        compared=arm is not None,
    )


def _numbers(column: pd.Series) -> Floats:
    if not is_numeric_dtype(column.dtype) and not column.map(_is_number).all():
        raise WrongUse(_("{name} must hold numbers.", name=str(column.name)))
    return column.to_numpy(dtype=float, na_value=np.nan)


def _is_number(value: object) -> bool:
    return isinstance(value, Real | Decimal)


def _must_be_counts(values: Floats, below: Floats | None, family: str) -> None:
    if family not in {"poisson", "quasi_poisson", "negative_binomial", "gaussian"}:
        raise WrongUse(
            _("The family is 'quasi_poisson', 'poisson', 'negative_binomial' or 'gaussian'.")
        )
    if not np.isfinite(values).all():
        raise WrongUse(_("Every outcome must be a number; leave out periods without one."))
    if family != "gaussian" and (values < 0).any():
        raise WrongUse(_("Events cannot be fewer than 0. For differences take family='gaussian'."))
    if below is not None and not (np.isfinite(below).all() and (below > 0).all()):
        raise WrongUse(
            _("Every period needs an exposure above 0. Leave out periods without a child at risk.")
        )
