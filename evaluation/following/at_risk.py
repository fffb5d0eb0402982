"""Lays each child's time at risk out after time zero."""

from __future__ import annotations

from typing import Final

import pandas as pd

from evaluation.errors import MissingTable, WrongUse
from evaluation.following import _sql
from evaluation.following.episodes import event_input
from evaluation.language import _
from evaluation.nouns import AtRisk, Cohort, Outcome, Snapshot

_STEPS = ("merged_events", "followed", "absences", "event_days", "intervals", "changed")
_DAY: Final = "datetime64[us]"


def follow(
    cohort: Cohort, outcome: Outcome, snapshot: Snapshot, *, away: pd.DataFrame | None
) -> AtRisk:
    """Lay each child's time at risk out in (start, stop] rows of whole days.

    One row is one child between two changes of state. Day 0 is time zero and day d the d-th
    day after it; the row (3, 9] covers days 4 to 9.

        child_key, arm
        start, stop   days since time zero, start < stop
        events        outcome episodes that begin on day stop; every such day is a row's stop
        ended_by      why the row ends: 'event', 'not_at_risk', or on the last day of follow-up
                      the cohort's own reason

    A child is at risk on a day unless it was missing, or away, for the whole of it: an episode
    reported on day a and returned from on day b takes away the days a + 1 to b - 1, and so does
    a spell in `away` (child_key, from_on, to_on, missing while it goes on). None says that no
    return of time away has come: nothing is removed and `away_removed` is False.

    Overlapping episodes are merged first, as in `merge_episodes`; one that is not over lasts
    to the end of follow-up. What began on day 0 or before is history. An episode reported on a
    day on which the child was away for the whole of it is left out. `changed` counts all of
    this, in the words of `changed.sql`.

    A child with no day of follow-up has no rows and is counted there. A child whose provider
    sent no return has no rows and is counted in `cohort.flow`; it is never a child without
    events.

    Raises MissingTable if the snapshot lacks a table that the outcome needs; WrongUse if a
    child stands in the cohort twice.
    Source: Therneau & Grambsch (2000), Modeling Survival Data, chapter 8.
    """
    for form in outcome.needs:
        if snapshot.tables.get(form) is None:
            raise MissingTable(
                _(
                    "The outcome ‘{outcome}’ needs the return ‘{form}’, and none has come.",
                    outcome=outcome.name,
                    form=form,
                )
            )
    if cohort.children["child_key"].duplicated().any():
        raise WrongUse(_("A child stands in the cohort ‘{cohort}’ twice.", cohort=cohort.name))

    inputs = {
        "cohort": _cohort_input(cohort.children),
        "events": event_input(outcome.events(snapshot)),
        "away": _away_input(away),
    }
    with _sql.steps(inputs, _STEPS) as tables:
        rows = tables.frame(
            "intervals",
            {
                "child_key": "str",
                "arm": "str",
                "start": "int64",
                "stop": "int64",
                "events": "int64",
                "ended_by": "str",
            },
            order=["child_key", "start"],
        )
        changed = tables.frame("changed", {"what": "str", "how_many": "int64"}, order=["what"])
    return AtRisk(
        rows=rows,
        changed={what: int(how_many) for what, how_many in changed.itertuples(index=False)},
        away_removed=away is not None,
    )


def _cohort_input(children: pd.DataFrame) -> pd.DataFrame:
    columns = {
        "child_key": "str",
        "arm": "str",
        "time_zero": _DAY,
        "followed_to": _DAY,
        "ended_by": "str",
    }
    return children[list(columns)].astype(columns)


def _away_input(away: pd.DataFrame | None) -> pd.DataFrame:
    columns = {"child_key": "str", "from_on": _DAY, "to_on": _DAY}
    if away is None:
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns.items()})
    if away[["child_key", "from_on"]].isna().to_numpy().any():
        raise WrongUse(_("A spell of time away has no child key or no first day."))
    return away[list(columns)].astype(columns)
