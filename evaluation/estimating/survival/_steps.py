"""How many are at risk and have an event, day by day, and step functions of the day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evaluation.estimating.survival._rows import Codes, Flags, Floats, Rows


@dataclass(frozen=True)
class Steps:
    """One group's risk sets on each distinct day on which a row ends.

    `at_risk`, `happened` and `left` count rows (at risk, with an event, ending without one);
    `exposed` and `events` are their weights' sums, `events` with a column a cause.
    """

    day: Floats
    at_risk: Codes
    happened: Codes
    left: Codes
    exposed: Floats
    events: Floats
    is_last: Flags
    """Whether everybody with a weight who is at risk has an event: survival falls to 0."""

    @property
    def hazard(self) -> Floats:
        """Each day's share of those at risk who have an event of any cause."""
        share = _ratio(self.events.sum(axis=1), self.exposed)
        return np.where(self.is_last, 1.0, share)

    @property
    def survival(self) -> Floats:
        """The Kaplan-Meier estimate after each day."""
        return np.asarray(np.cumprod(1 - self.hazard))

    @property
    def before(self) -> Floats:
        """The Kaplan-Meier estimate just before each day."""
        return np.concatenate([[1.0], self.survival])[:-1]

    @property
    def others(self) -> Floats:
        """1 / the weight of those at risk who have no event on the day; 0 where there are none."""
        spared = np.where(self.is_last, 0.0, self.exposed - self.events.sum(axis=1))
        return _ratio(np.ones_like(spared), spared)


def steps(rows: Rows, *, causes: int = 1) -> Steps:
    """Lay out the risk sets, a step on each day on which a row ends.

    With one cause all events are of it, whatever they are.
    """
    day, ends = np.unique(rows.stop, return_inverse=True)
    count = len(day)
    begins = np.searchsorted(day, rows.start, side="right")
    heavy = rows.weight > 0
    ended = rows.events > 0

    def counted(places: Codes, of: Floats) -> Floats:
        return np.asarray(np.bincount(places, of, minlength=count + 1), dtype=np.float64)

    def still(of: Floats) -> Floats:
        """What ends on a day or later, less what begins only later."""
        leaving = np.cumsum(counted(ends, of)[::-1])[::-1][:-1]
        coming = np.cumsum(counted(begins, of)[::-1])[::-1][1:]
        return np.asarray(leaving - coming)

    one = np.ones(len(rows))
    at_risk = still(one).astype(np.intp)
    happened = counted(ends, one * ended)[:-1]
    weighty = still(one * heavy)
    had = counted(ends, one * (ended & heavy))[:-1]
    cause = rows.cause if causes > 1 else 0
    cells = np.bincount(ends * causes + cause, rows.weight * rows.events, minlength=count * causes)
    return Steps(
        day=day,
        at_risk=at_risk,
        happened=happened.astype(np.intp),
        left=counted(ends, one * ~ended)[:-1].astype(np.intp),
        exposed=np.where(weighty > 0, still(rows.weight), 0.0),
        events=cells.reshape(count, causes).astype(float),
        is_last=(weighty > 0) & (weighty == had),
    )


def known_until(rows: Rows, risks: Steps) -> float:
    """The last day of which the rows tell: none after the last has left, unless all had an event."""
    last = rows.stop[rows.weight > 0]
    if not len(last):
        return -np.inf
    return np.inf if risks.survival[-1] == 0 else float(last.max())


def on(days: Floats, steps_: Floats, values: Floats, first: float = 0.0) -> Floats:
    """A step function on some days: `first` before the first step, each value from its step on."""
    whole: Floats = np.concatenate([[first], values])
    return whole[np.searchsorted(steps_, days, side="right")]


def at_risk_on(rows: Rows, days: Floats) -> Codes:
    """Rows at risk on each day; on day 0 those who enter on it are, though not yet for a day."""
    starts, stops = np.sort(rows.start), np.sort(rows.stop)
    begun = np.searchsorted(starts, days, side="left")
    begun = np.where(days == 0, np.searchsorted(starts, 0.0, side="right"), begun)
    return np.asarray(begun - np.searchsorted(stops, days, side="left"), dtype=np.intp)


def _ratio(one: Floats, other: Floats) -> Floats:
    quotient: Floats = np.divide(one, other, out=np.zeros(len(other)), where=other > 0)
    return quotient
