"""What the design ought to find: the same children, lived twice, referred and not referred."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analyses.invented.children import draw_children
from analyses.invented.process import Lives, live
from analyses.invented.world import HISTORY_DAYS, QUARTERS, Days, World

_AT_ONCE = 25_000
"""Children simulated together, so that memory stays small however many are asked for."""


@dataclass(frozen=True, slots=True)
class Truth:
    """The effect on the children who were referred (ATT), of being referred now or not now.

    ratio               episodes per day at risk, referred over not referred
    monte_carlo_error   standard error of log(ratio) that is left by chance
    difference_per_100  episodes more (fewer, if negative) per 100 referred children
    children            how many referred children it was measured on
    days                the window after time zero
    """

    ratio: float
    monte_carlo_error: float
    difference_per_100: float
    children: int
    days: int


def marginal_rate_ratio(
    effect: float,
    *,
    days: int,
    children: int = 100_000,
    seed: int,
    world: World | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Truth:
    """The truth in a world with this effect, by counterfactual simulation.

    `children` are simulated as those of the invented returns are. Of them, those count who were
    referred at the meeting at which they first met the trigger, under the cohort's exclusions
    (referred before, referred elsewhere, less than a year of history) and with all `days` before
    the data end. Each lives twice with the same chances: as it was, and with that one referral
    withheld, after which the usual process goes on and may refer it at a later meeting. So the
    truth is, as the analysis is, by intention to refer: crossing over is part of it.

    Days at risk are the days 1 to `days` after time zero, up to the 18th birthday or moving
    away, less those on which the child was missing the whole day. Time away (`analyses.invented.
    away`) is not taken off: nobody lives through it here. One child in fifty has a spell of a
    month or so, laid where no episode was, which is too little to matter beside chance.

    `progress(done, of)` is told of the children simulated so far.

    It is not the `effect`: episodes bring episodes, so preventing one prevents others, and
    later referrals of the children not referred work too.
    """
    world = replace(world or World(), effect=effect)
    calendar = Days.of(QUARTERS)
    pieces = []
    for block, first in enumerate(range(0, children, _AT_ONCE)):
        count = min(_AT_ONCE, children - first)
        drawn = draw_children(count, world, calendar, seed=(seed, block))
        lives, withheld = (
            live(drawn, world, calendar, seed=(seed, block), withhold=withhold)
            for withhold in (False, True)
        )
        starts = _referred(lives, drawn, calendar, days)
        pieces.append(
            pd.concat(
                [
                    counted(lives, starts, days=days).add_suffix("_now"),
                    counted(withheld, starts, days=days).add_suffix("_later"),
                ],
                axis="columns",
            )
        )
        if progress:
            progress(first + count, children)
    return compare(pd.concat(pieces), days)


def counted(lives: Lives, starts: pd.DataFrame, *, days: int) -> pd.DataFrame:
    """Episodes and days at risk in the window, by arithmetic of its own.

    One row is one row of `starts` (child, day, last: the last day on which it can be observed):
    events, days_at_risk.
    """
    rows = starts[["child", "day", "last"]].reset_index(names="at")
    rows = rows.merge(lives.episodes[["child", "day", "back"]], on="child", suffixes=("_zero", ""))
    end = np.minimum(rows["last"], rows["day_zero"] + days)
    within = (rows["day"] > rows["day_zero"]) & (rows["day"] <= end)
    # Whole days missing lie between the day of the report and the day of the return.
    first = np.maximum(rows["day"] + 1, rows["day_zero"] + 1)
    missing = np.maximum(np.minimum(rows["back"] - 1, end) - first + 1, 0)
    sums = pd.DataFrame({"at": rows["at"], "events": within, "missing": missing})
    sums = sums.groupby("at").sum().reindex(starts.index, fill_value=0)
    followed = np.minimum(starts["last"] - starts["day"], days)
    return pd.DataFrame(
        {"events": sums["events"].astype(int), "days_at_risk": followed - sums["missing"]}
    )


def _referred(lives: Lives, children: pd.DataFrame, calendar: Days, days: int) -> pd.DataFrame:
    """The children of the treated arm whose window is complete: child, day, last."""
    starts = lives.starts.join(children[["arrives", "leaves", "turns"]], on="child")
    last = starts[["turns"]].assign(left=starts["leaves"] - 1, data=calendar.days - 1).min(axis=1)
    kept = (
        (starts["decision"] == "referred")
        & (starts["day"] - starts["arrives"] >= HISTORY_DAYS)
        & (starts["day"] + days < calendar.days)
        & (last > starts["day"])
    )
    return starts.assign(last=last)[kept].reset_index(drop=True)


def compare(rows: pd.DataFrame, days: int) -> Truth:
    """The truth from both lives of each child: events_now, days_at_risk_now, and so `_later`."""
    now, later = rows["events_now"].sum(), rows["events_later"].sum()
    at_risk, at_risk_later = rows["days_at_risk_now"].sum(), rows["days_at_risk_later"].sum()
    # Each child's pull on the log ratio (delta method); both its lives are in it, so what the
    # lives share cancels.
    pull = (
        rows["events_now"] / now
        - rows["days_at_risk_now"] / at_risk
        - rows["events_later"] / later
        + rows["days_at_risk_later"] / at_risk_later
    )
    expected = later / at_risk_later * at_risk
    return Truth(
        ratio=float(now / expected),
        monte_carlo_error=float(np.sqrt((pull**2).sum())),
        difference_per_100=float(100 * (now - expected) / len(rows)),
        children=len(rows),
        days=days,
    )
