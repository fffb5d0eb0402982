"""The cohort: children discussed at the missing meeting, aligned at the trigger.

Time zero is the first meeting at which a child met the trigger; the arms are what that meeting
decided. A child to whom an exclusion applies on that day is out, and is not taken in at a later
meeting: which child would wait for a later start depends on what happened in between, and that
would bring the bias back that the common start keeps out (docs/decisions/0001-time-zero.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pandas as pd

from analyses.covariates import COVARIATES, LOOKBACKS_DAYS, known_at
from analyses.outcomes import OUTCOMES
from analyses.plan import Plan
from analyses.snapshots import covered, run_end, table
from evaluation.following import history
from evaluation.language import Text, _
from evaluation.nouns import Cohort, Snapshot, Step
from evaluation.quarters import Quarter

REFERRED = "refer_st_giles"
ELSEWHERE = ("refer_other", "refer_positive_futures")
SUPPORTED = "already_supported"

ARMS = {
    "referred": _("Referred at that meeting"),
    "not_referred": _("Not referred at that meeting"),
}


_NEVER = pd.Timestamp("2262-01-01")


def discussed(snapshot: Snapshot, plan: Plan) -> Cohort:
    """The children discussed at the missing meeting, referred at their time zero or not.

    One row of `children` is one child: child_key, arm ('referred' or 'not_referred'),
    time_zero, followed_to (its last day), ended_by ('data_end', 'turned_18' or 'left'),
    data_end (the last day of the unbroken run of episode returns that holds time zero),
    history_from, and the covariates of `analyses.covariates`. Rows are in order of child_key.

    `flow` counts all children discussed, then those left out, each once and for the first
    reason that holds, then the arms.

    Raises MissingTable if no return came of meetings, episodes, children or referrals: without
    the last, nobody can tell who had been referred before.
    """
    starts = starting(_starts(snapshot, plan), snapshot, plan)
    kept = pd.Series(data=True, index=starts.index)
    flow = [Step("discussed", _("Children discussed at a meeting"), len(starts))]
    for reason, title, left_out in exclusions(starts, snapshot, plan):
        flow.append(Step(reason, title, int((kept & left_out).sum())))
        kept &= ~left_out
    children = starts[kept].assign(
        arm=np.where(starts.loc[kept, "referred"].eq(True), "referred", "not_referred")
    )
    flow += [Step(arm, title, int((children["arm"] == arm).sum())) for arm, title in ARMS.items()]
    columns = ["child_key", "arm", "time_zero", "followed_to", "ended_by", "data_end"]
    return Cohort(
        name="discussed",
        children=children[[*columns, "history_from", *COVARIATES]].reset_index(drop=True),
        flow=tuple(flow),
        data_end=covered(snapshot, "missing_episodes")[-1].last_day,
        snapshot=snapshot.id,
    )


def later_referrals(cohort: Cohort, snapshot: Snapshot) -> pd.Series:
    """The day of each child's first referral at a meeting after time zero, by child_key.

    Children who were not referred later are left out. It is what became of the arms, not what
    they were: nothing is adjusted for it.
    """
    decisions = table(snapshot, "meeting_decisions")
    referrals = decisions[decisions["decision"] == REFERRED]
    rows = cohort.children[["child_key", "time_zero"]].merge(referrals, on="child_key")
    return rows[rows["met_on"] > rows["time_zero"]].groupby("child_key")["met_on"].min()


def meetings(snapshot: Snapshot, plan: Plan) -> pd.DataFrame:
    """Every meeting that discussed a child, with what was known of its episodes on that day.

    One row is one child at one meeting: child_key, on, local_authority, referred and elsewhere
    (what was decided), episodes_N for every look-back and the plan's own trigger,
    days_since_last and last_ref.

    Raises MissingTable if no return came of meetings or episodes.
    """
    decisions = table(snapshot, "meeting_decisions")
    met = (
        decisions.assign(
            referred=decisions["decision"] == REFERRED,
            elsewhere=decisions["decision"].isin(ELSEWHERE),
        )
        .groupby(["child_key", "met_on"], as_index=False)
        .agg(
            local_authority=("local_authority", "first"),
            referred=("referred", "max"),
            elsewhere=("elsewhere", "max"),
        )
        .rename(columns={"met_on": "on"})
    )
    lookbacks = sorted({*LOOKBACKS_DAYS, plan.trigger_days})
    past = history(
        OUTCOMES["re_missing"].events(snapshot), met[["child_key", "on"]], lookbacks_days=lookbacks
    )
    # Where no meeting told of any child, there are no counts either.
    counts = [f"episodes_{days}" for days in lookbacks]
    past = past.reindex(columns=["child_key", "on", *counts, "days_since_last", "last_ref"])
    return met.merge(past, on=["child_key", "on"])


def starting(met: pd.DataFrame, snapshot: Snapshot, plan: Plan) -> pd.DataFrame:
    """What was known at each start, and how long the child can be followed from it.

    One row of `met` is one start: child_key, time_zero and the columns of `meetings`; a child
    may have several. Added: the covariates, and turns, data_end, followed_to, ended_by.
    """
    known = known_at(met, snapshot)
    return known.join(_follow_up(known, snapshot, plan))


def _starts(snapshot: Snapshot, plan: Plan) -> pd.DataFrame:
    """One row per child discussed: its time zero, what was decided there, and its history.

    All but child_key is missing for a child who never met the trigger.
    """
    met = meetings(snapshot, plan)
    met = met[met[f"episodes_{plan.trigger_days}"] >= plan.trigger_episodes]
    first = met.sort_values(["child_key", "on"]).drop_duplicates("child_key")
    everyone = table(snapshot, "meeting_decisions")[["child_key"]].drop_duplicates()
    everyone = everyone.sort_values("child_key")
    return everyone.merge(first.rename(columns={"on": "time_zero"}), how="left", on="child_key")


def exclusions(
    starts: pd.DataFrame, snapshot: Snapshot, plan: Plan
) -> Iterator[tuple[str, Text, pd.Series]]:
    """Why a start is left out, in the order in which they count, with True where it holds."""
    time_zero = starts["time_zero"]
    yield (
        "never_met_trigger",
        _(
            "Never had {episodes} episodes in the {days} days before a meeting",
            episodes=plan.trigger_episodes,
            days=plan.trigger_days,
        ),
        time_zero.isna(),
    )
    yield (
        "not_a_child",
        _("Aged {age} or over, or not in the children’s return", age=plan.age_limit),
        ~(time_zero <= starts["turns"]),
    )
    yield (
        "already_referred",
        _("Referred before, or already supported"),
        _already_referred(starts, snapshot),
    )
    yield (
        "referred_elsewhere",
        _("Referred to another service at that meeting"),
        starts["elsewhere"].eq(True),
    )
    yield (
        "short_history",
        _("Less than {days} days of episodes on record before", days=plan.history_days),
        _short_history(starts, snapshot, plan),
    )
    yield (
        "no_follow_up",
        _("Not one day of follow-up on record"),
        ~(starts["followed_to"] > time_zero),
    )


def _already_referred(starts: pd.DataFrame, snapshot: Snapshot) -> pd.Series:
    """True where the service, or a meeting, knew of a referral before time zero.

    The service's own returns tell of referrals from any source. A meeting tells of one by
    referring the child earlier, or by noting, up to time zero itself, that it is supported.
    """
    referrals = table(snapshot, "st_giles_referrals")
    decisions = table(snapshot, "meeting_decisions")
    time_zero = starts["time_zero"]
    by_meeting = _first(starts, decisions[decisions["decision"] == REFERRED], "met_on")
    supported = _first(starts, decisions[decisions["decision"] == SUPPORTED], "met_on")
    return (
        (_first(starts, referrals, "referred_on") < time_zero)
        | (by_meeting < time_zero)
        | (supported <= time_zero)
    )


def _short_history(starts: pd.DataFrame, snapshot: Snapshot, plan: Plan) -> pd.Series:
    """True where the days looked back upon are not all on record.

    The first return of episodes carries earlier rows, as far back as `history_from` says; after
    it, every quarter looked back upon must have come.
    """
    quarters = covered(snapshot, "missing_episodes")
    begins = starts["time_zero"] - pd.Timedelta(days=plan.history_days)

    def broken(time_zero: pd.Timestamp) -> bool:
        first = Quarter.of(time_zero.date() - timedelta(days=plan.history_days))
        last = Quarter.of(time_zero.date() - timedelta(days=1))
        return any(q > quarters[0] and q not in quarters for q in first.to(last))

    gaps = {day: broken(day) for day in starts["time_zero"].dropna().unique()}
    return ~(starts["history_from"] <= begins) | starts["time_zero"].map(gaps).eq(True)


def _follow_up(starts: pd.DataFrame, snapshot: Snapshot, plan: Plan) -> pd.DataFrame:
    """The last day on which each child can be observed, and why not longer.

    Days before the first return of episodes belong to its run, because that return carries
    earlier rows. `followed_to` of the children's return is the first day not observed, in
    whichever return it stands; a child said to have left before time zero, and not back in a
    newer return, has no follow-up.
    """
    quarters = covered(snapshot, "missing_episodes")

    def end_of_returns(time_zero: pd.Timestamp) -> date | None:
        return run_end(quarters, max(Quarter.of(time_zero.date()), quarters[0]))

    days = starts["time_zero"].dropna().unique()
    data_end = pd.to_datetime(starts["time_zero"].map({day: end_of_returns(day) for day in days}))
    turns = starts["birth_month"] + pd.DateOffset(years=plan.age_limit) + pd.offsets.MonthEnd(0)
    ends = pd.DataFrame(
        {
            "data_end": data_end,
            "turned_18": turns,
            "left": _left(starts, table(snapshot, "children")) - pd.Timedelta(days=1),
        }
    ).astype("datetime64[us]")
    first = ends.fillna(_NEVER).to_numpy().argmin(axis=1)
    return pd.DataFrame(
        {
            "turns": ends["turned_18"],
            "data_end": ends["data_end"],
            "followed_to": ends.min(axis=1).where(ends["data_end"].notna()),
            "ended_by": ends.columns[first],
        }
    )


def _left(starts: pd.DataFrame, children: pd.DataFrame) -> pd.Series:
    """The first day from which each child was not observed any more, at or after time zero."""
    rows = starts[["child_key", "time_zero"]].drop_duplicates().merge(children, on="child_key")
    last = rows["quarter"] == rows.groupby("child_key")["quarter"].transform("max")
    counts = (rows["followed_to"] >= rows["time_zero"]) | (last & rows["followed_to"].notna())
    earliest = rows[counts].groupby(["child_key", "time_zero"])["followed_to"].min()
    asked = pd.MultiIndex.from_frame(starts[["child_key", "time_zero"]])
    return earliest.reindex(asked).set_axis(starts.index)


def _first(starts: pd.DataFrame, rows: pd.DataFrame, day: str) -> pd.Series:
    """The earliest `day` of each child's rows, beside `starts`; missing where it has none."""
    earliest = rows.groupby("child_key")[day].min().reindex(starts["child_key"])
    return earliest.set_axis(starts.index)
