"""The share of children still free of an event, day by day."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from evaluation.errors import WrongUse
from evaluation.estimating.limits import two_sided
from evaluation.language import _

Floats = NDArray[np.float64]

_NOTHING = 1e-12
"""A survival that is 0, but for the order in which its sums were made."""


def kaplan_meier(
    days: ArrayLike,
    event: ArrayLike,
    *,
    at: Sequence[int],
    weights: ArrayLike | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Estimate the share still free of an event at fixed days; one row is one day of `at`.

        day        as asked
        survival   the Kaplan-Meier estimate; missing after the last child has left
        se         Greenwood's standard error of it
        low, high  log-log limits; missing where survival is 0 or 1, as in R
        at_risk    children at risk on that day, unweighted
        events     children with an event on that day or before, unweighted

    `days` is each child's day of the first event (`event` is 1) or its last day followed
    (`event` is 0); a child who leaves on the day of another's event was still at risk.
    `weights` weight the estimate; Greenwood's formula then no longer holds (statsmodels gives
    a standard error there that is the cumulative hazard's), so se, low and high are missing:
    `bootstrap.whole_child` has them.

    >>> curve = kaplan_meier([3, 5, 5, 8], [1, 1, 0, 0], at=[0, 4, 5])
    >>> curve["survival"].tolist()
    [1.0, 0.75, 0.5]
    >>> curve["at_risk"].tolist()
    [4, 3, 3]

    Raises WrongUse where a day is missing or negative, an event is not 0 or 1, or a weight is
    missing or negative.
    Source: Kaplan & Meier (1958), J Am Stat Assoc 53:457; limits: Kalbfleisch & Prentice
    (2002), The Statistical Analysis of Failure Time Data, section 1.4.
    """
    time = np.asarray(days, dtype=float)
    happened = np.asarray(event, dtype=float)
    weight = np.ones_like(time) if weights is None else np.asarray(weights, dtype=float)
    if not (np.isfinite(time).all() and (time >= 0).all() and np.isin(happened, (0, 1)).all()):
        raise WrongUse(_("Each child needs a day, 0 or later, and an event that is 0 or 1."))
    if not (np.isfinite(weight).all() and (weight >= 0).all()):
        raise WrongUse(_("Each child needs a weight, 0 or more."))

    asked = np.asarray(at, dtype=float)
    estimate = survival_under(time, happened, weight[np.newaxis, :], asked)[0]
    at_risk = (time[:, np.newaxis] >= asked).sum(axis=0)
    events = ((time[:, np.newaxis] <= asked) & (happened[:, np.newaxis] == 1)).sum(axis=0)

    se = low = high = np.full_like(estimate, np.nan)
    if weights is None:
        with np.errstate(divide="ignore", invalid="ignore"):
            hazard_se = np.sqrt(_greenwood(time, happened, asked))
            se = np.where(estimate > 0, estimate * hazard_se, 0.0)
            shift = np.exp(two_sided(confidence) * hazard_se / np.abs(np.log(estimate)))
            inside = (estimate > 0) & (estimate < 1)
            low = np.where(inside, estimate**shift, np.nan)
            high = np.where(inside, estimate ** (1 / shift), np.nan)
        se = np.where(np.isnan(estimate), np.nan, se)
    return pd.DataFrame(
        {
            "day": np.asarray(at, dtype="int64"),
            "survival": estimate,
            "se": se,
            "low": low,
            "high": high,
            "at_risk": at_risk,
            "events": events,
        }
    )


def survival_under(time: Floats, event: Floats, weights: Floats, at: Floats) -> Floats:
    """Kaplan-Meier estimates under many sets of weights at once, for the bootstrap.

    `weights` has a row a set and a column a child; the result a row a set and a column a day of
    `at`. Missing where nobody with a weight is left at risk and survival had not reached 0.
    """
    steps = np.unique(time[event == 1])
    deaths = weights @ _flags((time[:, np.newaxis] == steps) & (event[:, np.newaxis] == 1))
    exposed = weights @ _flags(time[:, np.newaxis] >= steps)
    shares = np.divide(deaths, exposed, out=np.zeros_like(deaths), where=exposed > 0)
    # Sums in another order may leave 1 - 1 a hair below 0.
    after = np.cumprod(np.clip(1 - shares, 0, 1), axis=1)
    estimate = np.hstack([np.ones((len(weights), 1)), after])[
        :, np.searchsorted(steps, at, side="right")
    ]
    left = weights @ _flags(time[:, np.newaxis] >= at)
    return np.where((left > 0) | (estimate < _NOTHING), estimate, np.nan)


def _greenwood(time: Floats, event: Floats, at: Floats) -> Floats:
    """The variance of the log of survival on each day of `at`."""
    steps = np.unique(time[event == 1])
    deaths = ((time[:, np.newaxis] == steps) & (event[:, np.newaxis] == 1)).sum(axis=0)
    exposed = (time[:, np.newaxis] >= steps).sum(axis=0)
    sums = np.concatenate([[0.0], np.cumsum(deaths / (exposed * (exposed - deaths)))])
    return np.asarray(sums[np.searchsorted(steps, at, side="right")])


def _flags(are: NDArray[np.bool_]) -> Floats:
    return are.astype(float)
