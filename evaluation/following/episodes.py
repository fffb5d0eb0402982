"""Episodes that overlap, made one; and what was known of a child's episodes at a moment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

from evaluation.errors import WrongUse
from evaluation.following import _sql
from evaluation.language import _

_DAY: Final = "datetime64[us]"


def merge_episodes(events: pd.DataFrame) -> pd.DataFrame:
    """Make episodes of one child that overlap one; one row is one unbroken episode.

        child_key
        event_ref    of the first of them
        started_on   the day on which the first began
        ended_on     the day on which the last ended; missing while it goes on
        episodes     how many became this one
        unclosed     how many of them had no end although the child was reported again later

    `events` has event_ref, child_key, started_on and ended_on, one row an episode in its last
    known state. Where started_at and ended_at (UTC) stand beside them the times say whether
    two overlap, otherwise the days do: one overlaps another where it begins before that one
    has ended. An episode without an end lasts until the child's next one begins, for nobody
    is reported missing twice without having been back; without a next one it goes on.

    Raises WrongUse where an event has no child or no day on which it began.
    """
    with _sql.steps({"events": event_input(events)}, ["merged_events"]) as tables:
        return tables.frame(
            "merged_events",
            {
                "child_key": "str",
                "event_ref": "str",
                "started_on": _DAY,
                "ended_on": _DAY,
                "episodes": "int64",
                "unclosed": "int64",
            },
            order=["child_key", "started_on", "event_ref"],
        )


def history(
    events: pd.DataFrame, moments: pd.DataFrame, *, lookbacks_days: Sequence[int]
) -> pd.DataFrame:
    """Count the episodes that each child had before a day; one row is one (child_key, on).

        child_key, on     as in `moments`, each pair once, sorted
        episodes_90       episodes begun in the 90 days before `on`; a column per look-back
        days_since_last   whole days from the beginning of the last one to `on`; missing if none
        last_ref          the event_ref of the last one; missing if none

    Nothing that began on the day itself or later is looked at. Overlapping episodes are merged
    first, as in `merge_episodes`. A child without events counts 0: whether it could have had
    any (from when its history is complete) is for the caller to know.

    Raises WrongUse where an event has no child or no day on which it began.
    """
    asked = moments[["child_key", "on"]].drop_duplicates().rename(columns={"on": "on_day"})
    inputs = {
        "events": event_input(events),
        "moments": asked.astype({"child_key": "str", "on_day": _DAY}),
        "lookbacks": pd.DataFrame({"lookback_days": sorted(set(lookbacks_days))}, dtype="int64"),
    }
    with _sql.steps(inputs, ["merged_events", "history"]) as tables:
        long = tables.frame(
            "history",
            {
                "child_key": "str",
                "on_day": _DAY,
                "lookback_days": "int64",
                "episodes": "int64",
                "days_since_last": "Int64",
                "last_ref": "str",
            },
            order=["lookback_days", "child_key", "on_day"],
        ).rename(columns={"on_day": "on"})
    pairs = long.drop_duplicates(["child_key", "on"], ignore_index=True)
    counts = {
        f"episodes_{days}": rows["episodes"].reset_index(drop=True)
        for days, rows in long.groupby("lookback_days")
    }
    return pd.concat(
        [pairs[["child_key", "on"]], pd.DataFrame(counts), pairs[["days_since_last", "last_ref"]]],
        axis=1,
    )


def event_input(events: pd.DataFrame) -> pd.DataFrame:
    """The `events` table of the steps: days always, and times, which the days stand in for."""
    if events[["child_key", "started_on"]].isna().to_numpy().any():
        raise WrongUse(
            _("An event has no child key or no day on which it began: it cannot be followed.")
        )
    timed = "started_at" in events
    return pd.DataFrame(
        {
            "child_key": events["child_key"].astype("str"),
            "event_ref": events["event_ref"].astype("str"),
            "started_on": events["started_on"].astype(_DAY),
            "ended_on": events["ended_on"].astype(_DAY),
            "started_at": _moment(events["started_at" if timed else "started_on"]),
            "ended_at": _moment(events["ended_at" if timed else "ended_on"]),
        }
    )


def _moment(times: pd.Series) -> pd.Series:
    """Times in UTC without a zone: the engines differ in what they do with one."""
    if isinstance(times.dtype, pd.DatetimeTZDtype):
        times = times.dt.tz_convert("UTC").dt.tz_localize(None)
    return times.astype(_DAY)
