"""The sums that Cox's model needs, from counts by covariate pattern and day: exact, and small.

Rows that share their covariates add the same to every sum, so it is enough to know how many of
each pattern are at risk on each day with an event, and how many of them have one. That holds for
both ways with ties: Efron's needs the number of events of a day beside their sum.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluation.estimating.cox.risksets import Floats, Rows, Whole, joined

CELLS_A_ROW = 4
"""How many cells of pattern and day a row may cost before rows are the shorter way."""

LONGEST = 1 << 20
SAMPLE = 2000
CHUNK = 1 << 16


@dataclass(frozen=True)
class Counts:
    """What is known of each pattern, a pattern being one set of covariates within one stratum.

    `x` and `stratum` have a row a pattern. `leave`, `enter` and `events` have a row a pattern and
    a column a moment of `moments`, in rising order: how many rows (or their weights) stop at the
    moment, events among them; start at it, None where all are there from the beginning; have
    their event at it. `deaths` has a row a stratum, in rising order, and counts the rows with
    events whatever they weigh.
    """

    x: Floats
    stratum: Whole
    moments: Floats
    leave: Floats
    enter: Floats | None
    events: Floats
    deaths: Whole


@dataclass(frozen=True)
class Block:
    """A stratum: its patterns, its cells, and the part of each pattern at risk or with an event."""

    patterns: slice
    cells: slice
    at_risk: Floats
    events: Floats


@dataclass(frozen=True)
class Grouped:
    """Counts laid out as `RiskSets` lays out rows: here a pattern stands where a row does there.

    `x` are the covariates as they were given, `columns` (a row a covariate) centred within strata
    and divided by `scale`. `weight` is what the rows of a pattern weigh together, `happened` what
    those with an event do.
    """

    times: Floats
    strata: Whole
    x: Floats
    columns: Floats
    scale: Floats
    weight: Floats
    happened: Floats
    deaths: Whole
    mean_weight: Floats
    blocks: tuple[Block, ...] = field(repr=False)

    @property
    def cells(self) -> int:
        return len(self.times)

    @property
    def dead(self) -> slice:
        """Each pattern may have had an event."""
        return slice(None)

    def at_risk(self, values: Floats) -> Floats:
        """Sums of `values` (a pattern's in all) over those at risk in each cell."""
        return np.concatenate([values[one.patterns] @ one.at_risk for one in self.blocks])

    def among_dead(self, values: Floats) -> Floats:
        """Sums of `values` (a pattern's in all) over the events of each cell."""
        return np.concatenate([values[one.patterns] @ one.events for one in self.blocks])

    def passed(self, step: Floats, tied: Floats) -> Floats:
        """The hazard that a pattern passed through, Efron's share for ties taken off."""
        return np.concatenate(
            [one.at_risk @ step[one.cells] - one.events @ tied[one.cells] for one in self.blocks]
        )


def group(rows: Rows) -> Grouped | None:
    """The rows as counts, where there are few enough patterns and days; otherwise None.

    None also where the rows are not fit to be laid out: `lay` says why.

    >>> rng = np.random.default_rng(1)
    >>> x, stop = rng.integers(0, 2, (4000, 2)) * 1.0, rng.integers(1, 90, 4000) * 1.0
    >>> group(Rows(x, stop, stop < 60)).columns.shape
    (2, 4)
    """
    start, stop = joined(rows.start, rows.stop)
    happens = rows.event if rows.weight is None else rows.event & (rows.weight > 0)
    if not happens.any() or (start is not None and (start >= stop).any()):
        return None
    found = _patterns(rows)
    if found is None:
        return None
    code, first = found
    moments, here, before = _places(start, stop, happens)
    width = len(moments) + 1
    if len(first) * width > CELLS_A_ROW * len(stop):
        return None

    def counted(place: Whole, which: NDArray[np.bool_] | None = None) -> Floats:
        flat, weight = code * width + place, rows.weight
        if which is not None:
            flat, weight = flat[which], None if weight is None else weight[which]
        return np.bincount(flat, weight, len(first) * width).astype(float).reshape(-1, width)

    stratum = np.zeros(len(first), dtype=np.int64) if rows.stratum is None else rows.stratum[first]
    labels, own = np.unique(stratum, return_inverse=True)
    deaths = np.bincount(
        own[code[happens]] * width + here[happens], minlength=len(labels) * width
    ).reshape(-1, width)
    # Place 0 is before the first event: who leaves there was never at risk in a cell. Place i
    # holds who stops (or starts) at the i-th event or before the next one.
    leave, events = counted(here), counted(here, happens)
    return laid(
        Counts(
            x=rows.x[first],
            stratum=stratum,
            moments=moments,
            leave=leave[:, 1:],
            enter=None if before is None else counted(before)[:, 1:],
            events=events[:, 1:],
            deaths=deaths[:, 1:],
        )
    )


def laid(counts: Counts) -> Grouped:
    """Counts laid out by stratum; moments without an event in a stratum are no cells of it.

    Who starts at a moment is at risk from the next one on; who stops at it is still at risk.
    """
    still = _from_here_on(counts.leave)
    if counts.enter is not None:
        still -= _from_here_on(counts.enter)
    events, weight = counts.events, counts.leave.sum(axis=1)
    labels, own = np.unique(counts.stratum, return_inverse=True)
    order = np.argsort(own, kind="stable")
    has_events = counts.deaths.max(axis=1) > 0
    order = order[(weight[order] > 0) & has_events[own[order]]]
    blocks, times, strata, weighed = [], [], [], []
    begin = cells = 0
    for place, label in enumerate(labels):
        end = int(np.searchsorted(own[order], place, side="right"))
        theirs, there = order[begin:end], np.flatnonzero(counts.deaths[place])
        if end == begin:
            continue
        parts = np.ix_(theirs, there)
        share = weight[theirs][:, np.newaxis]
        blocks.append(
            Block(
                patterns=slice(begin, end),
                cells=slice(cells, cells + len(there)),
                at_risk=still[parts] / share,
                events=events[parts] / share,
            )
        )
        weighed.append(events[parts].sum(axis=0))
        times.append(counts.moments[there])
        strata.append(np.full(len(there), label))
        begin, cells = end, cells + len(there)
    deaths = counts.deaths[counts.deaths > 0]
    weight = weight[order]
    columns = np.ascontiguousarray(counts.x[order].T, dtype=float)
    scale = _centred(columns, weight, blocks)
    return Grouped(
        times=np.concatenate(times),
        strata=np.concatenate(strata),
        x=counts.x[order],
        columns=columns,
        scale=scale,
        weight=weight,
        happened=events.sum(axis=1)[order],
        deaths=deaths,
        mean_weight=np.concatenate(weighed) / deaths,
        blocks=tuple(blocks),
    )


def _patterns(rows: Rows) -> tuple[Whole, Whole] | None:
    """Each row's pattern and a row of each pattern; None where there are many of them."""
    x, count = rows.x, len(rows.stop)
    mix = np.random.default_rng(0).standard_normal(x.shape[1] + 1)

    def mixed(some: slice) -> Floats:
        sums = np.einsum("ij,j->i", x[some], mix[1:])
        return np.asarray(sums if rows.stratum is None else sums + mix[0] * rows.stratum[some])

    sample = mixed(slice(None, None, max(count // SAMPLE, 1)))
    if len(pd.unique(sample)) > len(sample) // 2:
        return None
    code, sums = pd.factorize(mixed(slice(None)))
    first = np.empty(len(sums), dtype=np.int64)
    first[code[::-1]] = np.arange(count)[::-1]
    return (code, first) if all(_alike(rows, code, first)) else None


def _alike(rows: Rows, code: Whole, first: Whole) -> Iterator[bool]:
    """Whether rows called one pattern are: two might have one mixed sum, once in a million years."""
    known = np.ascontiguousarray(rows.x[first])
    for begin in range(0, len(code), CHUNK):
        some = slice(begin, begin + CHUNK)
        yield bool((known[code[some]] == rows.x[some]).all())
    if rows.stratum is not None:
        yield bool((rows.stratum[first][code] == rows.stratum).all())


def _places(
    start: Floats | None, stop: Floats, happens: NDArray[np.bool_]
) -> tuple[Floats, Whole, Whole | None]:
    """The moments of events, and how many there were until each row's stop, and its start."""
    low, high = stop[happens].min(), stop[happens].max()
    whole = high - low < LONGEST and all(
        times is None or (times == np.rint(times)).all() for times in (start, stop)
    )
    if not whole:
        moments = np.unique(stop[happens])
        before = None if start is None else np.searchsorted(moments, start, side="right")
        return moments, np.searchsorted(moments, stop, side="right"), before

    def day(times: Floats) -> Whole:
        return np.asarray(np.clip(times, low - 1, high) - (low - 1), dtype=np.int64)

    last = day(stop)
    seen = np.bincount(last[happens]) > 0
    until: Whole = np.cumsum(seen)
    moments = np.asarray(np.flatnonzero(seen) + (low - 1), dtype=float)
    return moments, until[last], None if start is None else until[day(start)]


def _from_here_on(counts: Floats) -> Floats:
    return np.ascontiguousarray(np.cumsum(counts[:, ::-1], axis=1)[:, ::-1])


def _centred(columns: Floats, weight: Floats, blocks: list[Block]) -> Floats:
    """Centre the columns within strata and scale them, in place; give the scale."""
    scale = np.ones(len(columns))
    for j in range(len(columns)):
        column = columns[j]
        size = np.abs(column).max(initial=0.0)
        for one in blocks:
            theirs = weight[one.patterns]
            column[one.patterns] -= column[one.patterns] @ theirs / theirs.sum()
        spread = float(np.sqrt(weight @ column**2 / weight.sum()))
        if spread > 1e-12 * size and np.isfinite(spread):
            scale[j] = spread
            column /= spread
        else:
            column[:] = 0.0
    return scale
