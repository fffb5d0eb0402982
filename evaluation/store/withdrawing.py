"""A return is taken back by a line of its own: nothing that was accepted is ever deleted."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, func, select

from evaluation.errors import WrongUse
from evaluation.language import _
from evaluation.nouns import Receipt
from evaluation.quarters import Quarter
from evaluation.store import ledger as tables
from evaluation.store.opening import Store
from evaluation.store.receipt import read_receipts
from evaluation.store.submission import Submission, read_submissions

LONGEST = 200
"""The most characters of what is written beside a withdrawal."""


def withdraw(store: Store, receipt: str, *, why: str, now: datetime) -> Receipt:
    """Take a return back, all its forms; gives its receipt, which says so.

    What it superseded is in force again, unless that was withdrawn too. Snapshots that were
    taken keep their id and their rows. One that was withdrawn before stays as it was, with the
    reason given then. `now` must have a time zone; `why` must not identify anybody, which the
    caller sees to.

    Raises WrongUse if no such receipt was ever given, or `why` is blank or too long.
    """
    if now.tzinfo is None:
        raise WrongUse(_("The time of the withdrawal has no time zone."))
    said = " ".join(why.split())
    if not 0 < len(said) <= LONGEST:
        raise WrongUse(
            _(
                "Say why the return is taken back, in at most {most} characters: --why",
                most=LONGEST,
            )
        )
    this = tables.receipts.c.id == receipt.strip().upper()
    with store.writing() as ledger:
        known = read_receipts(ledger, this)
        if not known:
            raise WrongUse(
                _(
                    "This store never gave the receipt ‘{receipt}’. A receipt reads like "
                    "R-2025Q1-7K3M9Q.",
                    receipt=receipt[:40],
                )
            )
        if known[0].withdrawn_at is None:
            number = ledger.execute(select(tables.receipts.c.sequence).where(this)).scalar_one()
            ledger.execute(
                tables.withdrawals.insert().values(
                    sequence=tables.next_number(ledger),
                    receipt=number,
                    withdrawn_at=now.astimezone(UTC).isoformat(),
                    why=said,
                )
            )
        return read_receipts(ledger, this)[0]


def in_force_instead(store: Store, receipt: Receipt) -> dict[str, Submission | None]:
    """For each form of a return, the one that is in force now; None where there is none."""
    columns = tables.submissions.c
    with store.reading() as ledger:
        held = read_submissions(
            ledger,
            columns.provider == receipt.provider,
            columns.quarter == str(receipt.quarter),
        )
    current = {item.form: item for item in held if item.in_force}
    return {form: current.get(form) for form in receipt.rows}


def newest_withdrawal(ledger: Connection, quarter: Quarter, *, as_at: int | None = None) -> int:
    """The number of the last withdrawal of a return up to `quarter`; 0 where there is none."""
    taken_back, receipts = tables.withdrawals, tables.receipts
    query = (
        select(func.max(taken_back.c.sequence))
        .join(receipts, receipts.c.sequence == taken_back.c.receipt)
        .where(receipts.c.quarter <= str(quarter))
    )
    if as_at is not None:
        query = query.where(taken_back.c.sequence <= as_at)
    return ledger.execute(query).scalar() or 0
