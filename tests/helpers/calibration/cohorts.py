"""Cohorts from the invented world, drawn again and again, without the workbooks in between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analyses.invented.children import draw_children
from analyses.invented.process import GRADES, Lives, live
from analyses.invented.truth import counted
from analyses.invented.world import HISTORY_DAYS, QUARTERS, Days, World

CALENDAR = Days.of(QUARTERS)
WINDOW = 182
POPULATION = 50_000
"""Children at risk who live together; one in fifty of them comes into a cohort."""

_OUT = ("already_referred", "elsewhere")
ARMS = ("referred", "not_referred")
_THINNING = 999


@dataclass(frozen=True)
class Drawn:
    """One cohort, with what every rival wants of it.

    children   one row a child: child_key, arm, the plan's covariates, events and days_at_risk in
               the window, days_to_first and any_event, and events_before in as many days before
    rows       one row an interval (start, stop] of the window on which the child was at risk:
               child_key, start, stop, event
    """

    children: pd.DataFrame
    rows: pd.DataFrame

    def first(self, size: int) -> Drawn:
        """The cohort of the first `size` children, half of them referred."""
        keys = [self._of(arm).head(size // 2) for arm in ARMS]
        some = pd.concat(keys).sort_values("child_key", ignore_index=True)
        rows = self.rows[self.rows["child_key"].isin(some["child_key"])]
        return Drawn(some, rows.reset_index(drop=True))

    def _of(self, arm: str) -> pd.DataFrame:
        return self.children[self.children["arm"] == arm]


def cohorts(
    count: int, size: int, *, effect: float, pull: float = 0.0, seed: tuple[int, ...]
) -> Iterator[Drawn]:
    """`count` cohorts of `size` children, half of them referred; no child is in two.

    The world is that of the invented returns: children differ by a gamma frailty that nobody
    sees, every episode makes the next likelier for four weeks, and who is referred follows from
    what the returns tell of each child at its worst. Half are referred because the comparison goes
    arm by arm: how many were referred says nothing of the effect.

    `pull` makes the arms less alike: the comparison is thinned of children with many earlier
    episodes, by so much per unit of log(1 + episodes) of 90 days and of 365. It changes nothing
    for the referred, whose effect is measured. At 1 a service without effect seems to raise
    episodes by a sixth.
    """
    kept: dict[str, list[Drawn]] = {arm: [] for arm in ARMS}
    number = 0
    for _cohort in range(count):
        while any(sum(len(d.children) for d in kept[arm]) < size // 2 for arm in ARMS):
            block = _block(effect, pull, (*seed, number), first=number * POPULATION)
            for arm in ARMS:
                kept[arm].append(Drawn(block._of(arm), block.rows))
            number += 1
        yield _take(kept, size // 2)


def _take(kept: dict[str, list[Drawn]], size: int) -> Drawn:
    """Take so many children of either arm out of `kept`."""
    children, rows = [], []
    for arm in ARMS:
        wanted = size
        while wanted:
            block = kept[arm][0]
            some = block.children.head(wanted)
            children.append(some)
            rows.append(block.rows[block.rows["child_key"].isin(some["child_key"])])
            wanted -= len(some)
            rest = block.children.iloc[len(some) :]
            kept[arm][:1] = [Drawn(rest, block.rows)] if len(rest) else []
    return Drawn(
        pd.concat(children).sort_values("child_key", ignore_index=True),
        pd.concat(rows).sort_values(["child_key", "start"], ignore_index=True),
    )


def _block(effect: float, pull: float, seed: tuple[int, ...], *, first: int) -> Drawn:
    """The children of one population who come into the cohort with their window complete."""
    world = World(effect=effect)
    people = draw_children(POPULATION, world, CALENDAR, seed=seed)
    lives = live(people, world, CALENDAR, seed=seed)
    starts = lives.starts.join(people, on="child")
    last = np.minimum(np.minimum(starts["turns"], starts["leaves"] - 1), CALENDAR.days - 1)
    kept = (
        ~starts["decision"].isin(_OUT)
        & (starts["day"] - starts["arrives"] >= HISTORY_DAYS)
        & (starts["day"] + WINDOW < CALENDAR.days)
        & (last > starts["day"])
    )
    starts = starts.assign(last=last)[kept].sort_values("child").reset_index(drop=True)
    known = _known(starts, lives)
    stays = _not_thinned(starts, known, pull, np.random.default_rng((*seed, _THINNING)))
    starts = starts[stays].reset_index(drop=True)
    rows = _at_risk(starts, lives)
    children = known[stays].reset_index(drop=True).join(counted(lives, starts, days=WINDOW))
    happened = rows[rows["event"] == 1].groupby("child")["stop"].min()
    first_day = starts["child"].map(happened)
    children = children.assign(
        child_key=starts["child"] + first,
        arm=np.where(starts["decision"] == "referred", *ARMS),
        any_event=first_day.notna().astype(int),
        days_to_first=first_day.fillna(_followed(starts)).astype(int),
    )
    return Drawn(children, rows.assign(child_key=rows["child"] + first).drop(columns="child"))


def _not_thinned(
    starts: pd.DataFrame, known: pd.DataFrame, pull: float, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """All who were referred, and of the others fewer the more episodes they had."""
    heaviness = np.log1p(known["episodes_90"]) + np.log1p(known["episodes_365"])
    least = 2 * np.log1p(World().trigger_episodes)
    stays = rng.random(len(starts)) < np.exp(-pull * (heaviness - least))
    return ((starts["decision"] == "referred") | stays).to_numpy()


def _followed(starts: pd.DataFrame) -> pd.Series:
    return (starts["last"] - starts["day"]).clip(upper=WINDOW)


def _known(starts: pd.DataFrame, lives: Lives) -> pd.DataFrame:
    """The plan's covariates at time zero, as `analyses.covariates` has them from the returns."""
    past = starts.reset_index(names="at")[["at", "child", "day"]].merge(
        lives.episodes[["child", "day", "grade"]], on="child", suffixes=("_zero", "")
    )
    ago = past["day_zero"] - past["day"]
    past = past.assign(ago=ago)[ago > 0].sort_values(["at", "day"])
    last = past.drop_duplicates("at", keep="last").set_index("at")
    counts = {
        name: past[past["ago"] <= days].groupby("at").size().reindex(starts.index, fill_value=0)
        for name, days in (
            ("episodes_90", 90), ("episodes_365", 365), ("events_before", WINDOW),
        )
    }  # fmt: skip
    months = np.array([CALENDAR.month(day) for day in range(CALENDAR.days)])
    return pd.DataFrame(
        {
            **counts,
            "days_since_last": last["ago"],
            "age": (months[starts["day"]] - starts["birth_month"]) // 12,
            "risk_last": pd.array(np.array(GRADES)[last["grade"]], dtype="str"),
            "care_status": starts["care_status"],
            "sex": starts["sex"],
            "local_authority": starts["local_authority"],
        }
    )


