"""The mean number of events that a child has had, day by day, where events can come again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from evaluation.errors import WrongUse
from evaluation.estimating.columns import must_have
from evaluation.estimating.found import Found
from evaluation.estimating.survival._contrast import difference, pairs, ratio
from evaluation.estimating.survival._robust import (
    Pulls,
    against,
    pulls,
    variance,
    variance_on_steps,
)
from evaluation.estimating.survival._rows import Floats, Rows, distinct, read_rows
from evaluation.estimating.survival._steps import at_risk_on, on, steps
from evaluation.estimating.survival._told import Scale, Told, told
from evaluation.language import _
from evaluation.nouns import Estimate

Errors = Literal["robust", "poisson"]


@dataclass(frozen=True, kw_only=True)
class MeanCount(Found):
    """Mean cumulative functions; one row of `model` is one group on one day on which a row ends.

    Its columns: group, day, mean_events, se, low, high.
    """

    model: pd.DataFrame = field(repr=False)


@dataclass(frozen=True)
class _Mean:
    """One group's curve, and what pulls at it; `shared` and `naive` stand beside the curve's days."""

    curve: Told
    pulls: Pulls
    shared: Floats
    naive: Floats


def mean_cumulative(
    rows: pd.DataFrame,
    *,
    at: Sequence[float],
    child: str = "child_key",
    start: str = "start",
    stop: str = "stop",
    events: str = "events",
    group: str | None = None,
    reference: object = None,
    weights: str | None = None,
    cluster: str | None = None,
    errors: Errors = "robust",
    limits: Scale = "log",
    confidence: float = 0.95,
) -> MeanCount:
    """Estimate how many events a child has had, on average, by fixed days.

    One row of `rows` is a stretch (start, stop] of one child's days at risk, as `follow` lays
    them out (`at_risk.rows`); the other arguments name its columns. `events` is the number of
    events on day stop, which may be more than one. Days that no row of a child covers are not at
    risk. Children may have different follow-up, for reasons that have nothing to do with events.

        mean_events              of each group and day: children at risk on it, `of` all, events up
                                 to it, `with_events` the children who had them
        mean_events_difference   of each other group less `reference` (the first group where it is
                                 None; the group's name is 'contrast', or 'b v a' where there are
                                 more than two); plain limits
        mean_events_ratio        the same divided; se of its logarithm

    There is no value, and why_not says 'no_follow_up', after a group's last child has left. Errors
    are robust: a child who has had events may have more, so the child (or `cluster`, if a column
    of larger groups) is what varies, also where it stands in both groups. 'poisson' takes every
    event for an independent one, which is rarely so and mostly too narrow. Limits of a mean are on
    the log scale, or 'plain'; on the log scale a mean of 0 has none.

    >>> rows = pd.DataFrame({"child_key": ["A", "A", "B"], "start": [0, 4, 0], "stop": [4, 9, 9],
    ...                      "events": [1, 0, 2]})
    >>> [one.value for one in mean_cumulative(rows, at=[3, 4, 9])]
    [0.0, 0.5, 1.5]

    Raises WrongUse where a column is not there or a value missing, events are negative or no
    whole numbers, a row ends on or before its start, or rows of one child in a group overlap.
    Source: Nelson (1995), Technometrics 37:147; Lawless & Nadeau (1995), Technometrics 37:158.
    """
    names = _Names(child, start, stop, events, group, weights, cluster)
    data = _read(rows, names)
    if errors not in ("robust", "poisson"):
        raise WrongUse(_("Errors are 'robust' or 'poisson', not '{errors}'.", errors=errors))
    if limits == "log-log":
        raise WrongUse(_("A mean may be above 1, so that its limits are 'log' or 'plain'."))
    asked = np.atleast_1d(np.asarray(at, dtype=float))
    means: list[_Mean] = []
    figures: list[list[Estimate]] = []
    for number, name in enumerate(data.names):
        own = data.of(number)
        base = Estimate(
            "",
            "mean_events",
            name,
            of=own.children,
            confidence=confidence,
            method="mean_cumulative" if errors == "robust" else "mean_cumulative_poisson",
        )
        means.append(_mean(own, errors, limits, confidence))
        figures.append(_points(own, means[-1].curve, asked, base))
    contrasts: list[Estimate] = []
    for one, other, empty in pairs(data, reference):
        apart, apart_in_logs = _apart(means[one], means[other], asked, errors)
        for place, both in enumerate(zip(figures[one], figures[other], strict=True)):
            contrasts.append(difference(empty, *both, float(apart[place])))
            contrasts.append(ratio(empty, *both, float(apart_in_logs[place]), if_none="no_events"))
    behind = [
        mean.curve.frame("mean_events").assign(group=name)
        for mean, name in zip(means, data.names, strict=True)
    ]
    return MeanCount(
        estimates=(*(one for group_ in figures for one in group_), *contrasts),
        model=pd.concat(behind, ignore_index=True) if behind else pd.DataFrame(),
    )


class _Names(NamedTuple):
    """What the columns are called."""

    child: str
    start: str
    stop: str
    events: str
    group: str | None
    weights: str | None
    cluster: str | None


def _read(rows: pd.DataFrame, names: _Names) -> Rows:
    must_have(rows, [name for name in names if name is not None])
    data = read_rows(
        rows[names.stop],
        rows[names.events],
        entry=rows[names.start],
        child=rows[names.child],
        group=None if names.group is None else rows[names.group],
        weights=None if names.weights is None else rows[names.weights],
        cluster=None if names.cluster is None else rows[names.cluster],
    )
    if ((data.events < 0) | (data.events % 1 != 0)).any():
        raise WrongUse(_("Events are numbers of events: 0, 1, 2 and so on."))
    return data


def _mean(rows: Rows, errors: Errors, limits: Scale, confidence: float) -> _Mean:
    risks = steps(rows)
    per_child = np.divide(1, risks.exposed, out=np.zeros(len(risks.day)), where=risks.exposed > 0)
    rate = risks.events[:, 0] * per_child
    spread = np.cumsum(rate * per_child)
    at_start, at_stop = (on(days, risks.day, spread) for days in (rows.start, rows.stop))
    own = rows.events * on(rows.stop, risks.day, per_child)
    one, none = np.ones(len(rows)), np.zeros(len(rows))
    pulled = pulls(rows, begins=(at_start, -one), ends=(own + at_start - at_stop, none))
    shared = np.column_stack([np.ones(len(spread)), spread])
    robust = errors == "robust"
    heavy = rows.stop[rows.weight > 0]
    curve = told(
        risks.day,
        np.cumsum(rate),
        np.sqrt(variance_on_steps(pulled, risks, shared) if robust else spread),
        first=0.0,
        last=float(heavy.max()) if len(heavy) else -np.inf,
        limits=limits,
        confidence=confidence,
        top=np.inf,
    )
    return _Mean(curve, pulled, np.vstack([[1.0, 0.0], shared]), np.concatenate([[0.0], spread]))


def _points(rows: Rows, curve: Told, days: Floats, base: Estimate) -> list[Estimate]:
    so_far = [rows.stop <= day for day in days]
    events = np.array([rows.events[had].sum() for had in so_far], dtype=np.intp)
    points = curve.points(days, base, children=at_risk_on(rows, days), events=events)
    return [
        replace(point, with_events=distinct(rows.child[had & (rows.events > 0)]))
        for point, had in zip(points, so_far, strict=True)
    ]


def _apart(one: _Mean, other: _Mean, days: Floats, errors: Errors) -> tuple[Floats, Floats]:
    """The errors of a difference of two means, and of that of their logarithms."""
    both = [(mean, mean.curve.place(days)) for mean in (one, other)]
    values = [mean.curve.value[place] for mean, place in both]
    scales = [np.where(value > 0, value, np.nan) for value in values]
    if errors == "poisson":
        naive = [mean.naive[place] for mean, place in both]
        in_logs = [spread / scale**2 for spread, scale in zip(naive, scales, strict=True)]
        return np.sqrt(naive[0] + naive[1]), np.sqrt(in_logs[0] + in_logs[1])
    apart = against(one.pulls, other.pulls)
    shared = [mean.shared[place] for mean, place in both]
    scaled = [own / scale[:, np.newaxis] for own, scale in zip(shared, scales, strict=True)]
    return (
        np.sqrt(variance(apart, days, np.hstack(shared))),
        np.sqrt(variance(apart, days, np.hstack(scaled))),
    )
