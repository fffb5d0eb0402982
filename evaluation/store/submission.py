"""What was accepted, form by form, and which of it is in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, select, tuple_
from sqlalchemy.sql.elements import ColumnElement

from evaluation.quarters import Quarter
from evaluation.store import ledger as tables
from evaluation.store.opening import Store


@dataclass(frozen=True, slots=True)
class Submission:
    """One form of one accepted workbook.

    `revision` counts the returns of this provider, form and quarter from 1. `nil` is True where
    the cover declared that there was nothing to report. `file` is the digest of the file that
    holds the rows. `supersedes` is the receipt that this one replaced for the form and
    `superseded_by` the one that replaced it; missing where there is none.
    """

    receipt: str
    provider: str
    form: str
    quarter: Quarter
    received_at: datetime
    rows: int
    nil: bool
    revision: int
    form_version: int
    file: str
    sequence: int
    supersedes: str | None
    superseded_by: str | None

    @property
    def in_force(self) -> bool:
        return self.superseded_by is None


def submissions(store: Store, quarter: Quarter | None = None) -> tuple[Submission, ...]:
    """Every form that was accepted, for one quarter or for all, in the order of acceptance."""
    where = () if quarter is None else (tables.submissions.c.quarter == str(quarter),)
    with store.reading() as ledger:
        return read_submissions(ledger, *where)


def read_submissions(
    ledger: Connection, *where: ColumnElement[bool], as_at: int | None = None
) -> tuple[Submission, ...]:
    """Submissions in the order of acceptance; with `as_at`, as the ledger stood at that number.

    What a submission replaced, and what replaced it, are its neighbours in revision.
    """
    held, receipts = tables.submissions, tables.receipts
    before, after = held.alias("before"), held.alias("after")
    before_receipt, after_receipt = (
        receipts.alias("before_receipt"),
        receipts.alias("after_receipt"),
    )
    of_one_return = {
        other: tuple_(other.c.provider, other.c.form, other.c.quarter)
        == tuple_(held.c.provider, held.c.form, held.c.quarter)
        for other in (before, after)
    }
    by_then = () if as_at is None else (after.c.sequence <= as_at,)
    query = (
        select(
            held,
            receipts.c.id.label("receipt"),
            receipts.c.received_at,
            before_receipt.c.id.label("supersedes"),
            after_receipt.c.id.label("superseded_by"),
        )
        .join(receipts, receipts.c.sequence == held.c.sequence)
        .outerjoin(before, and_(of_one_return[before], before.c.revision == held.c.revision - 1))
        .outerjoin(before_receipt, before_receipt.c.sequence == before.c.sequence)
        .outerjoin(
            after, and_(of_one_return[after], after.c.revision == held.c.revision + 1, *by_then)
        )
        .outerjoin(after_receipt, after_receipt.c.sequence == after.c.sequence)
        .where(*where)
        .order_by(held.c.sequence, held.c.form)
    )
    if as_at is not None:
        query = query.where(held.c.sequence <= as_at)
    return tuple(
        Submission(
            receipt=row.receipt,
            provider=row.provider,
            form=row.form,
            quarter=Quarter.parse(row.quarter),
            received_at=datetime.fromisoformat(row.received_at),
            rows=row.rows,
            nil=row.nil,
            revision=row.revision,
            form_version=row.form_version,
            file=row.file,
            sequence=row.sequence,
            supersedes=row.supersedes,
            superseded_by=row.superseded_by,
        )
        for row in ledger.execute(query)
    )
