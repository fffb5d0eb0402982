"""All the returns of all the quarters, from one seed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analyses.invented import assessments, away, encompass, futures, police, schools, service
from analyses.invented.area import GWENT, Area
from analyses.invented.children import draw_children, draw_keys
from analyses.invented.process import Lives, live
from analyses.invented.world import CHILDREN, EFFECT, QUARTERS, Days, World, chance
from evaluation.nouns import Snapshot
from evaluation.quarters import Quarter

POLICE = "gwent_police"

Returns = dict[tuple[str, Quarter], dict[str, pd.DataFrame]]
"""The forms of each return, by provider and quarter; frames in the types that `parse` gives."""


@dataclass(frozen=True)
class Imagined:
    """What is behind the returns, and no return tells.

    `children` has a row a child at risk (see `draw_children`), `lives` what happened to them,
    and `keys` the key of each child that ever goes missing or is referred, by its number.
    """

    days: Days
    children: pd.DataFrame
    lives: Lives
    keys: pd.Series


def imagine(
    quarters: tuple[Quarter, ...] = QUARTERS,
    *,
    children: int = CHILDREN,
    effect: float = EFFECT,
    seed: int,
    world: World | None = None,
    area: Area = GWENT,
) -> Imagined:
    """What happens in the world of `invent` with the same arguments."""
    world, days = replace(world or World(), effect=effect), Days.of(quarters)
    drawn = draw_children(children, world, days, seed=(seed,), area=area)
    lives = live(drawn, world, days, seed=(seed,))
    known = np.union1d(lives.episodes["child"], lives.referrals["child"])
    keys = draw_keys(len(known), rng=chance((seed,), "keys")).set_axis(known)
    return Imagined(days, drawn, lives, keys)


def invent(
    quarters: tuple[Quarter, ...] = QUARTERS,
    *,
    children: int = CHILDREN,
    effect: float = EFFECT,
    seed: int,
    world: World | None = None,
    area: Area = GWENT,
) -> Returns:
    """Returns about children who do not exist, from every provider for every quarter.

    `children` are those at risk; most never go missing, and fewer than one in three is ever told
    of. `effect` multiplies the rate of going missing after a referral: 1 is no effect. The
    quarters follow each other. `world` changes its other habits, and `area` says where they live
    and who sends what.

    They keep every rule of the forms. As in life some answers are blank or not known, children
    move in and away and turn 18, the first return of the police carries a year of earlier
    episodes, and an episode, a spell away or a referral that is not settled comes again in the
    next return.
    The same arguments give the same returns.
    """
    about = imagine(quarters, children=children, effect=effect, seed=seed, world=world, area=area)
    days, drawn, lives, keys = about.days, about.children, about.lives, about.keys

    def luck(part: str) -> np.random.Generator:
        return chance((seed,), part)

    facts = police.draw_facts(drawn, days, rng=luck("facts"))
    records = police.draw_records(lives.episodes, drawn, rng=luck("records"))
    spells = away.draw_spells(lives, drawn, days, rng=luck("away"))
    incidents = encompass.draw_incidents(facts, drawn, days, rng=luck("incidents"))
    progress = service.draw_progress(lives.referrals, drawn, days, rng=luck("progress"))
    minutes = service.draw_minutes(lives.decisions, progress, drawn, days, rng=luck("minutes"))
    assessed = assessments.draw_assessments(lives, drawn, days, rng=luck("assessments"))
    asked = futures.draw_asked(drawn, days, rng=luck("asked"))
    taken_on = futures.draw_progress(minutes, asked, drawn, days, rng=luck("futures"))
    sessions = futures.draw_sessions(days, rng=luck("sessions"), area=area)
    closures = schools.draw_closures(days, rng=luck("closures"), area=area)

    others = np.setdiff1d(np.union1d(incidents["child"], asked["child"]), keys.index)
    keys = pd.concat([keys, draw_keys(len(others), rng=luck("more keys")).set_axis(others)])
    keys = keys.sort_index()
    heard_of = pd.concat(
        [
            lives.episodes[["child", "day"]],
            lives.referrals[["child", "day"]],
            incidents[["child", "day"]],
            asked,
            drawn.loc[keys.index, "leaves"].rename_axis("child").rename("day").reset_index(),
        ]
    )

    returns: Returns = {}
    for quarter in quarters:
        told = {
            "missing_episodes": police.episodes_of(
                records, keys, drawn, days, quarter, first=quarter == quarters[0]
            ),
            "away_spells": away.spells_of(spells, keys, days, quarter),
            "op_encompass_incidents": encompass.incidents_of(incidents, keys, days, quarter),
            "meeting_decisions": service.decisions_of(minutes, keys, quarter),
            "exploitation_assessments": assessments.assessments_of(assessed, keys, quarter),
            "st_giles_referrals": service.referrals_of(progress, keys, quarter),
            "positive_futures_referrals": futures.referrals_of(taken_on, keys, quarter),
            "positive_futures_sessions": futures.sessions_of(sessions, quarter),
        }
        sent = {form for forms in area.senders.values() for form in forms}
        named = _keys_in(table for form, table in told.items() if form in sent)
        told["children"] = police.children_of(
            facts, keys, drawn, days, quarter,
            heard_of=heard_of, named=keys.index[keys.isin(named)],
        )  # fmt: skip
        for name, forms in area.senders.items():
            returns[name, quarter] = {form: told[form] for form in forms if form in told}
        for name, authority in area.education.items():
            mine = schools.closures_of(closures, authority, quarter)
            returns[name, quarter]["school_closures"] = mine
    return returns


def _keys_in(told: Iterable[pd.DataFrame]) -> set[str]:
    """The key of every child in any of the forms."""
    return {key for table in told if "child_key" in table for key in table["child_key"]}


def snapshot_of(returns: Returns, quarter: Quarter, area: Area = GWENT) -> Snapshot:
    """The returns up to a quarter as a store would give them, without a store.

    For simulations: nothing is checked, and nothing is pinned.
    """
    frames: dict[str, list[pd.DataFrame]] = {}
    arrived = set()
    for (provider, of), forms in returns.items():
        if of <= quarter:
            for form, rows in forms.items():
                frames.setdefault(form, []).append(rows.assign(provider=provider, quarter=str(of)))
                arrived.add((provider, form, of))
    return Snapshot(
        id="invented",
        quarter=quarter,
        tables={form: pd.concat(parts, ignore_index=True) for form, parts in frames.items()},
        arrived=frozenset(arrived),
        submissions=(),
        area=(*area.children, "other"),
    )
