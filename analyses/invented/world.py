"""How the invented world works: every number that shapes it, in one place, and what each is for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluation.quarters import Quarter

Array = NDArray[Any]

QUARTERS = Quarter(2023, 1).to(Quarter(2024, 4))
"""The quarters that are invented unless others are asked for."""

CHILDREN = 9_500
"""Children at risk in the default world. Most never go missing, and so are never told of."""

EFFECT = 0.7
"""The default effect: real, but modest."""

HISTORY_DAYS = 365
"""Days of episodes before the first quarter; the world begins with them."""

MEETING_WEEKDAY = 1
"""The missing meeting is held every Tuesday (Monday is 0)."""

NEVER = 1_000_000
"""A day after all others."""

_PARTS = (
    "children", "going", "details", "meeting", "keys", "facts", "records", "progress", "minutes",
    "away", "incidents", "asked", "futures", "assessments", "sessions", "closures", "more keys",
)  # fmt: skip


def chance(seed: tuple[int, ...], part: str) -> np.random.Generator:
    """The chances of one part of the world; drawing more in one part changes no other."""
    return np.random.default_rng((*seed, _PARTS.index(part)))


@dataclass(frozen=True, slots=True)
class World:
    """The habits of children and services.

    A child goes missing at a daily rate, which is a product:

        episodes_per_year   of the average child, at rest, at the age of most risk; times factors
                            for age, sex and care status
        frailty             shape of each child's own factor, gamma with mean 1: the smaller, the
                            more a few children make most episodes
        after_episode       factor from the day after a return and for `after_days`. These days
                            make the spikes after which children are referred
        effect              factor from the day after the referral decision, for as long as the
                            child is followed. It belongs to the referral, engaged with or not,
                            as in an analysis by intention to refer; 1 is no effect

    The weekly meeting discusses the children reported missing in the `discussed_days` before.
    What it decides depends on what the returns tell (episodes in the last 90 days, days since
    the last, its grade, age, care status, authority) and on chance, never on the frailty:

        keen                log odds that it wants to refer a child who has just met the trigger
        seldom              how much less often below the trigger
        place_free          share of meetings at which the service has a place at all; at the
                            others nobody is referred, whoever asks
        consent             share of children or families who agree
        elsewhere           share of discussed children who are referred to another service
        elsewhere_effect    factor from the day after such a referral: what the other service does
                            beside ours; 1 is nothing
        asked_elsewhere     share of all children whom somebody else (school, family) refers
        trigger_episodes, trigger_days   what counts as the trigger

    A child is referred once. Of those not referred at the trigger, many are later: less `keen`,
    fewer `place_free` make both fewer. The defaults are tuned to what is known of children who
    go missing; tests/slow/test_invented_world.py says what that is and measures it.
    """

    effect: float = EFFECT
    episodes_per_year: float = 0.24
    frailty: float = 0.7
    after_episode: float = 14.0
    after_days: int = 28
    discussed_days: int = 7
    keen: float = 0.8
    seldom: float = 0.05
    place_free: float = 0.85
    consent: float = 0.9
    elsewhere: float = 0.05
    elsewhere_effect: float = 1.0
    asked_elsewhere: float = 0.02
    trigger_episodes: int = 3
    trigger_days: int = 90


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a world, numbered from 0, the first day of history."""

    start: date
    days: int

    @classmethod
    def of(cls, quarters: tuple[Quarter, ...]) -> Days:
        """From a year before the first quarter to the end of the last, which follow each other."""
        assert all(later == earlier + 1 for earlier, later in pairwise(quarters))
        start = quarters[0].first_day - timedelta(days=HISTORY_DAYS)
        return cls(start, (quarters[-1].last_day - start).days + 1)

    @property
    def meetings(self) -> range:
        """The days of the meetings; there are none to be told of before the first quarter."""
        first = self.on(HISTORY_DAYS)
        return range(HISTORY_DAYS + (MEETING_WEEKDAY - first.weekday()) % 7, self.days, 7)

    def on(self, day: int) -> date:
        return self.start + timedelta(days=day)

    def number(self, day: date) -> int:
        return (day - self.start).days

    def calendar(self, days: Array) -> Array:
        """Numbered days as calendar days; NEVER as not-a-time."""
        calendar = np.datetime64(self.start, "D") + np.asarray(days).astype("timedelta64[D]")
        return np.where(np.asarray(days) < NEVER, calendar, np.datetime64("NaT", "D"))

    def month(self, day: int) -> int:
        """Months since year 0 of a numbered day."""
        on = self.on(day)
        return on.year * 12 + on.month - 1
