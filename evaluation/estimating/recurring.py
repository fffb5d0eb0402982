"""Events that recur: some children have many, and one event brings on the next. A model of both.

A child's rate is its own factor (gamma, with mean 1), times a rate that depends on how lately it had
its last event, times what is known of it. Neither part may be left out: without the first, a child
with many events looks as if each had brought on the next; without the second, as if it had been
bound to have them all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import digamma, gammaln, polygamma

from evaluation.errors import WrongUse
from evaluation.language import _

Floats = NDArray[np.float64]
Places = NDArray[np.intp]
Flags = NDArray[np.bool_]

SINCE = (1, 8, 15, 29, 57)
"""Days at risk since the last event at which the rate may change: one day, then 1, 2, 4 and 8 whole
weeks. On the first a child gone for the night is only just back and seldom goes again; taken with
the week after, it hides how high the rate of that week is."""

_PRIOR_SD = 3.0
"""Of every coefficient, and of log(shape), around 0: it says next to nothing, and keeps a rate
that no event tells of from running away."""

_ROUNDS = 100
_FLAT = 1e-3


@dataclass(frozen=True)
class Recurring:
    """The events of each child on record, laid out for the model; see `recurring`.

    A piece is a part of a row that lies in one band of days since the last event, in the order of
    children and days; `first` is the place of each child's first piece. `cells` are the same,
    summed by child and design.
    """

    children: pd.Index
    since: tuple[int, ...]
    child: Places
    start: Floats
    stop: Floats
    events: Floats
    ago: Floats
    design: Floats = field(repr=False)
    first: Places
    gaps: Floats
    cells: Cells = field(repr=False)

    def fit(self, times: Floats | None = None, begin: Floats | None = None) -> Floats | None:
        """The coefficients with the highest likelihood, log(shape) last; None where none was found.

        `times` is how often each child is there, `begin` where to begin.
        """
        cells = self.cells
        times = np.ones(len(self.children)) if times is None else times
        if not times @ cells.learnt_days:
            return None
        theta = np.zeros(self.design.shape[1] + 1) if begin is None else begin
        if begin is None:
            theta[0] = np.log(max(float(times @ (cells.events - cells.before)), 0.5))
            theta[0] -= np.log(times @ cells.learnt_days)
        loss, slope, curve = cells.loss(theta, times)
        for _round in range(_ROUNDS):
            if np.abs(slope).max() < _FLAT:
                return theta
            own, turn = np.linalg.eigh(curve)
            step = -turn @ ((turn.T @ slope) / np.maximum(np.abs(own), _PRIOR_SD**-2))
            step /= max(1.0, np.abs(step).max())
            for _half in range(_ROUNDS):
                told = cells.loss(theta + step, times)
                if told[0] <= loss:
                    break
                step /= 2
            theta, (loss, slope, curve) = theta + step, told
        return None


@dataclass(frozen=True)
class Cells:
    """Days of each child (a row) by design (a column), and its events on record.

    `days_before` are those before it is learnt from, `days` all of them; `before` and `events` are
    its events likewise, and `learnt_design` the sum of the designs of those it is learnt from.
    """

    designs: Floats
    days_before: Any
    days: Any
    before: NDArray[np.intp]
    events: NDArray[np.intp]
    learnt_design: Floats
    learnt_days: Floats

    def loss(self, theta: Floats, times: Floats) -> tuple[float, Floats, Floats]:
        """Minus the logarithm of likelihood and prior, with its first and second derivatives.

        Given its own factor a child's events are a Poisson process. What is learnt is what came
        after a day, given what was on record by then; the factor is integrated out.
        """
        shape = float(np.exp(np.clip(theta[-1], -20, 20)))
        rates = np.exp(np.clip(self.designs @ theta[:-1], -50, 50))
        by_design = rates[:, np.newaxis] * self.designs
        numbers = shape + np.arange(self.events.max(initial=0) + 1)
        log_gamma, first, second = gammaln(numbers), digamma(numbers), polygamma(1, numbers)
        value = self.learnt_design @ theta[:-1] + log_gamma[self.events] - log_gamma[self.before]
        slope = self.learnt_design.copy()
        on_shape = first[self.events] - first[self.before]
        on_shape_twice = second[self.events] - second[self.before]
        pull = np.append(0.0, np.full(len(theta) - 1, _PRIOR_SD**-2))
        curve, size = np.diag(pull), len(theta) - 1
        for sign, days, count in ((1, self.days_before, self.before), (-1, self.days, self.events)):
            sums = shape + days @ rates
            turn = days @ by_design
            factor = (shape + count) / sums
            value += sign * (shape + count) * np.log(sums)
            slope += sign * factor[:, np.newaxis] * turn
            on_shape += sign * (np.log(sums) + factor)
            on_shape_twice += sign * (2 - factor) / sums
            there = ((times * factor) @ days) * rates
            curve[:size, :size] -= sign * self.designs.T @ (there[:, np.newaxis] * self.designs)
            curve[:size, :size] += sign * turn.T @ ((times * factor / sums)[:, np.newaxis] * turn)
            mixed = sign * shape * ((times * (1 - factor) / sums) @ turn)
            curve[:size, size] -= mixed
            curve[size, :size] -= mixed
        curve[size, size] -= times @ (on_shape_twice * shape**2 + on_shape * shape)
        found = np.append(times @ slope, times @ on_shape * shape)
        return float((pull * theta) @ theta / 2 - times @ value), pull * theta - found, curve


def recurring(
    record: pd.DataFrame, covariates: Sequence[str], *, since: tuple[int, ...] = SINCE
) -> Recurring:
    """Lay out the events of children while they were not treated.

    One row of `record` is a (start, stop] of a child's days at risk, whole numbers on one clock
    for all: child_key, start, stop, events (on day stop), learnt, and the covariates (numbers).
    It begins where the child's record does. Rows that are not `learnt` tell only what was known
    before: from which day on a child is learnt from may depend on what it had had by then, and on
    nothing later. Where its rows end may depend on all that they tell.

    With z a child's own factor (gamma with mean 1), d days at risk since its last event and x its
    covariates, its rate a day is z * exp(a + b[d] + c x), with one b for each band between the days of
    `since`; b is 0 after the last of them, and before any event on record.

    Raises WrongUse where a column or value is missing.
    Source: Cook & Lawless (2007), The Statistical Analysis of Recurrent Events, 2.2.3 and 5.2;
    heterogeneity against dependence: Aalen et al. (2008), Survival and Event History Analysis, 8.

    One child went again three weeks after its first episode, one had one episode, one none:

    >>> record = pd.DataFrame(
    ...     {
    ...         "child_key": ["a", "a", "a", "b", "c", "c"],
    ...         "start": [0, 10, 31, 0, 0, 50],
    ...         "stop": [10, 31, 200, 200, 50, 200],
    ...         "events": [1, 1, 0, 0, 1, 0],
    ...         "learnt": True,
    ...     }
    ... )
    >>> found = recurring(record, [], since=(29,)).fit()
    >>> rate, lately, shape = np.exp(found)
    >>> f"{100 * rate:.2f} per 100 days, {lately:.1f} times that in 4 weeks after one"
    '0.41 per 100 days, 2.5 times that in 4 weeks after one'
    """
    needed = ("child_key", "start", "stop", "events", "learnt", *covariates)
    lacking = [name for name in needed if name not in record]
    if lacking:
        raise WrongUse(_("There are no such columns: {columns}.", columns=", ".join(lacking)))
    if record[list(needed)].isna().to_numpy().any():
        raise WrongUse(_("A row of the record lacks a value."))
    rows = record.sort_values(["child_key", "start"], kind="stable", ignore_index=True)
    codes, keys = pd.factorize(rows["child_key"])
    codes = codes.astype(np.intp)
    start, stop, events = (rows[name].to_numpy(dtype=float) for name in ("start", "stop", "events"))
    ago = _since_last(codes, stop - start, events)
    edges = np.array([0.0, *since, np.inf])
    low = np.maximum(ago[:, np.newaxis], edges[:-1])
    high = np.minimum((ago + stop - start)[:, np.newaxis], edges[1:])
    low[np.isinf(ago)], high[np.isinf(ago)] = 0.0, 0.0
    low[np.isinf(ago), -1], high[np.isinf(ago), -1] = 0.0, (stop - start)[np.isinf(ago)]
    row, band = np.nonzero(high > low)
    length = (high - low)[row, band]
    last = np.append(row[1:] != row[:-1], True)[: len(row)]
    begins = np.where(np.isinf(ago[row]), start[row], start[row] + low[row, band] - ago[row])
    told = rows[list(covariates)].to_numpy(dtype=float)
    bands = (band[:, np.newaxis] == np.arange(len(since))).astype(float)
    design = np.hstack([np.ones((len(row), 1)), bands, told[row]])
    follows = np.append(codes[1:] == codes[:-1], False)[: len(codes)]
    after = np.append(start[1:], 0.0)[: len(start)] - stop
    gaps = np.bincount(
        after[(events > 0) & follows].clip(max=since[-1]).astype(np.intp), minlength=1
    )
    own = np.where(last, events[row], 0.0)
    learnt = rows["learnt"].to_numpy(dtype=bool)[row]
    return Recurring(
        children=pd.Index(keys),
        since=tuple(since),
        child=codes[row],
        start=begins,
        stop=begins + length,
        events=own,
        ago=np.where(np.isinf(ago[row]), np.inf, low[row, band]),
        design=design,
        first=np.searchsorted(codes[row], np.arange(len(keys))).astype(np.intp),
        gaps=gaps / gaps.sum() if gaps.sum() else np.ones(1),
        cells=_cells(codes[row], learnt, days=length, events=own, design=design, count=len(keys)),
    )


def _cells(
    child: Places, learnt: Flags, *, days: Floats, events: Floats, design: Floats, count: int
) -> Cells:
    designs, which = np.unique(design, axis=0, return_inverse=True)
    shape = count, len(designs)

    # Nobody has two events on one day: once it has come, the rest of that day is not at risk.
    days = days - events / 2

    def laid(part: Flags) -> Any:
        """Days of the pieces, summed by child and design."""
        return sparse.coo_array((days * part, (child, which.ravel())), shape=shape).tocsr()

    all_events, before = (
        np.bincount(child, events * part, count).round().astype(np.intp)
        for part in (np.ones_like(learnt), ~learnt)
    )
    return Cells(
        designs=designs,
        days_before=laid(~learnt),
        days=laid(np.ones_like(learnt)),
        before=before,
        events=all_events,
        learnt_design=np.stack(
            [np.bincount(child, events * learnt * own, count) for own in design.T], axis=1
        ),
        learnt_days=np.bincount(child, days * learnt, count).astype(float),
    )


def _since_last(codes: Places, length: Floats, events: Floats) -> Floats:
    """Days at risk since the child's last event, as each row begins; without end before any."""
    place = np.arange(len(codes))
    first = np.searchsorted(codes, codes)
    latest = np.maximum.accumulate(np.where(events > 0, place, -1)) if len(codes) else place
    latest = np.append(-1, latest[:-1])[: len(codes)]
    gone = np.append(0.0, np.cumsum(length))
    return np.where(latest >= first, gone[place] - gone[latest + 1], np.inf)
