"""Days, months and moments, from text to types."""

import pandas as pd
import pytest

from schemas import FORMS
from tests.unit.returns.making import (
    CHILD,
    EPISODE,
    about,
    parsed,
    value,
)


@pytest.mark.parametrize(
    "text",
    [
        "14/08/2025",
        "14/8/25",
        "14/08/25",
        "2025-08-14",
        "2025-08-14T00:00:00",
        " 14/08/2025 ",
        "14/08/2025 10:30",
    ],
)
def test_a_day_may_be_written_so(text):
    day, rules = value("meeting_decisions", "met_on", text)
    assert day == pd.Timestamp("2025-08-14")
    assert rules == set()


@pytest.mark.parametrize(
    "text",
    [
        "13/25/2025",
        "30/02/2025",
        "31/04/25",
        "29/02/2025",
        "00/05/2025",
        "2025-13-01",
        "2025-08",
        "14 August 2025",
        "14.08.2025",
        "14/08/0025",
        "14/08/225",
        "14/08/2125",
        "45883",
        "14/08/2025 25:00",
        "#REF!",
        "14/08/2025; DROP",
    ],
)
def test_a_day_may_not_be_written_so(text):
    day, rules = value("meeting_decisions", "met_on", text)
    assert pd.isna(day)
    assert rules == {"CELL-DATE"}


def test_the_day_comes_before_the_month():
    day, _ = value("meeting_decisions", "met_on", "03/04/2025")
    assert day == pd.Timestamp("2025-04-03")


def test_a_leap_day_exists():
    day, _ = value("meeting_decisions", "met_on", "29/2/24")
    assert day == pd.Timestamp("2024-02-29")


@pytest.mark.parametrize(
    "text", ["2010-06", "2010-6", "2010-06-01", "01/06/2010", "2010-06-01T00:00:00"]
)
def test_a_month_may_be_written_so(text):
    month, rules = value("children", "birth_month", text)
    assert month == pd.Timestamp("2010-06-01")
    assert rules == set()


@pytest.mark.parametrize(
    "text", ["2010-06-02", "14/06/2010", "2010-06-14T00:00:00", "1/6/2010 09:00"]
)
def test_another_day_of_a_month_is_a_date_of_birth(text):
    month, rules = value("children", "birth_month", text)
    assert pd.isna(month)
    assert rules == {"CELL-BIRTH-DATE"}


@pytest.mark.parametrize("text", ["2010", "June 2010", "2010-13", "06/2010", "31/06/2010"])
def test_a_month_may_not_be_written_so(text):
    month, rules = value("children", "birth_month", text)
    assert pd.isna(month)
    assert rules == {"CELL-MONTH"}


@pytest.mark.parametrize(
    ("field", "text"), [("birth_month", "1/6/98"), ("history_from", "01/07/2025")]
)
def test_a_birth_or_a_history_does_not_lie_in_the_future(field, text):
    checked = parsed("children", CHILD | {field: text})
    assert about(FORMS["children"], checked.findings) == {("CELL-FUTURE", 2, field)}
    assert checked.tables["children"][field].isna().all()


def test_without_a_quarter_the_future_is_not_known_and_says_so():
    checked = parsed("children", CHILD | {"birth_month": "2098-06"}, quarter=None)
    assert checked.findings == ()
    assert "CELL-FUTURE" in dict(checked.not_run)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("14/08/2025 21:30", "2025-08-14 20:30"),
        ("14/8/25 9:05", "2025-08-14 08:05"),
        ("14/08/2025 21:30:15", "2025-08-14 20:30:15"),
        ("2025-08-14 21:30", "2025-08-14 20:30"),
        ("2025-08-14T21:30:15.123000", "2025-08-14 20:30:15.123"),
        ("2025-01-14T21:30:00", "2025-01-14 21:30"),
        ("2025-08-14T00:00:00", "2025-08-13 23:00"),
        ("14/08/2025 00:00", "2025-08-13 23:00"),
    ],
)
def test_a_moment_is_a_wall_clock_time_kept_in_utc(text, utc):
    moment, rules = value("missing_episodes", "reported_at", text)
    assert moment == pd.Timestamp(utc, tz="UTC")
    assert rules == set()


def test_a_moment_has_a_local_day_beside_it():
    table = parsed("missing_episodes", EPISODE | {"reported_at": "14/08/2025 00:30"}).tables[
        "missing_episodes"
    ]
    assert table["reported_at"].iloc[0] == pd.Timestamp("2025-08-13 23:30", tz="UTC")
    assert table["reported_on"].iloc[0] == pd.Timestamp("2025-08-14")
    assert list(table.columns[2:4]) == ["reported_at", "reported_on"]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("14/08/2025", "CELL-TIME-MISSING"),
        ("2025-08-14", "CELL-TIME-MISSING"),
        ("14/08/2025 24:00", "CELL-TIME"),
        ("14/08/2025 2:30 pm", "CELL-TIME"),
        ("13/25/2025 10:00", "CELL-TIME"),
        ("21:30", "CELL-TIME"),
        ("2025-08", "CELL-TIME"),
        ("2025-08-14T21:30:00Z", "CELL-TIME"),
        ("30/03/2025 01:30", "CELL-TIME-SKIPPED"),
    ],
)
def test_a_moment_may_not_be_written_so(text, rule):
    moment, rules = value("missing_episodes", "reported_at", text)
    assert pd.isna(moment)
    assert rules == {rule}


def test_the_hour_that_occurs_twice_is_the_first_and_noted():
    checked = parsed("missing_episodes", EPISODE | {"reported_at": "26/10/2025 01:30"})
    moment = checked.tables["missing_episodes"]["reported_at"].iloc[0]
    assert moment == pd.Timestamp("2025-10-26 00:30", tz="UTC")
    assert [(item.rule, item.severity) for item in checked.findings] == [
        ("CELL-TIME-TWICE", "note")
    ]
