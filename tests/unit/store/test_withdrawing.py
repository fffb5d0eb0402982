"""A return taken back: what is in force then, and what stays as it was."""

from datetime import timedelta

import pandas as pd
import pytest
from store_toys import FORMS, NOW, Q1, checked, finding, visits

from evaluation.errors import WrongUse
from evaluation.store import (
    accept,
    earlier,
    in_force_instead,
    known_receipt,
    open_findings,
    open_snapshot,
    receipts,
    submissions,
    take_snapshot,
    withdraw,
    would_supersede,
)

LATER = NOW + timedelta(days=3)


def take(store, *refs, file=None, quarter=Q1, provider="team", forms=("visits",), **more):
    tables = {form: visits(*refs) for form in forms}
    return accept(
        store,
        checked(tables, file=file or str(refs), quarter=quarter, provider=provider, **more),
        FORMS,
        now=NOW,
        rules_version="1",
    )


def take_back(store, receipt, why="Sent by mistake", now=LATER):
    return withdraw(store, receipt.id, why=why, now=now)


def believed(store, form="visits"):
    """The references in force; None where nothing is."""
    rows = take_snapshot(store, Q1, [form]).tables[form]
    return None if rows is None else list(rows["visit_ref"])


def test_a_return_that_was_taken_back_is_as_if_it_had_not_come(store):
    receipt = take_back(store, take(store, "V-1"))
    assert (receipt.withdrawn_at, receipt.withdrawn_why) == (LATER, "Sent by mistake")
    assert believed(store) is None
    assert earlier(store, "team", Q1) == {}
    assert take_snapshot(store, Q1, ["visits"]).arrived == frozenset()
    assert in_force_instead(store, receipt) == {"visits": None}


def test_the_return_before_is_in_force_again_form_by_form(store):
    first = take(store, "V-1")
    second = take(store, "V-2", forms=("visits", "calls"))
    assert (believed(store), believed(store, "calls")) == (["V-2"], ["V-2"])
    gone = take_back(store, second)
    assert (believed(store), believed(store, "calls")) == (["V-1"], None)
    instead = in_force_instead(store, gone)
    assert instead["visits"].receipt == first.id
    assert instead["calls"] is None
    assert receipts(store)[0].superseded_by == ()


def test_a_superseded_return_may_be_taken_back_and_does_not_come_back_later(store):
    first, second, third = (take(store, f"V-{n}") for n in (1, 2, 3))
    take_back(store, second)
    assert believed(store) == ["V-3"]
    take_back(store, third)
    assert believed(store) == ["V-1"]
    by_id = {receipt.id: receipt for receipt in receipts(store)}
    # What a return replaced when it came stays as its receipt said.
    assert by_id[third.id].supersedes == (second.id,)
    assert by_id[first.id].superseded_by == ()
    take_back(store, first)
    assert believed(store) is None


def test_what_comes_after_a_withdrawal_supersedes_what_is_in_force_then(store):
    first, second = take(store, "V-1"), take(store, "V-2")
    take_back(store, second)
    assert [r.id for r in would_supersede(store, "team", Q1, ["visits"], "new")] == [first.id]
    assert take(store, "V-3").supersedes == (first.id,)
    state = {(s.revision, s.in_force) for s in submissions(store, Q1)}
    assert state == {(1, False), (2, False), (3, True)}


def test_twice_is_harmless_and_the_first_reason_stands(store):
    receipt = take(store, "V-1")
    first = take_back(store, receipt)
    before = take_snapshot(store, Q1, ["visits"]).id
    again = take_back(store, receipt, why="For another reason", now=LATER + timedelta(days=1))
    assert again == first
    assert take_snapshot(store, Q1, ["visits"]).id == before


def test_the_same_file_may_come_again_and_gets_a_receipt_of_its_own(store):
    first = take(store, "V-1")
    take_back(store, first)
    assert known_receipt(store, "team", Q1, first.sha256) is None
    second = take(store, "V-1")
    assert second.id != first.id
    assert (second.sha256, second.supersedes) == (first.sha256, ())
    assert believed(store) == ["V-1"]
    assert take(store, "V-1") == second  # a retry is a retry again
    take_back(store, second)
    third = take(store, "V-1")
    assert len({first.id, second.id, third.id}) == 3
    assert [receipt.withdrawn_at for receipt in receipts(store)] == [LATER, LATER, None]


def test_a_superseded_file_that_is_in_force_again_keeps_its_receipt(store):
    first, second = take(store, "V-1"), take(store, "V-2")
    take_back(store, second)
    assert take(store, "V-1").id == first.id


def test_snapshots_keep_their_id_and_rows_before_and_after_each_withdrawal(store):
    taken = []

    def look():
        snapshot = take_snapshot(store, Q1, ["visits"])
        taken.append((snapshot.id, believed(store), snapshot))

    take(store, "V-1")
    look()
    second = take(store, "V-2")
    take(store, "V-9", provider="other")
    look()
    take_back(store, second)  # the newest return in force is older than this
    look()
    third = take(store, "V-2")
    look()
    take_back(store, third)
    look()
    assert [rows for _id, rows, _snapshot in taken] == [
        ["V-1"], ["V-9", "V-2"], ["V-9", "V-1"], ["V-9", "V-2"], ["V-9", "V-1"],
    ]  # fmt: skip
    assert len({name for name, _rows, _snapshot in taken}) == 5
    for name, _rows, before in taken:
        again = open_snapshot(store, name, ["visits"])
        assert (again.id, again.submissions, again.arrived) == (
            name,
            before.submissions,
            before.arrived,
        )
        pd.testing.assert_frame_equal(again.tables["visits"], before.tables["visits"])


def test_a_withdrawal_in_a_later_quarter_leaves_a_snapshot_alone(store):
    take(store, "V-1")
    later = take(store, "V-2", quarter=Q1 + 1)
    before = take_snapshot(store, Q1, ["visits"]).id
    take_back(store, later)
    assert take_snapshot(store, Q1, ["visits"]).id == before


def test_its_findings_are_no_longer_open(store):
    receipt = take(store, "V-1", findings=(finding(),))
    assert open_findings(store, Q1)
    take_back(store, receipt)
    assert open_findings(store, Q1) == ()


def test_a_receipt_may_be_typed_in_small_letters(store):
    receipt = take(store, "V-1")
    assert withdraw(store, f" {receipt.id.lower()} ", why="x", now=LATER).id == receipt.id


@pytest.mark.parametrize("why", ["", " \n ", "x" * 201])
def test_it_is_said_why_in_few_words(store, why):
    receipt = take(store, "V-1")
    with pytest.raises(WrongUse, match="why"):
        take_back(store, receipt, why=why)
    assert believed(store) == ["V-1"]


def test_a_receipt_that_was_never_given_is_a_sentence(store):
    with pytest.raises(WrongUse, match="never gave the receipt"):
        withdraw(store, "R-2025Q1-AAAAAA", why="x", now=LATER)


def test_the_time_needs_a_zone(store):
    receipt = take(store, "V-1")
    with pytest.raises(WrongUse, match="time zone"):
        take_back(store, receipt, now=LATER.replace(tzinfo=None))
