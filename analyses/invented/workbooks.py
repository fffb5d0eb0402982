"""The invented returns as workbooks, one of them wrong in the ways in which people are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import pandas as pd

from analyses.invented.children import ALPHABET
from analyses.invented.returns import Returns
from analyses.invented.world import HISTORY_DAYS
from evaluation.nouns import Form, Provider
from evaluation.quarters import Quarter
from evaluation.returns.templates import write_template
from schemas import FORMS

WELSH = frozenset({"missing_meeting", "education_caerphilly"})
"""The providers who fill in their workbook in Welsh."""

WRONG = ("st_giles", Quarter(2023, 4))
"""The return that is first sent in wrong."""


@dataclass(frozen=True, slots=True)
class Workbooks:
    """Where the workbooks are. `wrong` is the first try of `right`, which is one of `returns`.

    Both are None where the quarters hold no such return.
    """

    returns: Mapping[tuple[str, Quarter], Path]
    wrong: Path | None
    right: Path | None


def write_returns(
    returns: Returns,
    to: Path,
    *,
    providers: Mapping[str, Provider],
    forms: Mapping[str, Form] = FORMS,
    progress: Callable[[int, int], None] | None = None,
) -> Workbooks:
    """Write each return as a filled template into the folder `to`, which is made if need be.

    `providers` and `forms` are the body's. `progress(done, of)` is told after each of the returns.
    """
    to.mkdir(parents=True, exist_ok=True)
    first = min(quarter for _, quarter in returns)
    paths: dict[tuple[str, Quarter], Path] = {}
    wrong = None
    for done, ((provider, quarter), rows) in enumerate(returns.items(), start=1):
        write = partial(
            write_template,
            provider=providers[provider],
            forms=forms,
            quarter=quarter,
            language="cy" if provider in WELSH else "en",
            nil=[form for form, table in rows.items() if table.empty],
            cover=_cover(quarter, carries_history=quarter == first and "missing_episodes" in rows),
        )
        path = to / f"{provider}_{quarter}.xlsx"
        paths[provider, quarter] = write(path, rows=rows)
        if (provider, quarter) == WRONG:
            slips = {form: with_slips(table) for form, table in rows.items()}
            wrong = write(path.with_stem(f"{path.stem}_first_try"), rows=slips)
        if progress:
            progress(done, len(returns))
    return Workbooks(paths, wrong, paths.get(WRONG))


def _cover(quarter: Quarter, *, carries_history: bool) -> dict[str, object]:
    cover: dict[str, object] = {"contact_role": "Data officer"}
    if carries_history:
        cover["history_from"] = quarter.first_day - timedelta(days=HISTORY_DAYS)
    return cover


def with_slips(referrals: pd.DataFrame) -> pd.DataFrame:
    """The referrals with five slips of the pen, in as many rows.

    A date that no calendar has, a mistyped child key, a word of the house for a code, a decision
    without its date, more sessions attended than offered.
    """
    rows = referrals.astype(object)
    came = referrals.index[referrals["sessions_attended"].ge(1) & referrals["closed_on"].isna()]
    date, key, code, decision, sessions = came[:5]
    rows.loc[date, "referred_on"] = "31/02/2024"
    rows.loc[key, "child_key"] = _mistyped(rows.loc[key, "child_key"])
    rows.loc[code, "reason"] = "County lines"
    rows.loc[decision, "decided_on"] = None
    rows.loc[sessions, "sessions_attended"] = rows.loc[sessions, "sessions_offered"] + 3
    return rows


def _mistyped(key: str) -> str:
    """The key with its fourth character one further in the alphabet."""
    wrong = ALPHABET[(ALPHABET.index(key[3]) + 1) % len(ALPHABET)]
    return key[:3] + wrong + key[4:]
