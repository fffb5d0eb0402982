"""Whose events are counted: a month that is mostly one child's is withheld as that."""

from datetime import date

import pandas as pd

from analyses.by_child import events_of, part_of_records
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


def test_who_has_a_record_of_which_it_is_not_true_is_counted_once():
    children = pd.Series(["a", "a", "b", "c", "c"])
    told = part_of_records(children, pd.Series([1, 0, 1, 0, 0]))
    assert (told["events"], told["with_events"], told["without_events"]) == (2, 2, 2)
    offered, attended = pd.Series([4, 6, 5]), pd.Series([4, 2, 0])
    told = part_of_records(pd.Series(["a", "b", "c"]), attended, offered)
    assert (told["events"], told["with_events"], told["without_events"]) == (6, 2, 2)


def test_the_other_records_of_the_child_who_has_most_of_them_are_counted():
    children = pd.Series(["a", "a", "b", "c", "c"])
    told = part_of_records(children, pd.Series([1, 0, 1, 0, 0]))
    assert told["largest_child_rest"] == 2


def test_a_share_of_records_whose_others_are_of_a_few_children_does_not_leave():
    """Of eighty, twelve were missed: by twelve children, or all by the same two."""

    def share(name, missed):
        attended = pd.Series([0 if each in missed else 1 for each in range(80)])
        children = pd.Series([*("x" * 6), *("y" * 6), *(str(each) for each in range(68))])
        told = part_of_records(children, attended)
        return Estimate("op_encompass", "school_told", name, unit="records", of=80,
                        children=int(children.nunique()), value=told["events"] / 80, **told)  # fmt: skip

    made = release(
        [share("alike", range(20, 32)), share("two", range(12))], PUBLIC, body="b",
        quarter=Quarter(2024, 1), snapshot="s", plan="p", claim_quarter=None, versions={},
        made_on=date(2024, 7, 31),
    )  # fmt: skip
    assert [each.withheld for each in made.figures] == [None, "complement"]


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
