"""When a school next opens, by hand."""

from datetime import date, time

import pandas as pd
import pytest

from analyses.encompass.school_days import _academic, calendars, next_opening, school_weekdays
from schemas.school_closures import academic_year
from tests.unit.analyses.encompass.telling import YEAR_23, YEAR_24, closed, moment, snapshot

KNOWN = calendars(
    snapshot(
        closed("S1", f"{YEAR_23} {YEAR_24}"),
        # Nothing but a day of each year: open whenever others are.
        closed("S2", "2022-09-01 2023-09-01 2024-09-02", sent="2023Q3"),
        quarter="2025Q1",
        first="2023Q1",
    )
)


def opens(at, school="S1", *, until=date(2025, 6, 30), **more):
    found = next_opening(
        pd.Series([school], dtype="str"),
        pd.Series([moment(at)]).astype("datetime64[us, UTC]"),
        KNOWN,
        until=until,
        **more,
    ).iloc[0]
    if pd.isna(found["opens_at"]):
        return bool(found["calendar_known"]) and "not yet"
    return f"{found['opens_at']:%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("at", "utc"),
    [
        ("2024-05-07 21:30", "2024-05-08 07:45"),  # Tuesday evening: Wednesday, summer time
        ("2024-05-08 02:10", "2024-05-08 07:45"),  # the small hours before school: that very day
        ("2024-05-08 08:44", "2024-05-08 07:45"),
        ("2024-05-08 08:45", "2024-05-09 07:45"),  # at the hour: the next
        ("2024-05-08 23:59", "2024-05-09 07:45"),
        ("2024-05-09 00:00", "2024-05-09 07:45"),
        ("2024-05-03 18:00", "2024-05-07 07:45"),  # a weekend and the bank holiday Monday
        ("2024-03-28 23:59", "2024-04-15 07:45"),  # before Good Friday, Easter and the holidays
        ("2024-05-24 23:59", "2024-06-03 07:45"),  # Friday before half-term
        ("2024-07-19 15:30", "2024-09-03 07:45"),  # all summer, and an INSET day
        ("2024-08-12 03:00", "2024-09-03 07:45"),
        ("2024-12-20 23:59", "2025-01-06 08:45"),  # December, winter time
        ("2024-12-31 23:59", "2025-01-06 08:45"),
    ],
)
def test_the_first_school_day_that_begins_after_the_incident(at, utc):
    assert opens(at) == utc


@pytest.mark.parametrize(
    ("at", "utc"),
    [
        ("2024-03-30 20:00", "2024-04-02 07:45"),  # clocks go on; Easter Monday between
        ("2024-10-26 22:00", "2024-10-28 08:45"),  # clocks go back
        ("2024-10-27 01:30", "2024-10-28 08:45"),  # the hour that comes twice
        ("2023-05-05 16:00", "2023-05-09 07:45"),  # the Coronation
        ("2024-12-24 12:00", "2024-12-27 08:45"),  # Christmas Day and Boxing Day
    ],
)
def test_a_school_that_is_never_closed_keeps_weekends_and_bank_holidays(at, utc):
    assert opens(at, "S2") == utc


def test_the_hour_is_a_parameter():
    assert opens("2024-05-08 08:50", begins=time(9, 0)) == "2024-05-08 08:00"
    assert opens("2024-05-08 08:50") == "2024-05-09 07:45"


def test_beyond_the_returns_nobody_knows_when_it_opens():
    assert opens("2024-12-20 23:59", until=date(2024, 12, 31)) == "not yet"
    assert opens("2024-05-08 20:00", until=date(2024, 5, 8)) == "not yet"
    assert opens("2024-05-08 20:00", until=date(2024, 5, 9)) == "2024-05-09 07:45"


def test_a_school_of_which_no_closure_was_told_is_unknown_not_open():
    assert opens("2024-05-07 21:30", "S3") is False
    assert opens("2022-05-03 21:30") is False  # an academic year of which none was told
    assert opens("2025-09-09 21:30", until=date(2025, 9, 30)) is False


