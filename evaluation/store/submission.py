"""What was accepted, form by form, and which of it is in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, FromClause, Row, exists, func, select
from sqlalchemy.sql.elements import ColumnElement

from evaluation.quarters import Quarter
from evaluation.store import ledger as tables
from evaluation.store.opening import Store


@dataclass(frozen=True, slots=True)
class Submission:
    """One form of one accepted workbook.

    `revision` counts the returns of this provider, form and quarter from 1. `nil` is True where
    the cover declared that there was nothing to report. `file` is the digest of the file that
    holds the rows. `supersedes` is the receipt that was in force for the form when this one came,
    and `superseded_by` the one that came next and was not withdrawn; missing where there is none.
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
    withdrawn: bool = False

    @property
    def in_force(self) -> bool:
        return self.superseded_by is None and not self.withdrawn


def submissions(store: Store, quarter: Quarter | None = None) -> tuple[Submission, ...]:
    """Every form that was accepted, for one quarter or for all, in the order of acceptance."""
    where = () if quarter is None else (tables.submissions.c.quarter == str(quarter),)
    with store.reading() as ledger:
        return read_submissions(ledger, *where)


def read_submissions(
    ledger: Connection, *where: ColumnElement[bool], as_at: int | None = None
) -> tuple[Submission, ...]:
    """Submissions in the order of acceptance; with `as_at`, as the ledger stood at that number."""
    held, receipts = tables.submissions, tables.receipts
    before, after = held.alias("before"), held.alias("after")
    now = [] if as_at is None else [held.c.sequence <= as_at]
    then = [] if as_at is None else [after.c.sequence <= as_at]
    was_in_force = select(func.max(before.c.sequence)).where(
        *_of_the_same_return(before),
        before.c.sequence < held.c.sequence,
        ~withdrawn(before.c.sequence, by=held.c.sequence),
    )
    came_next = select(func.min(after.c.sequence)).where(
        *_of_the_same_return(after),
        after.c.sequence > held.c.sequence,
        ~withdrawn(after.c.sequence, by=as_at),
        *then,
    )
    before_receipt, after_receipt = receipts.alias(), receipts.alias()
    query = (
        select(
            held,
            receipts.c.id.label("receipt"),
            receipts.c.received_at,
            before_receipt.c.id.label("supersedes"),
            after_receipt.c.id.label("superseded_by"),
            withdrawn(held.c.sequence, by=as_at).label("withdrawn"),
        )
        .join(receipts, receipts.c.sequence == held.c.sequence)
        .outerjoin(before_receipt, before_receipt.c.sequence == was_in_force.scalar_subquery())
        .outerjoin(after_receipt, after_receipt.c.sequence == came_next.scalar_subquery())
        .where(*where, *now)
        .order_by(held.c.sequence, held.c.form)
    )
    return tuple(_submission(row) for row in ledger.execute(query))


def withdrawn(
    receipt: ColumnElement[int], *, by: ColumnElement[int] | int | None = None
) -> ColumnElement[bool]:
    """Whether the receipt with this number was taken back, before the number `by` if given."""
    taken_back = tables.withdrawals.alias()
    said = exists().where(taken_back.c.receipt == receipt)
    return said if by is None else said.where(taken_back.c.sequence <= by)


def _of_the_same_return(other: FromClause) -> list[ColumnElement[bool]]:
    held = tables.submissions.c
    return [other.c[name] == held[name] for name in ("provider", "form", "quarter")]


def _submission(row: Row[tuple[object, ...]]) -> Submission:
    return Submission(
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
        withdrawn=bool(row.withdrawn),
    )
