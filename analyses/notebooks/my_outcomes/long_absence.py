"""Going missing for long: episodes of 24 hours or more."""

from __future__ import annotations

import pandas as pd

from analyses.outcomes import re_missing
from evaluation.language import _
from evaluation.nouns import Outcome, Snapshot

LONG = pd.Timedelta(hours=24)


def events(snapshot: Snapshot) -> pd.DataFrame:
    """Every missing episode that lasted 24 hours or more, as `re_missing` gives them.

    One that had not ended when it was last told counts: the return is made after its quarter.
    """
    episodes = re_missing.events(snapshot)
    lasted = episodes["ended_at"] - episodes["started_at"]
    return episodes[(lasted >= LONG) | lasted.isna()].reset_index(drop=True)


OUTCOME = Outcome(
    name="long_absence",
    title=_("Going missing for a day or more"),
    phrase=_("absences of a day or more"),
    better="fewer",
    grain="episode",
    windows_days=(90, 182, 365),
    events=events,
    needs=("missing_episodes",),
)
