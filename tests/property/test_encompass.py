"""When a school next opens, against an oracle that walks from day to day and knows its own Easter."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from analyses.encompass.school_days import Calendars, next_opening
from evaluation.quarters import Quarter

LONDON, UTC = ZoneInfo("Europe/London"), ZoneInfo("UTC")
DAY = timedelta(days=1)
ONCE = {date(2020, 5, 8), date(2022, 6, 2), date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8)}
MOVED = {date(2020, 5, 4), date(2022, 5, 30)}
YEARS = range(2019, 2031)
EVERYTHING = frozenset(("S", year) for year in YEARS)
QUARTERS = frozenset(("S", Quarter(year, number)) for year in YEARS for number in (1, 2, 3, 4))


def easter(year):
    """Sunday, by the anonymous Gregorian computus."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)


def is_bank_holiday(day):
    """By the rules of the Banking and Financial Dealings Act, day by day."""
    if day in ONCE:
        return True
    if day in MOVED or day.weekday() > 4:
        return False
    if day in (easter(day.year) - 2 * DAY, easter(day.year) + DAY):
        return True
    if day.weekday() == 0:
        is_last = (day + 7 * DAY).month != day.month
        if (day.month == 5 and (day.day <= 7 or is_last)) or (day.month == 8 and is_last):
            return True
    if day.month == 1:
        return day.day == 1 or (day.weekday() == 0 and day.day in (2, 3))
    return day.month == 12 and is_christmas(day)


def is_christmas(day):
    if day.day in (25, 26):
        return True
    # In lieu of a Saturday or Sunday: the next weekdays that are free.
    lost = sum(date(day.year, 12, each).weekday() > 4 for each in (25, 26))
    after = [date(day.year, 12, each) for each in (27, 28, 29)]
    return day in [each for each in after if each.weekday() < 5][:lost]


def walk(at, closed, begins, until):
    """The first school day that begins after `at`, one day after another."""
    day = at.date()
    while day <= until:
        is_open = day.weekday() < 5 and not is_bank_holiday(day) and day not in closed
        opens = datetime.combine(day, begins, LONDON)
        if is_open and opens.astimezone(UTC) > at.astimezone(UTC):
            return opens.astimezone(UTC)
        day += DAY
    return None


@st.composite
def worlds(draw):
    start = draw(st.dates(date(2020, 1, 1), date(2028, 6, 1)))
    runs = draw(
        st.lists(st.tuples(st.integers(-10, 120), st.integers(0, 45)), min_size=1, max_size=6)
    )
    closed = {start + (first + n) * DAY for first, days in runs for n in range(days + 1)}
    minutes = draw(st.lists(st.integers(0, 100 * 24 * 60), min_size=1, max_size=25))
    begins = draw(st.sampled_from([time(8, 30), time(8, 45), time(9, 0)]))
    # Often at the very hour, or a minute from it.
    edges = draw(st.lists(st.tuples(st.integers(0, 99), st.integers(-1, 1)), max_size=8))
    moments = [datetime.combine(start, time(0), UTC) + timedelta(minutes=one) for one in minutes]
    moments += [
        datetime.combine(start + day * DAY, begins, LONDON).astimezone(UTC)
        + timedelta(minutes=minute)
        for day, minute in edges
    ]
    return closed, moments, begins, start + draw(st.integers(100, 200)) * DAY


@settings(max_examples=150, deadline=None)
@given(worlds())
def test_the_next_opening_is_what_a_walk_from_day_to_day_finds(world):
    closed, moments, begins, until = world
    days = pd.DatetimeIndex(sorted(closed)).to_numpy().astype("datetime64[D]")
    found = next_opening(
        pd.Series(["S"] * len(moments), dtype="str"),
        pd.Series(pd.to_datetime(moments, utc=True)).astype("datetime64[us, UTC]"),
        Calendars({"S": days}, EVERYTHING, QUARTERS),
        until=until,
        begins=begins,
    )
    expected = [walk(at.astimezone(LONDON), closed, begins, until) for at in moments]
    told = [None if pd.isna(at) else at.to_pydatetime() for at in found["opens_at"]]
    assert told == expected
    assert found["calendar_known"].all()
