"""Each child at each incident: what became of the notification, and whether it came in time."""

from __future__ import annotations

from datetime import time, timedelta

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from analyses.encompass.school_days import SCHOOL_DAY_BEGINS, calendars, next_opening
from analyses.snapshots import newest, table
from evaluation.nouns import Snapshot
from evaluation.quarters import Quarter
from evaluation.returns.days import CLOCK

FORM = "op_encompass_incidents"
TOLD = ("notified", "authority")

_COLUMNS = ["provider", "quarter", "incident_ref", "child_key", "incident_at", "local_authority"]


def incidents(snapshot: Snapshot, *, begins: time = SCHOOL_DAY_BEGINS) -> pd.DataFrame:
    """Every child at every incident, as last told.

    One row is one child at one incident: provider, quarter (of the return that told it last),
    incident_ref, child_key, incident_at, local_authority, outcome, and

        on               the local day of the incident
        family           a number for all rows that share a child or an incident, by any chain:
                         what one of them fares like, the others may
        state            why it cannot be said whether the school was told before it next opened:
                         'not_due', 'authority' (home educated, so that no school opens),
                         'no_school', 'unknown_calendar', 'not_open_yet' (the school had not
                         opened again when the returns end, told or not); else 'judged'
        in_time          of 'judged' rows: the school was told before it next opened. Told at the
                         very hour is not before
        opens_in         days from the incident's to the one on which the school next opened; missing
                         where that is not known
        hours            from the incident to when the school or the authority was told; missing
                         where neither was
        followed_hours   from the incident to the end of the quarter of its return, after which
                         nobody need have said that the school was told

    Raises MissingTable if no return of incidents has ever come.
    """
    rows = newest(table(snapshot, FORM), "incident_ref", "child_key")
    told = rows["outcome"].isin(TOLD)
    opening = next_opening(
        rows["school_ref"],
        rows["incident_at"],
        calendars(snapshot),
        until=snapshot.quarter.last_day,
        begins=begins,
    )
    state = _state(rows, opening)
    hours = _hours(rows["notified_at"] - rows["incident_at"])
    on, opens_on = (_days(moments) for moments in (rows["incident_at"], opening["opens_at"]))
    return rows[[*_COLUMNS, "outcome"]].assign(
        on=on,
        family=_families(rows),
        state=state,
        in_time=(state == "judged")
        & rows["outcome"].eq("notified")
        & (rows["notified_at"] < opening["opens_at"]),
        opens_in=(opens_on - on).dt.days,
        hours=hours.where(told),
        followed_hours=_hours(_ends(rows["quarter"]) - rows["incident_at"]),
    )


def _state(rows: pd.DataFrame, opening: pd.DataFrame) -> pd.Series:
    """The first reason that holds, in the order of the flow."""
    reasons = {
        "not_due": rows["outcome"].eq("not_due"),
        "authority": rows["outcome"].eq("authority"),
        "no_school": rows["outcome"].eq("no_school") | rows["school_ref"].isna(),
        "unknown_calendar": ~opening["calendar_known"],
        "not_open_yet": opening["opens_at"].isna(),
    }
    state = np.select(
        [each.to_numpy(dtype=bool) for each in reasons.values()], [*reasons], "judged"
    )
    return pd.Series(state, index=rows.index, dtype="str")


def _families(rows: pd.DataFrame) -> np.ndarray:
    """A number for each row, the same for rows that a chain of children and incidents links."""
    incident = pd.factorize(pd.MultiIndex.from_frame(rows[["provider", "incident_ref"]]))[0]
    child, children = pd.factorize(rows["child_key"])
    size = len(children) + int(incident.max(initial=-1)) + 1
    links = coo_array((np.ones(len(rows)), (child, len(children) + incident)), shape=(size, size))
    return np.asarray(connected_components(links, directed=False)[1])[child]


def _days(moments: pd.Series) -> pd.Series:
    """The local day of each moment."""
    return pd.Series(moments.dt.tz_convert(CLOCK).dt.tz_localize(None).dt.normalize())


def _ends(quarters: pd.Series) -> pd.Series:
    """The end of each quarter: the local midnight after its last day."""
    after = {
        name: pd.Timestamp(Quarter.parse(name).last_day + timedelta(days=1), tz=CLOCK)
        for name in quarters.unique()
    }
    ends = pd.to_datetime(quarters.map(after), utc=True)
    return ends.astype("datetime64[us, UTC]")


def _hours(time: pd.Series) -> pd.Series:
    return pd.Series(time.dt.total_seconds() / 3_600)
