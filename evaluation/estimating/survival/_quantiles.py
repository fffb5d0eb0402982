"""The day by which a share of children have had their event, and its limits, as R has them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evaluation.errors import WrongUse
from evaluation.estimating.survival._rows import Floats
from evaluation.language import _

_TOLERANCE = float(np.sqrt(np.finfo(float).eps))


def must_be_shares(shares: Sequence[float]) -> None:
    """Raise WrongUse for a share that no quantile is of.

    >>> must_be_shares([0.25, 0.5])
    """
    if any(not 0 < share < 1 for share in shares):
        raise WrongUse(_("A quantile must lie between 0 and 1, such as 0.5 for the median."))


def reached(day: Floats, survival: Floats, share: float) -> float:
    """The day on which 1 - `survival` first reaches `share`; NaN where it never does.

    Where the curve is flat at the share itself, the midpoint of the flat stretch: from the day on
    which it is reached to the next step, or to the last day where there is no other step. Days on
    which `survival` is missing are passed over. Day 0 stands before `day`.
    Source: `quantile.survfit` of R's survival.
    """
    days = np.concatenate([[0.0], day])
    fallen = np.concatenate([[0.0], 1 - survival])
    _values, first = np.unique(fallen, return_index=True, equal_nan=True)
    first = np.sort(first)
    last_day, ends_at = float(days[-1]), float(fallen[first[-1]])
    days, fallen = days[first], fallen[first]
    order = np.argsort(fallen, kind="stable")
    order = order[: np.isfinite(fallen).sum()]  # what is missing is sorted last

    def reaches(level: float) -> float:
        place = int(np.searchsorted(fallen[order], level, side="left"))
        return float(days[order[place]]) if place < len(order) else np.nan

    begins = reaches(share - _TOLERANCE)
    if abs(share - ends_at) < _TOLERANCE:
        return (begins + last_day) / 2
    return (begins + reaches(share + _TOLERANCE)) / 2
