"""The small tests that rules are made of. A blank never breaks a rule, so each gives True for it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evaluation.nouns import Around


def unless(broken: pd.Series) -> pd.Series:
    """True except where `broken` is certain; unknown holds."""
    return ~broken.fillna(value=False).astype(bool)


def not_before(later: pd.Series, earlier: pd.Series | pd.Timestamp) -> pd.Series:
    """Where `later` is on or after `earlier`."""
    return unless(later < earlier)


def not_above(lower: pd.Series, upper: pd.Series | float | pd.Timestamp) -> pd.Series:
    """Where `lower` is at most `upper`."""
    return unless(lower > upper)


def same(now: pd.Series, before: pd.Series) -> pd.Series:
    """Where both are alike, or either is blank."""
    return (now == before).fillna(value=False).astype(bool) | now.isna() | before.isna()


def apart(whose: pd.Series, start: pd.Series, end: pd.Series) -> pd.Series:
    """Where a spell does not begin before an earlier one of the same child has ended.

    A blank `end` goes on for ever; a spell may begin at the very moment when another ends.
    """
    child = pd.factorize(whose)[0]  # sorted and grouped far faster than its texts
    spells = np.flatnonzero((child >= 0) & start.notna())
    spells = spells[np.lexsort((start.iloc[spells].astype("int64"), child[spells]))]
    for_ever = pd.Timestamp.max.floor("us").tz_localize(end.dt.tz)
    end_so_far = end.iloc[spells].fillna(for_ever).groupby(child[spells]).cummax()
    held_until = end_so_far.groupby(child[spells]).shift()
    holds = np.ones(len(whose), dtype=bool)
    holds[spells] = not_before(start.iloc[spells], held_until)
    return pd.Series(holds, index=whose.index)


def earlier_returns(around: Around) -> pd.DataFrame | None:
    """Rows accepted for earlier quarters, oldest first; None where there are none."""
    accepted = around.earlier.get(around.form)
    if accepted is None:
        return None
    before = accepted[accepted["quarter"] < str(around.quarter)]
    return None if before.empty else before.sort_values("quarter", kind="stable")


def last_return(around: Around) -> pd.DataFrame | None:
    """Rows of the newest return for an earlier quarter; None where there is none."""
    before = earlier_returns(around)
    return None if before is None else before[before["quarter"] == before["quarter"].max()]


def last_known(rows: pd.DataFrame, before: pd.DataFrame, key: str, column: str) -> pd.Series:
    """For each row, what `column` last held for its `key` in earlier returns; blanks forgotten."""
    return rows[key].map(before.groupby(key)[column].last())
