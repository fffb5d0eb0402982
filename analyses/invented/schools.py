"""The schools, and when each is closed: what the education authorities tell.

No school has such a number: 999 is nobody's in the official list, as far as we know.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pandas as pd

from analyses.invented.area import GWENT, Area
from analyses.invented.filling import tidy
from analyses.invented.world import HISTORY_DAYS, Days
from evaluation.quarters import Quarter

PRIMARIES, SECONDARIES = 5, 3
"""Schools of each authority; the primary ones come first."""

_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)
_INSET_BESIDE_HOLIDAYS = 3
_CLOSED_FOR_ANOTHER_REASON = 0.15  # of the schools, in a year


def school_ref(authority: str, number: int) -> str:
    """The number of an authority's school, counted from 0."""
    return f"999{authority[-2:]}{number + 1:02}"


def draw_closures(days: Days, *, rng: np.random.Generator, area: Area = GWENT) -> pd.DataFrame:
    """Every run of days on which a school is closed, in all academic years that are touched.

    One row is one run: the form's columns. Holidays are alike everywhere; a first INSET day is
    in September, the others beside holidays, where each school likes.
    """
    rows: list[tuple[str, str, date, date, str]] = []
    each = [
        (authority, number)
        for authority in area.children
        for number in range(PRIMARIES + SECONDARIES)
    ]
    for year in range(days.on(HISTORY_DAYS).year - 1, days.on(days.days - 1).year + 1):
        holidays = _holidays(year)
        beside = _school_days_beside(holidays)
        liked = rng.random((len(each), len(beside))).argsort(axis=1)[:, :_INSET_BESIDE_HOLIDAYS]
        broken = rng.random(len(each)) < _CLOSED_FOR_ANOTHER_REASON
        winter = rng.integers(27, size=len(each)).tolist()  # over before half-term
        for at, (authority, number) in enumerate(each):
            insets = [_weekday(date(year, 9, 1)), *(beside[place] for place in liked[at])]
            runs = [(first, last, "holiday") for first, last in holidays]
            runs += [(day, day, "inset") for day in insets]
            if broken[at]:
                day = _weekday(date(year + 1, 1, 11) + winter[at] * _DAY)
                runs.append((day, day, "other"))
            ref = school_ref(authority, number)
            rows += [(ref, authority, *run) for run in sorted(runs)]
    columns = ["school_ref", "local_authority", "from_on", "to_on", "kind"]
    closures = pd.DataFrame(rows, columns=columns)
    return closures.assign(
        from_on=pd.to_datetime(closures["from_on"]), to_on=pd.to_datetime(closures["to_on"])
    )


def closures_of(closures: pd.DataFrame, authority: str, quarter: Quarter) -> pd.DataFrame:
    """The form 'school_closures' of an authority for a quarter: the runs that begin in it."""
    first, last = pd.Timestamp(quarter.first_day), pd.Timestamp(quarter.last_day)
    within = closures["from_on"].between(first, last)
    return tidy(closures[within & (closures["local_authority"] == authority)])


def _holidays(year: int) -> list[tuple[date, date]]:
    """First and last day of each holiday of the academic year that begins in `year`."""
    late_december, late_may = _monday(date(year, 12, 26)), _monday(date(year + 1, 5, 31))
    autumn, winter = _monday(date(year, 10, 30)), _monday(date(year + 1, 2, 18))
    easter = pd.Timestamp(year + 1, 1, 1) + pd.offsets.Easter()
    before_easter = easter.date() - 6 * _DAY
    week, fortnight = 4 * _DAY, _WEEK + 4 * _DAY
    return [
        (autumn, autumn + week),
        (late_december, late_december + fortnight),
        (winter, winter + week),
        (before_easter, before_easter + fortnight),
        (late_may, late_may + week),
        (_monday(date(year + 1, 7, 24)), date(year + 1, 8, 31)),
    ]


def _school_days_beside(holidays: list[tuple[date, date]]) -> list[date]:
    """The Friday before each holiday within the year, and the Monday after it."""

    def beside() -> Iterator[date]:
        for first, last in holidays[:-1]:
            yield first - 3 * _DAY
            yield last + 3 * _DAY

    return list(beside())


def _monday(day: date) -> date:
    return day - day.weekday() * _DAY


def _weekday(day: date) -> date:
    """The day, or the Monday after a weekend."""
    return day + max(7 - day.weekday(), 0) * _DAY if day.weekday() > 4 else day
