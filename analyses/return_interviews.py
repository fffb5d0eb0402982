"""Return interviews: offered, done, and done in time, of the missing episodes that ended in a quarter.

It is a process, not an outcome: an interview done in time says nothing of going missing again. The
time is a benchmark that a body sets itself; in Wales no law asks for an offer.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from analyses.by_child import part_of_records
from analyses.snapshots import covered, newest, table
from evaluation.errors import WrongUse
from evaluation.estimating.counts import gee
from evaluation.estimating.limits import CannotEstimate
from evaluation.nouns import Estimate, Snapshot
from evaluation.quarters import Quarter

FORM = "missing_episodes"
BENCHMARK_HOURS = 72.0
"""What is asked of local authorities in England; Wales has set none."""

MEASURES = ("interview_offered", "interview_done", "interview_done_in_time")
FEW_CHILDREN = 5
"""With fewer there is no telling how much children differ, and so no limits."""

figure = partial(
    Estimate,
    section="return_interviews",
    unit="records",
    method="share_by_child",
    role="monitoring",
)


def figures(snapshot: Snapshot, *, within_hours: float = BENCHMARK_HOURS) -> list[Estimate]:
    """Of each quarter's ended episodes the shares with an interview offered, done, and in time.

    `group` is the quarter in which the child came back, from the first return of episodes to the
    snapshot's; `of` the episodes that ended in it, `events` those that had it, `children` the
    distinct children of the episodes. Every episode that ended counts but those for which no
    interview was due. An interview not yet done when the last return came counts as not done, so
    the newest quarter may rise. Limits allow for children with several episodes.
    """
    if snapshot.tables.get(FORM) is None:
        return [
            figure(measure=one, group=str(snapshot.quarter), why_not="no_return")
            for one in MEASURES
        ]
    quarters = covered(snapshot, FORM)
    known = ended(snapshot, within_hours=within_hours)
    told = []
    for quarter in quarters[0].to(snapshot.quarter) if quarters else ():
        rows = known[known["quarter"] == str(quarter)]
        for measure in MEASURES:
            if quarter not in quarters:
                told.append(figure(measure=measure, group=str(quarter), why_not="no_return"))
            else:
                told.append(_share(rows, measure, str(quarter)))
    return told


def ended(snapshot: Snapshot, *, within_hours: float = BENCHMARK_HOURS) -> pd.DataFrame:
    """One row is one episode that ended, as last told: child_key, quarter (of its end), MEASURES (0/1).

    In time is done within so many hours of the child's return. Episodes for which no interview was
    due are left out.
    """
    episodes = newest(table(snapshot, FORM), "episode_ref")
    episodes = episodes[episodes["returned_on"].notna() & (episodes["interview"] != "not_due")]
    waited = (episodes["interview_at"] - episodes["returned_at"]).dt.total_seconds() / 3600
    done = episodes["interview"] == "done"
    offered = episodes["interview"].isin(["offered", "declined", "done"])
    return pd.DataFrame(
        {
            "child_key": episodes["child_key"],
            "quarter": [str(Quarter.of(day.date())) for day in episodes["returned_on"]],
            "interview_offered": offered.astype("int64"),
            "interview_done": done.astype("int64"),
            "interview_done_in_time": (done & (waited <= within_hours)).astype("int64"),
        }
    )


def _share(rows: pd.DataFrame, measure: str, quarter: str) -> Estimate:
    told = figure(
        measure=measure,
        group=quarter,
        children=int(rows["child_key"].nunique()),
        of=len(rows),
        **part_of_records(rows["child_key"], rows[measure]),
    )
    if rows.empty:
        return replace(told, why_not="no_events")
    value = float(rows[measure].mean())
    if not 0 < value < 1 or (told.children or 0) < FEW_CHILDREN:
        return replace(told, value=value)
    low, high = _limits(rows, measure)
    return replace(told, value=value, low=low, high=high)


def _limits(rows: pd.DataFrame, measure: str) -> tuple[float | None, float | None]:
    """Limits of the share on the logit, from errors clustered by child."""
    try:
        model = gee(
            f"{measure} ~ 1",
            rows,
            cluster="child_key",
            family="binomial",
            correlation="independence",
        ).model
    except (CannotEstimate, WrongUse):
        return None, None
    line = model.coefficients.iloc[0]
    ends = (float(line["low"]), float(line["high"]))
    if not all(map(math.isfinite, ends)):
        return None, None
    low, high = (1 / (1 + np.exp(-end)) for end in ends)
    return float(low), float(high)
