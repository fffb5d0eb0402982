"""The infinitesimal jackknife: how far each child, or cluster of children, moves a curve.

The derivative of a curve to the weight of a row is, on any day, a sum of a few step functions
that all rows share, times coefficients that change only when the row begins and when it ends.
So the sum over clusters of its squares comes from running sums, in n log n and little memory.
Source: Therneau & Grambsch (2000), Modeling Survival Data, chapters 7 and 8; the `survfit` of R.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evaluation.estimating.survival._rows import Codes, Floats, Rows
from evaluation.estimating.survival._steps import Steps, on

_ROUNDING = 1e-14
"""What of a sum is no more than the rounding of its parts."""


@dataclass(frozen=True)
class Pulls:
    """What changes: a row is a day, a cluster, and the change of its coefficients on that day."""

    day: Floats
    cluster: Codes
    change: Floats


def pulls(rows: Rows, begins: Sequence[Floats], ends: Sequence[Floats]) -> Pulls:
    """The coefficients of each row while it is at risk, and after it has ended, weighted."""
    at_risk, after = (np.column_stack(of) * rows.weight[:, np.newaxis] for of in (begins, ends))
    return Pulls(
        day=np.concatenate([rows.start, rows.stop]),
        cluster=np.concatenate([rows.cluster, rows.cluster]),
        change=np.vstack([at_risk, after - at_risk]),
    )


def against(one: Pulls, other: Pulls) -> Pulls:
    """The pulls on one curve less another; their functions stand side by side."""
    return Pulls(
        day=np.concatenate([one.day, other.day]),
        cluster=np.concatenate([one.cluster, other.cluster]),
        change=np.vstack(
            [
                np.hstack([one.change, np.zeros((len(one.change), other.change.shape[1]))]),
                np.hstack([np.zeros((len(other.change), one.change.shape[1])), -other.change]),
            ]
        ),
    )


def variance_on_steps(of: Pulls, risks: Steps, shared: Floats) -> Floats:
    """The variance on each day of `risks`: it changes on days of events alone."""
    falls = risks.happened > 0
    return on(risks.day, risks.day[falls], variance(of, risks.day[falls], shared[falls]))


def variance(of: Pulls, days: Floats, shared: Floats) -> Floats:
    """The variance on each of `days`; `shared` has their functions, a column each.

    >>> one = Pulls(np.array([1.0, 2.0]), np.array([0, 0]), np.array([[2.0], [1.0]]))
    >>> variance(one, np.array([0.0, 1.0, 2.0]), np.ones((3, 1))).tolist()
    [0.0, 4.0, 9.0]
    """
    order = np.lexsort((of.day, of.cluster))
    day, cluster, change = of.day[order], of.cluster[order], of.change[order]
    after = np.cumsum(change, axis=0)
    if len(day):
        is_first = np.concatenate([[True], np.diff(cluster) != 0])
        before_cluster = (after - change)[is_first]
        after = after - before_cluster[np.cumsum(is_first) - 1]
    before = after - change
    in_time = np.argsort(day, kind="stable")
    place = np.searchsorted(day[in_time], days, side="right")
    total, size = np.zeros((2, len(days)))
    width = change.shape[1]
    for one in range(width):
        for other in range(one, width):
            moved = after[:, one] * after[:, other] - before[:, one] * before[:, other]
            running = np.concatenate([[0.0], np.cumsum(moved[in_time])])[place]
            part = (1 if one == other else 2) * running * shared[:, one] * shared[:, other]
            total, size = total + part, size + np.abs(part)
    return np.where(total > _ROUNDING * size, total, 0.0)
