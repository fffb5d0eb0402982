"""Another incident within stated days, by hand."""

import pandas as pd
import pytest

from analyses.encompass import incidents
from analyses.encompass.repeats import figures, followed
from evaluation.quarters import Quarter
from tests.unit.analyses.encompass.telling import YEAR_23, closed, incident, snapshot

CLOSED = closed("S1", YEAR_23)


def told(*rows, quarter="2024Q3", **more):
    return snapshot(CLOSED, *rows, quarter=quarter, **more)


def found(given, **more):
    return {each.measure: each for each in figures(incidents(given), given, **more)}


def test_children_are_followed_from_their_first_incident_of_the_quarter_two_before():
    """A again after 30 days and after 100; B after 190; C never: 1 of 3, with 2 incidents."""
    given = told(
        incident("A0", "A", "2024-03-20 20:00"),  # before the quarter: not the first
        incident("A1", "A", "2024-04-10 20:00"),
        incident("A2", "A", "2024-05-10 20:00"),
        incident("A3", "A", "2024-07-19 20:00"),
        incident("B1", "B", "2024-04-03 20:00"),
        incident("B2", "B", "2024-10-10 20:00"),
        incident("C1", "C", "2024-05-02 20:00"),
        incident("E1", "E", "2024-07-02 20:00"),  # after the quarter
    )
    figure = found(given)
    assert figure["children"].value == 3
    again = figure["another_incident"]
    assert (again.children, again.events, again.days) == (3, 1, 182)
    assert again.value == pytest.approx(1 / 3)
    assert figure["further_incidents"].value == pytest.approx(2 / 3)
    assert figure["further_incidents"].events == 2
    assert found(given, within_days=20)["another_incident"].value == 0


def test_one_moment_twice_is_one_and_what_was_not_due_counts_for_nothing():
    given = told(
        incident("A1", "A", "2024-04-10 20:00"),
        incident("A2", "A", "2024-04-10 20:00"),
        incident("A3", "A", "2024-04-12 20:00", outcome="not_due"),
        incident("B1", "B", "2024-04-10 20:00"),
    )
    assert found(given)["another_incident"].value == 0


def test_follow_up_ends_when_a_child_turns_18_or_left():
    given = told(incident("A1", "A", "2024-04-10 00:00"), incident("B1", "B", "2024-04-10 00:00"))
    children = pd.DataFrame(
        {
            "child_key": ["A", "B"],
            "birth_month": pd.to_datetime(["2006-04-01", "2012-01-01"]),
            "followed_to": pd.to_datetime([None, "2024-06-09"]),
            "quarter": "2024Q1",
        }
    )
    given.tables["children"] = children
    days = followed(incidents(given), given, Quarter(2024, 1)).set_index("child_key")["stop"]
    assert days["A"] == pytest.approx(21)  # to the end of April
    assert days["B"] == pytest.approx(60)


def test_a_gap_in_the_returns_is_no_quiet_time():
    rows = [incident("A1", "A", "2024-04-10 20:00"), incident("B1", "B", "2024-05-10 20:00")]
    figure = found(told(*rows, not_sent="police/2024Q2"))
    assert {each.why_not for each in figure.values()} == {"no_return"}
    assert figure["children"].value is None


def test_nobody_to_follow_is_nothing_to_count():
    figure = found(told())
    assert figure["children"].value == 0
    assert figure["another_incident"].why_not == "no_events"


def test_one_child_with_forty_incidents_is_one_child():
    rows = [
        incident(f"D{n}", "A", str(pd.Timestamp("2024-04-02 20:00") + pd.Timedelta(days=n)))
        for n in range(40)
    ]
    figure = found(told(*rows))
    assert figure["another_incident"].children == 1
    assert figure["further_incidents"].value == 39
