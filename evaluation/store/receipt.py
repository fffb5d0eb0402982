"""The proof of each acceptance, and what a file would replace before it is accepted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, select
from sqlalchemy.sql.elements import ColumnElement

from evaluation.nouns import Receipt
from evaluation.quarters import Quarter
from evaluation.store import ledger as tables
from evaluation.store.opening import Store
from evaluation.store.submission import Submission, read_submissions, withdrawn


def receipts(
    store: Store, *, provider: str | None = None, quarter: Quarter | None = None
) -> tuple[Receipt, ...]:
    """Every receipt, of one provider or quarter if given, in the order of acceptance."""
    where = []
    if provider is not None:
        where.append(tables.receipts.c.provider == provider)
    if quarter is not None:
        where.append(tables.receipts.c.quarter == str(quarter))
    with store.reading() as ledger:
        return read_receipts(ledger, *where)


def known_receipt(store: Store, provider: str, quarter: Quarter, sha256: str) -> Receipt | None:
    """The receipt that this very file was given before; None if it is new or was taken back."""
    with store.reading() as ledger:
        return find_receipt(ledger, provider, quarter, sha256)


def would_supersede(
    store: Store, provider: str, quarter: Quarter, forms: Iterable[str], sha256: str
) -> tuple[Receipt, ...]:
    """The receipts that accepting this file would replace for at least one of `forms`.

    Empty if the very same file was accepted before and not withdrawn: see `known_receipt`.
    """
    columns = tables.submissions.c
    with store.reading() as ledger:
        if find_receipt(ledger, provider, quarter, sha256) is not None:
            return ()
        held = read_submissions(
            ledger,
            columns.provider == provider,
            columns.quarter == str(quarter),
            columns.form.in_(list(forms)),
        )
        replaced = sorted({item.receipt for item in held if item.in_force})
        return read_receipts(ledger, tables.receipts.c.id.in_(replaced))


def read_receipts(ledger: Connection, *where: ColumnElement[bool]) -> tuple[Receipt, ...]:
    """Receipts in the order of acceptance, each with what it replaced and what replaced it."""
    columns = tables.receipts.c
    taken_back = tables.withdrawals
    query = select(tables.receipts, taken_back.c.withdrawn_at, taken_back.c.why).outerjoin(
        taken_back, taken_back.c.receipt == columns.sequence
    )
    found = ledger.execute(query.where(*where).order_by(columns.sequence)).all()
    held: dict[int, list[Submission]] = {row.sequence: [] for row in found}
    of_these = tables.submissions.c.sequence.in_(select(columns.sequence).where(*where))
    for item in read_submissions(ledger, of_these):
        held[item.sequence].append(item)
    return tuple(
        Receipt(
            id=row.id,
            provider=row.provider,
            quarter=Quarter.parse(row.quarter),
            sha256=row.sha256,
            rows={item.form: item.rows for item in held[row.sequence]},
            rules_version=row.rules_version,
            received_at=datetime.fromisoformat(row.received_at),
            supersedes=_each(item.supersedes for item in held[row.sequence]),
            superseded_by=_each(item.superseded_by for item in held[row.sequence]),
            withdrawn_at=row.withdrawn_at and datetime.fromisoformat(row.withdrawn_at),
            withdrawn_why=row.why,
        )
        for row in found
    )


def find_receipt(
    ledger: Connection, provider: str, quarter: Quarter, sha256: str
) -> Receipt | None:
    """The receipt of this file from this provider for this quarter, if it was accepted.

    A receipt that was withdrawn does not count: the file may be accepted anew.
    """
    found = read_receipts(
        ledger,
        *_of_the_file(provider, quarter, sha256),
        ~withdrawn(tables.receipts.c.sequence),
    )
    return found[0] if found else None


def withdrawn_receipts(
    ledger: Connection, provider: str, quarter: Quarter, sha256: str
) -> tuple[str, ...]:
    """The receipts that this file was given and that were taken back, oldest first."""
    columns = tables.receipts.c
    query = (
        select(columns.id)
        .where(*_of_the_file(provider, quarter, sha256), withdrawn(columns.sequence))
        .order_by(columns.sequence)
    )
    return tuple(ledger.execute(query).scalars())


def _of_the_file(provider: str, quarter: Quarter, sha256: str) -> list[ColumnElement[bool]]:
    columns = tables.receipts.c
    return [
        columns.provider == provider,
        columns.quarter == str(quarter),
        columns.sha256 == sha256,
    ]


def _each(ids: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(sorted({item for item in ids if item is not None}))
