"""What is owed for a quarter, and what has come."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pandas as pd
import pytest

from evaluation.errors import WrongUse
from evaluation.language import Text
from evaluation.nouns import Provider, Snapshot
from evaluation.quarters import Quarter
from evaluation.returns.owing import filled, owing, who_owes
from evaluation.store import Attempt, Submission
from tests.unit.returns.workbooks import FORMS

QUARTER = Quarter(2025, 1)
PROVIDERS = {
    "police": Provider("police", Text("Police"), ("children", "missing_episodes")),
    "service": Provider("service", Text("Service"), ("referrals",)),
}


def sent(form, day, *, revision=1, superseded_by=None, rows=5, quarter=QUARTER, withdrawn=False):
    return Submission(
        receipt=f"R-{revision}",
        provider="police",
        form=form,
        quarter=quarter,
        received_at=datetime(2025, *day, 9, tzinfo=UTC),
        rows=rows,
        nil=rows == 0,
        revision=revision,
        form_version=1,
        file="f",
        sequence=revision,
        supersedes=None,
        superseded_by=superseded_by,
        withdrawn=withdrawn,
    )


def refusal(day, *forms, faults=3, provider="police"):
    return Attempt(provider, QUARTER, "0" * 64, datetime(2025, *day, 9, tzinfo=UTC), forms, faults)


def state(*submissions, today=date(2025, 7, 1), refused=()):
    owed = owing(PROVIDERS, QUARTER, submissions, due_days=20, today=today, refused=refused)
    return {(item.provider, item.form): item for item in owed}


def test_every_form_of_every_provider_is_owed_and_due_some_days_after_the_quarter():
    owed = state()
    assert list(owed) == [
        ("police", "children"),
        ("police", "missing_episodes"),
        ("service", "referrals"),
    ]
    assert {item.due_on for item in owed.values()} == {date(2025, 7, 20)}
    assert all(item.received_at is None and item.days_late == 0 for item in owed.values())


def test_what_has_not_come_is_late_from_the_day_after_it_was_due():
    assert state(today=date(2025, 7, 20))["service", "referrals"].days_late == 0
    assert state(today=date(2025, 7, 23))["service", "referrals"].days_late == 3


def test_what_has_come_is_late_by_the_day_it_came_and_not_by_today():
    item = state(sent("children", (7, 22)), today=date(2026, 1, 1))["police", "children"]
    assert (item.days_late, item.rows, item.receipt) == (2, 5, "R-1")


def test_the_return_in_force_counts_and_says_how_many_it_replaced():
    item = state(
        sent("children", (7, 2), superseded_by="R-2"), sent("children", (7, 3), revision=2, rows=7)
    )["police", "children"]
    assert (item.receipt, item.rows, item.replaced) == ("R-2", 7, 1)


def test_a_nil_return_has_come():
    item = state(sent("children", (7, 2), rows=0))["police", "children"]
    assert item.nil
    assert (item.state, item.rows) == ("nil", 0)


def test_a_correction_does_not_make_a_return_late_that_had_come_in_time():
    first = sent("children", (7, 20), superseded_by="R-2")
    item = state(first, sent("children", (8, 15), revision=2))["police", "children"]
    assert (item.state, item.receipt, item.days_late) == ("accepted", "R-2", 0)


def test_what_was_taken_back_had_not_come():
    gone = sent("children", (7, 2), withdrawn=True)
    item = state(gone, today=date(2025, 7, 23))["police", "children"]
    assert (item.state, item.receipt, item.withdrawn, item.days_late) == ("withdrawn", None, 1, 3)
    item = state(gone, sent("children", (7, 22), revision=2))["police", "children"]
    assert (item.state, item.receipt, item.replaced, item.days_late) == ("accepted", "R-2", 0, 2)


def test_a_day_is_one_by_the_clock_here():
    # Half past eleven at night in UTC, on the day it was due, is the next day here in summer.
    late = replace(sent("children", (7, 2)), received_at=datetime(2025, 7, 20, 23, 30, tzinfo=UTC))
    assert state(late)["police", "children"].days_late == 1


def test_a_refusal_shows_at_the_forms_that_the_file_held():
    owed = state(refused=[refusal((7, 2), "children"), refusal((7, 4), "children", faults=1)])
    item = owed["police", "children"]
    assert (item.state, item.refused, item.faults) == ("refused", 2, 1)
    assert item.refused_at == datetime(2025, 7, 4, 9, tzinfo=UTC)
    assert owed["police", "missing_episodes"].state == "not_received"


def test_a_refused_file_whose_forms_could_not_be_told_shows_at_all_of_them():
    owed = state(refused=[refusal((7, 2), provider="police")])
    assert {key: item.state for key, item in owed.items()} == {
        ("police", "children"): "refused",
        ("police", "missing_episodes"): "refused",
        ("service", "referrals"): "not_received",
    }


def test_a_refusal_of_somebody_who_owes_nothing_any_more_shows_nowhere():
    owed = state(refused=[refusal((7, 2), provider="long gone")])
    assert {item.state for item in owed.values()} == {"not_received"}


def test_a_refusal_beside_an_accepted_return_leaves_it_in_force_and_is_told():
    owed = state(sent("children", (7, 2)), refused=[refusal((7, 4), "children")])
    item = owed["police", "children"]
    assert (item.state, item.receipt, item.refused) == ("accepted", "R-1", 1)


def test_how_far_wanted_fields_are_filled_in_is_of_the_provider_and_the_quarter_alone():
    rows = pd.DataFrame(
        {
            "provider": ["st_elsewhere"] * 3 + ["callers"] * 2,
            "quarter": ["2025Q1", "2025Q1", "2024Q4", "2025Q1", "2025Q1"],
            "call_ref": ["C1", "C2", "C3", "C1", "C2"],
            "place": ["other", None, None, None, None],
        }
    )
    snapshot = Snapshot("S", QUARTER, {"calls": rows, "home_visits": None}, frozenset(), ())
    assert filled(FORMS["calls"], "st_elsewhere", snapshot) == {"place": 0.5}
    assert filled(FORMS["calls"], "nobody", snapshot) == {}
    assert filled(FORMS["home_visits"], "st_elsewhere", snapshot) == {}


def test_a_return_for_another_quarter_settles_nothing():
    item = state(sent("children", (7, 2), quarter=QUARTER - 1))["police", "children"]
    assert item.received_at is None


def test_a_form_is_owed_by_its_provider_alone():
    assert who_owes("service", PROVIDERS).forms == ("referrals",)
    one = who_owes("missing_episodes", PROVIDERS)
    assert (one.name, one.forms) == ("police", ("missing_episodes",))


def test_an_unknown_name_is_answered_with_those_that_there_are():
    with pytest.raises(WrongUse, match="police and service"):
        who_owes("polise", PROVIDERS)
