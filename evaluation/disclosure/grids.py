"""Putting a value and its limits on the grid that the policy gives their scale."""

from __future__ import annotations

from math import ceil, floor, isclose
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
            return _share(estimate, policy, rounded)
        case "filled":
            return _of_records(estimate, policy)
        case "share_of_days":
            return _inside(round(value, 2), policy), None, None
        case "points" | "decimal":
            return round(value, 2) + 0.0, _hundredth(low), _hundredth(high)
        case "limits":
            return _limits(estimate, policy)
        case "median":
            return (
                policy.median(value),
                None if low is None else policy.median(low),
                None if high is None else policy.median(high),
            )
        case "rate" | "ratio" | "mean":
            by = 1.0 if scale == "ratio" else _from_rounded(estimate, scale, policy)
            return (
                policy.ratio(value * by),
                None if low is None else policy.ratio(low * by),
                None if high is None else policy.ratio(high * by),
            )


def is_plain(estimate: Estimate) -> bool:
    """True of an unweighted share: its value is `children` over `of`."""
    if not estimate.of or estimate.children is None or estimate.value is None:
        return False
    return isclose(estimate.value * estimate.of, estimate.children, abs_tol=1e-6)


def _share(estimate: Estimate, policy: Policy, base: int) -> Limits:
    """A share that is not plainly of children: of the records told beside it, or weighted."""
    value, low, high = estimate.value or 0.0, estimate.low, estimate.high
    if policy.base > 1 and is_of_events(estimate):
        share = _of_events(estimate, policy)
        return share, *_around(share, low, high, policy, base)
    return (
        policy.share_of(value, base),
        None if low is None else policy.share_of(low, base),
        None if high is None else policy.share_of(high, base),
    )


def is_of_events(estimate: Estimate) -> bool:
    """True of a plain share of records: its value is `events` over `of`."""
    if estimate.unit != "records" or not estimate.of or estimate.events is None:
        return False
    return isclose((estimate.value or 0.0) * estimate.of, estimate.events, abs_tol=1e-6)


def _of_events(estimate: Estimate, policy: Policy) -> float:
    """A plain share of records, from the counts that leave beside it.

    The exact share, rounded by itself, would narrow them: in one quarter, until a withheld 4 could
    no longer be 1.
    """
    return round(policy.count(estimate.events or 0) / policy.count(estimate.of or 0), 2)


def _around(
    value: float, low: float | None, high: float | None, policy: Policy, base: int
) -> tuple[float | None, float | None]:
    """Limits on the base's grid, and never on the wrong side of the value, nor at it: that is open."""
    return (
        None if low is None else min(policy.share_of(low, base), round(value - 0.01, 2)),
        None if high is None else max(policy.share_of(high, base), round(value + 0.01, 2)),
    )


def _of_records(estimate: Estimate, policy: Policy) -> Limits:
    """A share of records, from rounded counts; open above (or below) where few or none are over.

    'Open' is told by a limit of 1 (or 0): of 40 records with 0 to 7 blank, '81% or more'.
    """
    value, of = estimate.value or 0.0, estimate.of or 0
    rounded, few = policy.count(of), policy.fewest_children - 1
    is_of_children = estimate.children is not None or estimate.events is not None
    if is_of_children and few and rounded:
        bound = min(few + 0.5, rounded / 2) / rounded
        if round((1 - value) * of) <= few:
            least = floor(100 * (1 - bound)) / 100
            return least, least, 1.0
        if round(value * of) <= few:
            most = ceil(100 * bound) / 100
            return most, 0.0, most
    low, high = estimate.low, estimate.high
    if few and is_of_children and is_of_events(estimate) and rounded:
        share = _of_events(estimate, policy)
        low, high = _around(share, low, high, policy, rounded)
    else:
        share = policy.share_of(value, rounded)
        low, high = (
            None if each is None else policy.share_of(each, rounded) for each in (low, high)
        )
    low, high = (None if each is None else _inside(each, policy) for each in (low, high))
    return _inside(share, policy), low, high


def _from_rounded(estimate: Estimate, scale: Scale, policy: Policy) -> float:
    """What a rate or a mean is multiplied by to be that of the rounded counts.

    With an exact one, a known time and rounded children a reader would have the exact events. A
    rate from a model (it has a method) is no quotient of its counts, and stays as it is; a mean
    goes with them whatever its method. Sessions, of which heads have a mean, are nobody's.
    """
    events, children = estimate.events, estimate.children
    if not events or (scale == "rate" and (estimate.method or not children)):
        return 1.0
    each = children / policy.count(children) if children else 1.0
    return each * policy.count(events) / events


def _limits(estimate: Estimate, policy: Policy) -> Limits:
    """A chart's centre and its limits at a point, as its rounded number of records gives them.

    The limits narrow with the root of the number, so that exact ones would give it away.
    """
    value, low, high = estimate.value, estimate.low, estimate.high
    assert value is not None
    if low is None or high is None or not estimate.of or policy.base == 1:
        return round(value, 2), _hundredth(low), _hundredth(high)
    centre = round(value, 2)  # of the whole area, as its own figure tells it
    half = max(value - low, high - value) * (estimate.of / policy.count(estimate.of)) ** 0.5
    return centre, round(max(0.0, centre - half), 2), round(min(1.0, centre + half), 2)


def _inside(share: float, policy: Policy) -> float:
    """Never 0% or 100%: the ends are read as '1% or less' and '99% or more'."""
    return share if policy.tells_all else min(max(share, 0.01), 0.99)


def _hundredth(value: float | None) -> float | None:
    return None if value is None else round(value, 2) + 0.0


def rounded_count(count: float | None, policy: Policy) -> int | None:
    """A count that may be missing, to the nearest multiple of the base."""
    return None if count is None else policy.count(count)
