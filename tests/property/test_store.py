"""Whatever is accepted and taken back, in any order, the store believes what a dictionary would."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_toys import FORMS, NOW, Q1, checked, visits

from evaluation.store import Store, accept, open_snapshot, take_snapshot, withdraw

pytestmark = pytest.mark.slow

RETURNS = st.tuples(
    st.sampled_from(["alpha", "beta"]),
    st.sampled_from([Q1 - 1, Q1, Q1 + 1]),
    # For each form: not in the workbook, nil, or so many rows.
    st.fixed_dictionaries({form: st.sampled_from([None, 0, 1, 3]) for form in FORMS}).filter(
        lambda forms: any(rows is not None for rows in forms.values())
    ),
)


STEPS = st.one_of(RETURNS, st.integers(0, 5))
"""A return that comes, or the place of one that is taken back, among those that have come."""


def refs(number, rows):
    return [f"V-{number}-{row}" for row in range(rows)]


def send(store, number, provider, quarter, forms):
    held = {form: refs(number, rows) for form, rows in forms.items() if rows is not None}
    return accept(
        store,
        checked(
            {form: visits(*reversed(its)) for form, its in held.items() if its},
            provider=provider,
            quarter=quarter,
            file=str(number),
            nil=tuple(form for form, its in held.items() if not its),
        ),
        FORMS,
        now=NOW,
        rules_version="1",
    ).id


@settings(max_examples=40, deadline=None)
@given(st.lists(STEPS, min_size=1, max_size=8))
def test_a_snapshot_is_the_newest_of_each_return_then_and_for_ever(steps):
    came, receipts, gone, pinned = [], [], set(), []
    with TemporaryDirectory() as folder:
        store = Store.open(Path(folder) / "store")
        for step in steps:
            if isinstance(step, int):
                if step < len(receipts):
                    withdraw(store, receipts[step], why="a test", now=NOW)
                    gone.add(step)
            else:
                receipts.append(send(store, len(came), *step))
                came.append(step)
            believed = {
                (provider, quarter, form): refs(number, rows)
                for number, (provider, quarter, forms) in enumerate(came)
                for form, rows in forms.items()
                if rows is not None and number not in gone
            }
            snapshot = take_snapshot(store, Q1, FORMS)
            pinned.append(snapshot)
            for form in FORMS:
                held = {
                    key: its for key, its in believed.items() if key[2] == form and key[1] <= Q1
                }
                rows = snapshot.tables[form]
                assert (rows is None) == (not held)
                arrived = {key for key in snapshot.arrived if key[1] == form}
                assert arrived == {(p, form, q) for p, q, _form in held}
                if rows is not None:
                    assert list(
                        zip(rows["provider"], rows["quarter"], rows["visit_ref"], strict=True)
                    ) == [
                        (p, str(q), ref)
                        for (p, q, _form), its in sorted(held.items())
                        for ref in its
                    ]
        for then in pinned:
            again = open_snapshot(store, then.id, FORMS)
            assert (again.id, again.arrived) == (then.id, then.arrived)
            for form, rows in then.tables.items():
                if rows is None:
                    assert again.tables[form] is None
                else:
                    pd.testing.assert_frame_equal(again.tables[form], rows)
