"""What is kept: the proof of an acceptance, and what was believed at a moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from evaluation.quarters import Quarter


@dataclass(frozen=True, slots=True)
class Receipt:
    """The proof of one acceptance.

    `rows` gives the rows of each form (0 for a nil return); `supersedes` the receipts whose
    forms this one replaces; `superseded_by` those that have since replaced forms of this one.
    `withdrawn_at` is when it was taken back, and `withdrawn_why`; None while it was not.
    """

    id: str
    provider: str
    quarter: Quarter
    sha256: str
    rows: Mapping[str, int]
    rules_version: str
    received_at: datetime
    supersedes: tuple[str, ...] = ()
    superseded_by: tuple[str, ...] = ()
    withdrawn_at: datetime | None = None
    withdrawn_why: str | None = None


@dataclass(frozen=True)
class Snapshot:
    """What was believed at a moment, about every quarter up to and including `quarter`.

    `tables` holds for each form all rows of the submissions in force, with `provider` and
    `quarter` columns, sorted; None where no provider ever sent the form: 'no return' is never
    an empty table. `arrived` holds (provider, form, quarter) of each return in force, nil
    returns included. `id` is pinned by the ledger's sequence and the files' digests.
    `area` are the codes of the places that its forms allow, in order; empty where nobody said.
    """

    id: str
    quarter: Quarter
    tables: Mapping[str, pd.DataFrame | None]
    arrived: frozenset[tuple[str, str, Quarter]]
    submissions: tuple[str, ...]
    area: tuple[str, ...] = ()
