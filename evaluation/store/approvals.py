"""Who has approved what a release says: the whole of it, or its text in one language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypeAlias

from sqlalchemy import select

from evaluation.errors import WrongUse
from evaluation.language import _
from evaluation.store import ledger as tables
from evaluation.store.opening import Store

Approved: TypeAlias = Literal["release", "en", "cy"]
LONGEST = 100
"""The most characters of a name."""


@dataclass(frozen=True, slots=True)
class Approval:
    """One signature; `sha256` is that of the release file that it is under."""

    sha256: str
    what: Approved
    by: str
    at: datetime


def approve(
    store: Store,
    sha256: str,
    what: Approved,
    *,
    by: str,
    now: datetime,
    put_in_place: Callable[[], None] = lambda: None,
) -> Approval:
    """Record who approved a release, or its text in a language. Lines are added and never altered.

    `sha256` is that of its file; `by` is the name of who approves it, in their office, and `now`
    must have a time zone. `put_in_place` shows it; where that raises, nothing is recorded.
    Raises WrongUse if this store never recorded such a release, or the name is blank or too long.
    """
    if now.tzinfo is None:
        raise WrongUse(_("The time of the approval has no time zone."))
    said = name_of(by)
    t = tables.releases
    at = now.astimezone(UTC)
    with store.writing() as ledger:
        of = ledger.execute(select(t.c.sequence).where(t.c.sha256 == sha256)).scalar()
        if of is None:
            raise WrongUse(
                _(
                    "This store never recorded the release that stands there, so nothing can be "
                    "written beside it. Name the store that it was made from: --store"
                )
            )
        ledger.execute(
            tables.approvals.insert().values(
                release=of, what=what, by=said, approved_at=at.isoformat()
            )
        )
        put_in_place()
    return Approval(sha256, what, said, at)


def name_of(by: str) -> str:
    """The name as it is recorded. Raises WrongUse if it is blank or too long."""
    said = " ".join(by.split())
    if not 0 < len(said) <= LONGEST:
        raise WrongUse(_("Say who approves it, in at most {most} characters: --by", most=LONGEST))
    return said


def approvals(store: Store, sha256: str) -> tuple[Approval, ...]:
    """The approvals of a release, in the order in which they were given."""
    t, of = tables.approvals, tables.releases
    query = (
        select(t.c.what, t.c.by, t.c.approved_at)
        .join(of, of.c.sequence == t.c.release)
        .where(of.c.sha256 == sha256)
        .order_by(t.c.number)
    )
    with store.reading() as ledger:
        return tuple(
            Approval(sha256, row.what, row.by, datetime.fromisoformat(row.approved_at))
            for row in ledger.execute(query)
        )
