import pandas as pd
import pytest
from store_toys import FORMS, NOW, Q1, checked, visits

from evaluation.errors import StoreError, WrongUse
from evaluation.store import Store, accept, open_snapshot, submissions, take_snapshot
from evaluation.store.files import path_of

ALL = ("visits", "calls", "never")


def take(store, *refs, provider="team", quarter=Q1, form="visits", nil=()):
    tables = {form: visits(*refs)} if refs else {}
    file = f"{provider} {quarter} {form} {refs} {nil}"
    return accept(
        store,
        checked(tables, provider=provider, quarter=quarter, file=file, nil=nil),
        FORMS,
        now=NOW,
        rules_version="1",
    )


def refs(snapshot, form="visits"):
    rows = snapshot.tables[form]
    return list(zip(rows["provider"], rows["quarter"], rows["visit_ref"], strict=True))


def test_rows_in_force_are_sorted_by_provider_quarter_and_key(store):
    take(store, "V-3", "V-1", provider="zebra", quarter=Q1)
    take(store, "V-9", provider="zebra", quarter=Q1 - 1)
    take(store, "V-2", provider="alpha", quarter=Q1)
    snapshot = take_snapshot(store, Q1, ALL)
    assert refs(snapshot) == [
        ("alpha", "2025Q1", "V-2"),
        ("zebra", "2024Q4", "V-9"),
        ("zebra", "2025Q1", "V-1"),
        ("zebra", "2025Q1", "V-3"),
    ]
    assert list(snapshot.tables["visits"].index) == [0, 1, 2, 3]


def test_no_return_is_none_and_a_nil_return_is_an_empty_table_that_arrived(store):
    take(store, nil=("calls",))
    snapshot = take_snapshot(store, Q1, ALL)
    assert snapshot.tables["never"] is None
    assert snapshot.tables["visits"] is None
    assert snapshot.tables["calls"].empty
    assert "visit_ref" in snapshot.tables["calls"]
    assert snapshot.arrived == {("team", "calls", Q1)}


def test_an_empty_store_gives_a_snapshot_of_nothing(store):
    snapshot = take_snapshot(store, Q1, ALL)
    assert snapshot.tables == dict.fromkeys(ALL)
    assert snapshot.arrived == frozenset()
    assert snapshot.submissions == ()
    assert open_snapshot(store, snapshot.id, ALL) == snapshot


def test_later_quarters_are_not_in_it_and_do_not_change_its_id(store):
    receipt = take(store, "V-1")
    before = take_snapshot(store, Q1, ALL)
    take(store, "V-2", quarter=Q1 + 1)
    after = take_snapshot(store, Q1, ALL)
    assert after.id == before.id
    assert refs(after) == [("team", "2025Q1", "V-1")]
    assert after.submissions == (receipt.id,)


def test_the_same_state_gives_the_same_id_and_the_same_rows(store):
    take(store, "V-1", "V-2")
    take(store, "C-1", form="calls")
    one, two = (take_snapshot(Store.open(store.root), Q1, ALL) for _ in range(2))
    assert one.id == two.id
    for form in ("visits", "calls"):
        pd.testing.assert_frame_equal(one.tables[form], two.tables[form])


@pytest.mark.parametrize(
    "change",
    [
        lambda store: take(store, "V-2"),
        lambda store: take(store, "V-2", provider="other"),
        lambda store: take(store, "C-1", form="calls"),
        lambda store: take(store, nil=("calls",)),
        lambda store: take(store, "V-2", quarter=Q1 - 1),
    ],
)
def test_whatever_changes_what_is_believed_changes_the_id(store, change):
    take(store, "V-1")
    before = take_snapshot(store, Q1, ALL).id
    change(store)
    assert take_snapshot(store, Q1, ALL).id != before


def test_a_nil_return_of_another_quarter_is_another_snapshot(tmp_path):
    ids = set()
    for quarter in (Q1, Q1 - 1):
        store = Store.open(tmp_path / str(quarter))
        take(store, nil=("calls",), quarter=quarter)
        ids.add(take_snapshot(store, Q1, ALL).id)
    assert len(ids) == 2


def test_a_snapshot_opens_again_by_its_id_after_superseding(store):
    take(store, "V-1", "V-2")
    old = take_snapshot(store, Q1, ALL)
    take(store, "V-1")
    take(store, "C-1", form="calls")
    take(store, "V-7", provider="other")
    assert refs(take_snapshot(store, Q1, ALL)) != refs(old)
    again = open_snapshot(store, old.id, ALL)
    assert again.id == old.id
    assert again.arrived == old.arrived
    assert again.submissions == old.submissions
    assert again.tables["calls"] is None
    pd.testing.assert_frame_equal(again.tables["visits"], old.tables["visits"])
    assert set(open_snapshot(store, old.id.lower()).tables) == {"visits"}


def test_an_id_that_is_not_one_is_wrong_use(store):
    with pytest.raises(WrongUse, match="not the id of a snapshot"):
        open_snapshot(store, "2025Q1")


def test_the_id_of_another_store_is_refused(store, tmp_path):
    other = Store.open(tmp_path / "other")
    take(other, "V-1", "V-2")
    take(store, "V-1")
    with pytest.raises(StoreError, match="never held"):
        open_snapshot(store, take_snapshot(other, Q1, ALL).id)


def test_a_file_that_nothing_mentions_is_not_read(store):
    take(store, "V-1")
    orphan = store.files / "00" / f"{'0' * 64}.parquet"
    orphan.parent.mkdir(exist_ok=True)
    orphan.write_bytes(b"written, and then the power went")
    assert refs(take_snapshot(store, Q1, ALL)) == [("team", "2025Q1", "V-1")]


@pytest.mark.parametrize("damage", [lambda path: path.unlink(), lambda path: path.write_bytes(b"")])
def test_a_lost_or_damaged_file_stops_the_snapshot_and_is_named(store, damage):
    take(store, "V-1")
    (held,) = submissions(store)
    damage(path_of(store.files, held.file))
    with pytest.raises(StoreError, match=held.file):
        take_snapshot(store, Q1, ALL)


def test_only_the_forms_asked_for_are_in_the_tables_and_the_id_is_of_all(store):
    take(store, "V-1")
    take(store, "C-1", form="calls")
    one, both = take_snapshot(store, Q1, ["calls"]), take_snapshot(store, Q1, ["visits", "calls"])
    assert set(one.tables) == {"calls"}
    assert one.arrived == {("team", "calls", Q1)}
    assert one.id == both.id
