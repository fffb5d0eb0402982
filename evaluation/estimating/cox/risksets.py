"""Rows laid out for Cox's model: who is at risk when somebody has an event, sorted once."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from evaluation.errors import WrongUse
from evaluation.estimating.limits import CannotEstimate
from evaluation.language import n_

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

TIED = float(np.finfo(float).eps) ** 0.5
"""Times that differ by less than this part of themselves are one time, as in R: but R takes this
part of their mean, which makes one time of all short ones where others are 10^8 times as long."""

NOISE = 4 * float(np.finfo(float).eps)
"""Nor are times told apart by less than this part of their mean, which rounding leaves behind."""


SMALL = 2_000_000
"""Up to so many rows times cells sums over those at risk are made one by one. Differences of
running sums are quicker, but lose their digits where hazards lie many powers of ten apart."""


@dataclass(frozen=True)
class Rows:
    """One row is one (start, stop] at risk; every array has a row's length and holds no NaN.

    `x` has a column a covariate. `event` is true where an event ends the row. Without `start`
    all are at risk from the beginning, without `stratum` (any whole numbers) they are one
    stratum, without `weight` each counts once. A row of weight 0 is as no row.
    """

    x: Floats
    stop: Floats
    event: NDArray[np.bool_]
    start: Floats | None = None
    stratum: Whole | None = None
    weight: Floats | None = None


@dataclass(frozen=True)
class RiskSets:
    """The rows by the cells, a cell being one time of events in one stratum, in that order.

    Row i is at risk in the cells `first[i]` to `last[i]` - 1. `order` are the rows that are at
    risk in some cell, by the last one and those with an event there first; `columns` (a row a
    covariate), `risk_first`, `risk_last` and `weight` follow it. They are centred within strata,
    which alters no result and keeps sums small, and divided by `scale`. `begins` says where in
    `order` the rows of a cell begin; `dead` are the places of the events, of the cells `of_dead`,
    and `dead_begins` where those of a cell begin; `later` are the places of rows that enter after
    the first cell.
    """

    rows: Rows
    times: Floats
    strata: Whole
    first: Whole
    last: Whole
    order: Whole
    columns: Floats
    centre: Floats
    scale: Floats
    weight: Floats
    risk_first: Whole
    risk_last: Whole
    begins: Whole
    later: Whole
    dead: Whole
    of_dead: Whole
    dead_begins: Whole
    deaths: Whole
    mean_weight: Floats
    all_weights: Floats = field(repr=False)

    @property
    def cells(self) -> int:
        return len(self.times)

    @cached_property
    def table(self) -> Floats | None:
        """1 where a row (a column here) is at risk in a cell; None where it would be too large.

        Without entry and strata it is not wanted: sums from the last cell back are exact.
        """
        if not len(self.later) or self.cells * len(self.order) > SMALL:
            return None
        cell = np.arange(self.cells)[:, None]
        return np.asarray((self.risk_first <= cell) & (cell < self.risk_last), dtype=float)

    def at_risk(self, values: Floats) -> Floats:
        """Sums of `values` (in the order of `order`) over the rows at risk in each cell."""
        if self.table is not None:
            return np.asarray(self.table @ values)
        net = np.add.reduceat(values, self.begins)
        if len(self.later):
            enter = self.risk_first[self.later] - 1
            net -= np.bincount(enter, weights=values[self.later], minlength=self.cells)
        return np.cumsum(net[::-1])[::-1]

    def met(self, values: Floats) -> Floats:
        """Sums of `values` (one for each cell) over the cells in which each row in order is at risk."""
        if self.table is not None:
            return np.asarray(values @ self.table)
        grown = np.append(0.0, np.cumsum(values))
        through: Floats = grown[self.risk_last]
        if len(self.later):
            through[self.later] -= grown[self.risk_first[self.later]]
        return through

    @cached_property
    def happened(self) -> Floats:
        """What each row in order weighs where it ends in an event, otherwise 0."""
        weights = np.zeros(len(self.order))
        weights[self.dead] = self.weight[self.dead]
        return weights

    def passed(self, step: Floats, tied: Floats) -> Floats:
        """The hazard that each row in order passed through, the share `tied` taken off at an event."""
        through = self.met(step)
        through[self.dead] -= tied[self.of_dead]
        return through

    def among_dead(self, values: Floats) -> Floats:
        """Sums of `values` (in the order of `dead`) over the events of each cell."""
        return np.add.reduceat(values, self.dead_begins)


def lay(rows: Rows) -> RiskSets:
    """Sort the rows and find the cells.

    Raises CannotEstimate without an event, WrongUse where a row's start is not before its stop.

    >>> lay(Rows(np.ones((3, 1)), np.array([2.0, 2, 5]), np.array([True, True, False]))).deaths
    array([2])
    """
    count = len(rows.stop)
    start, stop = joined(rows.start, rows.stop)
    if start is not None:
        refuse_backwards(start, stop)
    weight = np.ones(count) if rows.weight is None else rows.weight
    happens = rows.event & (weight > 0)
    if not happens.any():
        raise CannotEstimate("no_events")

    moments = np.unique(stop[happens])
    here = reached(moments, stop)
    before = None if start is None else reached(moments, start)
    if rows.stratum is None:
        times, strata = moments, np.zeros(len(moments), dtype=np.int64)
        last, first = here, np.zeros(count, dtype=np.int64) if before is None else before
    else:
        labels, stratum = np.unique(rows.stratum, return_inverse=True)
        base = stratum * (len(moments) + 1)
        cells = np.unique((base + here)[happens])
        times = moments[cells % (len(moments) + 1) - 1]
        strata = labels[cells // (len(moments) + 1)]
        last = np.searchsorted(cells, base + here, side="right")
        first = np.searchsorted(cells, base if before is None else base + before, side="right")

    present = np.flatnonzero((last > first) & (weight > 0))
    ends = last[present] - 1
    # An event at the end of a row falls into the row's last cell: that cell is the event's own.
    order = present[_by_cell(2 * ends + ~happens[present], 2 * len(times))]
    risk_first, risk_last = first[order], last[order]
    begins = np.searchsorted(risk_last, np.arange(1, len(times) + 1))
    dead = np.flatnonzero(happens[order])
    of_dead = risk_last[dead] - 1
    dead_begins = np.searchsorted(of_dead, np.arange(len(times)))
    deaths = np.diff(np.append(dead_begins, len(dead)))
    if rows.x.flags.f_contiguous:
        laid = np.take(rows.x.T, order, axis=1)
    else:
        laid = np.ascontiguousarray(rows.x[order].T)
    centre, scale = _centred(laid, strata[risk_last - 1])
    return RiskSets(
        rows=rows,
        times=times,
        strata=strata,
        first=first,
        last=last,
        order=order,
        columns=laid,
        centre=centre,
        scale=scale,
        weight=weight[order],
        risk_first=risk_first,
        risk_last=risk_last,
        begins=begins,
        later=np.flatnonzero(risk_first),
        dead=dead,
        of_dead=of_dead,
        dead_begins=dead_begins,
        deaths=deaths,
        mean_weight=np.add.reduceat(weight[order][dead], dead_begins) / deaths,
        all_weights=weight,
    )


def refuse_backwards(start: Floats, stop: Floats) -> None:
    """Raise WrongUse where a row does not start before its stop.

    >>> refuse_backwards(np.array([0.0, 5]), np.array([5.0, 9]))
    """
    if wrong := int((start >= stop).sum()):
        raise WrongUse(
            n_(
                "{count} row starts at its stop or after it. Give rows whose start is before the stop.",
                "{count} rows start at their stop or after it. Give rows whose start is before the stop.",
                wrong,
            )
        )


def reached(moments: Floats, times: Floats) -> Whole:
    """How many of the rising `moments` each time has reached; whole times are looked up."""
    low, high = times.min(), times.max()
    if high - low < 2 * len(times) and (times == np.rint(times)).all():
        table = np.searchsorted(moments, np.arange(low, high + 1), side="right")
        return np.asarray(table[(times - low).astype(np.int64)])
    return np.searchsorted(moments, times, side="right")


def joined(start: Floats | None, stop: Floats) -> tuple[Floats | None, Floats]:
    """Times that only rounding tells apart made one, as R's `aeqSurv` does; whole ones stay."""
    known = [stop] if start is None else [start, stop]
    if all((times == np.rint(times)).all() for times in known):
        return start, stop
    values = np.unique(np.concatenate([times[np.isfinite(times)] for times in known]))
    size = np.abs(values)
    apart = np.diff(values) > np.maximum(TIED * size[1:], NOISE * size.mean())
    if apart.all():
        return start, stop
    kept = values[np.append(True, apart)]

    def nearest(times: Floats) -> Floats:
        place = np.searchsorted(kept, times, side="right") - 1
        return np.where(np.isfinite(times), kept[np.maximum(place, 0)], times)

    return None if start is None else nearest(start), nearest(stop)


def _by_cell(keys: Whole, bound: int) -> Whole:
    """The stable order of whole numbers below `bound`; few of them are sorted by their digits."""
    small = keys.astype(np.uint16) if bound <= np.iinfo(np.uint16).max else keys
    return np.argsort(small, kind="stable")


def _centred(columns: Floats, strata: Whole) -> tuple[Floats, Floats]:
    """Centre the columns within strata and scale them, in place; give the first centre and scale."""
    begins = np.flatnonzero(np.append(True, np.diff(strata) != 0))
    sizes = np.diff(np.append(begins, len(strata)))
    centre, scale = np.empty(len(columns)), np.ones(len(columns))
    for j in range(len(columns)):
        column = columns[j]
        centre[j] = column.mean()
        column -= centre[j]
        if len(begins) > 1:
            column -= np.repeat(np.add.reduceat(column, begins) / sizes, sizes)
        spread = float(np.sqrt(np.einsum("i,i->", column, column) / len(column)))
        if spread > 1e-12 * abs(centre[j]) and np.isfinite(spread):
            scale[j] = spread
            column /= spread
        else:
            column[:] = 0.0
    return centre, scale
