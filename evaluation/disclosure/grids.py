"""Putting a value and its limits on the grid that the policy gives their scale."""

from __future__ import annotations

from math import isclose
from typing import TypeAlias

from evaluation.disclosure.arms import Arms
from evaluation.disclosure.policy import Policy, Scale, wilson
from evaluation.nouns import Estimate

Limits: TypeAlias = tuple[float | None, float | None, float | None]
"""A value with its low and high limit, as they may leave."""


def on_grid(estimate: Estimate, scale: Scale, policy: Policy, arms: Arms) -> Limits:
    """The value and its limits, rounded; the estimate must have a value.

    Percentages come by way of rounded counts: of a plain share from its own counts, and its
    limits from them again; of a weighted one from the children that it stands for.
    """
    value, low, high = estimate.value, estimate.low, estimate.high
    assert value is not None
    rounded = policy.count(arms.base(estimate) or 0)
    match scale:
        case "count":
            return policy.count(value), None, None  # a count is counted, not estimated
        case "share" if is_plain(estimate):
            part = policy.count(estimate.children or 0)
            limits = wilson(part, rounded, estimate.confidence)
            return round(part / rounded, 2), *(limits if low is not None else (None, None))
        case "share" | "curve":
            return (
                policy.share_of(value, rounded),
                None if low is None else policy.share_of(low, rounded),
                None if high is None else policy.share_of(high, rounded),
            )
        case "filled":
            share = policy.share_of(value, policy.count(estimate.of or 0))
            return _inside(share, policy), None, None
        case "share_of_days":
            return _inside(round(value, 2), policy), None, None
        case "points" | "decimal":
            return round(value, 2) + 0.0, _hundredth(low), _hundredth(high)
        case "ratio":
            return (
                policy.ratio(value),
                None if low is None else policy.ratio(low),
                None if high is None else policy.ratio(high),
            )


def is_plain(estimate: Estimate) -> bool:
    """True of an unweighted share: its value is `children` over `of`."""
    if not estimate.of or estimate.children is None or estimate.value is None:
        return False
    return isclose(estimate.value * estimate.of, estimate.children, abs_tol=1e-6)


def _inside(share: float, policy: Policy) -> float:
    """Never 0% or 100%: the ends are read as '1% or less' and '99% or more'."""
    return share if policy.tells_all else min(max(share, 0.01), 0.99)


def _hundredth(value: float | None) -> float | None:
    return None if value is None else round(value, 2) + 0.0


def rounded_count(count: float | None, policy: Policy) -> int | None:
    """A count that may be missing, to the nearest multiple of the base."""
    return None if count is None else policy.count(count)
