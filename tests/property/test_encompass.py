"""When a school next opens, against an oracle that walks from day to day."""

from datetime import date, datetime, time, timedelta

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from school_walk import DAY, LONDON, UTC, walk

from analyses.encompass.school_days import Calendars, next_opening
from evaluation.quarters import Quarter

YEARS = range(2019, 2031)
EVERYTHING = frozenset(("S", year) for year in YEARS)
QUARTERS = frozenset(("S", Quarter(year, number)) for year in YEARS for number in (1, 2, 3, 4))


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
