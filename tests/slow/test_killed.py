"""`accept` is killed at random moments, and at every step: nothing lost, torn or half visible."""

import os
import random
import signal
import time

import pytest
from store_nursery import QUARTERS, accept_return, nursing, rows_of

from evaluation.store import Store, receipts, submissions, take_snapshot
from evaluation.store.files import read

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="no fork and no SIGKILL on Windows"),
]

FORMS = ("visits", "calls")


def look(store: Store, given: dict[int, str]) -> None:
    """Every acknowledged receipt is there whole, and no other is there by half."""
    held = {receipt.id: receipt for receipt in receipts(store)}
    for number, receipt in given.items():
        assert held[receipt].rows == {"visits": rows_of(number), "calls": 1}
    for receipt in held.values():
        assert set(receipt.rows) == set(FORMS)
    # What is in force is, for each provider and quarter, one return's rows and all of them.
    snapshot = take_snapshot(store, QUARTERS[-1], FORMS)
    for form in FORMS:
        rows = snapshot.tables[form]
        if rows is None:
            assert not held
            continue
        numbers = rows["visit_ref"].str.split("-").str[1].astype(int)
        for _return, its in numbers.groupby([rows["provider"], rows["quarter"]]):
            (number,) = its.unique()
            assert len(its) == (rows_of(number) if form == "visits" else 1)


def look_closer(store: Store, began: set[int], given: dict[int, str]) -> None:
    """Every file reads back whole; a retry of every return gives its receipt, and only one."""
    for submission in submissions(store):
        assert read(store.files, submission.file).num_rows == submission.rows
    for number in sorted(began):
        receipt = accept_return(store, number)
        assert receipt.id == given.get(number, receipt.id)
        assert receipt.rows == {"visits": rows_of(number), "calls": 1}
    assert len(receipts(store)) == len(began)
    counted = [(s.provider, s.form, s.quarter, s.revision) for s in submissions(store)]
    assert len(set(counted)) == len(counted) == 2 * len(began)


def test_killed_fifty_times_at_random_moments(tmp_path):
    root, rng = tmp_path / "store", random.Random(20250703)
    store = Store.open(root)
    with nursing(root, tmp_path / "acknowledged") as nurse:
        nurse.ask(0, 0)  # waits until the nursery has its imports
        assert nurse.gone() == 0
        # How long one acceptance takes a new child here and now: the kills are spread over three.
        started = time.perf_counter()
        nurse.ask(0, 1)
        assert nurse.gone() == 0
        one = time.perf_counter() - started
        first, inside = 1, 0
        for kill in range(50):
            child = nurse.ask(first, 1_000)
            time.sleep(rng.uniform(0, 3 * one))
            os.kill(child, signal.SIGKILL)
            assert nurse.gone() == signal.SIGKILL
            began, given = nurse.said()
            inside += bool(began - set(given) - set(range(first)))
            first = max(began) + 1
            if kill % 5 == 4:
                look(store, given)
    look_closer(store, *nurse.said())
    # Most kills must have come in the middle of an acceptance, or this has shown nothing.
    assert inside >= 30


def test_killed_at_every_step(tmp_path):
    root = tmp_path / "store"
    store = Store.open(root)
    step, status = 0, signal.SIGKILL
    with nursing(root, tmp_path / "acknowledged") as nurse:
        while status == signal.SIGKILL:
            nurse.ask(step, 1, step)  # the return's number is that of the step
            status = nurse.gone()
            look(store, nurse.said()[1])
            step += 1
    began, given = nurse.said()
    assert status == 0
    assert list(given) == [step - 1]  # only the last one outlived all its steps
    # Only the last step comes after the commit: one return was accepted without its receipt.
    assert len(receipts(store)) == 2
    assert step > 40
    look_closer(store, began, given)
