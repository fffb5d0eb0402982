"""Several processes accept at once: all succeed, and no revision is given twice."""

import os
import time
from contextlib import ExitStack

import pytest
from store_nursery import QUARTERS, nursing, rows_of

from evaluation.store import Store, receipts, submissions, take_snapshot

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="the helper forks"),
]


@pytest.fixture
def four(tmp_path):
    """Four processes at the ready, with one store."""
    Store.open(tmp_path / "store")
    with ExitStack() as stack:
        nurses = [
            stack.enter_context(nursing(tmp_path / "store", tmp_path / f"given {n}"))
            for n in range(4)
        ]
        for nurse in nurses:
            nurse.ask(0, 0)
        assert [nurse.gone() for nurse in nurses] == [0] * 4
        yield nurses


def test_four_processes_with_ten_returns_each(tmp_path, four):
    store = Store.open(tmp_path / "store")
    for n, nurse in enumerate(four):
        nurse.ask(10 * n, 10)
    until = time.monotonic() + 60
    while len(receipts(store)) < 40 and time.monotonic() < until:
        # A reader beside the writers sees whole returns only.
        rows = take_snapshot(store, QUARTERS[-1], ["visits"]).tables["visits"]
        if rows is not None:
            for _of, refs in rows.groupby(["provider", "quarter"])["visit_ref"]:
                (number,) = refs.str.split("-").str[1].unique()
                assert len(refs) == rows_of(int(number))
    assert [nurse.gone() for nurse in four] == [0] * 4
    given = {number: id_ for nurse in four for number, id_ in nurse.said()[1].items()}
    assert set(given) == set(range(40))
    assert sorted(given.values()) == sorted(receipt.id for receipt in receipts(store))
    # The revisions of one provider, form and quarter are 1, 2, 3, … and the last is in force.
    revisions = {}
    for held in submissions(store):
        revisions.setdefault((held.provider, held.form, held.quarter), []).append(held)
    assert len(revisions) == 12
    for chain in revisions.values():
        assert [held.revision for held in chain] == list(range(1, len(chain) + 1))
        assert [held.in_force for held in chain] == [False] * (len(chain) - 1) + [True]


def test_four_processes_with_the_same_ten_returns(tmp_path, four):
    for nurse in four:
        nurse.ask(0, 10)
    assert [nurse.gone() for nurse in four] == [0] * 4
    given = [nurse.said()[1] for nurse in four]
    assert all(its == given[0] for its in given)
    assert len(receipts(Store.open(tmp_path / "store"))) == len(given[0]) == 10
