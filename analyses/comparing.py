"""What a quarter is compared with: the figures that the last quarter's release told."""

from __future__ import annotations

from evaluation.disclosure import parse_release
from evaluation.nouns import Before
from evaluation.quarters import Quarter
from evaluation.store import Store, earlier_releases

COMPARED = frozenset(
    {
        ("monitoring", None, "episodes"),
        ("op_encompass", "op_encompass_12_months", "school_told"),
        ("op_encompass", "op_encompass_quarter", "school_told"),
        ("positive_futures_sessions", "sessions_12_months", "attendances"),
        ("re_missing", "discussed", "rate_ratio"),
        ("referrals", "positive_futures_12_months", "referred"),
        ("referrals", "st_giles_12_months", "first_session"),
        ("referrals", "st_giles_12_months", "open_now"),
        ("referrals", "st_giles_12_months", "referred"),
        ("referrals", "st_giles_12_months", "waiting_now"),
        ("waiting", "st_giles_waiting", "median_wait_days"),
    }
)
"""Section, cohort and measure of the figures that the first page sets beside last quarter's."""


def told_before(store: Store, body: str, quarter: Quarter) -> Before | None:
    """What the newest public quarterly release of the quarter before told of COMPARED.

    As it left then: nothing is computed anew from the returns, so that a comparison tells no more
    than the two reports. None where no such release is in the ledger.
    """
    for released in reversed(earlier_releases(store, body)):
        if released.quarter != quarter - 1:
            continue
        release = parse_release(released.text)
        if release.report == "quarterly":
            return Before(
                quarter=release.quarter,
                made_on=release.made_on,
                snapshot=release.snapshot,
                figures=tuple(
                    figure
                    for figure in release.figures
                    if (figure.section, figure.cohort, figure.measure) in COMPARED
                ),
            )
    return None
