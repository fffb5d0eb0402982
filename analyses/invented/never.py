"""What the sequential trials ought to find: the same children, referred, and never referred at all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from analyses.invented.children import draw_children
from analyses.invented.process import Lives, live
from analyses.invented.truth import Truth, compare, counted
from analyses.invented.world import HISTORY_DAYS, NEVER, QUARTERS, Days, World

_AT_ONCE = 25_000


def always_against_never(
    effect: float,
    *,
    days: int,
    children: int = 100_000,
    seed: int,
    world: World | None = None,
    first_alone: bool = False,
) -> Truth:
    """The truth of 'referred now' over 'never referred', by counterfactual simulation.

    Of the children simulated those count whom a meeting referred while they met the trigger (any
    such meeting, or with `first_alone` the first at which they met it), with a year of history
    before and all `days` after it. Each lives twice with the same chances: as it was, and in a
    world in which nobody is ever referred, by meetings or anybody else. Up to the referral both
    lives are the same. Days at risk are counted as in `truth.marginal_rate_ratio`.
    """
    world = replace(world or World(), effect=effect)
    calendar = Days.of(QUARTERS)
    pieces = []
    for block, first in enumerate(range(0, children, _AT_ONCE)):
        count = min(_AT_ONCE, children - first)
        drawn = draw_children(count, world, calendar, seed=(seed, block))
        lives = live(drawn, world, calendar, seed=(seed, block))
        # Without a place nobody is referred; the chances drawn are the same.
        nowhere = replace(world, place_free=0.0)
        never = live(drawn.assign(asked_on=NEVER), nowhere, calendar, seed=(seed, block))
        starts = _referred(lives, drawn, calendar, world, days, first_alone=first_alone)
        pieces.append(
            pd.concat(
                [
                    counted(lives, starts, days=days).add_suffix("_now"),
                    counted(never, starts, days=days).add_suffix("_later"),
                ],
                axis="columns",
            )
        )
    return compare(pd.concat(pieces), days)


def _referred(
    lives: Lives,
    children: pd.DataFrame,
    calendar: Days,
    world: World,
    days: int,
    *,
    first_alone: bool,
) -> pd.DataFrame:
    """The children referred at a meeting at which they met the trigger: child, day, last."""
    starts = lives.decisions[lives.decisions["decision"] == "referred"]
    if first_alone:
        starts = lives.starts[lives.starts["decision"] == "referred"]
    starts = starts[["child", "day"]].reset_index(drop=True)
    before = starts.reset_index(names="at").merge(
        lives.episodes[["child", "day"]], on="child", suffixes=("", "_of")
    )
    ago = before["day"] - before["day_of"]
    recent = before[(ago > 0) & (ago <= world.trigger_days)].groupby("at").size()
    starts = starts.join(children[["arrives", "leaves", "turns"]], on="child")
    last = starts[["turns"]].assign(left=starts["leaves"] - 1, data=calendar.days - 1).min(axis=1)
    kept = (
        (recent.reindex(starts.index, fill_value=0) >= world.trigger_episodes)
        & (starts["day"] - starts["arrives"] >= HISTORY_DAYS)
        & (starts["day"] + days < calendar.days)
        & (last > starts["day"])
    )
    return starts.assign(last=last)[np.asarray(kept)].reset_index(drop=True)
