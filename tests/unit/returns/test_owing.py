"""What is owed for a quarter, and what has come."""

from datetime import UTC, date, datetime

import pytest

from evaluation.errors import WrongUse
from evaluation.language import Text
from evaluation.nouns import Provider
from evaluation.quarters import Quarter
from evaluation.returns.owing import owing, who_owes
from evaluation.store import Submission

QUARTER = Quarter(2025, 1)
PROVIDERS = {
    "police": Provider("police", Text("Police"), ("children", "missing_episodes")),
    "service": Provider("service", Text("Service"), ("referrals",)),
}


def sent(form, day, *, revision=1, superseded_by=None, rows=5, quarter=QUARTER):
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
    )


def state(*submissions, today=date(2025, 7, 1)):
    owed = owing(PROVIDERS, QUARTER, submissions, due_days=20, today=today)
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
    assert item.rows == 0


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
