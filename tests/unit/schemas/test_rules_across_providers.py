"""Rules that only show when all returns lie side by side: what their examples do not say."""

import pandas as pd
import pytest

from evaluation.nouns import Snapshot
from evaluation.quarters import Quarter
from evaluation.returns.checking import check_snapshot
from schemas import FORMS
from schemas.school_closures import academic_year
from tests.unit.returns.making import OTHER_KEY, RIGHT, accepted

Q4, Q1, Q2 = Quarter(2024, 4), Quarter(2025, 1), Quarter(2025, 2)
ASSESSMENTS, INCIDENTS, CLOSURES = (
    "exploitation_assessments", "op_encompass_incidents", "school_closures",
)  # fmt: skip
NOBODY_LOST = {"children": {"2025Q1": [RIGHT["children"], RIGHT["children"] | {"child_key": OTHER_KEY}]}}  # fmt: skip


def found(rule, rows, *, came=(Q1, Q2)):
    """The records that a rule finds; rows by form and quarter, on top of a right row of each."""
    tables = {
        name: accepted(
            name, {when: [RIGHT[name] | row for row in some] for when, some in returns.items()}
        )
        for name, returns in {**NOBODY_LOST, **rows}.items()
    }
    arrived = frozenset(("somebody", name, quarter) for name in rows for quarter in came)
    snapshot = Snapshot("1-0", max(came), dict.fromkeys(FORMS) | tables, arrived, ())
    return [item.record for item in check_snapshot(snapshot, FORMS) if item.rule == rule]


def assessed(*rows, **options):
    return found("EXP-02", {ASSESSMENTS: {"2025Q1": rows}}, **options)


@pytest.mark.parametrize(
    ("again", "late"),
    [
        ({"assessed_on": "30/06/2025"}, []),
        ({"assessed_on": "30/06/2025", "tool": "other", "strand": "sexual"}, []),
        ({"assessed_on": "30/06/2025", "child_key": OTHER_KEY}, ["A001"]),
        ({"assessed_on": "10/04/2025"}, ["A001"]),  # on the same day is not again
        ({"assessed_on": "09/04/2025"}, ["A001"]),
    ],
)
def test_a_child_is_assessed_again_by_any_tool_on_a_later_day(again, late):
    assert assessed({}, {"assessment_ref": "A002", "band": "mild", **again}) == late


@pytest.mark.parametrize(("again", "late"), [("11/07/2025", []), ("12/07/2025", ["A001"])])
def test_92_days_are_the_most_and_the_next_return_may_tell(again, late):
    second = {"assessment_ref": "A002", "band": "mild", "assessed_on": again}
    assert found("EXP-02", {ASSESSMENTS: {"2025Q1": [{}], "2025Q2": [second]}}) == late


@pytest.mark.parametrize("band", ["none", "mild"])
def test_a_child_below_moderate_need_not_be_assessed_again(band):
    assert assessed({"band": band}) == []


def test_nobody_is_asked_before_every_return_that_could_tell_has_come():
    assert assessed({}, came=(Q1,)) == []
    # 92 days after 31 March is 1 July: three quarters may tell.
    early = {ASSESSMENTS: {"2024Q4": [{"assessed_on": "31/03/2025"}]}}
    assert found("EXP-02", early, came=(Q4, Q2)) == []
    assert found("EXP-02", early, came=(Q4, Q1, Q2)) == ["A001"]


def schools_without_calendar(incidents, closures):
    return found("ENC-04", {INCIDENTS: {"2025Q1": incidents}, CLOSURES: {"2025Q1": closures}})


def test_a_school_without_a_calendar_is_one_finding_a_year_however_many_incidents():
    incidents = [
        {"school_ref": "9990502"},
        {"school_ref": "9990502", "incident_ref": "D2"},
        {"school_ref": "9990502", "incident_ref": "D3", "incident_at": "01/09/2024 10:00"},
        {"school_ref": "9990502", "incident_ref": "D4", "incident_at": "31/08/2024 10:00"},
        {"incident_ref": "D5"},
    ]
    assert schools_without_calendar(incidents, [{}]) == ["9990502 2024/25", "9990502 2023/24"]


def test_a_calendar_of_another_year_is_none():
    summer = {"from_on": "22/07/2024", "to_on": "02/09/2024"}
    assert schools_without_calendar([{}], [summer]) == ["9990501 2024/25"]


def test_an_incident_without_a_school_needs_no_calendar():
    home_educated = {"outcome": "authority", "school_ref": ""}
    assert schools_without_calendar([home_educated], [{"school_ref": "9990599"}]) == []


def test_the_academic_year_begins_on_the_first_of_september():
    days = pd.Series(pd.to_datetime(["2024-08-31", "2024-09-01", "2025-01-31", None]))
    assert academic_year(days).tolist()[:3] == [2023, 2024, 2024]
    assert academic_year(days).isna().tolist() == [False, False, False, True]
