"""A folder of workbooks: the order in which they go in, and that one bad file stops no other."""

import os

import pytest
from store_toys import NOW, Q1

from evaluation.errors import StoreError, WrongUse
from evaluation.returns import batches
from evaluation.returns.batches import submit_folder
from evaluation.store import Store, receipts
from evaluation.store import attempts as refusals
from tests.unit.returns.workbooks import FORMS, PROVIDERS, VISIT, cover, right, table


def send(folder, store=None, progress=lambda _done, _of: None):
    store = store or folder.parent / "store"
    return submit_folder(folder, FORMS, PROVIDERS, store, now=NOW, progress=progress)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


def saved(path, seconds):
    """The file as if it had been saved so many seconds after the others."""
    os.utime(path, (1_750_000_000 + seconds, 1_750_000_000 + seconds))
    return path


def named(handled):
    return [(item.path.name, item.outcome) for item in handled]


def wrong(path):
    return right(path, Home_visits=table(VISIT | {"minutes": "a while"}))


def test_every_workbook_goes_in_and_gets_its_receipt(folder):
    right(folder / "a.xlsx")
    right(folder / "b.xlsx", Cover=cover(Quarter="2025Q2"))
    handled = send(folder)
    assert named(handled) == [("a.xlsx", "accepted"), ("b.xlsx", "accepted")]
    store = Store.open(folder.parent / "store")
    assert [item.receipt for item in handled] == list(receipts(store))
    assert [item.receipt for item in send(folder)] == list(receipts(store))


def test_they_go_in_by_quarter_then_provider_whatever_they_are_called(folder):
    right(folder / "a.xlsx", Cover=cover(Quarter="2025Q2"))
    calls = {"Cover": cover(Provider="callers"), "Home_visits": []}
    right(folder / "d.xlsx", **calls)
    right(folder / "e.xlsx")
    assert [name for name, _outcome in named(send(folder))] == ["d.xlsx", "e.xlsx", "a.xlsx"]


def test_of_two_files_for_one_return_the_newer_counts(folder):
    saved(right(folder / "a.xlsx"), 60)
    saved(right(folder / "b.xlsx", Home_visits=table(VISIT)), 0)
    older, newer = send(folder)
    assert (older.path.name, newer.path.name) == ("b.xlsx", "a.xlsx")
    assert newer.receipt.supersedes == (older.receipt.id,)


def test_one_bad_file_stops_no_other(folder):
    wrong(folder / "a wrong.xlsx")
    (folder / "b torn.xlsx").write_bytes(b"PK, and then nothing")
    right(folder / "c.xlsx", Cover=cover(Quarter="2025Q2"))
    handled = {item.path.name: item for item in send(folder)}
    assert {name: item.outcome for name, item in handled.items()} == {
        "a wrong.xlsx": "refused",
        "b torn.xlsx": "broken",
        "c.xlsx": "accepted",
    }
    assert "b torn.xlsx" in str(handled["b torn.xlsx"].why)
    assert not handled["a wrong.xlsx"].checked.acceptable
    assert handled["a wrong.xlsx"].receipt is None


@pytest.mark.parametrize("where", ["read_return", "submit"])
def test_a_fault_of_ours_in_one_file_stops_no_other(folder, monkeypatch, where):
    right(folder / "a.xlsx")
    right(folder / "b.xlsx", Cover=cover(Quarter="2025Q2"))
    real, calls = getattr(batches, where), []

    def first_fails(*args, **kwargs):
        calls.append(args)
        if len(calls) == 1:
            raise KeyError("a value that nobody should see")
        return real(*args, **kwargs)

    monkeypatch.setattr(batches, where, first_fails)
    handled = {item.path.name: item for item in send(folder)}
    assert {name: item.outcome for name, item in handled.items()} == {
        "a.xlsx": "broken",
        "b.xlsx": "accepted",
    }
    assert "KeyError" in str(handled["a.xlsx"].why)
    assert "nobody should see" not in str(handled["a.xlsx"].why)


def test_a_fault_of_the_store_stops_all(folder):
    right(folder / "a.xlsx")
    (folder.parent / "store").mkdir()
    (folder.parent / "store" / "letters").mkdir()
    with pytest.raises(StoreError):
        send(folder)


@pytest.mark.parametrize(("copied_after", "taken"), [(5, "r-findings.xlsx"), (-5, "r.xlsx")])
def test_of_a_workbook_and_its_marked_copy_the_newer_is_taken(folder, copied_after, taken):
    saved(right(folder / "r.xlsx"), 0)
    saved(right(folder / "r-findings.xlsx", Home_visits=table(VISIT)), copied_after)
    accepted, passed_over = send(folder)
    assert (accepted.path.name, accepted.outcome) == (taken, "accepted")
    assert passed_over.outcome == "passed_over"
    assert taken in str(passed_over.why)


def test_a_copy_that_may_be_of_two_files_replaces_neither(folder):
    for seconds, name in enumerate(("r.csv", "r.xlsx", "r-findings.xlsx")):
        saved(right(folder / name), seconds)
    assert {item.path.name for item in send(folder) if item.outcome != "passed_over"} == {
        "r.csv", "r.xlsx", "r-findings.xlsx",
    }  # fmt: skip


def test_a_marked_copy_alone_is_a_workbook_like_any_other(folder):
    right(folder / "r-findings.xlsx")
    assert named(send(folder)) == [("r-findings.xlsx", "accepted")]


def test_what_is_no_workbook_is_told_and_what_is_ours_or_hidden_is_not(folder):
    right(folder / "a.xlsx")
    for name in ("receipt R-1.txt", ".DS_Store", "~$a.xlsx", "a-findings.html"):
        (folder / name).write_bytes(b"x")
    (folder / "letter.docx").write_bytes(b"x")
    (folder / "later").mkdir()
    assert named(send(folder)) == [("a.xlsx", "accepted"), ("letter.docx", "passed_over")]


def test_a_folder_without_workbooks_is_wrong_use(folder):
    with pytest.raises(WrongUse, match="no workbook"):
        send(folder)


def test_progress_goes_from_the_first_file_to_the_end(folder):
    right(folder / "a.xlsx")
    (folder / "b.xlsx").write_bytes(b"PK")
    told = []
    send(folder, progress=lambda done, of: told.append((done, of)))
    assert [done for done, _of in told] == sorted(done for done, _of in told)
    assert told[-1] == (4, 4)


def test_a_refusal_is_noted_where_there_is_a_store_and_makes_none(folder):
    wrong(folder / "a.xlsx")
    send(folder)
    assert not (folder.parent / "store").exists()
    store = Store.open(folder.parent / "store")
    send(folder)
    (attempt,) = refusals(store, Q1)
    assert (attempt.provider, attempt.forms, attempt.faults) == (
        "st_elsewhere",
        ("calls", "home_visits"),
        1,
    )
