"""Referrals to St Giles: how far the children referred in the last twelve months have come."""

from __future__ import annotations

from functools import partial

import pandas as pd

from analyses.snapshots import covered, newest
from evaluation.estimating.proportions import wilson
from evaluation.nouns import Estimate, Snapshot

FORM = "st_giles_referrals"
STAGES = ("referred", "accepted", "contacted", "first_session", "closed_as_planned")

_figure = partial(Estimate, section="referrals", cohort="st_giles_12_months")


def figures(snapshot: Snapshot) -> list[Estimate]:
    """The funnel with its intervals, and the children waiting and open at the quarter's end.

    A figure is of children, each once, by its first referral of the twelve months. Where the
    quarter's own return has not come nothing is told; where an earlier one of the year has not,
    a referral that came and went in that quarter is unknown, and the figures are stamped
    'returns_missing'.
    """
    rows = snapshot.tables.get(FORM)
    quarters = covered(snapshot, FORM)
    if rows is None or snapshot.quarter not in quarters:
        measures = (*STAGES, "waiting_now", "open_now")
        return [_figure(measure=measure, why_not="no_return") for measure in measures]
    year = (snapshot.quarter - 3).to(snapshot.quarter)
    unmet = () if set(year) <= set(quarters) else ("returns_missing",)
    return funnel(rows, snapshot, unmet) + caseload(rows, snapshot)


def funnel(rows: pd.DataFrame, snapshot: Snapshot, unmet: tuple[str, ...] = ()) -> list[Estimate]:
    """Children at each stage, each stage part of the one before, as a share of those referred.

    A referral of last month has had a month to get on and one of last spring a year, so that
    the later stages are not final.
    """
    referrals = newest(rows, "referral_ref")
    year_began = (snapshot.quarter - 3).first_day
    recent = referrals[referrals["referred_on"] >= pd.Timestamp(year_began)]
    first = recent.sort_values(["referred_on", "provider", "referral_ref"]).drop_duplicates(
        "child_key"
    )
    passed = {
        "referred": first["child_key"].notna(),
        "accepted": first["decision"].eq("accepted"),
        "contacted": first["first_contact_on"].notna(),
        "first_session": first["first_session_on"].notna(),
        "closed_as_planned": first["closure_reason"].eq("planned"),
    }
    told: list[Estimate] = []
    still = passed["referred"]
    for stage in STAGES:
        still &= passed[stage]
        told += wilson(int(still.sum()), len(first)).placed(
            "referrals", cohort="st_giles_12_months", measure=stage, unmet=unmet
        )
    return told


def caseload(rows: pd.DataFrame, snapshot: Snapshot) -> list[Estimate]:
    """Children waiting for a decision, and children with an open case, at the quarter's end."""
    now = rows[rows["quarter"] == str(snapshot.quarter)]
    states = {
        "waiting_now": now["decision"].eq("waiting"),
        "open_now": now["decision"].eq("accepted") & now["closed_on"].isna(),
    }
    counts = {measure: now.loc[state, "child_key"].nunique() for measure, state in states.items()}
    return [
        _figure(measure=measure, children=children, value=float(children))
        for measure, children in counts.items()
    ]
