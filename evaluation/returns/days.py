"""From text to days, months and moments.

A day is a spreadsheet's date (which reading gives as 2025-08-14), or text as 14/08/2025,
14/8/25 or 2025-08-14: the day before the month, always. A year of two digits is 20yy. A time of
day may follow, as 21:30 or 21:30:15. A moment needs one: a spreadsheet's date and time at
midnight is one only where reading says so by giving 2025-08-14T00:00:00. Where only a day is
asked for, a time of day is left off; for a month of birth any time but midnight is refused.

Each function takes the texts of a column, none of them blank, and gives them in types.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from evaluation.nouns import Field
from evaluation.returns import cell_faults
from evaluation.returns.cell_faults import Column

CLOCK = "Europe/London"
"""Providers write wall-clock times of this zone."""

# Read by RE2, which takes a whole column at once and cannot run away on a hostile text; it is
# fastest where no part of a text could belong to either of two groups.
_TIME = (
    r"(?:[T ] ?(?P<h>[0-9]{1,2}):(?P<i>[0-9]{2})(?::(?P<s>[0-9]{2})(?:[.](?P<f>[0-9]{1,6}))?)?)?$"
)
_DAY_FIRST = r"^(?P<d>[0-9]{1,2})/(?P<m>[0-9]{1,2})/(?P<c>[0-9]{2})(?P<y>[0-9]{2})?" + _TIME
_YEAR_FIRST = r"^(?P<c>[0-9]{2})(?P<y>[0-9]{2})-(?P<m>[0-9]{1,2})(?:-(?P<d>[0-9]{1,2}))?" + _TIME
_NEVER = np.datetime64("NaT", "us")


@dataclass(frozen=True, slots=True)
class _Parts:
    """What each text says; `day` is missing where it is no day that exists."""

    day: np.ndarray
    clock: np.ndarray
    has_day: np.ndarray
    has_clock: np.ndarray


def dates(texts: pd.Series, _field: Field) -> Column:
    """Days, at midnight; a time of day is left off."""
    parts = _parts(texts)
    days = np.where(parts.has_day & ~np.isnat(parts.clock), parts.day, _NEVER)
    return Column(pd.Series(days), {cell_faults.DATE: np.isnat(days)})


def months(texts: pd.Series, _field: Field) -> Column:
    """Months, as their first day; any other day is refused as a date of birth."""
    parts = _parts(texts)
    first = parts.day == parts.day.astype("datetime64[M]")
    midnight = parts.clock == np.timedelta64(0)
    readable = ~np.isnat(parts.day) & ~np.isnat(parts.clock)
    right = readable & first & midnight
    return Column(
        pd.Series(np.where(right, parts.day, _NEVER)),
        {cell_faults.MONTH: ~readable, cell_faults.BIRTH_DATE: readable & ~right},
    )


def moments(texts: pd.Series, _field: Field) -> Column:
    """Moments in UTC, from wall-clock times."""
    parts = _parts(texts)
    readable = parts.has_day & ~np.isnat(parts.day) & ~np.isnat(parts.clock)
    whole = readable & parts.has_clock
    wall = pd.DatetimeIndex(np.where(whole, parts.day + parts.clock, _NEVER))
    first = wall.tz_localize(CLOCK, ambiguous=np.ones(len(wall), dtype=bool), nonexistent="NaT")
    second = wall.tz_localize(CLOCK, ambiguous=np.zeros(len(wall), dtype=bool), nonexistent="NaT")
    skipped = whole & np.asarray(first.isna())
    return Column(
        pd.Series(first.tz_convert("UTC")),
        {
            cell_faults.MOMENT: ~readable,
            cell_faults.NO_CLOCK: readable & ~parts.has_clock,
            cell_faults.NO_HOUR: skipped,
            cell_faults.TWO_HOURS: whole & ~skipped & np.asarray(first != second),
        },
    )


def local_days(moments: pd.Series) -> pd.Series:
    """The civil day of each moment where the providers are, as a naive midnight."""
    days: pd.Series = moments.dt.tz_convert(CLOCK).dt.tz_localize(None).dt.normalize()
    return days


def _parts(texts: pd.Series) -> _Parts:
    """The numbers in each text, as a day and the time since its midnight.

    A year and a month alone are read as the first day, with `has_day` False.
    """
    written = pc.utf8_trim_whitespace(pa.array(texts, type=pa.string()))
    layouts = [pc.extract_regex(written, pattern=layout) for layout in (_DAY_FIRST, _YEAR_FIRST)]

    def digits(group: str) -> pa.Array:
        """What a group holds in the layout that fits, empty where nothing does."""
        return pc.coalesce(*(pc.struct_field(found, group) for found in layouts), "")

    def number(group: str) -> np.ndarray:
        """The number of a group, -1 where it is not written."""
        held = digits(group)
        return np.asarray(pc.if_else(pc.equal(held, ""), "-1", held).cast(pa.int64()))

    century, year, month, day = number("c"), number("y"), number("m"), number("d")
    hour, minute, second = number("h"), number("i"), number("s")
    fraction = np.asarray(pc.utf8_rpad(digits("f"), 6, "0").cast(pa.int64()))
    seconds = (np.maximum(hour, 0) * 60 + np.maximum(minute, 0)) * 60 + np.maximum(second, 0)
    clock = seconds.astype("timedelta64[s]") + fraction.astype("timedelta64[us]")
    return _Parts(
        day=_civil(
            np.where(year < 0, 2000 + century, 100 * century + year),
            month,
            np.where(day < 0, 1, day),
        ),
        clock=np.where((hour < 24) & (minute < 60) & (second < 60), clock, np.timedelta64("NaT")),
        has_day=day >= 0,
        has_clock=hour >= 0,
    )


def _civil(year: np.ndarray, month: np.ndarray, day: np.ndarray) -> np.ndarray:
    """The day of the calendar; missing where there is none, and before 1900 or from 2100 on."""
    first = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    days = first.astype("datetime64[D]") + (day - 1)
    exists = (month >= 1) & (month <= 12) & (days.astype("datetime64[M]") == first)
    exists &= (year >= 1900) & (year < 2100)
    return np.where(exists, days.astype("datetime64[us]"), _NEVER)
