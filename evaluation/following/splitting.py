"""Splits time at risk where a child's state changes, so that no time is counted as what came later."""

from __future__ import annotations

import pandas as pd

from evaluation.errors import WrongUse
from evaluation.following import _sql
from evaluation.following.at_risk import days, must_have
from evaluation.language import _
from evaluation.nouns import AtRisk


def split(at_risk: AtRisk, changes: pd.DataFrame, *, into: str = "changed") -> AtRisk:
    """Split rows at dated changes of state: a referral, the start of a service, a new definition.

    One row of `changes` is one change: child_key, on (a day), and where there is more than one
    state value (a number; otherwise 1). The new column `into` is 0 before a child's first change
    and the value of the latest afterwards; a change holds from the end of its day, so an event
    on that day belongs to what came before it. A row that is split ends by 'changed', and its
    event stays with its last piece.

    This is the remedy for immortal time. A child who was ever referred had to be without an
    outcome that ends follow-up for as long as it took to be referred: whoever counts that time
    as treated finds every service good. Here it counts as untreated.

    `changed` counts, after the name of the column: `_children` (at risk, whose state changes on
    any day), `_days_before` (days at risk before their first change: the immortal time) and
    `_not_at_risk` (children of `changes` who have no row). A child whose change is missing has none.

    Raises WrongUse where a child has two values on one day, where the time at risk has such a
    column already, or was not laid out by `at_risk_table`.
    Source: Suissa (2008), Immortal time bias, Am J Epidemiol 167:492; Therneau & Grambsch (2000),
    chapter 3.

    >>> from evaluation.following import at_risk_table
    >>> children = pd.DataFrame({"child_key": ["A"], "time_zero": ["2025-03-01"],
    ...                          "followed_to": ["2025-03-21"]})
    >>> none = pd.DataFrame({"child_key": [], "started_on": []})
    >>> referred = pd.DataFrame({"child_key": ["A"], "on": ["2025-03-06"]})
    >>> split(at_risk_table(children, none), referred, into="referred").rows[
    ...     ["start", "stop", "ended_by", "referred"]]
       start  stop     ended_by  referred
    0      0     5      changed         0
    1      5    20  followed_to         1
    """
    rows = at_risk.rows
    must_have(changes, ("child_key", "on"))
    must_have(rows, ("time_zero",))
    if into in rows:
        raise WrongUse(_("The time at risk has a column ‘{name}’ already.", name=into))
    states = _states(rows, changes)
    inputs = {
        "at_risk": rows[["child_key", "start", "stop"]].assign(row_number=range(len(rows))),
        "states": states,
    }
    kinds = {"row_number": "int64", "start": "int64", "stop": "int64", "is_last": "bool"}
    with _sql.steps(inputs, ["split_rows"]) as tables:
        pieces = tables.frame(
            "split_rows", kinds | {"value": "float64"}, order=["row_number", "start"]
        )
    value = pieces["value"].fillna(0)
    whole = (value == value.round()).all()
    made = rows.iloc[pieces["row_number"]].reset_index(drop=True)
    made = made.assign(
        start=pieces["start"],
        stop=pieces["stop"],
        events=made["events"].where(pieces["is_last"], 0),
        ended_by=made["ended_by"].where(pieces["is_last"], "changed"),
        **{into: value.astype("int64") if whole else value},
    )
    return AtRisk(
        rows=made,
        changed={**at_risk.changed, **_counts(made, pieces["value"].isna(), states, into)},
        away_removed=at_risk.away_removed,
    )


def _states(rows: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """The changes in days since time zero; of a child without rows the day is missing."""
    zero = rows.drop_duplicates("child_key").set_index("child_key")["time_zero"]
    key = changes["child_key"].astype("str")
    on = days(changes["on"])
    value = changes["value"] if "value" in changes else pd.Series(1, index=changes.index)
    known = on.notna()
    if value[known].isna().any():
        raise WrongUse(_("A change of state has a day and no value."))
    states = pd.DataFrame(
        {
            "child_key": key,
            "day": (on - zero.reindex(key).to_numpy()).dt.days.astype("Int64"),
            "value": value.astype("float64"),
        }
    )[known].drop_duplicates()
    if states[states["day"].notna()].duplicated(["child_key", "day"]).any():
        raise WrongUse(_("A child changes to two states on one day: the later is not known."))
    return states


def _counts(
    made: pd.DataFrame, before: pd.Series, states: pd.DataFrame, into: str
) -> dict[str, int]:
    changing = made["child_key"].isin(states["child_key"])
    untouched = made[changing & before]
    return {
        f"{into}_children": int(made.loc[changing, "child_key"].nunique()),
        f"{into}_days_before": int((untouched["stop"] - untouched["start"]).sum()),
        f"{into}_not_at_risk": int(
            (~states["child_key"].drop_duplicates().isin(made["child_key"])).sum()
        ),
    }
