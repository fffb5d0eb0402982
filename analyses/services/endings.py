"""How work with a child ends after its first session, and how many sessions it came to."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.special import expit

from analyses.by_child import part_of_records
from analyses.services.seen import first_of_each_child, seen
from analyses.services.service import Service
from analyses.services.spells import shares, spells
from evaluation.estimating.counts import gee
from evaluation.estimating.proportions import wilson
from evaluation.nouns import Estimate, Snapshot

SECTION = "endings"

ENDINGS = ("planned", "disengaged", "other")
"""In the order of the code list; every reason but the first two is 'other'."""

AT_DAYS = (90, 182, 365)

_FEWEST_CHILDREN = 3
"""With fewer there is no spread between children, and so no limits."""


def figures(snapshot: Snapshot, service: Service) -> list[Estimate]:
    """The share of children who had ended in each way, and the share of sessions attended.

    Cohort '…_first_session': each child once, by its first referral with a first session that
    was in view since the unbroken run of returns began; one that was under way before counts
    from then on. `days` are from the first session.

        ended              the share who had ended by then, as `outcome` says: 'planned',
                           'disengaged' or 'other' (moved, custody, handed over, declined, other)
        sessions_attended  of the sessions offered to the children, the share attended; limits
                           allow for children who differ. A blank is missing, not 0
        sessions_counted   the share of the children whose sessions somebody counted

    The three endings and the cases still open make up all children.
    """
    cohort = service.cohort("first_session")
    referrals = seen(snapshot, service)
    if referrals is None:
        told = [
            Estimate("", "ended", outcome=ending, days=day) for ending in ENDINGS for day in AT_DAYS
        ]
        told += [Estimate("", "sessions_attended"), Estimate("", "sessions_counted")]
        return [replace(one, section=SECTION, cohort=cohort, why_not="no_return") for one in told]
    begun = first_of_each_child(
        referrals[referrals["first_session_on"].notna()], since=pd.Timestamp.min
    )
    laid = followed(begun, pd.Timestamp(snapshot.quarter.last_day))
    ended, _found = shares(laid, ENDINGS, at=AT_DAYS)
    told = [replace(one, measure="ended", design_level=1) for one in ended]
    told += sessions(laid)
    return [replace(one, section=SECTION, cohort=cohort) for one in told]


def followed(begun: pd.DataFrame, data_end: pd.Timestamp) -> pd.DataFrame:
    """Each child from its first session to the end of the work with it.

    `begun` has a row a child: a referral of `seen`, with a first session.
    """
    reason = begun["closure_reason"].where(begun["closure_reason"].isin(ENDINGS[:2]), "other")
    late = (begun["seen_from"] - pd.Timedelta(days=1) - begun["first_session_on"]).dt.days
    return spells(
        begun.assign(begins=begun["first_session_on"], data_end=data_end),
        begins="begins",
        ends=pd.DataFrame({each: begun["closed_on"].where(reason == each) for each in ENDINGS}),
        day_0=late.clip(lower=-1),
    )


def sessions(begun: pd.DataFrame) -> list[Estimate]:
    """The share of sessions attended of those offered, and of how many children it is known.

    A row is a child, with its sessions since referral as last told. The share is of all
    sessions, so that a child who was offered many counts for more. Limits are from generalised
    estimating equations with the child for a cluster; where every session or none was attended
    they are Wilson's, of as many children.
    """
    counted = begun["sessions_offered"].notna() & begun["sessions_attended"].notna()
    known = begun[counted & (begun["sessions_offered"] > 0).fillna(value=False)]
    offered = known["sessions_offered"].to_numpy(dtype=int)
    attended = known["sessions_attended"].to_numpy(dtype=int)
    bare = Estimate(
        "",
        "sessions_attended",
        unit="records",
        children=len(known),
        of=int(offered.sum()),
        **part_of_records(
            known["child_key"],
            known["sessions_attended"].astype("int64"),
            known["sessions_offered"].astype("int64"),
        ),
        method="gee_binomial",
        design_level=1,
    )
    whether = wilson(int(counted.sum()), len(begun)).placed("", measure="sessions_counted")
    if not len(known):
        return [replace(bare, why_not="no_events"), *whether]
    low, high = _limits(offered, attended)
    share = float(attended.sum() / offered.sum())
    return [replace(bare, value=share, low=low, high=high), *whether]


def _limits(
    offered: np.ndarray, attended: np.ndarray, confidence: float = 0.95
) -> tuple[float | None, float | None]:
    children = len(offered)
    if children < _FEWEST_CHILDREN:
        return None, None
    if attended.sum() in {0, offered.sum()}:
        found = wilson(children if attended.any() else 0, children, confidence=confidence).one()
        return found.low, found.high
    each = np.repeat(np.arange(children), offered)
    came = np.arange(len(each)) - np.repeat(np.cumsum(offered) - offered, offered)
    one_a_session = pd.DataFrame(
        {"came": (came < np.repeat(attended, offered)).astype(int), "child_key": each}
    )
    fit = gee(
        "came ~ 1",
        one_a_session,
        cluster="child_key",
        family="binomial",
        correlation="independence",
        confidence=confidence,
    )
    low, high = (float(end) for end in expit(fit.model.conf_int().loc["Intercept"]))
    return (low, high) if np.isfinite(low) and np.isfinite(high) else (None, None)
