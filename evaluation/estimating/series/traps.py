"""What an interrupted series should be distrusted for."""

from __future__ import annotations

from collections.abc import Sequence

from evaluation.estimating.beware import few_events
from evaluation.estimating.found import Beware
from evaluation.estimating.series.given import Given
from evaluation.language import _

FEWEST_PERIODS = 8
"""On a side; with fewer, a trend is mostly chance (Penfold & Zhang 2013, Acad Pediatr 13:S38)."""

NEAR = 1
"""Another change so many periods away, or nearer, cannot be told apart from the interruption."""

LONG = 100
"""Periods from which Newey and West's errors are nearly wide enough; see `ar1`."""


def traps(
    rows: Given, *, parameters: int, is_log: bool, others: Sequence[int], covariance: str
) -> tuple[tuple[Beware, ...], tuple[str, ...]]:
    """The warnings, and the threats that they name; `others` are other changes, as periods.

    >>> import numpy as np, pandas as pd
    >>> few = Given(pd.Series([1, 2]), np.array([90.0, 80]), None, np.arange(2), np.ones(2), 1, 0,
    ...             0, False)
    >>> traps(few, parameters=2, is_log=True, others=[1], covariance="ar1")[1]
    ('short_series', 'changed_at_once')
    """
    told: list[Beware] = []
    fewest = min(int(side.sum()) for side in rows.sides())
    if fewest < FEWEST_PERIODS:
        words = _(
            "A side of the interruption has only {periods} periods; with fewer than {enough}, a "
            "trend is mostly chance.",
            periods=fewest,
            enough=FEWEST_PERIODS,
        )
        told.append(Beware("short_series", words))
    if is_log:
        told += few_events(float(rows.outcome.sum()), parameters)
    if any(abs(other - rows.start) <= NEAR for other in others):
        words = _("Something else changed at the same time; no series can tell the two apart.")
        told.append(Beware("changed_at_once", words))
    if covariance == "hac" and rows.span < LONG:
        words = _(
            "Newey and West's errors are too small in a series of {periods} periods. Leave out `lag`, "
            "or ask for covariance='ar1'.",
            periods=rows.span,
        )
        told.append(Beware("autocorrelation", words))
    unmet = tuple(one.trap for one in told)
    if rows.left_out:
        words = _("{periods} periods without an outcome were left out.", periods=rows.left_out)
        told.append(Beware("returns_missing", words))
        unmet = (*unmet, "returns_missing")
    return tuple(told), unmet
