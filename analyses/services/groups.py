"""The groups of children that a service's figures are told for, as known when each was referred."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from analyses.services.listed import listed
from analyses.snapshots import AUTHORITY, authorities
from evaluation.nouns import Snapshot
from evaluation.quarters import Quarter
from schemas._codes import codes

BLANK = "blank"
"""Nothing was written, which is no answer: not 'not known', 'not asked' or 'declined'."""

AGES = {
    "under_12": (0, 11),
    "12_13": (12, 13),
    "14_15": (14, 15),
    "16_17": (16, 17),
    "over_17": (18, 99),
}
"""Age bands, in whole years at referral, counted from the birth month."""

SCHOOL_MOVE = (6, 7)
"""The school years between which a child goes from a primary to a secondary school."""

_ANSWERS = ("yes", "no", "not_known", "not_asked", "declined")

DIMENSIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "local_authority": listed("local_authority"),
        "source": listed("referral_source"),
        "sex": listed("sex"),
        "age_band": tuple(AGES),
        "ethnicity": listed("ethnicity_group"),
        "language": listed("language"),
        "disability": _ANSWERS,
        "domestic_abuse": _ANSWERS,
        "exclusion": listed("exclusion"),
        "transition": ("yes", "no"),
    }
)
"""What children are told apart by, and the groups of each in the order of its code list.

The local authorities are all there are; `groups_of` gives those of the area.
The last three are the triggers of 'Understanding the Triggers' (2020): domestic abuse, exclusion
and the move from primary to secondary school.
"""

OF_THE_CHILD = (
    "sex",
    "age_band",
    "ethnicity",
    "language",
    "disability",
    "domestic_abuse",
    "exclusion",
    "transition",
)
_MADE = ("age_band", "transition")
"""Those that are worked out from the birth month."""

"""Those that come from the children's return, and have no group without one."""


def known_at_referral(referrals: pd.DataFrame, snapshot: Snapshot) -> pd.DataFrame:
    """Add to each child's referral the groups it belonged to when it was referred.

    One row of `referrals` is one child. The facts come from the children's return of the last
    quarter that had ended before the referral, else from the first that has the child. A fact
    that this return leaves blank, and all facts of a child that none tells of, are 'blank';
    all are missing (None) where no return of children ever came. Authority and source are the
    service's own words.
    """
    children = snapshot.tables.get("children")
    keyed = referrals.drop(columns=[name for name in OF_THE_CHILD if name in referrals])
    if children is None:
        return keyed.assign(**dict.fromkeys(OF_THE_CHILD))
    facts = ["birth_month", *(name for name in OF_THE_CHILD if name not in _MADE)]
    rows = keyed[["child_key", "referred_on"]].merge(
        children[["child_key", "quarter", *facts]], on="child_key"
    )
    ends = {written: Quarter.parse(written).last_day for written in children["quarter"].unique()}
    ended = pd.to_datetime(rows["quarter"].map(ends))
    days = ended.to_numpy().astype("datetime64[D]").astype("int64")
    # Of returns that had ended the newest ranks highest; of the others the first.
    rank = np.where(ended < rows["referred_on"], days, -days)
    best = rows.assign(rank=rank).sort_values(["child_key", "rank"], kind="stable")
    best = best.drop_duplicates("child_key", keep="last")
    known = keyed.merge(best[["child_key", *facts]], how="left", on="child_key")
    grouped = {code.code: code.group for code in codes("ethnicity").codes}
    known = known.assign(
        age_band=_age_band(known["referred_on"], known["birth_month"]),
        transition=_transition(known["referred_on"], known["birth_month"]),
        ethnicity=known["ethnicity"].map(grouped),
    )
    filled = {name: known[name].astype(object).fillna(BLANK) for name in OF_THE_CHILD}
    return known.drop(columns="birth_month").assign(**filled)


def groups_of(dimension: str, snapshot: Snapshot) -> tuple[str, ...]:
    """The groups of a dimension in the order of its code list; of authorities, the area's own."""
    return authorities(snapshot) if dimension == AUTHORITY else DIMENSIONS[dimension]


def _transition(on: pd.Series, birth_month: pd.Series) -> pd.Series:
    """Whether the child was in the last year of primary school or the first of secondary, by age.

    School years begin in September, and a child's first follows its fourth birthday, so that one
    born from September 2012 to August 2013 is in Year 7 from September 2024.
    """
    born = pd.to_datetime(birth_month)
    began, begun = (each.dt.year - (each.dt.month < 9) for each in (on, born))
    year = began - begun - 5
    answers = year.between(*SCHOOL_MOVE).map({True: "yes", False: "no"}).astype(object)
    return answers.mask(born.isna())


def _age_band(on: pd.Series, birth_month: pd.Series) -> pd.Series:
    born = pd.to_datetime(birth_month)
    months = (on.dt.year - born.dt.year) * 12 + on.dt.month - born.dt.month
    age = months // 12
    bands = pd.Series(None, index=on.index, dtype=object)
    for band, (youngest, oldest) in AGES.items():
        bands = bands.mask(age.between(youngest, oldest), band)
    return bands
