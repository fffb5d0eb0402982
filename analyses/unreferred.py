"""What became of the children discussed while they were not referred, from the first day on record."""

from __future__ import annotations

import pandas as pd

from analyses.cohorts import meetings, starting
from analyses.outcomes import OUTCOMES
from analyses.plan import Plan
from analyses.time_away import time_away
from analyses.trials import earlier, known_referrals, numbered
from evaluation.following import at_risk_table, split
from evaluation.nouns import Snapshot

_USUAL_AGE = 14
_OF_AGE = pd.Series(range(1, 19))


def unreferred(outcome: str, snapshot: Snapshot, plan: Plan) -> pd.DataFrame:
    """The record of every child discussed, for `evaluation.estimating.recurring`.

    One row is one (start, stop] of days at risk of one child, on the clock of `numbered`:
    child_key, start, stop, events (on day stop), learnt, and what is known of it: age and
    age_squared (years from 14 at the last birthday, in tens), looked_after, male (1 or 0).

    It begins with the child's record (`history_from`) and ends with its referral, by whomever,
    or with its follow-up. It is learnt from as soon as a meeting has discussed it and the plan's
    days of history are on record: both are known on that day.
    """
    first = meetings(snapshot, plan).sort_values("on").drop_duplicates("child_key")
    own = starting(first.rename(columns={"on": "time_zero"}), snapshot, plan)
    known = known_referrals(snapshot).rename(columns={"on": "referred_on"})
    own = own.merge(known, how="left", on="child_key")
    enough = own["history_from"] + pd.Timedelta(days=plan.history_days)
    entered = own["time_zero"].mask(enough > own["time_zero"], enough)
    ends = earlier(own["followed_to"], own["referred_on"])
    kept = (entered <= own["turns"]) & (entered <= ends) & own["history_from"].notna()
    own = own.assign(entered=entered, ends=ends)[kept].sort_values("child_key", ignore_index=True)
    at_risk = at_risk_table(
        own[["child_key"]].assign(time_zero=own["history_from"], followed_to=own["ends"]),
        OUTCOMES[outcome].events(snapshot),
        away=time_away(snapshot),
    )
    entering = own[["child_key"]].assign(on=own["entered"])
    rows = split(split(at_risk, entering, into="learnt"), _birthdays(own), into="years").rows
    facts = own[["child_key", "sex", "care_status", "birth_month"]]
    rows = rows.merge(facts, how="left", on="child_key")
    begins, since = numbered(rows["time_zero"]), rows["years"].where(rows["years"] > 0)
    at_start = (rows["time_zero"] - rows["birth_month"]).dt.days // 365.25
    age = (since.fillna(at_start) - _USUAL_AGE) / 10
    return rows[["child_key"]].assign(
        start=rows["start"] + begins,
        stop=rows["stop"] + begins,
        events=rows["events"],
        learnt=rows["learnt"] > 0,
        age=age,
        age_squared=age**2,
        looked_after=rows["care_status"].astype("str").str.startswith("looked_after").astype(float),
        male=(rows["sex"] == "male").astype(float),
    )


def _birthdays(own: pd.DataFrame) -> pd.DataFrame:
    """The birthdays of each child (as the month tells them): child_key, on, value (its age)."""
    every = own[["child_key", "birth_month"]].merge(_OF_AGE.rename("value"), how="cross")
    on = (every["birth_month"].dt.year + every["value"]) * 100 + every["birth_month"].dt.month
    return every[["child_key", "value"]].assign(
        on=pd.to_datetime(on.astype("str") + "01", format="%Y%m%d")
    )
