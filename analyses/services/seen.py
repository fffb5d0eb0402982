"""Referrals as last told, and from when to when the returns let each of them be seen.

A referral that ended before the first return, or in a quarter whose return is missing, is in no
return. So a referral is seen only from the first day of the first quarter that tells of it, and
what is older when it comes into view counts from then on (delayed entry).
"""

from __future__ import annotations

import pandas as pd

from analyses.services.service import Service
from analyses.snapshots import covered, newest
from evaluation.nouns import Snapshot
from evaluation.quarters import Quarter

YEAR = 4
"""Quarters in the twelve months that end with the snapshot's."""

_DAY = pd.Timedelta(days=1)


def run(snapshot: Snapshot, form: str) -> tuple[Quarter, ...]:
    """The quarters up to the snapshot's whose returns of a form came without a gap; maybe none."""
    came = covered(snapshot, form)
    if snapshot.quarter not in came:
        return ()
    first = snapshot.quarter
    while first - 1 in came:
        first -= 1
    return first.to(snapshot.quarter)


def seen(snapshot: Snapshot, service: Service) -> pd.DataFrame | None:
    """Each referral in the unbroken run of returns, as last told; None without the quarter's own.

    One row is one referral: the form's columns, and

        ended_on     the day it was declined or closed; missing while it is waiting or open
        reached_on   the first contact, or the first session where no contact is told before it
        seen_from    the first day of the first quarter whose return told of it
        seen_to      the last day of the last one; of an open referral that later returns leave
                     out nothing is known after it
        day_0        days from the referral to the day before it came into view; -1 where it was
                     in view from its first day

    What was told only before a gap in the returns is left out: whether it ended in the gap is
    not known, and who came through it is not like who did not.
    """
    rows = snapshot.tables.get(service.form)
    quarters = run(snapshot, service.form)
    if rows is None or not quarters:
        return None
    rows = rows[rows["quarter"].isin([str(quarter) for quarter in quarters])]
    began = {str(quarter): pd.Timestamp(quarter.first_day) for quarter in quarters}
    ends = {str(quarter): pd.Timestamp(quarter.last_day) for quarter in quarters}
    first = rows.groupby(["provider", "referral_ref"])["quarter"].min().map(began)
    referrals = newest(rows, "referral_ref")
    key = pd.MultiIndex.from_frame(referrals[["provider", "referral_ref"]])
    referrals = referrals.assign(
        ended_on=referrals["closed_on"].mask(
            referrals["decision"] == "declined", referrals["decided_on"]
        ),
        reached_on=referrals[["first_contact_on", "first_session_on"]].min(axis=1),
        seen_from=first.reindex(key).to_numpy(dtype="datetime64[us]"),
        seen_to=referrals["quarter"].map(ends).astype("datetime64[us]"),
    )
    late = (referrals["seen_from"] - _DAY - referrals["referred_on"]).dt.days
    return referrals.assign(day_0=late.clip(lower=-1).astype("int64"))


def first_of_each_child(referrals: pd.DataFrame, *, since: pd.Timestamp) -> pd.DataFrame:
    """Each child once, by its first referral on `since` or later."""
    recent = referrals[referrals["referred_on"] >= since]
    ordered = recent.sort_values(["referred_on", "provider", "referral_ref"], kind="stable")
    return ordered.drop_duplicates("child_key").reset_index(drop=True)


def twelve_months(snapshot: Snapshot) -> pd.Timestamp:
    """The first day of the twelve months that end with the snapshot's quarter."""
    return pd.Timestamp((snapshot.quarter - (YEAR - 1)).first_day)


def missing_in_the_year(snapshot: Snapshot, service: Service) -> tuple[str, ...]:
    """'returns_missing' where a return of the twelve months has not come."""
    year = (snapshot.quarter - (YEAR - 1)).to(snapshot.quarter)
    return () if set(year) <= set(covered(snapshot, service.form)) else ("returns_missing",)
