"""Each child's exploitation band when it was referred and when its case was closed, like with like."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analyses.services.listed import listed
from analyses.services.seen import first_of_each_child, run, seen
from analyses.services.service import Service
from analyses.snapshots import newest
from evaluation.nouns import Snapshot

FORM = "exploitation_assessments"
BANDS = listed("exploitation_band")

_DAY = pd.Timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Windows:
    """How near to referral and closure an assessment must be to stand for it, in days.

    The first may be up to 92 days old, because children are to be assessed again every three
    months, or follow within a fortnight, because many are assessed once they are taken on; later
    than that, the service may have had a hand in it. The second may be as old for the same
    reason, or follow within four weeks, before anything else is likely to have changed.
    """

    before_referral: int = 92
    after_referral: int = 14
    before_closure: int = 92
    after_closure: int = 28


@dataclass(frozen=True, slots=True)
class Pairs:
    """The children whose case was closed, and their bands.

    One row of `children` is one child: the columns of `seen`, before and after (its bands;
    missing where it has none), and tool, tool_version and strand of both, with the days on which
    they were assessed, before_on and after_on. `too_early` are the children left out because
    they were referred before the returns of assessments reach back far enough.
    """

    children: pd.DataFrame
    too_early: int


def pairs(snapshot: Snapshot, service: Service, *, quarters: int, windows: Windows) -> Pairs | None:
    """The children whose accepted referral was closed in the last `quarters`, with their bands.

    Each child once, by its first such referral; whatever the reason it was closed, so that those
    who stayed away count too. Only where the closure's window is over, and the assessments of
    the time before the referral were sent. None where a return of the quarter is missing.

    `before` is the assessment nearest to the referral in its window; of two as near, the earlier,
    then the first in the order of tools and strands. `after` is the last in the closure's window
    that was made later, with the same tool, in the same version, of the same strand. So a child
    assessed otherwise the second time has no second band, and is not a change of risk.
    """
    referrals = seen(snapshot, service)
    told = snapshot.tables.get(FORM)
    assessed = run(snapshot, FORM)
    if referrals is None or told is None or not assessed:
        return None
    since = pd.Timestamp((snapshot.quarter - (quarters - 1)).first_day)
    until = pd.Timestamp(snapshot.quarter.last_day) - windows.after_closure * _DAY
    closed = referrals[
        referrals["decision"].eq("accepted") & referrals["closed_on"].between(since, until)
    ]
    first = first_of_each_child(closed, since=pd.Timestamp.min)
    reach = pd.Timestamp(assessed[0].first_day) + windows.before_referral * _DAY
    kept = first[first["referred_on"] >= reach].reset_index(drop=True)
    assessments = newest(told, "assessment_ref")
    before = _nearest(kept, assessments, windows)
    after = _last(kept, before, assessments, windows)
    children = kept.merge(before, how="left", on="child_key").merge(
        after, how="left", on="child_key"
    )
    return Pairs(children, too_early=len(first) - len(kept))


def _nearest(children: pd.DataFrame, assessments: pd.DataFrame, windows: Windows) -> pd.DataFrame:
    """One row per child with a band at referral: child_key, before, before_on, and its like."""
    rows = children[["child_key", "referred_on"]].merge(assessments, on="child_key")
    away = (rows["assessed_on"] - rows["referred_on"]).dt.days
    rows = rows.assign(
        away=away.abs(),
        tool_at=_place(rows["tool"], "assessment_tool"),
        strand_at=_place(rows["strand"], "exploitation_strand"),
    )[away.between(-windows.before_referral, windows.after_referral)]
    order = ["child_key", "away", "assessed_on", "tool_at", "strand_at", "assessment_ref"]
    best = rows.sort_values(order, kind="stable").drop_duplicates("child_key")
    named = best.rename(columns={"band": "before", "assessed_on": "before_on"})
    return named[["child_key", "before", "before_on", *_LIKE]]


def _last(
    children: pd.DataFrame, before: pd.DataFrame, assessments: pd.DataFrame, windows: Windows
) -> pd.DataFrame:
    """One row per child with a band at closure, of the same kind as that at referral."""
    rows = before.merge(children[["child_key", "closed_on"]], on="child_key")
    rows = rows.merge(assessments, on=["child_key", *_LIKE])
    away = (rows["assessed_on"] - rows["closed_on"]).dt.days
    later = rows["assessed_on"] > rows["before_on"]
    rows = rows[later & away.between(-windows.before_closure, windows.after_closure)]
    order = ["child_key", "assessed_on", "assessment_ref"]
    best = rows.sort_values(order, kind="stable").drop_duplicates("child_key", keep="last")
    named = best.rename(columns={"band": "after", "assessed_on": "after_on"})
    return named[["child_key", "after", "after_on"]]


_LIKE = ["tool", "tool_version", "strand"]
"""What two assessments must have in common for their bands to be compared."""


def _place(values: pd.Series, name: str) -> pd.Series:
    """Where each code stands in its list."""
    return values.map({code: place for place, code in enumerate(listed(name))}).astype(np.float64)
