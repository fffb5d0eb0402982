"""Time away: custody, secure accommodation, hospital, another area. A child there cannot go missing."""

from __future__ import annotations

from datetime import date

import pandas as pd

from analyses.snapshots import covered, newest
from evaluation.nouns import Snapshot
from evaluation.quarters import Quarter

FORM = "away_spells"


def time_away(snapshot: Snapshot) -> pd.DataFrame | None:
    """Each spell away that the returns know of, as last told; None where no return has come.

    One row is one spell: child_key, from_on, to_on (missing while it goes on). A spell that goes
    on is told again in the next return. Where that return came and does not tell it, the spell
    ends with the quarter in which it was last told: nobody says that it lasted any longer, and
    a child must not be taken for away for ever.
    """
    told = snapshot.tables.get(FORM)
    if told is None:
        return None
    spells = newest(told, "child_key", "from_on")
    last_told = [
        _given_up(snapshot, provider, Quarter.parse(quarter))
        for provider, quarter in zip(spells["provider"], spells["quarter"], strict=True)
    ]
    to_on = spells["to_on"].fillna(pd.Series(last_told, spells.index, dtype="datetime64[us]"))
    return spells[["child_key", "from_on"]].assign(to_on=to_on)


def told_throughout(snapshot: Snapshot) -> bool:
    """Whether time away was told for every quarter whose episodes were."""
    return set(covered(snapshot, "missing_episodes")) <= set(covered(snapshot, FORM))


def _given_up(snapshot: Snapshot, provider: str, quarter: Quarter) -> date | None:
    """The last day of the quarter, if the provider has sent the next one's return as well."""
    return quarter.last_day if (provider, FORM, quarter + 1) in snapshot.arrived else None
