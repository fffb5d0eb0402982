"""Limits for a share of children, and for the difference of two shares."""

from __future__ import annotations

import math

from evaluation.errors import WrongUse
from evaluation.estimating._statsmodels import confint_proportions_2indep, proportion_confint
from evaluation.estimating.found import Found
from evaluation.estimating.limits import two_sided
from evaluation.language import _
from evaluation.nouns import Estimate


def wilson(events: int, of: int, *, confidence: float = 0.95) -> Found:
    """The share `events` / `of` with Wilson's score limits.

    >>> wilson(81, 263).table[["value", "low", "high"]].round(4).values.tolist()
    [[0.308, 0.2553, 0.3662]]

    One figure: measure 'share', `children` the events and `of` the whole; 0 and all are as good
    as any. Where `of` is 0 there is no value, and `why_not` says so.
    Raises WrongUse unless 0 <= events <= of, both whole.
    Source: Wilson (1927), J Am Stat Assoc 22:209; Newcombe (1998), Stat Med 17:857, method 3.
    """
    return _share(events, of, "wilson", confidence)


def clopper_pearson(events: int, of: int, *, confidence: float = 0.95) -> Found:
    """The share `events` / `of` with exact limits, which hold at least as often as they say.

    >>> clopper_pearson(0, 20).table[["value", "low", "high"]].round(4).values.tolist()
    [[0.0, 0.0, 0.1684]]

    Wider than Wilson's; for a claim that must never be wrong more often than it says. Otherwise
    as `wilson`; R's `binom.test` gives the same.
    Source: Clopper & Pearson (1934), Biometrika 26:404.
    """
    return _share(events, of, "clopper_pearson", confidence)


def newcombe(
    events_1: int, of_1: int, events_2: int, of_2: int, *, confidence: float = 0.95
) -> Found:
    """The difference events_1 / of_1 - events_2 / of_2 of two separate groups, hybrid score limits.

    >>> newcombe(56, 70, 48, 80).table[["value", "low", "high"]].round(4).values.tolist()
    [[0.2, 0.0524, 0.3339]]

    One figure: measure 'risk_difference', of both groups together. Without a value where a group
    is empty. Raises WrongUse unless 0 <= events <= of in both, all whole.
    Source: Newcombe (1998), Stat Med 17:873, method 10.
    """
    events_1, of_1 = part(events_1, of_1)
    events_2, of_2 = part(events_2, of_2)
    two_sided(confidence)
    value = low = high = None
    if of_1 and of_2:
        value = events_1 / of_1 - events_2 / of_2
        low, high = confint_proportions_2indep(
            events_1, of_1, events_2, of_2, method="newcomb", compare="diff", alpha=1 - confidence
        )
    return Found(
        estimates=(
            Estimate(
                "",
                "risk_difference",
                "contrast",
                children=of_1 + of_2,
                events=events_1 + events_2,
                value=value,
                low=None if low is None else float(low),
                high=None if high is None else float(high),
                confidence=confidence,
                method="newcombe",
                design_level=1,
                why_not="no_comparison" if value is None else None,
            ),
        )
    )


def newcombe_paired(
    both: int, first_only: int, second_only: int, neither: int, *, confidence: float = 0.95
) -> Found:
    """The difference of two shares of the same children: first minus second, by score limits.

    Of the children asked twice, `both` had it both times, `first_only` and `second_only` once,
    `neither` never. The difference is (first_only - second_only) / all of them.

    >>> newcombe_paired(1, 1, 7, 12).table[["value", "low", "high"]].round(3).values.tolist()
    [[-0.286, -0.507, -0.026]]

    One figure: measure 'risk_difference', method 'newcombe_paired', Maryland level 2. Without a
    value where nobody was asked twice. Raises WrongUse for counts that are negative or not whole.
    Source: Newcombe (1998), Stat Med 17:2635, method 10 (the correlation is corrected for
    continuity where it is positive).
    """
    a, b, c, d = (count(number) for number in (both, first_only, second_only, neither))
    two_sided(confidence)
    children = a + b + c + d
    value = low = high = None
    if children:
        value = (b - c) / children
        below_1, above_1 = _arms(a + b, children, confidence)
        below_2, above_2 = _arms(a + c, children, confidence)
        spread = math.sqrt((a + b) * (c + d) * (a + c) * (b + d))
        shared = float(a * d - b * c)
        if shared > 0:
            shared = max(shared - children / 2, 0.0)
        alike = shared / spread if spread else 0.0
        low = value - math.sqrt(max(below_1**2 - 2 * alike * below_1 * above_2 + above_2**2, 0.0))
        high = value + math.sqrt(max(above_1**2 - 2 * alike * above_1 * below_2 + below_2**2, 0.0))
    return Found(
        estimates=(
            Estimate(
                "",
                "risk_difference",
                "contrast",
                children=children,
                value=value,
                low=low,
                high=high,
                confidence=confidence,
                method="newcombe_paired",
                design_level=2,
                why_not="no_follow_up" if value is None else None,
            ),
        )
    )


def count(number: object) -> int:
    """A count of children as an int; raises WrongUse where it is negative or not whole.

    >>> count(3.0)
    3
    """
    try:
        whole = int(number)  # type: ignore[call-overload]
        fits = bool(whole == number) and whole >= 0
    except (TypeError, ValueError, OverflowError):
        fits = False
    if not fits:
        raise WrongUse(
            _(
                "A count of children is a whole number, 0 or more; {number} is none.",
                number=str(number),
            )
        )
    return int(whole)


def part(events: int, of: int) -> tuple[int, int]:
    """A part and its whole, as ints; raises WrongUse unless 0 <= events <= of.

    >>> part(3, 8)
    (3, 8)
    """
    if not 0 <= events <= of:
        raise WrongUse(
            _("A share must be of a part: {events} of {of} is none.", events=events, of=of)
        )
    return count(events), count(of)


def _share(events: int, of: int, method: str, confidence: float) -> Found:
    events, of = part(events, of)
    two_sided(confidence)
    low = high = None
    if of:
        code = {"wilson": "wilson", "clopper_pearson": "beta"}[method]
        limits = proportion_confint(events, of, alpha=1 - confidence, method=code)
        # At the ends the limit is the end itself, not a rounding away from it.
        low = 0.0 if events == 0 else float(limits[0])
        high = 1.0 if events == of else float(limits[1])
    return Found(
        estimates=(
            Estimate(
                "",
                "share",
                children=events,
                of=of,
                value=events / of if of else None,
                low=low,
                high=high,
                confidence=confidence,
                method=method,
                design_level=1,
                why_not=None if of else "no_events",
            ),
        )
    )


def _arms(events: int, of: int, confidence: float) -> tuple[float, float]:
    """How far Wilson's limits lie below and above the share."""
    found = wilson(events, of, confidence=confidence).one()
    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    return found.value - found.low, found.high - found.value
