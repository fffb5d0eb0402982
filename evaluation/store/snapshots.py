"""What was believed at a moment: a pinned set of submissions, reproducible for ever.

A snapshot's id says its quarter, the number in the ledger of the newest acceptance or withdrawal
up to that quarter, and a digest over every return in it, of whatever form. So it changes when,
and only when, something that it covers changes: a return for a later quarter leaves it alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from evaluation.errors import StoreError, WrongUse
from evaluation.language import _
from evaluation.nouns import Snapshot
from evaluation.quarters import Quarter
from evaluation.store import files, shapes
from evaluation.store import ledger as tables
from evaluation.store.opening import Store
from evaluation.store.readable import code, identity
from evaluation.store.submission import Submission, read_submissions
from evaluation.store.withdrawing import newest_withdrawal

_ID = re.compile(r"S-(20\d\dQ[1-4])-(\d+)-[0-9A-HJKMNP-TV-Z]{12}")


def take_snapshot(
    store: Store, quarter: Quarter, forms: Iterable[str], *, area: tuple[str, ...] = ()
) -> Snapshot:
    """The returns in force now for every quarter up to `quarter`; `tables` has each of `forms`.

    Rows are sorted by provider, quarter and the form's key. A form that never came is None; one
    of which only nil returns came is an empty frame with its columns. `submissions` are the
    receipts in force for these forms, `area` the places that they allow. Takes no lock for longer
    than a read of the ledger, and writes nothing.

    Raises StoreError if a file is missing or damaged, and names it.
    """
    newest, held = _in_force(store, quarter)
    taken = _open(store, _identify(quarter, newest, held), quarter, held, forms)
    return replace(taken, area=area)


def open_snapshot(store: Store, id: str, forms: Iterable[str] | None = None) -> Snapshot:  # noqa: A002 - the noun's own word
    """The snapshot that had this id, row for row, whatever has been superseded since.

    `forms` as in `take_snapshot`; left out, every form that had come by then.
    Raises WrongUse if the id is not of a snapshot, StoreError if it is not of this store's or a
    file is missing or damaged.
    """
    match = _ID.fullmatch(id.strip().upper())
    if match is None:
        raise WrongUse(
            _(
                "‘{id}’ is not the id of a snapshot, which reads like S-2025Q1-42-7K3M9QXW2B5D.",
                id=id[:60],
            )
        )
    quarter = Quarter.parse(match[1])
    newest, held = _in_force(store, quarter, as_at=int(match[2]))
    if _identify(quarter, newest, held) != match[0]:
        raise StoreError(
            _(
                "The store {path} has never held the snapshot {id}. It was taken from another "
                "store, or this one was restored from a backup older than the snapshot.",
                path=str(store.root),
                id=match[0],
            )
        )
    wanted = sorted({item.form for item in held}) if forms is None else forms
    return _open(store, match[0], quarter, held, wanted)


def earlier(store: Store, provider: str, quarter: Quarter) -> dict[str, pd.DataFrame]:
    """What the provider's returns in force say of `quarter` and every one before, form by form.

    One row is one row of the form, with its `quarter` as text ('2025Q1') in the first column,
    sorted by quarter and key. A form that was never accepted is absent.
    Raises StoreError if a file is missing or damaged.
    """
    _newest, in_force = _in_force(store, quarter)
    held = [item for item in in_force if item.provider == provider]
    return {
        form: _rows(store, held, form).drop(columns="provider")
        for form in sorted({item.form for item in held})
    }


def _in_force(
    store: Store, quarter: Quarter, as_at: int | None = None
) -> tuple[int, list[Submission]]:
    """The submissions in force up to `quarter`, sorted by provider, quarter and form.

    Before them stands the number of the newest thing in the ledger that made it so.
    """
    up_to = tables.submissions.c.quarter <= str(quarter)
    with store.reading() as ledger:
        found = read_submissions(ledger, up_to, as_at=as_at)
        taken_back = newest_withdrawal(ledger, quarter, as_at=as_at)
    held = sorted(
        (item for item in found if item.in_force),
        key=lambda item: (item.provider, item.quarter, item.form),
    )
    return max([taken_back, *(item.sequence for item in found)]), held


def _identify(quarter: Quarter, newest: int, held: list[Submission]) -> str:
    # A nil return has no rows to tell it from another, so its address is in the digest too.
    digest = identity(*(f"{x.provider} {x.form} {x.quarter} {x.file}" for x in held))
    return f"S-{quarter}-{newest}-{code(digest, 12)}"


def _open(
    store: Store, name: str, quarter: Quarter, held: list[Submission], forms: Iterable[str]
) -> Snapshot:
    wanted = tuple(dict.fromkeys(forms))
    seen = [item for item in held if item.form in wanted]
    come = {item.form for item in seen}
    receipts = {item.sequence: item.receipt for item in seen}
    return Snapshot(
        id=name,
        quarter=quarter,
        tables={form: _rows(store, seen, form) if form in come else None for form in wanted},
        arrived=frozenset((item.provider, item.form, item.quarter) for item in seen),
        submissions=tuple(receipts[sequence] for sequence in sorted(receipts)),
    )


def _rows(store: Store, held: list[Submission], form: str) -> pd.DataFrame:
    """All rows of one form. Each file is sorted by key, so in this order all are sorted."""
    return shapes.frame(files.read(store.files, item.file) for item in held if item.form == form)
