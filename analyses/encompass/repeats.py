"""Children at another incident within a stated time; a repeat rate without one is not offered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pandas as pd

from analyses.by_child import events_of
from analyses.encompass.clocks import PROCESS_ONLY, figure
from analyses.encompass.incidents import FORM
from analyses.snapshots import covered, run_end
from evaluation.estimating.survival import kaplan_meier, mean_cumulative
from evaluation.nouns import Estimate, Snapshot
from evaluation.quarters import Quarter
from evaluation.returns.days import CLOCK

COHORT = "op_encompass_repeats"
OUTCOME = "another_incident"
WITHIN_DAYS = 182
QUARTERS_BACK = 2
"""How far back the quarter lies whose children are followed: two quarters are 181 days or more."""

AGE_LIMIT = 18
_DAY = pd.Timedelta(days=1)
_NUMBERS = ("start", "stop", "events", "days", "event")


def followed(rows: pd.DataFrame, snapshot: Snapshot, quarter: Quarter) -> pd.DataFrame:
    """The children with an incident in the quarter, and the time and incidents after the first.

    One row is one stretch of a child's time: child_key, family, start, stop (days since its first
    incident of the quarter, with their fraction), events (incidents at stop), and of the whole child
    days and event: until the next incident, or until it was last followed. A child is followed to
    the end of the unbroken run of returns, to the end of the month in which it turns 18, or to
    when the children's return says that it left. Incidents that were not due count as little here
    as elsewhere; two of one moment are one.
    """
    end = run_end(covered(snapshot, FORM), quarter)
    own = rows[rows["state"] != "not_due"].sort_values("incident_at", kind="stable")
    own = own.drop_duplicates(["child_key", "incident_at"])
    began, ended = pd.Timestamp(quarter.first_day), pd.Timestamp(quarter.last_day)
    index = own[own["on"].between(began, ended)].drop_duplicates("child_key")
    if end is None or index.empty:
        return pd.DataFrame(columns=["child_key", "family", *_NUMBERS]).astype(
            dict.fromkeys(_NUMBERS, "float")
        )
    children = index[["child_key", "family"]].assign(index_at=index["incident_at"])
    children["length"] = _days(_leave(snapshot, children, end) - children["index_at"])
    later = own[["child_key", "incident_at"]].merge(children, on="child_key")
    later["stop"] = _days(later["incident_at"] - later["index_at"])
    within = later[later["stop"].gt(0) & (later["stop"] <= later["length"])]
    closing = children.assign(stop=children["length"])
    laid = pd.concat([within.assign(events=1.0), closing.assign(events=0.0)])
    laid = laid.groupby(["child_key", "family", "stop"], as_index=False).agg(
        events=("events", "sum")
    )
    by = laid.groupby("child_key")
    laid = laid.assign(
        start=by["stop"].shift(fill_value=0.0),
        days=by["stop"].transform("first"),
        event=by["events"].transform("first"),
    )
    return pd.DataFrame(laid[["child_key", "family", *_NUMBERS]])


def figures(
    rows: pd.DataFrame, snapshot: Snapshot, *, within_days: int = WITHIN_DAYS
) -> list[Estimate]:
    """Of the children with an incident in the quarter two before, the share with another in time.

    Cohort 'op_encompass_repeats', with 'children' for its size. 'another_incident' is the share
    with another within `within_days` (one less Kaplan-Meier), and 'further_incidents' the mean
    number of others by then, both counted from a child's first incident of that quarter, and
    both allowing for brothers and sisters. It is what was recorded: it says nothing of what a
    notification did.
    """
    quarter = snapshot.quarter - QUARTERS_BACK
    laid = followed(rows, snapshot, quarter)
    children = laid.drop_duplicates("child_key")
    count = len(children)
    common: dict[str, Any] = {
        "section": "op_encompass",
        "cohort": COHORT,
        "outcome": OUTCOME,
        "days": within_days,
        "unit": "children",
        "children": count,
        "of": None,
        "role": "description",
        "design_level": 1,
        "unmet": (PROCESS_ONLY,),
    }
    size = figure(measure="children", cohort=COHORT, children=count, value=float(count))
    came = set(quarter.to(snapshot.quarter)) <= set(covered(snapshot, FORM))
    if not came or not count:
        none = no_figures("no_events" if came else "no_return", within_days=within_days)
        return [size, *none[1:]] if came else none
    again = children["event"].eq(1) & (children["days"] <= within_days)
    others = laid[(laid["events"] > 0) & (laid["stop"] <= within_days)]
    free = kaplan_meier(
        children["days"], children["event"], at=[within_days], cluster=children["family"]
    ).one("survival")
    mean = mean_cumulative(laid, at=[within_days], cluster="family").one("mean_events")
    value, low, high = (
        None if each is None else 1 - each for each in (free.value, free.high, free.low)
    )
    return [
        size,
        replace(
            free,
            measure="another_incident",
            value=value,
            low=low,
            high=high,
            se=None,
            events=int(again.sum()),
            with_events=int(again.sum()),
            method="kaplan_meier_by_family",
            **common,
        ),
        replace(
            mean,
            measure="further_incidents",
            **events_of(others["child_key"], others["events"]),
            method="mean_cumulative_by_family",
            **common,
        ),
    ]


def no_figures(why_not: str, *, within_days: int = WITHIN_DAYS) -> list[Estimate]:
    """The figures where nothing can be said."""
    none = partial(figure, cohort=COHORT, why_not=why_not)
    again = partial(none, outcome=OUTCOME, days=within_days, unmet=(PROCESS_ONLY,))
    return [
        none(measure="children"),
        again(measure="another_incident"),
        again(measure="further_incidents"),
    ]


def _leave(snapshot: Snapshot, children: pd.DataFrame, end: date) -> pd.Series:
    """The moment until which each child is followed, in the rows' order.

    A child that turned 18 or left before its first incident here, and is back, is followed on.
    """
    last = pd.DataFrame({"end": pd.Timestamp(end) + _DAY}, index=children.index)
    told = snapshot.tables.get("children")
    if told is not None:
        newest = told.sort_values("quarter", kind="stable").drop_duplicates(
            "child_key", keep="last"
        )
        facts = children[["child_key"]].merge(newest, how="left", on="child_key")
        turns = facts["birth_month"] + pd.DateOffset(years=AGE_LIMIT) + pd.offsets.MonthEnd(0)
        last["turns"] = (turns + _DAY).to_numpy()
        last["left"] = facts["followed_to"].to_numpy()
    moments = last.apply(lambda days: days.dt.tz_localize(CLOCK).dt.tz_convert("UTC"))
    return pd.Series(moments.where(moments.gt(children["index_at"], axis=0)).min(axis=1))


def _days(time: pd.Series) -> pd.Series:
    return pd.Series(time.dt.total_seconds() / 86_400)
