"""Whose events are counted: a month that is mostly one child's is withheld as that."""

from datetime import date

import pandas as pd

from analyses.by_child import events_of
from evaluation.disclosure import PUBLIC, release
from evaluation.nouns import Estimate
from evaluation.quarters import Quarter


def test_events_are_those_of_each_child_together():
    rows = pd.DataFrame(
        {"child_key": ["a", "b", "a", "c"], "events": [2, 1, 3, 0]}, index=[7, 7, 8, 9]
    )
    told = events_of(rows["child_key"], rows["events"])
    assert told == {"events": 6, "with_events": 2, "largest_child_events": 5}


def test_a_row_is_one_event_unless_it_says_how_many():
    told = events_of(pd.Series(["a", "b", "a"]))
    assert told == {"events": 3, "with_events": 2, "largest_child_events": 2}


def test_of_no_rows_there_are_none():
    nobody = pd.Series([], dtype="object")
    assert set(events_of(nobody).values()) == {0}


def test_a_month_of_which_one_child_had_most_does_not_leave():
    def month(name, often):
        children = pd.Series([*("abcdefghij"), *("a" * often)])
        told = events_of(children)
        return Estimate("monitoring", "episodes", name, unit="episodes", children=10,
                        value=float(told["events"]), **told)  # fmt: skip

    made = release(
        [month("2024-05", 8), month("2024-06", 9)], PUBLIC, body="b", quarter=Quarter(2024, 1),
        snapshot="s", plan="p", claim_quarter=None, versions={}, made_on=date(2024, 7, 31),
    )  # fmt: skip
    assert [each.withheld for each in made.figures] == [None, "dominance"]
