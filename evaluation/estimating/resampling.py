"""Limits for any figure of any frame, by drawing whole children again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluation.errors import WrongUse
from evaluation.estimating.columns import must_have
from evaluation.estimating.found import Found
from evaluation.estimating.intervals import Interval, acceleration, bca, checked, percentile
from evaluation.estimating.limits import CannotEstimate, Limits
from evaluation.language import _
from evaluation.nouns import Estimate

Floats = NDArray[np.float64]
Statistic = Callable[[pd.DataFrame], float | Mapping[str, float]]

MOST_MISSING = 0.05
"""No limits where a figure could not be had in more than this share of the replicates."""


@dataclass(frozen=True, kw_only=True)
class Resampled(Found):
    """Figures with limits from resampled children.

    `draws` has a row a replicate and a column a figure, missing where it could not be had.
    """

    replicates: int
    draws: pd.DataFrame = field(repr=False)

    @property
    def estimated(self) -> pd.Series:
        """In how many replicates each figure could be had."""
        return self.draws.notna().sum()


def resample_children(
    frame: pd.DataFrame,
    statistic: Statistic,
    *,
    child: str = "child_key",
    arm: str | None = None,
    replicates: int = 1999,
    rng: np.random.Generator,
    interval: Interval = "percentile",
    confidence: float = 0.95,
    progress: Callable[[int, int], None] | None = None,
) -> Resampled:
    """Limits for whatever `statistic` makes of a frame, from drawing whole children again.

    `frame` may have many rows a child; a child is drawn with all of them. A child drawn twice
    is two children: the copies bear keys of their own in the column `child` (0, 1, 2 …). With
    `arm`, a column that is the same in all rows of a child, as many children are drawn from
    each arm as it has. `statistic` gives a number, or numbers by name; NaN, or CannotEstimate,
    where it cannot be had: with more than one replicate in twenty like that there are no limits
    ('not_converged'), nor are there of one child ('too_few_children'). Whatever the figure leans on (weights, models) is to be fitted inside
    `statistic`, so that its doubt is in the limits.

    The measure of each figure is its name ('statistic' for a single number). `interval` is
    'percentile' or 'bca', which calls `statistic` once more for each child. It is called once a
    replicate: `whole_child` is the fast road for weighted rates and risks.

    >>> episodes = pd.DataFrame({
    ...     "child_key": ["A", "A", "B", "C", "C", "C", "D", "E"], "days": [1, 3, 2, 9, 4, 5, 1, 2],
    ... })
    >>> found = resample_children(
    ...     episodes, lambda drawn: drawn["days"].mean(), replicates=499,
    ...     rng=np.random.default_rng(1),
    ... )
    >>> mean = found.one("statistic")
    >>> round(mean.value, 2), round(mean.low, 1), round(mean.high, 1)
    (3.38, 1.6, 5.3)

    Raises WrongUse where a column or a key is missing, or a child is in two arms.
    Source: Efron & Tibshirani (1993), chapters 8, 13 and 14; whole clusters: Field & Welsh
    (2007), J R Stat Soc B 69:369.
    """
    checked(interval, replicates, confidence)
    rows, arms = _rows_of_children(frame, child, arm)
    observed = _numbers(statistic, frame)
    if observed is None:
        observed = {"statistic": np.nan}
    drawn = np.full((replicates, len(observed)), np.nan)
    sizes = [np.flatnonzero(arms == each) for each in np.unique(arms)]
    for replicate in range(replicates):
        chosen = np.concatenate([rng.choice(own, size=len(own)) for own in sizes])
        drawn[replicate] = _values(
            _numbers(statistic, _drawn(frame, rows, chosen, child)), observed
        )
        if progress is not None:
            progress(replicate + 1, replicates)
    left_out = np.full((len(rows), len(observed)), np.nan)
    alone = len(rows) < 2
    if interval == "bca" and not alone:
        for one in range(len(rows)):
            others = np.delete(np.arange(len(rows)), one)
            left_out[one] = _values(
                _numbers(statistic, _drawn(frame, rows, others, child)), observed
            )
    estimates = []
    for place, (name, value) in enumerate(observed.items()):
        column = drawn[:, place]
        limits = limits_of(
            column,
            value,
            interval=interval,
            confidence=confidence,
            speed=acceleration(left_out[:, place], arms) if interval == "bca" else 0.0,
        )
        why_not = "too_few_children" if alone else None if limits else "not_converged"
        estimates.append(
            figure(
                Estimate("", name, children=len(rows), method=f"bootstrap_{interval}"),
                value,
                limits,
                column,
                why_not=why_not,
                confidence=confidence,
            )
        )
    return Resampled(
        estimates=tuple(estimates),
        replicates=replicates,
        draws=pd.DataFrame(drawn, columns=list(observed)),
    )


def limits_of(
    draws: Floats, value: float, *, interval: Interval, confidence: float, speed: float
) -> Limits | None:
    """The limits, or None where the figure is missing, or was in too many replicates."""
    if not np.isfinite(value) or np.isfinite(draws).mean() < 1 - MOST_MISSING:
        return None
    if interval == "bca":
        return bca(draws, value, acceleration=speed, confidence=confidence)
    return percentile(draws, confidence=confidence)


def figure(
    known: Estimate,
    value: float,
    limits: Limits | None,
    draws: Floats,
    *,
    why_not: str | None,
    confidence: float,
    on_log: bool = False,
) -> Estimate:
    """The figure with its limits and the spread of its draws; without them where there is a reason."""
    number = float(value) if np.isfinite(value) else None
    if limits is None or why_not:
        return replace(known, value=number, confidence=confidence, why_not=why_not)
    finite = draws[np.isfinite(draws)]
    if on_log:
        finite = np.log(finite[finite > 0])
    se = float(finite.std(ddof=1)) if len(finite) > 1 else None
    low, high = limits
    return replace(known, value=number, low=low, high=high, se=se, confidence=confidence)


def _rows_of_children(
    frame: pd.DataFrame, child: str, arm: str | None
) -> tuple[list[NDArray[np.intp]], NDArray[np.intp]]:
    """The places of each child's rows, in the order of the keys; and their arms."""
    must_have(frame, [name for name in (child, arm) if name is not None])
    if frame[child].isna().any() or not len(frame):
        raise WrongUse(_("Children cannot be drawn where there are none, or some have no key."))
    codes, keys = pd.factorize(frame[child], sort=True)
    order = np.argsort(codes, kind="stable")
    rows = np.split(order, np.cumsum(np.bincount(codes))[:-1])
    if arm is None:
        return rows, np.zeros(len(keys), dtype=np.intp)
    pairs = frame[[child, arm]].drop_duplicates()
    if pairs[arm].isna().any() or len(pairs) > len(keys):
        raise WrongUse(_("Each child is in one arm, in all of its rows."))
    arms, _names = pd.factorize(frame[arm])
    return rows, np.asarray(arms[[own[0] for own in rows]], dtype=np.intp)


def _drawn(
    frame: pd.DataFrame, rows: list[NDArray[np.intp]], chosen: NDArray[np.intp], child: str
) -> pd.DataFrame:
    places = [rows[one] for one in chosen]
    again = frame.iloc[np.concatenate(places)].reset_index(drop=True)
    again[child] = np.repeat(np.arange(len(places)), [len(own) for own in places])
    return again


def _numbers(statistic: Statistic, frame: pd.DataFrame) -> dict[str, float] | None:
    try:
        found: Any = statistic(frame)
    except CannotEstimate:
        return None
    if isinstance(found, Mapping | pd.Series):
        return {str(name): float(value) for name, value in found.items()}
    return {"statistic": float(found)}


def _values(found: dict[str, float] | None, names: Mapping[str, float]) -> list[float]:
    return [np.nan if found is None else found.get(name, np.nan) for name in names]
