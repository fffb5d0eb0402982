"""What happens to the children, day by day: missing, back, discussed, referred."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit, ndtri

from analyses.invented.world import NEVER, Array, Days, World, chance

GRADES = ("no_apparent_risk", "low", "medium", "high")
_GRADES_UP_TO = np.cumsum([0.12, 0.30, 0.46])

# Years of age, and how readily a child of that age goes missing against one of 15.
_AGES = np.array([10, 11, 12, 13, 14, 15, 16, 17])
_RISK_OF_AGE = np.array([0.1, 0.25, 0.5, 0.75, 0.95, 1.0, 0.9, 0.7])
_LOOK_UP_AGE_DAYS = 28

# Most are reported missing between the afternoon and midnight: share of reports up to a minute.
_REPORTED_SHARE = (0.0, 0.08, 0.20, 0.40, 0.88, 1.0)
_REPORTED_MINUTE = (0, 180, 720, 1020, 1380, 1440)
_AWAY_MEDIAN_MINUTES, _AWAY_SPREAD = 9 * 60, 1.25
_AWAY_LEAST, _AWAY_MOST = 75, 25 * 1440

# What moves the meeting, as log odds beside `World.keen`.
_PER_DOUBLING = 0.55  # of the recent episodes
_PER_DAY_SINCE = -0.08
_PER_YEAR_OF_AGE, _USUAL_AGE = 0.12, 14
_LOOKED_AFTER = 0.2
_OF_GRADE = np.array([-0.4, -0.2, 0.1, 0.6])
_OF_AUTHORITY = {"W06000022": 0.25, "W06000021": -0.25}

DECISIONS = (
    "already_referred", "elsewhere", "low_concern", "no_capacity", "no_consent", "withheld",
    "referred",
)  # fmt: skip
"""What a meeting may decide: the first that holds. Only a counterfactual withholds."""


@dataclass(frozen=True)
class Lives:
    """What happened. A child is its number among the children; days are numbered.

    episodes    one row an episode: child, day and minute (reported), back and back_minute
                (returned), grade (its place in GRADES)
    decisions   one row a child at a meeting: child, day, decision
    referrals   one row a child referred, which happens once: child, day, by_meeting
    starts      one row a child who met the trigger at a meeting: child, day (the first such
                meeting, its time zero), decision
    """

    episodes: pd.DataFrame
    decisions: pd.DataFrame
    referrals: pd.DataFrame
    starts: pd.DataFrame


def live(
    children: pd.DataFrame,
    world: World,
    days: Days,
    *,
    seed: tuple[int, ...],
    withhold: bool = False,
) -> Lives:
    """Let the children live through the days.

    Chance is drawn for every child and every day, used or not, so that two lives from one seed
    differ only by what the effect or `withhold` changes, child by child (common random numbers).

        withhold    nobody is referred by the meeting at which it first met the trigger; all
                    goes on as usual afterwards, and a later meeting may refer it. This is the
                    other world, in which the truth is measured

    Within a day the meeting comes first; it knows the episodes begun up to the day before.
    """
    going, details, deciding = (chance(seed, part) for part in ("going", "details", "meeting"))
    last_day = children["turns"].clip(upper=children["leaves"] - 1).to_numpy()
    arrives, asked_on = children["arrives"].to_numpy(), children["asked_on"].to_numpy()
    born, leaning = children["birth_month"].to_numpy(), _leaning(children)
    now = _Now.at_first(len(children))
    episodes: list[tuple[Array, ...]] = []
    decisions: list[tuple[Array, ...]] = []

    for day in range(days.days):
        here = (arrives <= day) & (day <= last_day)
        if day % _LOOK_UP_AGE_DAYS == 0:
            age = (days.month(day) - born) // 12
            resting = children["risk"].to_numpy() * np.interp(age, _AGES, _RISK_OF_AGE)
        if day >= world.trigger_days:
            now.recent[episodes[day - world.trigger_days][0]] -= 1
        if day in days.meetings:
            lean = leaning + _PER_YEAR_OF_AGE * (age - _USUAL_AGE)
            decisions.append(_meet(now, day, here, lean, world, withhold=withhold, rng=deciding))
        asked = here & (asked_on == day) & (now.referred_on == NEVER)
        now.referred_on[asked] = day
        goes = going.standard_exponential(len(children)) < _rate(now, day, resting, world)
        episodes.append(_go(now, day, here & (now.back < day) & goes, rng=details))

    referred = np.flatnonzero(now.referred_on < NEVER)
    met = _frame(decisions, "child", "day", "decision", "first")
    met["decision"] = np.array(DECISIONS)[met["decision"]]
    return Lives(
        episodes=_frame(episodes, "child", "day", "minute", "back", "back_minute", "grade"),
        decisions=met[["child", "day", "decision"]],
        referrals=pd.DataFrame(
            {
                "child": referred,
                "day": now.referred_on[referred],
                "by_meeting": now.by_meeting[referred],
            }
        ),
        starts=met.loc[met["first"] == 1, ["child", "day", "decision"]].reset_index(drop=True),
    )


@dataclass(frozen=True)
class _Now:
    """How things stand with each child; its arrays are written on as the days pass."""

    began: Array  # the last episode: its first day,
    back: Array  # the day of return
    grade: Array  # and its grade
    recent: Array  # episodes begun in the last `trigger_days`
    referred_on: Array
    elsewhere_on: Array
    by_meeting: Array
    triggered: Array  # whether it has met the trigger at a meeting

    @classmethod
    def at_first(cls, count: int) -> _Now:
        return cls(
            began=np.full(count, -NEVER),
            back=np.full(count, -NEVER),
            grade=np.zeros(count, dtype=int),
            recent=np.zeros(count, dtype=int),
            referred_on=np.full(count, NEVER),
            elsewhere_on=np.full(count, NEVER),
            by_meeting=np.zeros(count, dtype=bool),
            triggered=np.zeros(count, dtype=bool),
        )


def _rate(now: _Now, day: int, resting: Array, world: World) -> Array:
    """Each child's rate of going missing on a day."""
    raised = np.where(day - now.back <= world.after_days, world.after_episode, 1.0)
    helped = np.where(now.referred_on < day, world.effect, 1.0)
    helped *= np.where(now.elsewhere_on < day, world.elsewhere_effect, 1.0)
    return resting * raised * helped


