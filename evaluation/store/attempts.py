"""What was sent and refused: that it was, when, and with how many faults; nothing of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select

from evaluation.errors import WrongUse
from evaluation.language import _
from evaluation.nouns import Checked
from evaluation.quarters import Quarter
from evaluation.store import ledger as tables
from evaluation.store.opening import Store


@dataclass(frozen=True, slots=True)
class Attempt:
    """One file that was refused. `forms` are those that it held; `faults` refused it."""

    provider: str
    quarter: Quarter
    sha256: str
    received_at: datetime
    forms: tuple[str, ...]
    faults: int


def record_attempt(store: Store, checked: Checked, *, now: datetime) -> None:
    """Note that a return was refused. The same file again is the same attempt.

    A return that does not say whose it is and for which quarter leaves no trace. `now` must have
    a time zone. Raises StoreError if the ledger cannot be written.
    """
    source = checked.source
    if source.provider is None or source.quarter is None:
        return
    if now.tzinfo is None:
        raise WrongUse(_("The time of the attempt has no time zone."))
    t = tables.attempts
    said = {
        "provider": source.provider,
        "quarter": str(source.quarter),
        "sha256": source.sha256,
    }
    with store.writing() as ledger:
        if ledger.execute(select(t).filter_by(**said)).first() is not None:
            return
        entered = ledger.execute(
            t.insert().values(
                **said,
                received_at=now.astimezone(UTC).isoformat(),
                faults=sum(finding.severity == "reject" for finding in checked.findings),
            )
        )
        (number,) = entered.inserted_primary_key or (None,)
        forms = sorted({*checked.tables, *source.nil})
        if forms:
            rows = [{"attempt": number, "form": form} for form in forms]
            ledger.execute(tables.attempted.insert(), rows)


def attempts(store: Store, quarter: Quarter) -> tuple[Attempt, ...]:
    """What was sent for a quarter and refused, in the order in which it came."""
    t, of = tables.attempts, tables.attempted
    with store.reading() as ledger:
        found = ledger.execute(
            select(t).where(t.c.quarter == str(quarter)).order_by(t.c.number)
        ).all()
        forms = ledger.execute(
            select(of).where(of.c.attempt.in_([row.number for row in found])).order_by(of.c.form)
        ).all()
    return tuple(
        Attempt(
            provider=row.provider,
            quarter=quarter,
            sha256=row.sha256,
            received_at=datetime.fromisoformat(row.received_at),
            forms=tuple(item.form for item in forms if item.attempt == row.number),
            faults=row.faults,
        )
        for row in found
    )
