"""What a snapshot lets an analysis believe: the newest rows, and which quarters are whole."""

from __future__ import annotations

from datetime import date

import pandas as pd

from evaluation.errors import MissingTable
from evaluation.language import _
from evaluation.nouns import Snapshot
from evaluation.quarters import Quarter
from schemas._codes import codes

AUTHORITY = "local_authority"
"""The field of that name in every form that has one, and its code list."""


def table(snapshot: Snapshot, form: str) -> pd.DataFrame:
    """All rows of a form, over all quarters. Raises MissingTable if no provider ever sent it."""
    rows = snapshot.tables.get(form)
    if rows is None:
        raise MissingTable(
            _(
                "This question needs the form ‘{form}’, and no return of it has come. "
                "Accept one, then analyse again.",
                form=form,
            )
        )
    return rows


def newest(rows: pd.DataFrame, *key: str) -> pd.DataFrame:
    """One row per record (provider and key): the one in its newest quarter's return.

    A record that goes on is told again every quarter; what was said last is what is known.
    """
    ordered = rows.sort_values(["provider", *key, "quarter"], kind="stable")
    return ordered.drop_duplicates(["provider", *key], keep="last").reset_index(drop=True)


def covered(snapshot: Snapshot, form: str) -> tuple[Quarter, ...]:
    """The quarters for which the form's returns are all there, in order.

    A provider owes every quarter from the first one that it sent; a quarter that one of them
    has not sent is not covered, because its silence is not a zero.
    """
    sent: dict[str, set[Quarter]] = {}
    for provider, name, quarter in snapshot.arrived:
        if name == form:
            sent.setdefault(provider, set()).add(quarter)
    if not sent:
        return ()
    first = min(min(quarters) for quarters in sent.values())
    return tuple(
        quarter
        for quarter in first.to(snapshot.quarter)
        if all(quarter in own for own in sent.values() if min(own) <= quarter)
    )


def told_without_a_gap(snapshot: Snapshot, form: str) -> bool:
    """Whether the form came for every quarter from its first to the snapshot's."""
    quarters = covered(snapshot, form)
    return bool(quarters) and quarters == tuple(quarters[0].to(snapshot.quarter))


def authorities(snapshot: Snapshot) -> tuple[str, ...]:
    """The area's local authorities in the order of the code list, 'other' last.

    Those that its forms allow, told of or not; where nobody said, those that its rows name.
    """
    if snapshot.area:
        return snapshot.area
    tables = (rows for rows in snapshot.tables.values() if rows is not None)
    named = {code for rows in tables if AUTHORITY in rows for code in rows[AUTHORITY].unique()}
    return tuple(each.code for each in codes(AUTHORITY).codes if each.code in named)


def run_end(quarters: tuple[Quarter, ...], quarter: Quarter) -> date | None:
    """The last day of the unbroken run of `quarters` that holds `quarter`; None if none does."""
    if quarter not in quarters:
        return None
    while quarter + 1 in quarters:
        quarter += 1
    return quarter.last_day
