import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PureWindowsPath

import pytest
from sqlalchemy import event
from store_toys import FORMS, NOW, Q1, checked

from evaluation.errors import StoreError
from evaluation.store import (
    Store,
    accept,
    open_snapshot,
    open_store,
    receipts,
    submissions,
    take_snapshot,
    withdraw,
)
from evaluation.store.opening import LEDGER


def test_opening_makes_a_store_and_opening_again_keeps_it(tmp_path):
    made = Store.open(tmp_path / "new" / "store")
    accept(made, checked(), FORMS, now=NOW, rules_version="1")
    assert len(submissions(Store.open(tmp_path / "new" / "store"))) == 1
    assert len(submissions(open_store(tmp_path / "new" / "store"))) == 1


def test_several_may_make_the_same_store_at_once(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        stores = list(pool.map(Store.open, [tmp_path / "store"] * 8))
    receipt = accept(stores[0], checked(), FORMS, now=NOW, rules_version="1")
    assert [submissions(store)[0].receipt for store in stores] == [receipt.id] * 8


def test_a_store_that_is_not_there_is_not_made_unless_asked_for(tmp_path):
    with pytest.raises(StoreError, match="no store in"):
        open_store(tmp_path / "absent")
    assert not (tmp_path / "absent").exists()


def test_a_folder_with_other_things_is_left_alone(tmp_path):
    (tmp_path / "letters").mkdir()
    with pytest.raises(StoreError, match="holds other things"):
        Store.open(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["letters"]


def test_a_store_that_lost_its_ledger_is_not_taken_for_a_new_one(store):
    accept(store, checked(), FORMS, now=NOW, rules_version="1")
    (store.root / LEDGER).unlink()
    with pytest.raises(StoreError, match="restore its ledger"):
        Store.open(store.root)


def test_a_file_is_not_a_store(tmp_path):
    (tmp_path / "file").write_text("text")
    with pytest.raises(StoreError):
        Store.open(tmp_path / "file")


@pytest.mark.parametrize("create", [True, False])
def test_a_ledger_that_is_not_a_database_is_not_a_store(tmp_path, create):
    (tmp_path / LEDGER).write_text("this is not a database, and long enough to be taken for one")
    with pytest.raises(StoreError, match="not a ledger"):
        open_store(tmp_path, create=create)


@pytest.mark.parametrize("create", [True, False])
def test_somebody_elses_database_is_not_a_store_and_is_left_alone(tmp_path, create):
    with sqlite3.connect(tmp_path / LEDGER) as other:
        other.execute("CREATE TABLE letters (word TEXT)")
    with pytest.raises(StoreError, match="is not a store"):
        open_store(tmp_path, create=create)
    with sqlite3.connect(tmp_path / LEDGER) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("letters",)]


def test_a_store_whose_making_was_cut_short_is_not_one_and_can_be_made_again(tmp_path):
    (tmp_path / LEDGER).touch()
    with pytest.raises(StoreError, match="is not a store"):
        open_store(tmp_path)
    assert submissions(Store.open(tmp_path)) == ()


def test_a_store_of_a_newer_format_is_refused(store):
    with sqlite3.connect(store.root / LEDGER) as ledger:
        ledger.execute("UPDATE store SET format = 4")
    with pytest.raises(StoreError, match="format 4"):
        open_store(store.root)


def test_a_store_of_the_first_format_is_given_what_it_lacks_and_keeps_what_it_has(store):
    receipt = accept(store, checked(), FORMS, now=NOW, rules_version="1")
    snapshot = take_snapshot(store, Q1, FORMS)
    with sqlite3.connect(store.root / LEDGER) as ledger:
        for table in ("withdrawals", "explanations", "attempted", "attempts"):
            ledger.execute(f"DROP TABLE {table}")
        ledger.execute("UPDATE store SET format = 1")
    opened = open_store(store.root)
    assert receipts(opened) == (receipt,)
    assert open_snapshot(opened, snapshot.id).submissions == snapshot.submissions
    assert withdraw(opened, receipt.id, why="a test", now=NOW).withdrawn_at == NOW
    # A toolkit that knows nothing of withdrawals must not read it as if there were none.
    with sqlite3.connect(store.root / LEDGER) as ledger:
        assert ledger.execute("SELECT format FROM store").fetchall() == [(3,)]


def test_a_damaged_ledger_is_a_sentence(store):
    path = store.root / LEDGER
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(StoreError, match="damaged"):
        accept(store, checked(), FORMS, now=NOW, rules_version="1")


def test_a_ledger_that_may_not_be_written_is_a_sentence_and_can_be_read(store):
    accept(store, checked(), FORMS, now=NOW, rules_version="1")

    # A test that runs as root cannot take rights away from itself: SQLite is told instead.
    @event.listens_for(store.ledger, "connect")
    def only_read(connection, _record):
        connection.execute("PRAGMA query_only = ON")

    with pytest.raises(StoreError, match="may write to it"):
        accept(store, checked(file="second"), FORMS, now=NOW, rules_version="1")
    assert len(submissions(store)) == 1


def test_a_network_drive_is_refused(monkeypatch):
    share = PureWindowsPath(r"\\server\share\store")
    monkeypatch.setattr(Path, "resolve", lambda self: share)
    with pytest.raises(StoreError, match="network drive"):
        open_store(Path("Z:/store"), create=True)


def test_the_ledger_is_one_file_and_commits_are_synced_with_their_folder(store):
    accept(store, checked(), FORMS, now=NOW, rules_version="1")
    with store.reading() as ledger:
        assert ledger.exec_driver_sql("PRAGMA journal_mode").scalar() == "delete"
        assert ledger.exec_driver_sql("PRAGMA synchronous").scalar() == 3
        assert ledger.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    assert sorted(p.name for p in store.root.iterdir()) == ["files", LEDGER]
