"""Covariates are what was known at time zero: later returns change nothing."""

from dataclasses import replace

import pandas as pd
import pytest

from analyses.cohorts import discussed
from analyses.covariates import COVARIATES
from analyses.plan import read_plan
from evaluation.nouns import Snapshot
from tests.unit.analyses.making import believed, child, episode, episodes, meeting, referral

PLAN = read_plan()
HISTORY = (
    *episodes("ann", "2022-09-01 2022-12-24 2023-07-01 2023-07-10"),
    *episode("ann", "2023-07-25", risk_first="high"),
)
MET = meeting("ann", "2023-08-01", local_authority="W06000018")


def covariates(snapshot: Snapshot) -> dict:
    (row,) = discussed(snapshot, PLAN).children[list(COVARIATES)].to_dict("records")
    return row


def test_every_covariate_that_a_plan_may_name_is_in_the_cohort():
    assert covariates(believed(child("ann", "2009-05"), HISTORY, MET)) == {
        "age": 14,
        "sex": "female",
        "local_authority": "W06000018",  # where it was discussed, not where it lives now
        "care_status": "not_looked_after",
        "episodes_90": 3,
        "episodes_365": 5,
        "days_since_last": 7,
        "risk_last": "high",
    }


@pytest.mark.parametrize(("born", "age"), [("2009-08", 14), ("2009-09", 13)])
def test_age_is_counted_in_months_as_it_is_known(born, age):
    assert covariates(believed(child("ann", born), HISTORY, MET))["age"] == age


def test_care_status_comes_from_the_last_quarter_that_ended_before_time_zero():
    was = child("ann", quarters="2023Q1", care_status="looked_after")
    is_now = child("ann", quarters="2023Q2 to 2024Q4", care_status="not_looked_after")
    assert covariates(believed(was, is_now, HISTORY, MET))["care_status"] == "looked_after"


def test_care_status_is_not_known_where_no_return_told_of_the_child_before():
    snapshot = believed(child("ann", quarters="2023Q2", care_status="looked_after"), HISTORY, MET)
    known = covariates(snapshot)
    assert known["care_status"] == "not_known"
    assert known["sex"] == "female"  # a fixed fact may come from any return


def test_what_later_returns_say_changes_no_covariate():
    before = believed(child("ann"), HISTORY, MET)
    later = {
        "children": child(
            "ann", "2006-01", quarters="2023Q2 to 2024Q4", sex="other", care_status="looked_after",
            local_authority="W06000020",
        ),
        "missing_episodes": (
            *episode("ann", "2023-07-25", quarter="2023Q3", risk_first="low", hours=None),
            *episodes("ann", "2023-08-01 2023-08-02 2024-01-01"),
        ),
        "meeting_decisions": meeting("ann", "2023-09-05", "refer_st_giles"),
        "st_giles_referrals": referral("ann", "2023-09-05"),
    }  # fmt: skip
    after = believed(child("ann", quarters="2023Q1"), HISTORY, MET, *later.values())
    for form in later:  # each form told us something new
        assert not before.tables[form].equals(after.tables[form])
    assert covariates(after) == covariates(before)


def test_frames_of_the_snapshot_are_not_altered():
    snapshot = believed(child("ann"), HISTORY, MET, referral("ann", "2023-09-05"))
    kept = {form: table.copy(deep=True) for form, table in snapshot.tables.items()}
    discussed(snapshot, PLAN)
    for form, table in kept.items():
        pd.testing.assert_frame_equal(snapshot.tables[form], table)


def test_the_order_of_rows_does_not_matter():
    snapshot = believed(
        child("ann"), HISTORY, MET,
        child("bob"), episodes("bob", "2023-09-01 2023-09-02 2023-09-03"), meeting("bob", "2023-10-03"),
    )  # fmt: skip
    backwards = {form: table[::-1] for form, table in snapshot.tables.items()}
    first = discussed(snapshot, PLAN)
    second = discussed(replace(snapshot, tables=backwards), PLAN)
    assert first.flow == second.flow
    pd.testing.assert_frame_equal(first.children, second.children)
