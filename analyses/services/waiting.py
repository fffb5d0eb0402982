"""How long children wait for a decision, for a first contact and for a first session.

Children who still wait count for as long as they have; who was declined or closed first waits no
more and never will have it; and a referral that began before the returns did counts from when it
came into view. Of cases open in a quarter, without the last, waits would look twice as long as
they are; of those closed in it, a third.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analyses.services.seen import first_of_each_child, missing_in_the_year, seen, twelve_months
from analyses.services.service import Service
from analyses.services.spells import FEWEST_FOR_MEDIAN, OPEN, shares, spells
from evaluation.estimating.survival import day_reached
from evaluation.estimating.survival.incidence import Incidence
from evaluation.nouns import Estimate, Snapshot

SECTION = "waiting"

WAITS = ("decision", "first_contact", "first_session")
WITHIN_DAYS = (7, 14, 30)
ENDED = "ended_first"
"""Declined or closed before what the child waited for."""


def figures(snapshot: Snapshot, service: Service) -> list[Estimate]:
    """The share within 7, 14 and 30 days of referral, the median, and how many wait yet.

    Cohort '…_waiting': each child once, by its first referral of the twelve months. `outcome` is
    what is waited for: 'decision' (accepted or declined), 'first_contact' or 'first_session'.

        had_within        the share of all children referred who had it within `days`
        median_wait_days  days by which half of all children referred had had it; from fewer
                          than 20 children who did it is not told
        still_waiting     children who had not, and whose referral had not ended, when last seen
        ended_first       children whose referral ended before it
        late_into_view    children whose referral came into view late (of those last counted)

    Shares and medians of contact and session are of all referred, the declined too, so that a
    service gets no better figures by declining those who would have to wait.
    """
    cohort = service.cohort("waiting")
    referrals = seen(snapshot, service)
    if referrals is None:
        return [
            Estimate(SECTION, measure, cohort=cohort, outcome=wait, days=days, why_not="no_return")
            for wait in WAITS
            for measure, days in (
                *(("had_within", days) for days in WITHIN_DAYS),
                *((measure, None) for measure in ("median_wait_days", *_COUNTS)),
            )
        ]
    first = first_of_each_child(referrals, since=twelve_months(snapshot))
    unmet = missing_in_the_year(snapshot, service)
    return [
        replace(
            one,
            section=SECTION,
            cohort=cohort,
            outcome=wait,
            design_level=1,
            unmet=one.unmet + unmet,
        )
        for wait in WAITS
        for one in _of_one(first, wait, pd.Timestamp(snapshot.quarter.last_day))
    ]


def waits(first: pd.DataFrame, wait: str, data_end: pd.Timestamp) -> pd.DataFrame:
    """Each child's wait, by its referral: days, kind (`wait`, 'ended_first' or 'open') and entry."""
    had = {
        "decision": first["decided_on"],
        "first_contact": first["reached_on"],
        "first_session": first["first_session_on"],
    }[wait]
    return spells(
        first.assign(begins=first["referred_on"], data_end=data_end),
        begins="begins",
        ends=pd.DataFrame({wait: had, ENDED: first["ended_on"]}),
        day_0=first["day_0"],
    )


def _of_one(first: pd.DataFrame, wait: str, data_end: pd.Timestamp) -> list[Estimate]:
    laid = waits(first, wait, data_end)
    told, found = shares(laid, [wait], at=WITHIN_DAYS)
    within = [replace(one, measure="had_within") for one in told]
    return [*within, _median(laid, found, wait), *_counts(laid)]


def _median(laid: pd.DataFrame, found: Incidence | None, wait: str) -> Estimate:
    had = int((laid["kind"] == wait).sum())
    bare = Estimate("", "median_wait_days", children=had, of=len(laid), why_not="too_few_children")
    if found is None or had < FEWEST_FOR_MEDIAN:
        return bare
    median = day_reached(found, wait).one()
    return replace(
        median,
        measure=bare.measure,
        children=had,
        unmet=("truncation",) * bool((laid["entry"] >= 0).any()),
    )


_COUNTS = ("still_waiting", "ended_first", "late_into_view")


def _counts(laid: pd.DataFrame) -> list[Estimate]:
    flags = (laid["kind"] == OPEN, laid["kind"] == ENDED, laid["entry"] >= 0)
    return [
        Estimate("", measure, children=int(flag.sum()), value=float(flag.sum()))
        for measure, flag in zip(_COUNTS, flags, strict=True)
    ]
