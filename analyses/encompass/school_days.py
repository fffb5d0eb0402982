"""When a school next opens: its own closures, weekends and Welsh bank holidays, on local clocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from typing import Any

import holidays
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analyses.snapshots import newest
from evaluation.nouns import Snapshot
from evaluation.quarters import Quarter
from evaluation.returns.days import CLOCK
from schemas.school_closures import academic_year

FORM = "school_closures"

SCHOOL_DAY_BEGINS = time(8, 45)
"""When a school day begins, on local clocks.

The scheme's standard is 'before the start of the next school day' and no return tells each
school's hour. Registers are mostly taken between 08:45 and 09:00; the earlier hour is taken, so
that nobody counts as told in time who was told as children sat down. The figures are given once
more with 09:00."""

Days = NDArray[Any]
"""Whole days, as numpy has them."""


@dataclass(frozen=True)
class Calendars:
    """What the returns tell of the schools.

    `closed` holds each school's closed days; `years` the academic years (by the year in which
    they began) and `quarters` the quarters for which a school's closures are known.
    """

    closed: Mapping[str, Days]
    years: frozenset[tuple[str, int]]
    quarters: frozenset[tuple[str, Quarter]]

    def known(self, school: str, first: date, last: date) -> bool:
        """Whether the calendar of a school is known on every day from first to last."""
        year, last_year = _academic(first), _academic(last)
        return all((school, each) in self.years for each in range(year, last_year + 1)) and all(
            (school, quarter) in self.quarters for quarter in Quarter.of(first).to(Quarter.of(last))
        )


def calendars(snapshot: Snapshot) -> Calendars:
    """Every school's closures, as last told, and of which time they tell.

    A school's academic year is known if one closure begins in it, as in rule ENC-04: every
    school has holidays. Within it a quarter is known if its return came from whoever tells of the
    school, or if a closure that was told touches it: an authority may send the whole year at
    once, and one that sends quarter by quarter and left one out must not look as if its schools
    were open throughout. What is not known is never taken for open.
    """
    told = snapshot.tables.get(FORM)
    if told is None:
        return Calendars({}, frozenset(), frozenset())
    runs = newest(told, "school_ref", "from_on")
    closed = {
        str(school): np.unique(np.concatenate([_run(*run) for run in _ends(own)]))
        for school, own in runs.groupby("school_ref")
    }
    years = zip(runs["school_ref"], academic_year(runs["from_on"]), strict=True)
    touched = {
        (school, quarter)
        for school, first, last in zip(
            runs["school_ref"], runs["from_on"], runs["to_on"], strict=True
        )
        for quarter in Quarter.of(first.date()).to(Quarter.of(last.date()))
    }
    sent: dict[str, set[Quarter]] = {}
    for provider, form, quarter in snapshot.arrived:
        if form == FORM:
            sent.setdefault(provider, set()).add(quarter)
    tells = runs[["school_ref", "provider"]].drop_duplicates()
    came = {
        (school, quarter)
        for school, provider in zip(tells["school_ref"], tells["provider"], strict=True)
        for quarter in sent.get(provider, ())
    }
    return Calendars(
        closed, frozenset((school, int(year)) for school, year in years), frozenset(touched | came)
    )


def next_opening(
    schools: pd.Series,
    moments: pd.Series,
    known: Calendars,
    *,
    until: date,
    begins: time = SCHOOL_DAY_BEGINS,
) -> pd.DataFrame:
    """When each school next opens after each moment.

    One row is one moment, under its index:

        opens_at         the beginning, in UTC, of the first school day that begins after the
                         moment; missing where there is none up to the day `until`. A moment in
                         the small hours before school is followed by that very day; one at the
                         hour itself, by the next
        calendar_known   whether the school's calendar is known on every weekday in between;
                         where it is not, `opens_at` is missing

    Weekends and bank holidays are closed everywhere. `until` is the last day of the returns:
    beyond it nobody has told when schools are closed.
    """
    local = moments.dt.tz_convert(CLOCK)
    midnight = local.dt.tz_localize(None).dt.normalize()
    passed = local.dt.time.to_numpy() >= begins if len(local) else np.zeros(0, dtype=bool)
    first = midnight.to_numpy().astype("datetime64[D]") + np.where(passed, 1, 0)
    weekdays = school_weekdays(first.min() if len(first) else until, until)
    opens = np.full(len(first), np.datetime64("NaT"), dtype="datetime64[D]")
    is_known = np.zeros(len(first), dtype=bool)
    names = schools.to_numpy(dtype=object)
    for school in pd.unique(schools.dropna()):
        own = np.flatnonzero(names == school)
        days = np.setdiff1d(weekdays, known.closed.get(school, weekdays[:0]))
        opens[own] = _from(days, first[own])
        # A weekend's own days say nothing of the calendar: count from the first weekday.
        begun = _from(weekdays, first[own])
        ends = np.where(np.isnat(opens[own]), np.datetime64(until), opens[own])
        is_known[own] = [
            np.isnat(start) or known.known(school, start.item(), end.item())
            for start, end in zip(begun, ends, strict=True)
        ]
        if school not in known.closed:
            is_known[own] = False
    at = pd.Series(opens.astype("datetime64[us]"), index=moments.index) + pd.Timedelta(
        hours=begins.hour, minutes=begins.minute
    )
    opens_at = at.dt.tz_localize(CLOCK).dt.tz_convert("UTC")
    return pd.DataFrame({"opens_at": opens_at.where(is_known), "calendar_known": is_known})


def school_weekdays(first: Any, last: Any) -> Days:
    """The days from first to last that are neither weekend nor a bank holiday in Wales.

    >>> school_weekdays(date(2023, 5, 5), date(2023, 5, 9)).astype(str).tolist()
    ['2023-05-05', '2023-05-09']

    Holidays proclaimed once, such as that of the Coronation on 8 May 2023, are known as far as
    the installed `holidays` knows them.
    """
    days = np.arange(np.datetime64(first, "D"), np.datetime64(last, "D") + 1)
    if not len(days):
        return days
    years = range(days[0].item().year, days[-1].item().year + 1)
    free = [day for year in years for day in _bank_holidays(year)]
    return days[np.is_busday(days, holidays=free)]


@lru_cache
def _bank_holidays(year: int) -> tuple[date, ...]:
    return tuple(sorted(holidays.country_holidays("GB", subdiv="WLS", years=year)))


def _from(days: Days, first: Days) -> Days:
    """The first of the days that is not before each of `first`; missing where there is none."""
    ended = np.append(days, np.datetime64("NaT"))
    return np.asarray(ended[np.searchsorted(days, first)])


def _ends(runs: pd.DataFrame) -> zip[tuple[pd.Timestamp, pd.Timestamp]]:
    return zip(runs["from_on"], runs["to_on"], strict=True)


def _run(first: pd.Timestamp, last: pd.Timestamp) -> Days:
    """Both ends count."""
    return np.arange(np.datetime64(first, "D"), np.datetime64(last, "D") + 1)


def _academic(day: date) -> int:
    """As `academic_year` of the form; a test holds the two together."""
    return day.year - (day.month < 9)
