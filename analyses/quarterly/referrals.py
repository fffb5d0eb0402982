"""Referrals to St Giles: how far the children referred in the last twelve months have come."""

from __future__ import annotations

from analyses.services import funnel
from analyses.services.service import ST_GILES
from evaluation.nouns import Estimate, Snapshot

FORM = ST_GILES.form
STAGES = funnel.STAGES


def figures(snapshot: Snapshot) -> list[Estimate]:
    """The funnel with its intervals, and the children waiting and open at the quarter's end.

    The figures of `analyses.services.funnel` that a release has had from the beginning; its
    other figures, and Positive Futures, are in `analyses.services`.
    """
    return funnel.so_far(snapshot, ST_GILES) + funnel.now(snapshot, ST_GILES)
