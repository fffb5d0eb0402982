"""Financial quarters."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.errors import WrongUse
from evaluation.quarters import Quarter

days = st.dates(date(2001, 1, 1), date(2098, 12, 31))


def test_the_first_quarter_begins_on_1_april():
    quarter = Quarter.parse("2025Q1")
    assert (quarter.first_day, quarter.last_day) == (date(2025, 4, 1), date(2025, 6, 30))


def test_the_last_quarter_runs_into_the_next_calendar_year():
    assert Quarter.parse("2023Q4").last_day == date(2024, 3, 31)


@pytest.mark.parametrize("written", ["2025q1", " 2025Q1 ", "2025 Q1", "2025-Q1"])
def test_case_and_spaces_are_forgiven(written):
    assert Quarter.parse(written) == Quarter(2025, 1)


@pytest.mark.parametrize("written", ["", "2025", "2025Q5", "Q1 2025", "1999Q1", "2025Q1x"])
def test_anything_else_is_refused_with_an_example(written):
    with pytest.raises(WrongUse, match="2025Q1"):
        Quarter.parse(written)


@given(days)
def test_each_day_lies_in_the_quarter_it_is_given(day):
    quarter = Quarter.of(day)
    assert quarter.first_day <= day <= quarter.last_day


@given(days, st.integers(-20, 20))
def test_adding_quarters_is_undone_by_taking_them_away(day, count):
    quarter = Quarter.of(day)
    assert quarter + count - count == quarter


@given(days)
def test_quarters_follow_each_other_without_a_gap(day):
    quarter = Quarter.of(day)
    assert (quarter + 1).first_day - quarter.last_day == timedelta(days=1)


def test_a_run_of_quarters_includes_both_ends():
    assert [str(q) for q in Quarter(2023, 3).to(Quarter(2024, 2))] == [
        "2023Q3",
        "2023Q4",
        "2024Q1",
        "2024Q2",
    ]
    assert Quarter(2024, 1).to(Quarter(2023, 4)) == ()


def test_the_title_is_for_a_reader():
    assert str(Quarter(2023, 4).title) == "January to March 2024"
