"""Sequential trials: every eligible meeting of a child asks 'referred now, or not yet?'.

The comparison by first meetings alone (`analyses.cohorts`) leaves children in the comparison arm
whom a later meeting refers. Here a child begins a trial at each meeting at which it is eligible;
one not referred there is followed until it is, by a later meeting or as the service itself tells.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from analyses.cohorts import ARMS, REFERRED, SUPPORTED, exclusions, meetings, starting
from analyses.covariates import COVARIATES, LOOKBACKS_DAYS
from analyses.outcomes import OUTCOMES
from analyses.plan import Plan
from analyses.snapshots import covered, run_end, table
from evaluation.following import history
from evaluation.language import Text, _
from evaluation.nouns import Snapshot, Step
from evaluation.quarters import Quarter

EVERY_DAYS = 7
"""Meetings are weekly, so referrals from elsewhere are looked at week by week, too."""

_DAY = pd.Timedelta(days=1)
_ZERO = pd.Timestamp("2000-01-01")


@dataclass(frozen=True)
class Trials:
    """Every eligible meeting of every child, and every later moment at which it might be referred.

    One row of `trials` is one child at one eligible meeting: trial (its key), child_key, arm
    ('referred' or 'not_referred' at that meeting), time_zero, followed_to, ended_by, data_end,
    turns (the last day of being a child), told_to (the last day up to which the returns tell of referrals), referred_on (the first
    day after time zero on which a child not referred then is known to have been; missing if
    none, and for who was referred), history_from and the covariates.

    One row of `moments` is one moment at which a child, not yet referred, could have been:
    child_key, on, kind (a meeting that discussed it, 'at_trigger' or 'below_trigger'; or
    'otherwise': a week of a child of the comparison arm), by (the last day of it: of a meeting its
    own), censored (1 where the child was referred there), and what was known on the day `on`.
    Meetings at which the trigger is met are those of all children, those that began a trial
    among them: who is referred is decided alike at all of them, and is learnt from all. The other
    moments are those of children of the comparison arm, after their first trial began.

    `flow` counts meetings with a child; `flow_children` the distinct children in each of its lines.
    """

    name: str
    trials: pd.DataFrame = field(repr=False)
    moments: pd.DataFrame = field(repr=False)
    flow: tuple[Step, ...]
    flow_children: Mapping[str, int]
    data_end: date
    snapshot: str


def sequential_trials(snapshot: Snapshot, plan: Plan) -> Trials:
    """Every eligible meeting of every child as a trial of its own.

    The trigger and the exclusions are those of `cohorts.discussed`, asked anew on the day of each
    meeting. A child left out at one may be in at the next: both arms of a trial were asked the
    same on the same day, so what happened in between favours neither. A child whom the service
    took on, on the day of a meeting that did not refer it, is in neither arm of that trial.

    Raises MissingTable if no return came of meetings, episodes, children or referrals.
    """
    met = meetings(snapshot, plan)
    triggered = met[f"episodes_{plan.trigger_days}"] >= plan.trigger_episodes
    starts = met[triggered].rename(columns={"on": "time_zero"}).reset_index(drop=True)
    starts = starting(starts, snapshot, plan)
    known = known_referrals(snapshot)
    kept = pd.Series(data=True, index=starts.index)
    flow = [_step("meetings", _("Meetings that discussed a child, by child"), met)]
    for reason, title, left_out in exclusions(starts, snapshot, plan):
        out = met[~triggered] if reason == "never_met_trigger" else starts[kept & left_out]
        flow.append(_step(reason, title, out))
        kept &= ~left_out
    same_day = _later(starts, known) == starts["time_zero"]
    same_day &= ~starts["referred"].eq(True)
    title = _("Referred that day, but not by the meeting")
    flow.append(_step("referred_that_day", title, starts[kept & same_day]))
    trials = starts[kept & ~same_day].sort_values(["child_key", "time_zero"], ignore_index=True)
    arm = np.where(trials["referred"].eq(True), "referred", "not_referred")
    trials = trials.assign(
        arm=arm,
        trial=trials["child_key"] + "/" + trials["time_zero"].dt.strftime("%Y-%m-%d"),
        referred_on=_later(trials, known).where(arm == "not_referred"),
        told_to=_told_to(trials["time_zero"], snapshot),
    )
    flow += [_step(name, title, trials[arm == name]) for name, title in ARMS.items()]
    columns = [
        "trial", "child_key", "arm", "time_zero", "followed_to", "ended_by", "data_end", "turns", "told_to",
        "referred_on", "history_from", *COVARIATES,
    ]  # fmt: skip
    return Trials(
        name="referred_now",
        trials=trials[columns],
        moments=_moments(trials, met, known, snapshot, plan),
        flow=tuple(step for step, _children in flow),
        flow_children={step.reason: children for step, children in flow},
        data_end=covered(snapshot, "missing_episodes")[-1].last_day,
        snapshot=snapshot.id,
    )


def _step(reason: str, title: Text, rows: pd.DataFrame) -> tuple[Step, int]:
    """A line of the flow, and its distinct children."""
    return Step(reason, title, len(rows)), int(rows["child_key"].nunique())


def in_weeks(rows: pd.DataFrame, first: pd.Series, weeks: pd.Series) -> pd.DataFrame:
    """Each row so many weeks over: number, from 0, and on, the day as which the week begins."""
    times = weeks.to_numpy(dtype="int64")
    number = np.concatenate([np.empty(0, dtype="int64"), *map(np.arange, times)])
    on = np.repeat(first.to_numpy(), times) + (number * EVERY_DAYS).astype("timedelta64[D]")
    made = rows.loc[rows.index.repeat(times)].reset_index(drop=True)
    return made.assign(number=number, on=pd.Series(on, index=made.index).astype("datetime64[us]"))


def earlier(days: pd.Series, others: pd.Series) -> pd.Series:
    """The earlier of two days, row by row; the first where the second is missing."""
    return days.mask(others < days, others)


def numbered(days: pd.Series) -> pd.Series:
    """Days as whole numbers, on one clock for all children."""
    return (days - _ZERO) // _DAY


def known_referrals(snapshot: Snapshot) -> pd.DataFrame:
    """The first day on which each child is known to have been referred: child_key, on, by_meeting.

    By a meeting, by what the service tells, or by a meeting that notes that it is supported.
    """
    decisions = table(snapshot, "meeting_decisions").rename(columns={"met_on": "on"})
    referrals = table(snapshot, "st_giles_referrals").rename(columns={"referred_on": "on"})
    told = [
        decisions[decisions["decision"] == REFERRED].assign(by_meeting=True),
        decisions[decisions["decision"] == SUPPORTED].assign(by_meeting=False),
        referrals.assign(by_meeting=False),
    ]
    every = pd.concat([rows[["child_key", "on", "by_meeting"]] for rows in told])
    # Where a meeting and the service tell of the same day, the meeting decided it.
    every = every.sort_values(["child_key", "on", "by_meeting"], ascending=[True, True, False])
    return every.drop_duplicates("child_key", ignore_index=True)


def _later(trials: pd.DataFrame, known: pd.DataFrame) -> pd.Series:
    """The day of each trial's later referral. A child in a trial had none before."""
    on = trials[["child_key"]].merge(known, how="left", on="child_key")["on"]
    return on.set_axis(trials.index)