def test_summer_needs_the_calendar_of_the_year_in_which_the_school_opens():
    only_old = calendars(snapshot(closed("S1", YEAR_23)))
    found = next_opening(
        pd.Series(["S1", "S1"]),
        pd.Series([moment("2024-08-12 03:00"), moment("2024-06-04 12:00")]),
        only_old,
        until=date(2024, 9, 30),
    )
    assert found["calendar_known"].tolist() == [False, True]
    assert found["opens_at"].notna().tolist() == [False, True]


def test_a_quarter_left_out_by_one_who_sends_quarter_by_quarter_is_unknown():
    told = [
        *closed("S1", "2023-09-01", sent="2023Q2"),
        *closed("S1", "2023-10-30/2023-11-03", sent="2023Q3"),
        *closed("S1", "2024-04-02/2024-04-12", sent="2024Q1"),
    ]
    known = calendars(snapshot(told, first="2023Q2", not_sent="newport/2023Q4"))
    assert known.known("S1", date(2023, 12, 4), date(2023, 12, 5))
    assert not known.known("S1", date(2024, 1, 16), date(2024, 1, 17))
    assert known.known("S1", date(2024, 5, 7), date(2024, 5, 8))


def test_one_who_sent_the_whole_year_at_once_may_leave_a_return_out():
    known = calendars(snapshot(closed("S1", YEAR_23), not_sent="newport/2023Q4"))
    assert known.known("S1", date(2024, 1, 16), date(2024, 1, 17))


def test_the_last_word_on_a_closure_counts():
    told = [
        *closed("S1", YEAR_23),
        *closed("S1", "2024-05-27/2024-06-04", sent="2024Q1"),
    ]
    found = next_opening(
        pd.Series(["S1"]),
        pd.Series([moment("2024-05-25 12:00")]),
        calendars(snapshot(told)),
        until=date(2024, 6, 30),
    )
    assert f"{found['opens_at'].iloc[0]:%d/%m}" == "05/06"


def test_without_any_return_of_closures_nothing_is_known():
    known = calendars(snapshot(not_sent="newport"))
    assert not known.known("S1", date(2024, 5, 7), date(2024, 5, 8))


def test_no_moments_give_no_rows():
    none = pd.Series([], dtype="datetime64[us, UTC]")
    found = next_opening(pd.Series([], dtype="str"), none, KNOWN, until=date(2024, 6, 30))
    assert found.empty


PROCLAIMED = """
    2022-01-03 2022-04-15 2022-04-18 2022-05-02 2022-06-02 2022-06-03 2022-08-29 2022-09-19
    2022-12-26 2022-12-27
    2023-01-02 2023-04-07 2023-04-10 2023-05-01 2023-05-08 2023-05-29 2023-08-28 2023-12-25
    2023-12-26
    2024-01-01 2024-03-29 2024-04-01 2024-05-06 2024-05-27 2024-08-26 2024-12-25 2024-12-26
    2025-01-01 2025-04-18 2025-04-21 2025-05-05 2025-05-26 2025-08-25 2025-12-25 2025-12-26
    2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31 2026-12-25 2026-12-28
"""


def test_bank_holidays_are_those_that_were_proclaimed():
    """As published for England and Wales."""
    weekdays = pd.bdate_range("2022-01-01", "2026-12-31")
    school = pd.DatetimeIndex(school_weekdays(date(2022, 1, 1), date(2026, 12, 31)))
    assert weekdays.difference(school).strftime("%Y-%m-%d").tolist() == PROCLAIMED.split()


def test_academic_years_are_those_of_the_form():
    days = pd.Series(pd.date_range("2023-08-25", "2024-09-05"))
    assert academic_year(days).tolist() == [_academic(day.date()) for day in days]
