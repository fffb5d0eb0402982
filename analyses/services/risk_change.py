"""Exploitation risk at referral and at closure: monitoring, not impact.

Children are referred when they are at their worst, so that bands fall afterwards with or without
a service; and who is assessed again is not like who is not. So how many were comes first, and
what those who were not could make of it comes with every share.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pandas as pd

from analyses.services.groups import known_at_referral
from analyses.services.risk_pairs import BANDS, FORM, Pairs, Windows, pairs
from analyses.services.seen import run
from analyses.services.service import Service
from evaluation.errors import WrongUse
from evaluation.estimating.change import change, change_bounds
from evaluation.estimating.ordered import ordered_logit
from evaluation.estimating.paired import bowker, stuart_maxwell
from evaluation.estimating.proportions import wilson
from evaluation.nouns import Estimate, Snapshot

SECTION = "risk_change"
QUARTERS = 8
WAYS = ("down", "same", "up")
FEWEST_FOR_TEST = 20
FEWEST_FOR_MODEL = 30
"""Children with both bands, below which there is no test, and no model."""

_figure = partial(Estimate, SECTION, role="monitoring")
_UNMET = ("regression_to_the_mean",)


def figures(
    snapshot: Snapshot,
    service: Service,
    *,
    quarters: int = QUARTERS,
    windows: Windows | None = None,
) -> list[Estimate]:
    """What is known of the bands of the children whose case was closed in the last `quarters`.

    Cohort '…_closed', each child once (see `risk_pairs`). In this order:

        assessed_at_referral  of all, the share with a band when referred
        reassessed            of those, the share with one at closure, by the same tool, version
                              and strand; 'all', then by the band at referral
        too_early             children left out: the returns of assessments begin too late
        band_pair             children with both, by 'moderate>mild' (before > after), of all
                              with both
        band_change           the share who went 'down', stayed the 'same' or went 'up'
        lowest_share, highest_share   what those shares would be of all with a first band, if
                              none, or all who could, of those not reassessed had moved that way
        bowker, stuart_maxwell        did as many move each way; are bands as common after as
                              before (from 20 children with both bands)
        higher_band_odds_ratio        odds of a higher band at closure against at referral, by
                              an ordered logit with the child for a cluster, for like age and sex
                              where there are children enough (from 30)

    Design level 2 at most, and never a claim: there is no comparison group.
    """
    windows = windows or Windows()
    cohort = service.cohort("closed")
    found = pairs(snapshot, service, quarters=quarters, windows=windows)
    if found is None:
        return [replace(one, cohort=cohort) for one in _without()]
    since = snapshot.quarter - (quarters - 1)
    wanted = set(since.to(snapshot.quarter))
    missing = not wanted <= set(run(snapshot, FORM)) & set(run(snapshot, service.form))
    told = [
        *completeness(found),
        *table(found.children),
        *moved(found.children),
        *symmetry(found.children),
        model(known_at_referral(found.children, snapshot)),
    ]
    return [
        replace(one, cohort=cohort, unmet=(*one.unmet, *("returns_missing",) * missing))
        for one in told
    ]


def completeness(found: Pairs) -> list[Estimate]:
    """How many were assessed at referral, and how many of those again at closure."""
    children = found.children
    had = children[children["before"].notna()]
    again = had["after"].notna()
    told = [
        *wilson(len(had), len(children)).placed(
            SECTION, measure="assessed_at_referral", role="monitoring"
        ),
        *wilson(int(again.sum()), len(had)).placed(
            SECTION, measure="reassessed", role="monitoring"
        ),
    ]
    for band in BANDS:
        of_band = had["before"] == band
        told += wilson(int((again & of_band).sum()), int(of_band.sum())).placed(
            SECTION, measure="reassessed", group=band, role="monitoring"
        )
    early = found.too_early
    return [*told, _figure("too_early", children=early, value=float(early))]


def table(children: pd.DataFrame) -> list[Estimate]:
    """Children by their bands before and after, lowest first: every cell of the square table."""
    both = children[children["before"].notna() & children["after"].notna()]
    return [
        replace(one, low=None, high=None, method="")
        for before in BANDS
        for after in BANDS
        for one in wilson(
            int((both["before"].eq(before) & both["after"].eq(after)).sum()), len(both)
        ).placed(
            SECTION,
            measure="band_pair",
            group=f"{before}>{after}",
            role="monitoring",
            design_level=2,
            unmet=_UNMET,
        )
    ]


def moved(children: pd.DataFrame) -> list[Estimate]:
    """The shares who went down, stayed and went up; and their bounds, for those not reassessed."""
    had = children[children["before"].notna()].set_index("child_key")
    before, after = had["before"].astype(object), had["after"].astype(object)
    change_ = change(before, after, order=BANDS)
    told = [
        replace(one, measure="band_change") for way in WAYS for one in change_ if one.group == way
    ]
    told += list(change_bounds(before, after, order=BANDS))
    return [replace(one, section=SECTION, role="monitoring") for one in told]


def symmetry(children: pd.DataFrame) -> list[Estimate]:
    """Whether as many moved each way, and whether bands are as common after as before."""
    both = children[children["before"].notna() & children["after"].notna()]
    square = (
        pd.crosstab(both["before"], both["after"])
        .reindex(index=list(BANDS), columns=list(BANDS), fill_value=0)
        .fillna(0)
        .astype(int)
    )
    told = []
    for test in (bowker, stuart_maxwell):
        (one,) = test(square.to_numpy())
        if len(both) < FEWEST_FOR_TEST:
            one = replace(
                one, value=None, p=None, events=None, why_not="too_few_children", unmet=()
            )
        told.append(replace(one, section=SECTION, role="monitoring", unmet=(*_UNMET, *one.unmet)))
    return told


def model(children: pd.DataFrame) -> Estimate:
    """The odds of a higher band at closure, against at referral, for like children.

    `children` has a row a child, with its groups. Each has two rows in the model, and errors
    allow for that. Age and sex go in while five children of the rarer side of every cut are left
    for each parameter; where not even the change itself can be told so, there is no value.
    """
    both = children[children["before"].notna() & children["after"].notna()]
    bare = _figure(
        "higher_band_odds_ratio",
        "after_against_before",
        children=len(both),
        design_level=2,
        unmet=_UNMET,
        why_not="too_few_children",
    )
    if len(both) < FEWEST_FOR_MODEL:
        return bare
    long = pd.concat(
        [
            both.assign(band=both["before"], at_closure=0),
            both.assign(band=both["after"], at_closure=1),
        ]
    )[["child_key", "band", "at_closure", "age_band", "sex"]]
    if long["band"].nunique() < 2:
        return replace(bare, why_not="no_variation")
    for adjusters in ("age_band + sex", "sex", ""):
        names = [name for name in adjusters.split(" + ") if name]
        if any(long[name].isna().any() or long[name].nunique() < 2 for name in names):
            continue
        try:
            fit = ordered_logit(
                " + ".join(["band ~ at_closure", *names]), long, order=BANDS, cluster="child_key"
            )
        except WrongUse:  # age and sex may say the same of so few
            continue
        one = fit.one("odds_ratio", "at_closure")
        if "few_events" in one.unmet and names:
            continue
        left_out = ("covariates_left_out",) * (len(names) < 2)
        few = "few_events" in one.unmet
        return replace(
            bare,
            value=None if few else one.value,
            low=None if few else one.low,
            high=None if few else one.high,
            se=None if few else one.se,
            p=None if few else one.p,
            method=one.method,
            why_not="too_few_children" if few else one.why_not,
            unmet=tuple(dict.fromkeys((*_UNMET, *one.unmet, *left_out))),
        )
    return replace(bare, why_not="not_converged")


def _without() -> list[Estimate]:
    """Every figure, of returns that have not come."""
    places = [("assessed_at_referral", "all"), ("reassessed", "all")]
    places += [("reassessed", band) for band in BANDS]
    places += [("too_early", "all")]
    places += [("band_pair", f"{before}>{after}") for before in BANDS for after in BANDS]
    places += [("band_change", way) for way in WAYS]
    places += [(end, way) for way in WAYS for end in ("lowest_share", "highest_share")]
    places += [("bowker", "all"), ("stuart_maxwell", "all")]
    places += [("higher_band_odds_ratio", "after_against_before")]
    return [_figure(measure, group, why_not="no_return") for measure, group in places]
