"""What Positive Futures tells: targeted referrals, and open-access sessions without names."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analyses.invented import service
from analyses.invented.area import GWENT, Area
from analyses.invented.filling import draw, leave_blank, numbered, tidy
from analyses.invented.world import HISTORY_DAYS, Array, Days
from evaluation.quarters import Quarter

_ASKED_PER_YEAR = 0.015
_YOUNGEST = 10 * 12
_ACTIVITY = {
    "football": 0.28, "boxing": 0.20, "multi_sport": 0.16, "gym": 0.14, "mentoring": 0.12,
    "dance": 0.05, "swimming": 0.05,
}  # fmt: skip

_OPEN_TO_ALL = {
    "football": 0.42, "multi_sport": 0.26, "boxing": 0.16, "gym": 0.08, "dance": 0.08,
}  # fmt: skip
_CANCELLED, _FIRST_TIME, _NOT_COUNTED = 0.04, 0.07, 0.04
_AT_MOST = 120


def draw_asked(children: pd.DataFrame, days: Days, *, rng: np.random.Generator) -> pd.DataFrame:
    """Who is referred by others than the meeting: child and day. By chance alone, once a child."""
    years = (days.days - HISTORY_DAYS) / 365.25
    who = np.flatnonzero(rng.random(len(children)) < _ASKED_PER_YEAR * years)
    asked = pd.DataFrame({"child": who, "day": rng.integers(HISTORY_DAYS, days.days, len(who))})
    about = children.loc[who].reset_index(drop=True)
    months = np.array([days.month(day) for day in asked["day"].tolist()], dtype=int)
    able: pd.Series[bool] = (
        (months - about["birth_month"] >= _YOUNGEST)
        & (asked["day"] <= about["turns"])
        & asked["day"].between(about["arrives"], about["leaves"] - 1)
    )
    return asked[able].reset_index(drop=True)


def draw_progress(
    minutes: pd.DataFrame,
    asked: pd.DataFrame,
    children: pd.DataFrame,
    days: Days,
    *,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """What becomes of each referral, as `service.draw_progress` says, with its activity.

    The meeting's referrals are those in its `minutes`. A child whose referral is open is not
    taken in twice.
    """
    sent = minutes[minutes["decision"] == "refer_positive_futures"]
    met = [days.number(day.date()) for day in sent["met_on"]]
    referrals = pd.concat(
        [
            pd.DataFrame({"child": sent["child"], "day": met, "by_meeting": True}),
            asked.assign(by_meeting=False),
        ]
    ).drop_duplicates(["child", "day"])
    progress = service.draw_progress(referrals, children, days, rng=rng, prefix="PF-")
    progress["activity"] = draw(_ACTIVITY, len(progress), rng)
    kept = progress[_taken_in(progress)].reset_index(drop=True)
    return leave_blank(kept, rng)


def referrals_of(progress: pd.DataFrame, keys: pd.Series, quarter: Quarter) -> pd.DataFrame:
    """The form 'positive_futures_referrals' for a quarter, as things stood on its last day."""
    form = service.referrals_of(progress, keys, quarter)
    activity = progress.set_index("referral_ref")["activity"]
    return form.assign(activity=form["referral_ref"].map(activity).astype("str"))


def draw_sessions(days: Days, *, rng: np.random.Generator, area: Area = GWENT) -> pd.DataFrame:
    """The open-access sessions of all quarters, one a week at each venue but over Christmas.

    One row is one session: the form's columns.
    """
    pieces = []
    for authority, venues in area.venues.items():
        for number in range(venues):
            first = HISTORY_DAYS + int(rng.integers(7))
            held_on = pd.to_datetime(days.calendar(np.arange(first, days.days, 7)))
            christmas = (held_on.month == 12) & (held_on.day > 22)
            pieces.append(
                pd.DataFrame(
                    {
                        "held_on": held_on[~christmas],
                        "local_authority": authority,
                        "venue_ref": f"V{authority[-2:]}-{number + 1}",
                        "activity": draw(_OPEN_TO_ALL, 1, rng)[0],
                        "minutes": int(rng.choice([60, 90, 120])),
                        "usual": rng.gamma(6, 4),
                    }
                )
            )
    rows = pd.concat(pieces).sort_values(["held_on", "venue_ref"], ignore_index=True)
    cancelled = rng.random(len(rows)) < _CANCELLED
    came = rng.poisson(rows["usual"] * rng.gamma(8, 1 / 8, len(rows))).clip(max=_AT_MOST)
    came[cancelled] = 0
    first_time = pd.Series(rng.binomial(came, _FIRST_TIME), dtype="Int64")
    rows = rows.assign(
        minutes=rows["minutes"].astype("Int64"),
        attendances=pd.Series(came, dtype="Int64"),
        first_attendances=first_time.mask(rng.random(len(rows)) < _NOT_COUNTED),
        cancelled=np.where(cancelled, "yes", "no"),
    )
    rows.insert(0, "session_ref", numbered("S-", len(rows), 5))
    return rows.drop(columns="usual")


def sessions_of(sessions: pd.DataFrame, quarter: Quarter) -> pd.DataFrame:
    """The form 'positive_futures_sessions' for a quarter."""
    first, last = pd.Timestamp(quarter.first_day), pd.Timestamp(quarter.last_day)
    return tidy(sessions[sessions["held_on"].between(first, last)])


def _taken_in(progress: pd.DataFrame) -> Array:
    """True but for the referrals that begin while an earlier one of the child is open."""
    ended = progress["closed_on"].fillna(progress["decided_on"])
    taken = np.ones(len(progress), dtype=bool)
    until: dict[int, pd.Timestamp] = {}
    rows = zip(progress["child"], progress["referred_on"], ended, strict=True)
    for at, (child, referred_on, ends) in enumerate(rows):
        if referred_on < until.get(child, referred_on):
            taken[at] = False
        else:
            until[child] = ends
    return taken
