"""Going missing again: episodes that begin after time zero."""

from __future__ import annotations

import pandas as pd

from analyses.snapshots import newest, table
from evaluation.language import _
from evaluation.nouns import Outcome, Snapshot


def events(snapshot: Snapshot) -> pd.DataFrame:
    """Every missing episode that the returns know of, as last told.

    One row is one episode: event_ref (provider and reference), child_key, started_at and
    ended_at (UTC), started_on and ended_on (local days); the ends are missing while the child
    is. All risk grades count, 'no apparent risk' among them, because its use differs between
    forces and years. An episode that stands in two returns is told by the newer.

    Raises MissingTable if no return of missing episodes has come.
    """
    episodes = newest(table(snapshot, "missing_episodes"), "episode_ref")
    return pd.DataFrame(
        {
            "event_ref": episodes["provider"] + "/" + episodes["episode_ref"],
            "child_key": episodes["child_key"],
            "started_at": episodes["reported_at"],
            "started_on": episodes["reported_on"],
            "ended_at": episodes["returned_at"],
            "ended_on": episodes["returned_on"],
        }
    )


OUTCOME = Outcome(
    name="re_missing",
    title=_("Going missing again"),
    phrase=_("missing episodes"),
    better="fewer",
    grain="episode",
    windows_days=(90, 182, 365),
    events=events,
    needs=("missing_episodes",),
)
