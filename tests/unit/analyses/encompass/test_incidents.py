"""Each child at each incident, and the flow of exclusions, by hand."""

import pytest

from analyses.encompass import eligible, incidents
from evaluation.errors import MissingTable
from evaluation.quarters import Quarter
from tests.unit.analyses.encompass.telling import TORFAEN, YEAR_23, closed, incident, snapshot

YEAR = Quarter(2023, 4).to(Quarter(2024, 3))
CLOSED = closed("S1", f"{YEAR_23} 2024-09-02 2024-10-28/2024-11-01 2024-12-23/2025-01-03")
TUESDAY = "2024-05-07 21:30"


def one(*args, **more):
    """The row of a single incident."""
    return incidents(snapshot(CLOSED, incident("D1", "A", *args, **more))).iloc[0]


@pytest.mark.parametrize(
    ("told", "in_time"),
    [("2024-05-07 21:30", True), ("2024-05-08 08:44", True), ("2024-05-08 08:45", False),
     ("2024-05-09 08:00", False), (None, False)],
)  # fmt: skip
def test_in_time_is_before_the_hour_and_not_at_it(told, in_time):
    row = one(TUESDAY, told)
    assert row["state"] == "judged"
    assert row["in_time"] == in_time


def test_a_weekend_gives_until_monday_and_half_term_until_it_ends():
    assert one("2024-05-10 20:00", "2024-05-13 08:30")["in_time"]
    assert one("2024-05-24 20:00", "2024-06-02 12:00")["in_time"]
    assert not one("2024-05-24 20:00", "2024-06-03 09:00")["in_time"]


def test_hours_pass_through_the_change_of_clocks():
    assert one("2024-10-26 22:00", "2024-10-27 08:00")["hours"] == 11
    assert one("2024-03-30 22:00", "2024-03-31 08:00")["hours"] == 9


def test_a_row_is_followed_to_the_end_of_the_quarter_of_its_return():
    assert one("2024-06-29 21:00", "2024-07-01 08:00")["followed_hours"] == 27
    assert one("2024-06-29 21:00", None, sent="2024Q2")["followed_hours"] == 27 + 92 * 24


def test_what_was_told_last_counts():
    told = snapshot(
        CLOSED,
        incident("D1", "A", "2024-06-28 21:00", None),
        incident("D1", "A", "2024-06-28 21:00", "2024-06-29 09:00", sent="2024Q2"),
    )
    rows = incidents(told)
    assert len(rows) == 1
    assert rows["in_time"].all()


def test_rows_that_share_a_child_or_an_incident_are_one_family():
    told = snapshot(
        CLOSED,
        incident("D1", "A", TUESDAY),
        incident("D1", "B", TUESDAY),
        incident("D2", "B", "2024-06-04 20:00"),
        incident("D2", "C", "2024-06-04 20:00"),
        incident("D3", "E", "2024-06-05 20:00"),
    )
    family = incidents(told).set_index(["incident_ref", "child_key"])["family"]
    assert family.nunique() == 2
    assert family["D1", "A"] == family["D2", "C"]


def test_each_row_is_left_out_once_and_for_the_first_reason():
    told = snapshot(
        CLOSED,
        incident("D1", "A", TUESDAY, "2024-05-08 08:00"),
        incident("D1", "B", TUESDAY, outcome="not_due"),
        incident("D2", "B", TUESDAY, "2024-05-08 08:00", outcome="authority", school=None),
        incident("D3", "C", TUESDAY, outcome="no_school", school=None),
        incident("D4", "C", TUESDAY, school="S9", place=TORFAEN),
        incident("D5", "E", "2024-12-31 23:59"),  # at the end of the returns, before a holiday
        incident("D6", "A", "2024-06-04 20:00"),
        incident("D0", "A", "2023-12-05 20:00"),  # before the year
        quarter="2024Q3",
    )
    found = eligible(told, YEAR)
    assert {step.reason: (step.rows, step.children) for step in found.flow} == {
        "told": (7, 4),
        "not_due": (1, 1),
        "authority": (1, 1),
        "no_school": (1, 1),
        "unknown_calendar": (1, 1),
        "not_open_yet": (1, 1),
        "judged": (2, 1),
    }
    assert found.flow[0].rows == sum(step.rows for step in found.flow[1:])
    assert len(found.due) == 6
    assert sorted(found.judged["incident_ref"]) == ["D1", "D6"]


def test_whether_a_school_has_opened_is_asked_of_those_told_and_not_told_alike():
    """Else the days before a holiday would hold nothing but successes."""
    told = snapshot(
        CLOSED,
        incident("D1", "A", "2024-12-21 20:00", "2024-12-22 09:00"),
        incident("D2", "B", "2024-12-21 20:00"),
    )
    assert incidents(told)["state"].tolist() == ["not_open_yet", "not_open_yet"]


def test_closures_of_some_authorities_only_leave_the_others_unknown():
    told = snapshot(
        CLOSED,
        incident("D1", "A", TUESDAY, "2024-05-08 08:00"),
        incident("D2", "B", TUESDAY, "2024-05-08 08:00", school="T1", place=TORFAEN),
        providers=("newport", "torfaen"),
        not_sent="torfaen",
    )
    assert dict(incidents(told).set_index("incident_ref")["state"]) == {
        "D1": "judged",
        "D2": "unknown_calendar",
    }


def test_no_return_is_no_table_and_a_nil_return_is_no_rows():
    with pytest.raises(MissingTable):
        incidents(snapshot(CLOSED, not_sent="police"))
    found = eligible(snapshot(CLOSED), YEAR)
    assert [step.rows for step in found.flow] == [0] * 7


def test_inputs_are_left_as_they_were():
    told = snapshot(CLOSED, incident("D1", "A", TUESDAY))
    before = {form: rows.copy() for form, rows in told.tables.items()}
    eligible(told, YEAR)
    assert all(told.tables[form].equals(rows) for form, rows in before.items())
