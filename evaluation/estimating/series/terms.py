"""The columns of an interrupted series: time, the change of level and slope, the seasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_integer_dtype, is_string_dtype

from evaluation.errors import WrongUse
from evaluation.language import _

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Every = Literal["week", "month", "quarter"]

A_YEAR: dict[Every, float] = {"week": 365.25 / 7, "month": 12.0, "quarter": 4.0}
_FREQUENCY = {"week": "W", "month": "M", "quarter": "Q"}


def counted(times: pd.Series, every: Every) -> Whole:
    """Times as whole numbers of periods: months, say, since some month long ago.

    Whole numbers count periods already; dates, periods and texts such as '2025-04' are read.

    >>> counted(pd.Series(["2025-04", "2025-06"]), "month").tolist()
    [663, 665]

    Raises WrongUse where one is missing or no time.
    """
    if every not in A_YEAR:
        raise WrongUse(_("Periods come every 'week', 'month' or 'quarter'."))
    if times.isna().any():
        raise WrongUse(_("A period without its time cannot be placed. Give every row its time."))
    if is_integer_dtype(times.dtype):
        return times.to_numpy(dtype=np.int64)
    try:
        if isinstance(times.dtype, pd.PeriodDtype):
            periods = pd.PeriodIndex(times).asfreq(_FREQUENCY[every])
        elif is_string_dtype(times):
            periods = _written(times, _FREQUENCY[every])
        else:
            days = pd.DatetimeIndex(pd.to_datetime(times)).tz_localize(None)
            periods = days.to_period(_FREQUENCY[every])
    except (TypeError, ValueError) as fault:
        raise WrongUse(
            _("Times are whole numbers of periods, dates, or texts such as '2025-04-01'.")
        ) from fault
    return np.asarray(periods.asi8, dtype=np.int64)


def _written(times: pd.Series, frequency: str) -> pd.PeriodIndex:
    """Texts with their year first, for 03/04/2025 is April here and March elsewhere."""
    if not times.str.match(r"\d{4}").all():
        raise ValueError(times)
    return pd.PeriodIndex(times, freq=frequency)


def counted_one(when: Any, every: Every) -> int:
    """One time, as `counted`.

    >>> counted_one("2025-06-15", "month")
    665
    """
    if isinstance(when, pd.Period):
        return int(counted(pd.Series(pd.PeriodIndex([when])), every)[0])
    return int(counted(pd.Series([when]), every)[0])


def harmonics_for(asked: int | None, *, span: int, every: Every) -> int:
    """How many pairs of sine and cosine a year: as many as asked, or 2 where the years bear it.

    One pair needs two whole years, two pairs three, and so on; fewer than half the periods of a
    year. Of themselves two at most: most seasons are no more crooked than that.

    >>> harmonics_for(None, span=48, every="month"), harmonics_for(None, span=30, every="month")
    (2, 1)

    Raises WrongUse where more are asked for than the years bear.
    Source: Bernal, Cummins & Gasparrini (2017), Int J Epidemiol 46:348.
    """
    years = span / A_YEAR[every]
    bears = max(0, min(int(years) - 1, int((A_YEAR[every] - 1) // 2)))
    if asked is None:
        return min(2, bears)
    if not 0 <= asked <= bears:
        raise WrongUse(
            _(
                "{asked} harmonics of a season cannot be told from {years} years of data; at most "
                "{bears}.",
                asked=asked,
                years=round(years, 1),
                bears=bears,
            )
        )
    return asked


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of the model; periods count from the first of the series.

    `level` is 1 from `start` on, `slope` counts the periods since then from 0, so the level is
    the change in the very first period. With a comparison ('compared'), the terms without a
    prefix are the comparison's, and 'treated:' ones what differs from it.

    >>> terms = Terms(start=2, slope=True, harmonics=0, every="month", compared=False)
    >>> terms.columns(np.arange(5), np.ones(5))["slope"].tolist()
    [0.0, 0.0, 0.0, 1.0, 2.0]
    """

    start: int
    slope: bool
    harmonics: int
    every: Every
    compared: bool

    @property
    def prefix(self) -> str:
        """What stands before the names of the terms that are asked about."""
        return "treated:" if self.compared else ""

    def columns(self, period: Whole, treated: Floats) -> pd.DataFrame:
        """The design; one row is one period of one series."""
        since = (period - self.start).astype(float)
        own = {"time": period.astype(float), "level": (since >= 0).astype(float)}
        if self.slope:
            own["slope"] = np.maximum(since, 0.0)
        columns = {"intercept": np.ones(len(period)), **own}
        if self.compared:
            columns |= {"treated": treated}
            columns |= {f"treated:{name}": treated * column for name, column in own.items()}
        for wave in range(1, self.harmonics + 1):
            angle = 2 * np.pi * wave * period / A_YEAR[self.every]
            columns |= {f"sin_{wave}": np.sin(angle), f"cos_{wave}": np.cos(angle)}
        return pd.DataFrame(columns)
