"""What is still to come of a child, by the model of `recurring`: expected events and days at risk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluation.estimating.recurring import Recurring

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

_RATES = np.exp(np.linspace(np.log(1e-6), 0.0, 48))
"""Daily rates at rest for which what is to come is worked out; between them it is averaged."""


@dataclass(frozen=True)
class States:
    """Children as they stood at the end of a day on the clock of the record.

    `pieces` is how many of all pieces were over, `part` how much of the next was; `events` how
    many the child had had on record, `ago` the days at risk since its last (at most the last of
    the bands' days).
    """

    record: Recurring
    child: Places
    pieces: Places
    part: Floats
    events: Floats
    ago: Places
    design: Floats

    def to_come(self, theta: Floats, days: list[Places]) -> list[Floats]:
        """Events and days at risk still to come of each state in so many days, for each of `days`.

        Given its own factor, what comes of a child hangs on how lately its last event was and on
        nothing else; it is worked out for a row of rates, backwards from the last day, and
        averaged over what the factor may be by what is on record (a gamma distribution again).
        A factor, once known, is kept: nobody foretells birthdays.
        """
        record = self.record
        shape, bands = np.exp(theta[-1]), len(record.since)
        rates = np.exp(np.clip(record.design @ theta[:-1], -50, 50))
        rates *= record.stop - record.start - record.events / 2
        upto = np.append(0.0, np.cumsum(rates))
        seen = upto[self.pieces] - upto[record.first[self.child]]
        seen += self.part * np.append(rates, 0.0)[self.pieces]
        rest = np.exp(np.clip(self.design @ np.delete(theta[:-1], slice(1, bands + 1)), -50, 50))
        log_weight = (shape + self.events)[:, np.newaxis] * np.log(_RATES)
        log_weight -= ((shape + seen) / rest)[:, np.newaxis] * _RATES
        weight = np.exp(log_weight - log_weight.max(axis=1, keepdims=True, initial=-np.inf))
        weight /= weight.sum(axis=1, keepdims=True)
        told = [np.zeros((len(each), 2)) for each in days]
        asked = [
            (int(left), window, np.flatnonzero(each == left))
            for window, each in enumerate(days)
            for left in np.unique(each[each > 0])
        ]
        asked.sort(key=lambda one: one[0])
        tables = _tables(np.append(np.exp(theta[1 : bands + 1]), 1.0), record)
        reached, table = 0, np.empty(0)
        for left, window, own in asked:
            while reached < left:
                table, reached = next(tables), reached + 1
            told[window][own] = np.einsum("sr,csr->sc", weight[own], table[:, self.ago[own]])
        return told


@dataclass(frozen=True)
class Ahead:
    """The model and the states for which it is asked, under many draws of children.

    `place` is that of each child of the model among the children drawn, `to_go` the days to go in
    each state, for each window.
    """

    model: Recurring
    states: States
    place: Places
    to_go: list[Places]

    def to_come(self, multiplicity: Floats) -> list[Floats]:
        """For each window: by draw and state, and 0 after the last, events and days at risk to come.

        The model is fitted anew in each draw; where that fails they are missing.
        """
        told = [np.zeros((len(multiplicity), len(own), 2)) for own in self.to_go]
        begin = self.model.fit()
        days = [own[:-1] for own in self.to_go]
        for row, times in enumerate(multiplicity):
            theta = None if begin is None else self.model.fit(times[self.place], begin)
            made = None if theta is None else self.states.to_come(theta, days)
            for window, values in enumerate(told):
                values[row, :-1] = np.nan if made is None else made[window]
        return told


def states(record: Recurring, child: Places, day: Floats) -> States:
    """How children stood at the end of a day, by their place among the children of the record."""
    # Days of one child after another, far enough apart that one search finds them all.
    least = min(record.start.min(initial=0), day.min(initial=0))
    wide = max(record.stop.max(initial=0), day.max(initial=0)) - least + 1
    line = record.child * wide + record.stop - least
    over = np.searchsorted(line, child * wide + day - least, side="right").astype(np.intp)
    first = record.first[child]
    over = np.maximum(over, first)
    blank = len(record.child)
    at = np.minimum(over, max(blank - 1, 0))
    within = (over < blank) & (record.child[at] == child) & (record.start[at] < day)
    part = np.where(within, (day - record.start[at]) / (record.stop - record.start)[at], 0.0)
    last = np.maximum(over - 1, 0)
    length = record.stop - record.start
    ago = np.where(record.events[last] > 0, 0.0, record.ago[last] + length[last])
    ago = np.where(over > first, ago, np.inf)
    ago = np.where(within, record.ago[at] + part * length[at], ago)
    counted = np.append(0.0, np.cumsum(record.events))
    known = np.where(within, at, np.where(over > first, last, at))
    return States(
        record=record,
        child=child,
        pieces=over,
        part=part,
        events=counted[over] - counted[first],
        ago=np.minimum(ago, record.since[-1]).astype(np.intp),
        design=np.delete(record.design[known], slice(1, len(record.since) + 1), axis=1),
    )


def _tables(times: Floats, record: Recurring) -> Iterator[Floats]:
    """What comes in 1, 2 ... days: events and days at risk, by days since the last event and rate.

    On a day at risk one event at the most comes, with the rate of its band. The days for which the child is
    gone after it are as long as they were on record.
    """
    count = record.since[-1] + 1
    band = np.searchsorted(np.array(record.since), np.arange(count), side="right")
    chance = -np.expm1(-times[band][:, np.newaxis] * _RATES)
    stays, later = 1 - chance, np.minimum(np.arange(count) + 1, count - 1)
    table = np.zeros((2, count, len(_RATES)))
    just_back = np.zeros((len(record.gaps), 2, len(_RATES)))  # the latest days first
    while True:
        gone = np.tensordot(record.gaps, just_back, axes=1)
        table = stays * table[:, later] + chance * gone[:, np.newaxis]
        table[0] += chance
        table[1] += 1
        just_back = np.concatenate([[table[:, 0]], just_back[:-1]])
        yield table
