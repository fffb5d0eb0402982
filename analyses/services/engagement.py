"""Who is reached: a first session within 90 days of referral, by group; groups are never ranked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from analyses.services.adjusted import adjusted
from analyses.services.groups import BLANK, DIMENSIONS, OF_THE_CHILD, groups_of, known_at_referral
from analyses.services.seen import first_of_each_child, run, seen
from analyses.services.service import Service
from evaluation.estimating.multiplicity import holm
from evaluation.estimating.proportions import wilson
from evaluation.estimating.shrinkage import shrunken_shares
from evaluation.nouns import Estimate, Snapshot

SECTION = "engagement"

WITHIN_DAYS = 90
QUARTERS = 8
"""Quarters looked back over: a year's referrals are too few to be divided."""

MEASURES = ("engaged", "engaged_adjusted", "engaged_shrunk", "engaged_difference")


def figures(
    snapshot: Snapshot,
    service: Service,
    *,
    within_days: int = WITHIN_DAYS,
    quarters: int = QUARTERS,
    tested: Sequence[str] = tuple(DIMENSIONS),
) -> list[Estimate]:
    """The share of children with a first session within `within_days` of referral, by group.

    Cohort '…_engagement' for all children, and '…_engagement_by_sex' and so on for the groups of
    each dimension, in the order of its code list; `days` is `within_days`.

        engaged             as counted, with Wilson's limits
        engaged_adjusted    as a model expects of the service's children if all were of the group
                            and otherwise as they are: of like age, sex and authority, as far as
                            there are children enough (see `adjusted`)
        engaged_shrunk      as counted, drawn towards the mean of the groups (`shrunken_shares`):
                            what is likeliest of a small group
        engaged_difference  adjusted, from the largest group, which is none itself; p is adjusted
                            for all differences of the dimensions `tested` together (Holm),
                            and that of another dimension is not told

    A difference is of who is reached; what it comes from is not known, and no group does
    'better' by it. 'lost' counts the children who had to be left out.
    """
    whole = service.cohort("engagement")
    children = engaged(snapshot, service, within_days=within_days, quarters=quarters)
    told: list[Estimate] = []
    if children is None:
        told = [Estimate("", "engaged", why_not="no_return")]
        told = [replace(one, cohort=whole) for one in told]
        for dimension in DIMENSIONS:
            told += _without(whole, dimension, groups_of(dimension, snapshot))
        return [replace(one, section=SECTION, days=within_days) for one in told]
    known = children[children["known"]]
    told += wilson(int(known["engaged"].sum()), len(known)).placed(
        "", measure="engaged", cohort=whole
    )
    lost = int((~children["known"]).sum())
    told.append(Estimate("", "lost", cohort=whole, children=lost, value=float(lost)))
    for dimension in DIMENSIONS:
        if known[dimension].isna().all() and dimension in OF_THE_CHILD and len(known):
            told += _without(whole, dimension, groups_of(dimension, snapshot))
            continue
        cohort = f"{whole}_by_{dimension}"
        told += [replace(one, cohort=cohort) for one in of_groups(known, dimension, snapshot)]
    told = _holm(told, {f"{whole}_by_{dimension}" for dimension in tested})
    return [replace(one, section=SECTION, days=within_days) for one in told]


def engaged(
    snapshot: Snapshot, service: Service, *, within_days: int, quarters: int
) -> pd.DataFrame | None:
    """The children referred within `quarters`, `within_days` or more before the quarter's end.

    One row is one child, by its first referral that was in view from its first day: the columns
    of `seen`, its groups, engaged (whether its first session came within the days), and known
    (False where later returns no longer tell of the referral, though nothing said that it had
    ended). None where the quarter's return has not come.
    """
    referrals = seen(snapshot, service)
    if referrals is None:
        return None
    since = max(snapshot.quarter - (quarters - 1), run(snapshot, service.form)[0])
    first = first_of_each_child(
        referrals[referrals["day_0"] < 0], since=pd.Timestamp(since.first_day)
    )
    by = first["referred_on"] + pd.Timedelta(days=within_days)
    ended = first["ended_on"].notna()
    first = first.assign(
        engaged=first["first_session_on"] <= by, known=(by <= first["seen_to"]) | ended
    )
    old = first[by <= pd.Timestamp(snapshot.quarter.last_day)]
    return known_at_referral(old.reset_index(drop=True), snapshot)


def of_groups(children: pd.DataFrame, dimension: str, snapshot: Snapshot) -> list[Estimate]:
    """All figures of one dimension's groups, 'blank' last, where there is one.

    A row of `children` is a child of `engaged`, of the same snapshot.
    """
    has_blank = bool((children[dimension] == BLANK).any())
    groups = (*groups_of(dimension, snapshot), *(BLANK,) * has_blank)
    of = children[dimension].value_counts().reindex(groups, fill_value=0)
    had = children.loc[children["engaged"], dimension].value_counts().reindex(groups, fill_value=0)
    told: list[Estimate] = []
    for group in groups:
        told += wilson(int(had[group]), int(of[group])).placed("", measure="engaged", group=group)
    told += adjusted(children, dimension, groups)
    told += [
        replace(one, measure="engaged_shrunk")
        for one in shrunken_shares(had, of)
        if one.measure == "shrunken_share"
    ]
    return told


def _holm(told: list[Estimate], family: set[str]) -> list[Estimate]:
    """Differences of the family with p adjusted for all of them; of others without p."""
    is_test = [one.measure == "engaged_difference" for one in told]
    mine = [one for one, tests in zip(told, is_test, strict=True) if tests and one.cohort in family]
    made = iter(holm(mine))
    return [
        one if not tests else next(made) if one.cohort in family else replace(one, p=None)
        for one, tests in zip(told, is_test, strict=True)
    ]


def _without(whole: str, dimension: str, groups: tuple[str, ...]) -> list[Estimate]:
    return [
        Estimate("", measure, group, cohort=f"{whole}_by_{dimension}", why_not="no_return")
        for measure in MEASURES
        for group in groups
    ]
