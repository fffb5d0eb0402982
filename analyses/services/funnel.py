"""How far the children referred to a service in the last twelve months have come, and why not."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from itertools import pairwise
from operator import and_

import pandas as pd

from analyses.services.listed import listed
from analyses.services.seen import first_of_each_child, missing_in_the_year, seen, twelve_months
from analyses.services.service import Service
from analyses.snapshots import covered, newest
from evaluation.estimating.proportions import wilson
from evaluation.nouns import Estimate, Snapshot

SECTION = "referrals"
STAGES = ("referred", "accepted", "contacted", "first_session", "closed_as_planned")
NOW = ("waiting_now", "open_now")

OLD_ENOUGH = {"accepted": 90, "contacted": 90, "first_session": 90, "closed_as_planned": 182}
"""Days that a child has to reach a stage, in the figures that give each child the same time."""

_REASONS = {"declined_because": "decline_reason", "closed_because": "closure_reason"}
"""The field, and the code list of the same name, that says why."""


def figures(snapshot: Snapshot, service: Service) -> list[Estimate]:
    """All figures of this file; each says 'no_return' where the quarter's return has not come."""
    stages = so_far(snapshot, service)
    return (
        stages
        + went_on(stages)
        + now(snapshot, service)
        + old_enough(snapshot, service)
        + reasons(snapshot, service)
    )


def so_far(snapshot: Snapshot, service: Service) -> list[Estimate]:
    """Children at each stage, each stage part of the one before, as a share of those referred.

    Cohort '…_12_months': each child once, by its first referral of the twelve months. A referral
    of last month has had a month to get on and one of last spring a year, so that the later
    stages are not final; `old_enough` gives each the same time. Where an earlier return of the
    year has not come, a referral that came and went in that quarter is unknown: the figures
    are stamped 'returns_missing'.
    """
    cohort = service.cohort("12_months")
    rows = snapshot.tables.get(service.form)
    if rows is None or snapshot.quarter not in covered(snapshot, service.form):
        return [_none(stage, cohort) for stage in STAGES]
    first = first_of_each_child(newest(rows, "referral_ref"), since=twelve_months(snapshot))
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
            SECTION, cohort=cohort, measure=stage, unmet=missing_in_the_year(snapshot, service)
        )
    return told


def went_on(stages: list[Estimate]) -> list[Estimate]:
    """Of the children who came to one stage of `so_far`, the share who came to the next.

    `group` is the stage that they went on to. Who has not may still do so.
    """
    told: list[Estimate] = []
    for before, stage in pairwise(stages):
        if before.children is None or stage.children is None:
            told.append(replace(_none("went_on", stage.cohort or ""), group=stage.measure))
        else:
            told += wilson(stage.children, before.children).placed(
                SECTION,
                cohort=stage.cohort,
                measure="went_on",
                group=stage.measure,
                unmet=stage.unmet,
            )
    return told


def now(snapshot: Snapshot, service: Service) -> list[Estimate]:
    """Children waiting for a decision, and children with an open case, at the quarter's end."""
    cohort = service.cohort("12_months")
    rows = snapshot.tables.get(service.form)
    if rows is None or snapshot.quarter not in covered(snapshot, service.form):
        return [_none(measure, cohort) for measure in NOW]
    last = rows[rows["quarter"] == str(snapshot.quarter)]
    states = {
        "waiting_now": last["decision"].eq("waiting"),
        "open_now": last["decision"].eq("accepted") & last["closed_on"].isna(),
    }
    counts = {measure: last.loc[state, "child_key"].nunique() for measure, state in states.items()}
    return [
        Estimate(SECTION, measure, cohort=cohort, children=children, value=float(children))
        for measure, children in counts.items()
    ]


def old_enough(snapshot: Snapshot, service: Service) -> list[Estimate]:
    """The share of children who reached each stage within `days`, of those who had that long.

    Cohort '…_old_enough': each child once, by its first referral of the twelve months, where
    that was at least `days` before the quarter's end and in view from its first day. Every child
    has had the same time, so that a service is not marked down for taking referrals lately.
    Left out are referrals that later returns no longer tell of, though nothing said that
    they had ended.
    """
    cohort = service.cohort("old_enough")
    referrals = seen(snapshot, service)
    if referrals is None:
        return [_none(stage, cohort, days=days) for stage, days in OLD_ENOUGH.items()]
    in_view = referrals[referrals["day_0"] < 0]
    first = first_of_each_child(in_view, since=twelve_months(snapshot))
    told: list[Estimate] = []
    for stage, days in OLD_ENOUGH.items():
        by = first["referred_on"] + pd.Timedelta(days=days)
        old = first[(by <= first["seen_to"]) | (_ended(first) & (by <= _end_of(snapshot)))]
        told += wilson(int(_reached(old, stage, days).sum()), len(old)).placed(
            SECTION,
            cohort=cohort,
            measure=stage,
            days=days,
            unmet=missing_in_the_year(snapshot, service),
        )
    return told


def reasons(snapshot: Snapshot, service: Service) -> list[Estimate]:
    """Of the children declined, and of those closed, the share for each reason, in code-list order.

    Of the children of `so_far`, so that 'declined' and 'closed' (of those referred) are parts
    of its 'referred'. A blank is told as 'blank', where there is one.
    """
    cohort = service.cohort("12_months")
    rows = snapshot.tables.get(service.form)
    if rows is None or snapshot.quarter not in covered(snapshot, service.form):
        return [_none(measure, cohort) for measure in ("declined", "closed", *_REASONS)]
    first = first_of_each_child(newest(rows, "referral_ref"), since=twelve_months(snapshot))
    unmet = missing_in_the_year(snapshot, service)
    declined = first[first["decision"] == "declined"]
    closed = first[(first["decision"] == "accepted") & first["closed_on"].notna()]
    told: list[Estimate] = []
    for measure, because, them in (
        ("declined", "declined_because", declined),
        ("closed", "closed_because", closed),
    ):
        told += wilson(len(them), len(first)).placed(
            SECTION, cohort=cohort, measure=measure, unmet=unmet
        )
        column = _REASONS[because]
        given = them[column].fillna("blank")
        for reason in (*listed(column), *("blank",) * bool((given == "blank").any())):
            told += wilson(int((given == reason).sum()), len(them)).placed(
                SECTION, cohort=cohort, measure=because, group=reason, unmet=unmet
            )
    return told


def _reached(rows: pd.DataFrame, stage: str, days: int) -> pd.Series:
    """True of each referral that came to a stage, and through those before, within the days."""
    accepted = rows["decision"].eq("accepted")
    dates = {
        "accepted": rows["decided_on"].where(accepted),
        "contacted": rows["reached_on"],
        "first_session": rows["first_session_on"],
        "closed_as_planned": rows["closed_on"].where(rows["closure_reason"].eq("planned")),
    }
    through = list(dates)[: list(dates).index(stage) + 1]
    by = rows["referred_on"] + pd.Timedelta(days=days)
    return reduce(and_, [dates[name] <= by for name in through])


def _ended(rows: pd.DataFrame) -> pd.Series:
    return rows["ended_on"].notna()


def _end_of(snapshot: Snapshot) -> pd.Timestamp:
    return pd.Timestamp(snapshot.quarter.last_day)


def _none(measure: str, cohort: str, *, days: int | None = None) -> Estimate:
    return Estimate(SECTION, measure, cohort=cohort, days=days, why_not="no_return")
