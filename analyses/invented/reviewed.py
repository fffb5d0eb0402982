"""What the invented review of Op Encompass did: the same incidents, with it and without it."""

from __future__ import annotations

from datetime import date

import pandas as pd

from analyses.encompass import eligible
from analyses.invented import encompass, police, schools
from analyses.invented.area import GWENT
from analyses.invented.children import draw_children
from analyses.invented.encompass import REVIEWED_ON
from analyses.invented.returns import POLICE, Returns, snapshot_of
from analyses.invented.world import CHILDREN, QUARTERS, Days, World, chance
from evaluation.nouns import Snapshot


def with_and_without_review(*, seed: int, children: int = CHILDREN) -> tuple[Snapshot, Snapshot]:
    """The incidents and closures of the world of `invent` with this seed, reviewed and not.

    The chances are the same, so that what is not alike is what the review did.
    """
    days = Days.of(QUARTERS)
    drawn = draw_children(children, World(), days, seed=(seed,))
    facts = police.draw_facts(drawn, days, rng=chance((seed,), "facts"))
    closures = schools.draw_closures(days, rng=chance((seed,), "closures"))
    keys = pd.Series([f"K{child}" for child in drawn.index], index=drawn.index)

    def told(reviewed_on: date | None) -> Snapshot:
        rng = chance((seed,), "incidents")
        rows = encompass.draw_incidents(facts, drawn, days, rng=rng, reviewed_on=reviewed_on)
        returns: Returns = {}
        for quarter in QUARTERS:
            form = encompass.incidents_of(rows, keys, days, quarter)
            returns[POLICE, quarter] = {"op_encompass_incidents": form}
            for name, authority in GWENT.education.items():
                closed = schools.closures_of(closures, authority, quarter)
                returns[name, quarter] = {"school_closures": closed}
        return snapshot_of(returns, QUARTERS[-1])

    return told(REVIEWED_ON), told(None)


def review_ratio(*, seed: int, children: int = CHILDREN) -> float:
    """The share not told in time since the review, over what it would have been without one."""
    with_it, without = (
        _late_since_review(each) for each in with_and_without_review(seed=seed, children=children)
    )
    return with_it / without


def _late_since_review(snapshot: Snapshot) -> float:
    judged = eligible(snapshot, QUARTERS).judged
    return 1 - float(judged.loc[judged["on"] >= pd.Timestamp(REVIEWED_ON), "in_time"].mean())