def _go(now: _Now, day: int, goes: Array, *, rng: np.random.Generator) -> tuple[Array, ...]:
    """The episodes that begin on a day, at most one a child."""
    luck = rng.random((3, len(goes)), dtype=np.float32)
    who = np.flatnonzero(goes)
    clock, length, graded = luck[:, who]
    minute = np.interp(clock, _REPORTED_SHARE, _REPORTED_MINUTE).astype(int) % 1440
    away = np.exp(np.log(_AWAY_MEDIAN_MINUTES) + _AWAY_SPREAD * ndtri(length))
    returned = minute + np.clip(away, _AWAY_LEAST, _AWAY_MOST).astype(int)
    now.began[who] = day
    now.back[who] = day + returned // 1440
    now.grade[who] = np.searchsorted(_GRADES_UP_TO, graded)
    now.recent[who] += 1
    today = np.full(len(who), day)
    return who, today, minute, now.back[who], returned % 1440, now.grade[who]


def _meet(
    now: _Now,
    day: int,
    here: Array,
    lean: Array,
    world: World,
    *,
    withhold: bool,
    rng: np.random.Generator,
) -> tuple[Array, ...]:
    """What the meeting decides about each child reported missing since the last one.

    Returns child, day, decision (its place in DECISIONS), and 1 where the child meets the
    trigger for the first time.
    """
    luck = rng.random((3, len(here)), dtype=np.float32)
    free = rng.random() < world.place_free
    who = np.flatnonzero(here & (day - now.began <= world.discussed_days))
    wants, other, agrees = luck[:, who]
    odds = world.keen + lean[who] + _OF_GRADE[now.grade[who]]
    odds += _PER_DOUBLING * np.log2(now.recent[who] / world.trigger_episodes)
    odds += _PER_DAY_SINCE * (day - now.began[who])
    met = now.recent[who] >= world.trigger_episodes
    first = met & ~now.triggered[who]
    decision = np.select(
        [
            now.referred_on[who] < day,
            other < world.elsewhere,
            wants >= expit(odds) * np.where(met, 1.0, world.seldom),
            np.full(len(who), not free),
            agrees >= world.consent,
            first & withhold,
        ],
        range(len(DECISIONS) - 1),
        len(DECISIONS) - 1,
    )
    referred = who[decision == DECISIONS.index("referred")]
    now.referred_on[referred] = day
    now.by_meeting[referred] = True
    sent = who[decision == DECISIONS.index("elsewhere")]
    now.elsewhere_on[sent] = np.minimum(now.elsewhere_on[sent], day)
    now.triggered[who[first]] = True
    return who, np.full(len(who), day), decision, first.astype(int)


def _leaning(children: pd.DataFrame) -> Array:
    """What of a child's circumstances moves the meeting."""
    looked_after = children["care_status"].isin(["looked_after", "looked_after_elsewhere"])
    authority = children["local_authority"].map(_OF_AUTHORITY).fillna(0.0)
    return (_LOOKED_AFTER * looked_after + authority).to_numpy()


def _frame(pieces: list[tuple[Array, ...]], *columns: str) -> pd.DataFrame:
    """The pieces of all days as one frame of whole numbers."""
    return pd.DataFrame(
        {
            column: np.concatenate([np.empty(0, dtype=int), *parts])
            for column, parts in zip(columns, zip(*pieces, strict=True), strict=True)
        }
    )
