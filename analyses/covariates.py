"""What was known of a child at time zero, and nothing that was learnt later."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analyses.snapshots import table
from evaluation.nouns import Snapshot
from evaluation.quarters import Quarter

COVARIATES = (
    "age",
    "sex",
    "local_authority",
    "care_status",
    "episodes_90",
    "episodes_365",
    "days_since_last",
    "risk_last",
)
"""Every covariate that a plan may name; those named episodes_N count the N days before."""

LOOKBACKS_DAYS = (90, 365)


def known_at(starts: pd.DataFrame, snapshot: Snapshot) -> pd.DataFrame:
    """Add what was known of each child on the day in `time_zero`.

    One row of `starts` is one start of one child, which may have several: child_key, time_zero,
    local_authority (of the meeting), episodes_90, episodes_365, days_since_last and last_ref (of
    the last episode before). Added:

        birth_month, sex   fixed facts: from the last children return of a quarter ended before
                           time zero, else from the first return that has the child
        age                whole years at time zero, counted from the birth month
        care_status        from that return too, but 'not_known' where none had ended
        history_from       likewise; a fact about the data, from the same row as sex
        risk_last          the first grade of the last episode, as first returned

    All are missing for a child without any children row. Whatever a later return says of the
    child, or of an episode already graded, changes nothing here.
    """
    facts = _as_known(starts, table(snapshot, "children"))
    known = starts.merge(facts, how="left", on=["child_key", "time_zero"])
    grades = _first_grades(table(snapshot, "missing_episodes"))
    months = _months(known["time_zero"]) - _months(known["birth_month"])
    return known.assign(
        age=months // 12,
        care_status=known["care_status"].where(known.pop("ended_before").eq(True), "not_known"),
        risk_last=known.pop("last_ref").map(grades),
    )


def _as_known(starts: pd.DataFrame, children: pd.DataFrame) -> pd.DataFrame:
    """One row per start: the child's newest row of a quarter ended before it, else its first."""
    ends = {written: Quarter.parse(written).last_day for written in children["quarter"].unique()}
    facts = ["birth_month", "sex", "care_status", "history_from"]
    rows = (
        starts[["child_key", "time_zero"]]
        .drop_duplicates()
        .merge(children[["child_key", "quarter", *facts]], on="child_key")
    )
    ended = pd.to_datetime(rows["quarter"].map(ends))
    rows["ended_before"] = ended < rows["time_zero"]
    days = ended.to_numpy().astype("datetime64[D]").astype("int64")
    # Rows before time zero rank above all others and the newest of them highest; of the
    # others the earliest is highest.
    rows["rank"] = np.where(rows["ended_before"], days, -days)
    start = ["child_key", "time_zero"]
    best = rows.sort_values([*start, "rank"], kind="stable").drop_duplicates(start, keep="last")
    return best[[*start, *facts, "ended_before"]]


def _first_grades(episodes: pd.DataFrame) -> pd.Series:
    """The first grade of each episode, by event_ref, from the first return that told of it."""
    first = episodes.sort_values(["provider", "episode_ref", "quarter"], kind="stable")
    first = first.drop_duplicates(["provider", "episode_ref"])
    return pd.Series(
        first["risk_first"].to_numpy(), index=first["provider"] + "/" + first["episode_ref"]
    )


def _months(days: pd.Series[pd.Timestamp]) -> pd.Series[int]:
    """Months since year 0, so that ages are counted in months as they are known."""
    return days.dt.year * 12 + days.dt.month
