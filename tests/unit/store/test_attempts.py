"""That a return was sent and refused is known; nothing of it is."""

from dataclasses import replace
from datetime import timedelta

import pytest
from store_toys import NOW, Q1, checked, finding, visits

from evaluation.errors import WrongUse
from evaluation.store import attempts, record_attempt, submissions


def test_an_attempt_says_whose_when_of_what_and_how_many_faults(store):
    faults = (finding("reject"), finding("reject"), finding("explain"))
    record_attempt(store, checked(nil=("calls",), findings=faults), now=NOW)
    (attempt,) = attempts(store, Q1)
    assert (attempt.provider, attempt.quarter, attempt.received_at) == ("team", Q1, NOW)
    assert (attempt.forms, attempt.faults) == (("calls", "visits"), 2)
    assert attempt.sha256 == checked().source.sha256
    assert attempts(store, Q1 + 1) == ()


def test_it_keeps_nothing_of_the_file(store):
    record_attempt(store, checked({"visits": visits("V-SECRET-1")}), now=NOW)
    assert submissions(store) == ()
    assert not store.files.exists()
    assert b"SECRET" not in (store.root / "ledger.sqlite").read_bytes()


def test_the_same_file_again_is_the_same_attempt_and_another_is_another(store):
    for file, day in (("first", 0), ("first", 1), ("second", 2)):
        record_attempt(store, checked(file=file), now=NOW + timedelta(days=day))
    assert [item.received_at for item in attempts(store, Q1)] == [NOW, NOW + timedelta(days=2)]


@pytest.mark.parametrize("lacks", ["provider", "quarter"])
def test_a_file_that_does_not_say_whose_it_is_leaves_no_trace(store, lacks):
    record_attempt(store, checked(**{lacks: None}), now=NOW)
    assert attempts(store, Q1) == ()


def test_a_file_without_any_form_is_an_attempt_too(store):
    record_attempt(store, replace(checked(), tables={}), now=NOW)
    assert [item.forms for item in attempts(store, Q1)] == [()]


def test_the_time_needs_a_zone(store):
    with pytest.raises(WrongUse, match="time zone"):
        record_attempt(store, checked(), now=NOW.replace(tzinfo=None))
