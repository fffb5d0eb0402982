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
    """Lay each child's time at risk out in (start, stop] rows of whole days, as `at_risk_table`.

    The children are those of the cohort, the episodes those of the outcome. A child whose
    provider sent no return has no rows and is counted in `cohort.flow`; it is never a child
    without events.

    Raises MissingTable if the snapshot lacks a table that the outcome needs; WrongUse if a
    child stands in the cohort twice.
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
    return at_risk_table(cohort.children, outcome.events(snapshot), away=away)


def at_risk_table(
    children: pd.DataFrame, episodes: pd.DataFrame, *, away: pd.DataFrame | None = None
) -> AtRisk:
    """Lay each child's time at risk out in (start, stop] rows of whole days.

    One row is one child between two changes of state. Day 0 is time zero and day d the d-th
    day after it; the row (3, 9] covers days 4 to 9.

        child_key, arm
        start, stop   days since time zero, start < stop
        events        outcome episodes that begin on day stop; every such day is a row's stop
        ended_by      why the row ends: 'event', 'not_at_risk', or on the last day of follow-up
                      the child's own reason
        time_zero     the child's day 0

    `children` has one row a child: child_key, time_zero and followed_to (the last day on which
    it can be observed), and where they are known arm (otherwise 'all'), ended_by (why not
    longer; otherwise 'followed_to') and at_risk_from, the first day on which an event of the
    child could be seen (missing: from the day after time zero). A case that was open when the
    window of observation began is at risk from the day on which the window began, and not from
    its own: to count it from its own would give it time in which it could not have ended.

    `episodes` has child_key, started_on and ended_on (missing while one goes on), and
    started_at, ended_at (UTC) where they are known; without ended_on an event takes no time.
    `away` has child_key, from_on, to_on (missing while it goes on). None says that nobody can
    tell who was away: nothing is removed and `away_removed` is False.

    What is changed on the way, each counted in `changed` in the words of `changed.sql`:

    - Episodes that overlap are merged, as in `merge_episodes`; one that is not over lasts to
      the end of follow-up.
    - A child is at risk on a day unless it was missing, or away, for the whole of it: an
      episode reported on day a and returned from on day b takes away the days a + 1 to b - 1,
      and so does a spell away. An episode reported in the midst of such days is left out.
    - The days before at_risk_from are removed, and an episode that began on one is left out.
    - What began on day 0 or before is history, what began after followed_to was not observed.
    - A child with no day of follow-up, or none at risk, has no rows. An episode of a child who
      is not in `children` is no part of this, and of no count.

    Raises WrongUse where a column is not there, a day is not a day, a child stands in
    `children` twice or has no time zero or no end of follow-up, or an episode or a spell has no
    child or no first day.
    Source: Therneau & Grambsch (2000), Modeling Survival Data, chapter 8.

    >>> children = pd.DataFrame({"child_key": ["A"], "time_zero": ["2025-03-01"],
    ...                          "followed_to": ["2025-03-21"]})
    >>> episodes = pd.DataFrame({"child_key": ["A"], "started_on": ["2025-03-06"],
    ...                          "ended_on": ["2025-03-09"]})
    >>> at_risk = at_risk_table(children, episodes)
    >>> at_risk.rows[["start", "stop", "events", "ended_by"]]
       start  stop  events     ended_by
    0      0     5       1        event
    1      7    20       0  followed_to
    >>> at_risk.changed["days_removed"]
    2
    """
    inputs = {
        "cohort": _cohort_input(children),
        "events": event_input(_with_end(episodes)),
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
    zero = inputs["cohort"].set_index("child_key")["time_zero"]
    return AtRisk(
        rows=rows.assign(time_zero=zero.reindex(rows["child_key"]).to_numpy()),
        changed={what: int(how_many) for what, how_many in changed.itertuples(index=False)},
        away_removed=away is not None,
    )


def _cohort_input(children: pd.DataFrame) -> pd.DataFrame:
    must_have(children, ("child_key", "time_zero", "followed_to"))
    if children[["child_key", "time_zero", "followed_to"]].isna().to_numpy().any():
        raise WrongUse(_("A child has no key, no time zero or no end of follow-up."))
    if children["child_key"].duplicated().any():
        raise WrongUse(_("A child stands among the children twice: one row is one child."))
    return pd.DataFrame(
        {
            "child_key": children["child_key"].astype("str"),
            "arm": _said(children, "arm", "all").astype("str"),
            "time_zero": days(children["time_zero"]),
            "followed_to": days(children["followed_to"]),
            "ended_by": _said(children, "ended_by", "followed_to").astype("str"),
            "at_risk_from": days(_said(children, "at_risk_from", pd.NaT)),
        }
    )


def _said(children: pd.DataFrame, name: str, unsaid: object) -> pd.Series:
    return children[name] if name in children else pd.Series(unsaid, index=children.index)


def _with_end(episodes: pd.DataFrame) -> pd.DataFrame:
    """The episodes as `event_input` wants them: one that is not said to last takes no time."""
    must_have(episodes, ("child_key", "started_on"))
    made = episodes
    if "event_ref" not in made:
        made = made.assign(event_ref=[f"{number:09}" for number in range(len(made))])
    if "ended_on" not in made:
        made = made.assign(ended_on=made["started_on"])
    return made.assign(started_on=days(made["started_on"]), ended_on=days(made["ended_on"]))


def _away_input(away: pd.DataFrame | None) -> pd.DataFrame:
    columns = {"child_key": "str", "from_on": _DAY, "to_on": _DAY}
    if away is None:
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns.items()})
    must_have(away, tuple(columns))
    if away[["child_key", "from_on"]].isna().to_numpy().any():
        raise WrongUse(_("A spell of time away has no child key or no first day."))
    return away.assign(from_on=days(away["from_on"]), to_on=days(away["to_on"]))[
        list(columns)
    ].astype(columns)


def must_have(frame: pd.DataFrame, names: tuple[str, ...]) -> None:
    """Say which of the columns are not there.

    Raises WrongUse where one is not.
    """
    lacking = [name for name in names if name not in frame]
    if lacking:
        raise WrongUse(_("There is no column {names}.", names=", ".join(lacking)))


def days(column: pd.Series) -> pd.Series:
    """A column of days as days; numbers are refused, for they would become days of 1970.

    Raises WrongUse where what stands there is not a day.
    """
    if not column.isna().all() and pd.api.types.is_numeric_dtype(column):
        raise WrongUse(_("‘{name}’ holds numbers where days are wanted.", name=str(column.name)))
    try:
        if pd.api.types.is_string_dtype(column):  # 03/04/2025 is April here, March elsewhere
            column = pd.to_datetime(column, format="ISO8601")
        return column.astype(_DAY)
    except (ValueError, TypeError) as error:
        raise WrongUse(
            _(
                "‘{name}’ holds something that is not a day, or not written as 2025-03-31.",
                name=str(column.name),
            )
        ) from error