def _told_to(time_zero: pd.Series, snapshot: Snapshot) -> pd.Series:
    """The last day of the unbroken run of returns of meetings, and of referrals, from time zero."""
    ends = []
    for form in ("meeting_decisions", "st_giles_referrals"):
        quarters = covered(snapshot, form)
        last = {
            day: run_end(quarters, Quarter.of(day.date())) if quarters else None
            for day in time_zero.unique()
        }
        ends.append(pd.to_datetime(time_zero.map(last)).astype("datetime64[us]"))
    meetings_to, referrals_to = ends
    return earlier(meetings_to, referrals_to).where(referrals_to.notna())


def _moments(
    trials: pd.DataFrame,
    met: pd.DataFrame,
    known: pd.DataFrame,
    snapshot: Snapshot,
    plan: Plan,
) -> pd.DataFrame:
    """Every moment at which a child that had not been referred could have been."""
    lookbacks = sorted({*LOOKBACKS_DAYS, plan.trigger_days})
    told = met.merge(known.rename(columns={"on": "referred_on"}), how="left", on="child_key")
    decides = told["by_meeting"].eq(True) & (told["on"] == told["referred_on"])
    told = told[told["referred_on"].isna() | (told["on"] < told["referred_on"]) | decides]
    triggered = told[f"episodes_{plan.trigger_days}"] >= plan.trigger_episodes
    spans = _waiting(trials, known, plan)
    begun = told[["child_key"]].merge(spans[["child_key", "first"]], how="left", on="child_key")
    waiting = begun["first"].set_axis(told.index) < told["on"]
    asked = triggered | waiting
    told, triggered, decides = told[asked], triggered[asked], decides[told.index[asked]]
    at_meetings = told.assign(
        kind=np.where(triggered, "at_trigger", "below_trigger"), by=told["on"], censored=decides
    )
    weeks = -(-(spans["ends"] - spans["first"]).dt.days // EVERY_DAYS)
    otherwise = in_weeks(spans, spans["first"], weeks)[["child_key", "on"]]
    past = history(OUTCOMES["re_missing"].events(snapshot), otherwise, lookbacks_days=lookbacks)
    otherwise = past.merge(spans, on="child_key")
    by = (otherwise["on"] + EVERY_DAYS * _DAY).clip(upper=otherwise["ends"])
    within = (otherwise["referred_on"] <= by) & otherwise["by_meeting"].eq(False)
    otherwise = otherwise.assign(kind="otherwise", by=by, censored=within)
    every = pd.concat([at_meetings, otherwise], ignore_index=True)
    every = starting(every.rename(columns={"on": "time_zero"}), snapshot, plan)
    # Who has turned 18 is referred by no meeting of children's.
    every = every[every["time_zero"] <= every["turns"]].rename(columns={"time_zero": "on"})
    return (
        every[["child_key", "on", "by", "kind", "censored", *COVARIATES]]
        .astype({"censored": "int64"})
        .sort_values(["child_key", "on", "kind"], ignore_index=True)
    )


def _waiting(trials: pd.DataFrame, known: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """How long each child of the comparison arm waited: child_key, first, ends, referred_on …"""
    spans = (
        trials[trials["arm"] == "not_referred"]
        .groupby("child_key", as_index=False)
        .agg(
            first=("time_zero", "min"),
            last=("time_zero", "max"),
            followed_to=("followed_to", "max"),
            local_authority=("local_authority", "first"),
        )
        .merge(known.rename(columns={"on": "referred_on"}), how="left", on="child_key")
    )
    days = ["first", "last", "followed_to", "referred_on"]
    spans[days] = spans[days].astype("datetime64[us]")  # of no children they are of no kind
    ends = earlier(spans["followed_to"], spans["referred_on"])
    longest = spans["last"] + pd.Timedelta(days=max(plan.windows_days))
    return spans.assign(ends=ends.clip(upper=longest)).drop(columns=["last", "followed_to"])
