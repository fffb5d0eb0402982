"""Going missing again, without the episodes first graded 'no apparent risk'."""

from __future__ import annotations

import pandas as pd

from analyses.outcomes import re_missing
from analyses.snapshots import newest, table
from evaluation.language import _
from evaluation.nouns import Outcome, Snapshot

GRADES = ("low", "medium", "high")
"""The first grades that count: the highest may be higher because of what came of the episode."""


def events(snapshot: Snapshot) -> pd.DataFrame:
    """The episodes of `re_missing` of which the first grade, as last told, is among GRADES.

    Raises MissingTable if no return of missing episodes has come.
    """
    episodes = newest(table(snapshot, "missing_episodes"), "episode_ref")
    graded = episodes["risk_first"].isin(GRADES)
    references = episodes["provider"] + "/" + episodes["episode_ref"]
    every = re_missing.events(snapshot)
    return every[every["event_ref"].isin(references[graded])].reset_index(drop=True)


OUTCOME = Outcome(
    name="re_missing_graded",
    title=_("Going missing again, graded low or above"),
    phrase=_("missing episodes graded low or above"),
    better="fewer",
    grain="episode",
    windows_days=(90, 182, 365),
    events=events,
    needs=("missing_episodes",),
)
