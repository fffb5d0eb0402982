"""Time at risk within so many days of time zero, one row a child."""

from __future__ import annotations

import pandas as pd

from evaluation.nouns import AtRisk, Cohort


def windowed(at_risk: AtRisk, cohort: Cohort, *, days: int, complete_only: bool) -> pd.DataFrame:
    """Sum up what happened to each child in the first `days` days after time zero.

    One row is one child of the cohort with at least a day of follow-up, by child_key.

        child_key, arm
        events            episodes that began within the window
        days_at_risk      days of it on which the child was at risk; 0 if it never was
        any_event         1 where there was an event, otherwise 0
        first_event_day   the day of the first, counted by the calendar; missing if none
        followed_days     calendar days followed, at most `days`
        days_to_first     first_event_day, otherwise followed_days: the time of a Kaplan-Meier curve
        ended_by          'window' where the child was followed through it, otherwise why not

    `complete_only` keeps the children whose `days` days are complete when the data end, whether
    or not they could be followed so long: a rate must not favour those whose trouble came soon.
    """
    children = cohort.children
    if complete_only:
        whole = children["time_zero"] + pd.Timedelta(days=days) <= pd.Timestamp(cohort.data_end)
        children = children[whole]
    followed = (children["followed_to"] - children["time_zero"]).dt.days
    children = children[["child_key", "arm", "ended_by"]].assign(followed_days=followed)
    children = children[children["followed_days"] >= 1].sort_values("child_key", ignore_index=True)

    rows = at_risk.rows[at_risk.rows["start"] < days]
    rows = rows.assign(
        days_at_risk=rows["stop"].clip(upper=days) - rows["start"],
        events=rows["events"].where(rows["stop"] <= days, 0),
    )
    by_child = rows.groupby("child_key")
    first = rows[rows["events"] > 0].groupby("child_key")["stop"].min()

    key = children["child_key"].astype("str")  # as it stands in `rows`, whatever it was
    events = key.map(by_child["events"].sum()).fillna(0).astype("int64")
    first_event_day = key.map(first).astype("Int64")
    within = children["followed_days"].clip(upper=days).astype("int64")
    through = children["followed_days"] >= days
    return pd.DataFrame(
        {
            "child_key": children["child_key"],
            "arm": children["arm"],
            "events": events,
            "days_at_risk": key.map(by_child["days_at_risk"].sum()).fillna(0).astype("int64"),
            "any_event": (events > 0).astype("int64"),
            "first_event_day": first_event_day,
            "followed_days": within,
            "days_to_first": first_event_day.fillna(within).astype("int64"),
            "ended_by": children["ended_by"].mask(through, "window"),
        }
    )
