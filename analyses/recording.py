"""Whether what counts as missing was recorded alike over all that a comparison looks at."""

from __future__ import annotations

import pandas as pd

from analyses.covariates import LOOKBACKS_DAYS
from analyses.plan import Plan
from analyses.snapshots import newest, table
from evaluation.nouns import Snapshot

CHANGED = "definition_changed"


def definition_changed(
    starts: pd.DataFrame, snapshot: Snapshot, plan: Plan, *, days: int
) -> tuple[str, ...]:
    """('definition_changed',) where the episodes that a comparison sees are of two definitions.

    One row of `starts` is one child, or one trial of it: child_key, time_zero, followed_to. What
    is seen of it are its own episodes, from as far before time zero as the trigger, the history
    and the covariates look back, to the end of its `days` or of its follow-up. A change among
    episodes of other children, or of other days, makes nothing of the comparison unlike. An
    episode is of the definition by which it was last told; a blank is of none.
    """
    back = max(plan.history_days, plan.trigger_days, *LOOKBACKS_DAYS)
    told = newest(table(snapshot, "missing_episodes"), "episode_ref")
    rows = starts[["child_key", "time_zero", "followed_to"]].merge(
        told[["child_key", "reported_on", "definition"]].dropna(), on="child_key"
    )
    ends = (rows["time_zero"] + pd.Timedelta(days=days)).clip(upper=rows["followed_to"])
    seen = rows["reported_on"].between(rows["time_zero"] - pd.Timedelta(days=back), ends)
    return (CHANGED,) if len(set(rows.loc[seen, "definition"])) > 1 else ()
