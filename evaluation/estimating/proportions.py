"""Limits for a share of children, and for the difference of two shares."""

from __future__ import annotations

import math

from evaluation.errors import WrongUse
from evaluation.estimating._statsmodels import confint_proportions_2indep, proportion_confint
from evaluation.estimating.limits import Limits, two_sided
from evaluation.language import _

_NONE = Limits(math.nan, math.nan)


def wilson(events: int, of: int, *, confidence: float = 0.95) -> Limits:
    """Wilson's score limits for the share `events` / `of`; missing where `of` is 0.

    >>> low, high = wilson(81, 263)
    >>> round(low, 4), round(high, 4)
    (0.2553, 0.3662)

    Raises WrongUse unless 0 <= events <= of.
    Source: Wilson (1927), J Am Stat Assoc 22:209; Newcombe (1998), Stat Med 17:857, method 3.
    """
    _must_be_part(events, of)
    two_sided(confidence)
    if of == 0:
        return _NONE
    low, high = proportion_confint(events, of, alpha=1 - confidence, method="wilson")
    return Limits(float(low), float(high))


def newcombe(
    events_1: int, of_1: int, events_2: int, of_2: int, *, confidence: float = 0.95
) -> Limits:
    """Newcombe's hybrid score limits for events_1 / of_1 - events_2 / of_2, two separate groups.

    >>> low, high = newcombe(56, 70, 48, 80)
    >>> round(low, 4), round(high, 4)
    (0.0524, 0.3339)

    Missing where a group is empty. Raises WrongUse unless 0 <= events <= of in both.
    Source: Newcombe (1998), Stat Med 17:873, method 10.
    """
    _must_be_part(events_1, of_1)
    _must_be_part(events_2, of_2)
    two_sided(confidence)
    if of_1 == 0 or of_2 == 0:
        return _NONE
    low, high = confint_proportions_2indep(
        events_1, of_1, events_2, of_2, method="newcomb", compare="diff", alpha=1 - confidence
    )
    return Limits(float(low), float(high))


def _must_be_part(events: int, of: int) -> None:
    if not 0 <= events <= of:
        raise WrongUse(
            _("A share must be of a part: {events} of {of} is none.", events=events, of=of)
        )
