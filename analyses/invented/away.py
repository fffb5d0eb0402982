"""What the police tell of time away: custody, secure accommodation, hospital, another area."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analyses.invented.filling import draw, tidy
from analyses.invented.police import MADE_AFTER_DAYS
from analyses.invented.process import Lives
from analyses.invented.world import HISTORY_DAYS, NEVER, Days
from evaluation.quarters import Quarter

_EVER_AWAY = 0.02
_REASON = {"hospital": 0.40, "out_of_area": 0.30, "custody": 0.18, "secure": 0.12}
_USUAL_DAYS = {"hospital": 9, "out_of_area": 45, "custody": 30, "secure": 40}
_LEAST_DAYS = 2


def draw_spells(
    lives: Lives, children: pd.DataFrame, days: Days, *, rng: np.random.Generator
) -> pd.DataFrame:
    """Spells of a few of the children who go missing, at most one each.

    One row is one spell: child, start and end (numbered days, both a part of it), reason. A
    child away cannot go missing, but what happens day by day knows nothing of time away; so a
    spell lies in a gap between two episodes and is cut short before the next. It takes away
    days on which nothing happened, in either arm alike, and too few to matter to the truth.
    """
    who = np.unique(lives.episodes["child"])
    who = who[rng.random(len(who)) < _EVER_AWAY]
    reason = draw(_REASON, len(who), rng)
    length = 1 + rng.gamma(3, reason.map(_USUAL_DAYS).to_numpy(dtype=float) / 3)
    spells = pd.DataFrame(
        {
            "child": who,
            "start": rng.integers(HISTORY_DAYS - 30, days.days, len(who)),
            "reason": reason,
        }
    )
    pairs = spells.merge(lives.episodes[["child", "day", "back"]], on="child")
    during = pairs["day"].le(pairs["start"]) & pairs["back"].ge(pairs["start"])
    later = pairs[pairs["day"] > pairs["start"]].groupby("child")["day"].min()
    limits = pd.DataFrame(
        {
            "length": spells["start"] + length.astype(int),
            "missing_again": spells["child"].map(later).fillna(NEVER).astype(int) - 1,
            "grown": children["turns"].to_numpy()[who],
            "gone": children["leaves"].to_numpy()[who] - 1,
        }
    )
    spells["end"] = limits.min(axis=1)
    possible: pd.Series[bool] = (
        ~spells["child"].isin(pairs.loc[during, "child"])
        & (spells["start"] >= children["arrives"].to_numpy()[who])
        & (spells["end"] - spells["start"] >= _LEAST_DAYS)
    )
    return spells[possible].reset_index(drop=True)


def spells_of(spells: pd.DataFrame, keys: pd.Series, days: Days, quarter: Quarter) -> pd.DataFrame:
    """The form 'away_spells' for a quarter: what touched it, as known some days after it ended."""
    begins, ends = days.number(quarter.first_day), days.number(quarter.last_day)
    rows = spells[(spells["start"] <= ends) & (spells["end"] >= begins)]
    over = rows["end"] <= ends + MADE_AFTER_DAYS
    form = pd.DataFrame(
        {
            "child_key": rows["child"].map(keys),
            "from_on": days.calendar(rows["start"].to_numpy()),
            "to_on": days.calendar(rows["end"].where(over, NEVER).to_numpy()),
            "reason": rows["reason"],
        }
    )
    return tidy(form)