def _at_risk(starts: pd.DataFrame, lives: Lives) -> pd.DataFrame:
    """(start, stop] rows of the window; the whole days between going and coming back are out."""
    zero = starts.assign(end=_followed(starts))[["child", "day", "end"]]
    again = zero.merge(lives.episodes[["child", "day", "back"]], on="child", suffixes=("_zero", ""))
    # Away at time zero, or gone later: at risk again from the end of the last whole day away.
    again = again.assign(on=again["day"] - again["day_zero"])
    again["free"] = np.maximum(again["on"], again["back"] - 1 - again["day_zero"])
    again = again[(again["free"] > 0) & (again["on"] <= again["end"])]
    again = again.sort_values(["child", "on"])
    is_event = again["on"] > 0
    began = pd.concat(
        [
            zero[["child"]].assign(start=0, order=-1),
            again[["child"]].assign(start=again["free"], order=again["on"].clip(lower=0)),
        ]
    )
    ended = pd.concat(
        [
            again.loc[is_event, ["child"]].assign(stop=again["on"], event=1),
            zero[["child"]].assign(stop=zero["end"], event=0),
        ]
    )
    began = began.sort_values(["child", "order", "start"])
    # An episode that went on at time zero moves the first start; it has no row of its own.
    away = began["order"] == 0
    began = began[~(away.shift(-1, fill_value=False))]
    ended = ended.sort_values(["child", "stop", "event"], ascending=[True, True, False])
    rows = pd.DataFrame(
        {
            "child": began["child"].to_numpy(),
            "start": began["start"].to_numpy(),
            "stop": ended["stop"].to_numpy(),
            "event": ended["event"].to_numpy(),
        }
    )
    assert (began["child"].to_numpy() == ended["child"].to_numpy()).all()
    return rows[rows["start"] < rows["stop"]].reset_index(drop=True)
