"""Spells that end in one of several ways, with the days on which they could be seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from evaluation.estimating.survival import cumulative_incidence
from evaluation.estimating.survival.incidence import Incidence
from evaluation.nouns import Estimate

OPEN = "open"
"""How a spell ends that had not ended when it was last seen."""

FEWEST_FOR_MEDIAN = 20
"""Children behind a median, below which it would point at one of them."""

FEWEST_FOLLOWED = 10
"""Children who could be followed for so many days, below which no share is told of them."""


def spells(
    rows: pd.DataFrame, *, begins: str, ends: pd.DataFrame, day_0: pd.Series
) -> pd.DataFrame:
    """The days and the way in which each spell ended, of those that were seen for a day.

    `rows` has a row a child; `begins` names the day on which its spell begins; `ends` has a
    column for each way to end, with its day (missing where that never came): the earliest
    counts, and of ways on one day the first column's. One row of what comes back is one child:
    the columns of `rows`, and days, kind (OPEN where it was last seen still open) and entry (the
    day before it came into view; -1 where it was in view from the first).

    Left out are spells that had ended before they came into view, or never were in view.
    """
    first = ends.min(axis=1)
    columns = ends.eq(first, axis=0)
    kind = columns.idxmax(axis=1).where(first.notna(), OPEN)
    last = first.fillna(rows["seen_to"])
    laid = rows.assign(days=(last - rows[begins]).dt.days, kind=kind, entry=day_0)
    return laid[laid["days"] > laid["entry"]]


def shares(
    laid: pd.DataFrame, kinds: Sequence[str], *, at: Sequence[int]
) -> tuple[list[Estimate], Incidence | None]:
    """The share of spells that had ended in each way by each day, others ending first allowed for.

    Figures in the order of `kinds`, then of days, with the kind for their `outcome`: `children`
    had ended so by then and are a part of `of`. A day that fewer than 10 of the children could
    have been followed for, had nothing ended their spell, has no value.
    """
    if laid.empty:
        nothing = Estimate("", "", children=0, of=0, why_not="no_follow_up")
        return [replace(nothing, outcome=kind, days=day) for kind in kinds for day in at], None
    delayed = bool((laid["entry"] >= 0).any())
    found = cumulative_incidence(
        laid["days"],
        laid["kind"],
        at=list(at),
        censored=OPEN,
        entry=laid["entry"] if delayed else None,
    )
    could = _could_be_followed(laid, at)
    told = {(one.outcome, one.days): one for one in found}
    figures = []
    for kind in kinds:
        for day in at:
            one = told.get((kind, day)) or _never(laid, kind, day)
            one = replace(one, children=one.events, events=None, se=None)
            if could[day] < FEWEST_FOLLOWED and one.value is not None:
                few = "too_few_children" if could[day] else "no_follow_up"
                one = replace(one, value=None, low=None, high=None, why_not=few)
            figures.append(replace(one, unmet=("truncation",) * delayed))
    return figures, found


def _could_be_followed(laid: pd.DataFrame, at: Sequence[int]) -> dict[int, int]:
    """How many were in view, or could have been, on each day."""
    could = (laid["data_end"] - laid["begins"]).dt.days
    return {day: int(((could >= day) & (laid["entry"] < day)).sum()) for day in at}


def _never(laid: pd.DataFrame, kind: str, day: int) -> Estimate:
    """A way in which no spell ended: none, as long as anybody is followed."""
    followed = laid["days"].max() >= day or (laid["kind"] != OPEN).all()
    return Estimate(
        "",
        "cumulative_incidence",
        outcome=kind,
        days=day,
        of=len(laid),
        events=0,
        value=0.0 if followed else None,
        method="aalen_johansen",
        why_not=None if followed else "no_follow_up",
    )
