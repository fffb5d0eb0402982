"""What has left: every release file, so that a later one cannot undo its disclosure control.

Internal releases are kept too, so that nothing is lost; but they are given to nobody from whom the
children's records are kept, and so count neither as published before nor as a claim made.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Row, Select, select

from evaluation.errors import BrokenFile, WrongUse
from evaluation.language import _
from evaluation.nouns import Release
from evaluation.quarters import Quarter
from evaluation.store import ledger as tables
from evaluation.store.opening import Store
from evaluation.store.readable import identity, unused


@dataclass(frozen=True, slots=True)
class Released:
    """One release file that left: what it was made from, its digest and its whole text.

    `profile` is the name of the policy that it left under: 'public' or 'internal'. `report` is
    the report that it is for, and `provider` whose data it gives back, where it does. `counts`
    are the exact counts that it was made of, which never left; None where nobody kept them.
    """

    id: str
    body: str
    quarter: Quarter
    snapshot: str
    plan: str
    sha256: str
    made_at: datetime
    text: str
    profile: str = "public"
    counts: str | None = None
    report: str = "quarterly"
    provider: str | None = None


def record_release(
    store: Store,
    release: Release,
    file: Path,
    *,
    now: datetime,
    counts: str | None = None,
    put_in_place: Callable[[], None] = lambda: None,
) -> Released:
    """Write a release and its file into the ledger. The same file again is the same release.

    `file` is the release file as it was written; `now` must have a time zone. `counts` are the
    exact counts behind it, which stay here; those that were kept first remain. `put_in_place`
    lets the release leave; where that raises, the ledger does not have it either.
    Raises BrokenFile if it cannot be read, StoreError if the ledger cannot be written.
    """
    if now.tzinfo is None:
        raise WrongUse(_("The time of the release has no time zone."))
    try:
        content = file.read_bytes()
        text = content.decode()
    except (OSError, UnicodeDecodeError) as error:
        raise BrokenFile(
            _("The release file {path} cannot be read. Make it again.", path=str(file))
        ) from error
    digest = sha256(content).hexdigest()
    release_id = identity(release.body, str(release.quarter), digest)
    t = tables.releases
    same = _with_counts().where(t.c.release == release_id)
    with store.writing() as ledger:
        if ledger.execute(same).first() is None:
            ledger.execute(
                t.insert().values(
                    id=unused(ledger, t.c.id, f"REL-{release.quarter}", release_id),
                    release=release_id,
                    body=release.body,
                    quarter=str(release.quarter),
                    snapshot=release.snapshot,
                    plan=release.plan,
                    sha256=digest,
                    made_at=now.astimezone(UTC).isoformat(),
                    text=text,
                )
            )
        row = ledger.execute(same).one()
        if counts is not None and row.counts is None:
            ledger.execute(
                tables.released_counts.insert().values(release=row.sequence, counts=counts)
            )
        made = _released(ledger.execute(same).one())
        put_in_place()
        return made


def earlier_releases(
    store: Store, body: str | None = None, *, profile: str | None = "public"
) -> tuple[Released, ...]:
    """The releases of a body (of all, if none is named), in the order in which they left.

    Of the public profile, unless another is named; None gives those of every profile.
    """
    t = tables.releases
    query = _with_counts().order_by(t.c.sequence)
    if body is not None:
        query = query.where(t.c.body == body)
    with store.reading() as ledger:
        every = tuple(_released(row) for row in ledger.execute(query))
    return tuple(one for one in every if profile in {None, one.profile})


def newest_releases(store: Store, body: str, quarter: Quarter) -> tuple[Released, ...]:
    """What stands of a quarter: for each report, and each provider's, the release that left last."""
    every = (one for one in earlier_releases(store, body, profile=None) if one.quarter == quarter)
    return tuple({(one.report, one.provider): one for one in every}.values())


def _with_counts() -> Select[Any]:
    t, behind = tables.releases, tables.released_counts
    return select(t, behind.c.counts).outerjoin(behind, behind.c.release == t.c.sequence)


def _released(row: Row[tuple[object, ...]]) -> Released:
    told = _told(row.text)
    return Released(
        id=row.id,
        body=row.body,
        quarter=Quarter.parse(row.quarter),
        snapshot=row.snapshot,
        plan=row.plan,
        sha256=row.sha256,
        made_at=datetime.fromisoformat(row.made_at),
        text=row.text,
        profile=str(told.get("policy", {}).get("name", "public")),
        counts=row.counts,
        report=str(told.get("report", "quarterly")),
        provider=told.get("provider"),
    )


def _told(text: str) -> dict[str, Any]:
    """What a release file says. A text that is none says nothing, and counts as public, to be safe."""
    try:
        told = json.loads(text)
    except ValueError:
        return {}
    is_release = isinstance(told, dict) and isinstance(told.get("policy"), dict)
    return told if is_release else {}
