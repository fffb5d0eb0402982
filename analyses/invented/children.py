"""Children who do not exist: what they are like, and how readily each goes missing."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from stdnum import luhn

from analyses.invented.area import GWENT, Area
from analyses.invented.world import NEVER, Array, Days, World, chance

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32."""

_SEX = {"female": 0.53, "male": 0.45, "other": 0.01, "not_known": 0.01}
_CARE = {
    "not_looked_after": 0.80,
    "looked_after": 0.14,
    "looked_after_elsewhere": 0.05,
    "not_known": 0.01,
}
# How a child's rate differs from that of others.
_RISK_OF_SEX = {"female": 1.1, "male": 0.95}
_RISK_OF_CARE = {"looked_after": 1.5, "looked_after_elsewhere": 1.4}

_YOUNGEST_AT_START = 7
_MOVES_IN, _MOVES_OUT = 0.04, 0.04
_STAYS_AT_LEAST = 60


def draw_children(
    count: int, world: World, days: Days, *, seed: tuple[int, ...], area: Area = GWENT
) -> pd.DataFrame:
    """The children at risk.

    One row is one child, numbered by the index: birth_month (months since year 0), sex,
    local_authority, care_status, risk (episodes a day at rest, for a child of the age of most
    risk), arrives and leaves (the numbered days of moving in, 0 for most, and of moving away,
    NEVER for most), turns (the last day of the month of its 18th birthday), asked_on (the day
    on which somebody other than the meeting refers it, NEVER for most).

    Care status and authority do not change. Ages are even, so that as many children grow into
    the years of risk as grow out of them.
    """
    rng = chance(seed, "children")
    frailty = rng.gamma(world.frailty, 1 / world.frailty, count)
    sex, care, authority = (_draw(shares, count, rng) for shares in (_SEX, _CARE, area.children))
    risk = world.episodes_per_year / 365.25 * frailty
    risk *= (
        sex.map(_RISK_OF_SEX).fillna(1).to_numpy() * care.map(_RISK_OF_CARE).fillna(1).to_numpy()
    )

    oldest, youngest = 18 * 12, _YOUNGEST_AT_START * 12
    birth_month = days.month(0) - rng.integers(youngest, oldest, count)
    arrives = np.where(
        rng.random(count) < _MOVES_IN, rng.integers(1, days.days - _STAYS_AT_LEAST, count), 0
    )
    leaves = np.where(
        rng.random(count) < _MOVES_OUT,
        rng.integers(arrives + _STAYS_AT_LEAST, days.days + _STAYS_AT_LEAST),
        NEVER,
    )
    return pd.DataFrame(
        {
            "birth_month": birth_month,
            "sex": sex,
            "local_authority": authority,
            "care_status": care,
            "risk": risk,
            "arrives": arrives,
            "leaves": leaves,
            "turns": _month_ends(birth_month + 18 * 12, days),
            "asked_on": _asked_on(count, world, days, rng),
        }
    )


def draw_keys(count: int, *, rng: np.random.Generator) -> pd.Series:
    """Child keys, all different: eleven characters by chance and the check character."""
    keys: dict[str, None] = {}
    while len(keys) < count:
        stem = "".join(ALPHABET[at] for at in rng.integers(len(ALPHABET), size=11))
        keys[stem + luhn.calc_check_digit(stem, ALPHABET)] = None
    return pd.Series(list(keys), dtype="str")


def _draw(shares: Mapping[str, float], count: int, rng: np.random.Generator) -> pd.Series:
    return pd.Series(rng.choice(list(shares), count, p=list(shares.values())), dtype="str")


def _month_ends(months: Array, days: Days) -> Array:
    """The last day of each month, given in months since year 0, as a numbered day."""
    following = (months + 1 - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]")
    return (following - np.datetime64(days.start, "D")).astype("int64") - 1


def _asked_on(count: int, world: World, days: Days, rng: np.random.Generator) -> Array:
    """A day within the quarters for a few, by chance alone, and never the day of a meeting."""
    first = days.meetings[0]
    on = rng.integers(first, days.days - 1, count)
    on += np.isin((on - first) % 7, (0,))
    return np.where(rng.random(count) < world.asked_elsewhere, on, NEVER)
