"""Week by week: what was known of a child as each week began, and what came of it in the week.

What comes next depends on how lately a child went missing (most repeats come within four weeks)
and on how often it did; so the two stand there together.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analyses.cohorts import meetings, starting
from analyses.covariates import LOOKBACKS_DAYS
from analyses.outcomes import OUTCOMES
from analyses.plan import Plan
from analyses.time_away import time_away
from analyses.trials import EVERY_DAYS, Trials, earlier, in_weeks, known_referrals
from evaluation.following import at_risk_table, history
from evaluation.nouns import Snapshot

FOUR_WEEKS = 28

COLUMNS = ("lately", "episodes_28", "episodes_90", "episodes_365", "lately_long", "lately_since")
"""What the state of a child is told by: see `_states`."""


def states(trials: Trials, snapshot: Snapshot, plan: Plan) -> pd.DataFrame:
    """What was known of each trial as each of its weeks began: trial, number (from 0), COLUMNS.

    Of who was referred only the first; of the others every week until they were, or could not be
    observed any longer.
    """
    own = trials.trials
    last = (earlier(own["followed_to"], own["referred_on"]) - own["time_zero"]).dt.days
    last = last.clip(upper=max(plan.windows_days) + EVERY_DAYS)
    weeks = in_weeks(
        own, own["time_zero"], last.where(own["arm"] == "not_referred", 0) // EVERY_DAYS + 1
    )
    weeks = weeks[(weeks["on"] < weeks["followed_to"]) | (weeks["number"] == 0)]
    return _states(weeks, snapshot)[["trial", "number", *COLUMNS]]


def course(outcome: str, snapshot: Snapshot, plan: Plan) -> pd.DataFrame:
    """What became of every child discussed, from its first meeting on, while it was not referred.

    One row is one child as a week begins: child_key, number (of the week, from 0), COLUMNS, and
    the episodes (events) and days_at_risk of the week; missing where it was referred, or the data
    ended, before the week did. The week in which a child turns 18 or leaves is its last. A child
    whose year before is not on record is left out.
    """
    first = meetings(snapshot, plan).sort_values("on").drop_duplicates("child_key")
    known = known_referrals(snapshot).rename(columns={"on": "referred_on"})
    own = starting(first.rename(columns={"on": "time_zero"}), snapshot, plan)
    own = own.merge(known, how="left", on="child_key")
    ends = earlier(own["followed_to"], own["referred_on"])
    begins = own["time_zero"] - pd.Timedelta(days=plan.history_days)
    kept = (
        (own["time_zero"] <= own["turns"])
        & (ends > own["time_zero"])
        & (own["history_from"] <= begins)
    )
    own = own.assign(ends=ends)[kept].sort_values("child_key", ignore_index=True)
    days = (own["ends"] - own["time_zero"]).dt.days
    gone = own["ended_by"].ne("data_end") & ~(own["referred_on"] <= own["followed_to"])
    # Of who is gone the last week counts, though not whole; of others what was seen of it is left.
    whole = days // EVERY_DAYS
    weeks = in_weeks(own, own["time_zero"], (-(-days // EVERY_DAYS)).where(gone, whole + 1))
    weeks["seen"] = (weeks["number"] < weeks["child_key"].map(whole.set_axis(own["child_key"]))) | (
        weeks["child_key"].map(gone.set_axis(own["child_key"]))
    )
    told = _states(weeks, snapshot)
    at_risk = at_risk_table(
        own[["child_key", "time_zero"]].assign(followed_to=own["ends"]),
        OUTCOMES[outcome].events(snapshot),
        away=time_away(snapshot),
    ).rows
    came = _by_week(at_risk)
    told = told.merge(came, how="left", on=["child_key", "number"])
    numbers = told[["events", "days_at_risk"]].fillna(0).where(told["seen"], np.nan)
    return told[["child_key", "number", *COLUMNS]].join(numbers)


def _states(weeks: pd.DataFrame, snapshot: Snapshot) -> pd.DataFrame:
    """Add what the returns told on the day `on`, of the days before it.

    lately         1 where an episode began in the last four weeks
    episodes_28 …  episodes begun in so many days
    lately_long    episodes_365, lately_since    days since the last: both 0 unless lately
    """
    past = history(
        OUTCOMES["re_missing"].events(snapshot),
        weeks[["child_key", "on"]],
        lookbacks_days=(FOUR_WEEKS, *LOOKBACKS_DAYS),
    )
    counts = [f"episodes_{days}" for days in (FOUR_WEEKS, *LOOKBACKS_DAYS)]
    past = past.reindex(columns=["child_key", "on", *counts, "days_since_last"])
    known = ["child_key", "on", *counts, "days_since_last"]
    told = weeks.drop(columns=[*counts, "days_since_last"], errors="ignore").merge(
        past[known], how="left", on=["child_key", "on"]
    )
    since = told["days_since_last"].astype("Float64").fillna(FOUR_WEEKS + 1).astype(float)
    lately = (since <= FOUR_WEEKS).astype(float)
    return told.assign(
        lately=lately,
        lately_long=lately * told["episodes_365"].astype(float),
        lately_since=lately * since,
    )


def _by_week(rows: pd.DataFrame) -> pd.DataFrame:
    """Episodes and days at risk of each child in each week: child_key, number, events, days_at_risk."""
    first, last = rows["start"] // EVERY_DAYS, (rows["stop"] - 1) // EVERY_DAYS
    count = (last - first + 1).to_numpy(dtype="int64")
    pieces = rows.loc[rows.index.repeat(count)].reset_index(drop=True)
    number = np.concatenate([np.empty(0, dtype="int64"), *map(np.arange, count)])
    number = number + np.repeat(first.to_numpy(dtype="int64"), count)
    start = np.maximum(pieces["start"], number * EVERY_DAYS)
    stop = np.minimum(pieces["stop"], (number + 1) * EVERY_DAYS)
    made = pd.DataFrame(
        {
            "child_key": pieces["child_key"],
            "number": number,
            "events": pieces["events"].where(stop == pieces["stop"], 0),
            "days_at_risk": stop - start,
        }
    )
    return made.groupby(["child_key", "number"], as_index=False).sum()
