"""One definition: only children in whose window the recording of missing episodes did not change."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analyses.plan import Plan
from analyses.quarterly.alike import made_alike
from analyses.sensitivity._shared import none, of_window, ratio
from analyses.snapshots import newest, table
from evaluation.nouns import AtRisk, Cohort, Estimate, Snapshot

MEASURE = "one_definition_rate_ratio"


def figures(cohort: Cohort, at_risk: AtRisk, snapshot: Snapshot, plan: Plan) -> list[Estimate]:
    """The primary window's ratio among children whose window lies within one definition.

    'nothing_changed' where the definition never did: the primary figure is then the same.
    """
    changes = changed_on(snapshot)
    if not len(changes):
        return none([MEASURE], plan, "nothing_changed")
    children, _alike = of_window(cohort, at_risk, plan)
    since = np.searchsorted(changes, children["time_zero"].to_numpy(), side="right")
    ends = children["time_zero"] + pd.Timedelta(days=plan.window_days)
    until = np.searchsorted(changes, ends.to_numpy(), side="right")
    kept = children[since == until]
    return [ratio(kept, made_alike(kept, plan), plan, MEASURE)]


def changed_on(snapshot: Snapshot) -> NDArray[np.datetime64]:
    """The days on which an episode was first reported under another definition than the one before."""
    episodes = newest(table(snapshot, "missing_episodes"), "episode_ref")
    rows = episodes.dropna(subset=["definition"]).sort_values(["reported_at", "episode_ref"])
    days = rows.loc[_turns(rows["definition"]), "reported_on"].drop_duplicates()
    return np.asarray(days, dtype="datetime64[us]")


def _turns(definition: pd.Series) -> pd.Series:
    return (definition != definition.shift()) & definition.shift().notna()
