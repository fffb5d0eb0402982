"""Concordance: how often, of two rows, the one with the higher hazard has its event first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evaluation.estimating.cox.risksets import Floats, Whole, joined


@dataclass(frozen=True)
class Concordance:
    """The share of comparable pairs that are concordant, ties in x counted half, and its error.

    Pairs are weighted, within strata and between rows at risk together. `se` is that of the
    infinitesimal jackknife, by cluster where there are clusters, as R's `concordance`. Both are
    NaN where no two rows can be compared.
    """

    value: float
    se: float
    concordant: float
    discordant: float
    tied_x: float


def concordance(
    predicted: Floats,
    stop: Floats,
    event: Floats,
    *,
    start: Floats | None = None,
    stratum: Whole | None = None,
    weight: Floats | None = None,
    cluster: Whole | None = None,
) -> Concordance:
    """Compare each event with those still at risk after it, in the same stratum.

    A row that is censored at the time of the event is still at risk; another event at that time
    is not comparable. A higher `predicted` is expected to fail first.

    >>> times, event = np.array([1.0, 2.0, 3.0, 4.0]), np.ones(4, dtype=bool)
    >>> round(concordance(np.array([3.0, 2.0, 2.5, 1.0]), times, event).value, 4)
    0.8333

    Source: Harrell et al. (1996), Stat Med 15:361; Therneau and Watson (2015), Mayo TR 85.
    """
    count = len(stop)
    w = np.ones(count) if weight is None else weight
    group = np.zeros(count, dtype=np.int64) if stratum is None else stratum
    happens = np.asarray(event, dtype=bool) & (w > 0)
    start, stop = joined(start, stop)
    # Half a step after an event's time lie those who are censored at that time.
    moments, at = np.unique(stop, return_inverse=True)
    ends = 2 * at + ~happens
    begins = None if start is None else 2 * np.searchsorted(moments, start, side="right") - 2
    x = _ranks(predicted, group)

    low, tied, every = (np.zeros(count) for _each in range(3))
    low[happens], tied[happens], every[happens] = _before(
        -group, -ends, x, w, (-group[happens], -ends[happens], x[happens])
    )
    if begins is not None:
        # A row that starts at an event's time, or later, is not at risk then.
        early = _before(-group, -begins, x, w, (-group[happens], 1 - ends[happens], x[happens]))
        for kept, taken in zip((low, tied, every), early, strict=True):
            kept[happens] -= taken
    high = every - low - tied

    of_event = (-group[happens], ends[happens], x[happens], w[happens])
    low_event, tied_event, every_event = _before(*of_event, (-group, ends, x))
    if begins is not None:
        gone = _before(*of_event, (-group, begins + 1, x))
        low_event, tied_event, every_event = (
            low_event - gone[0],
            tied_event - gone[1],
            every_event - gone[2],
        )
    high_event = every_event - low_event - tied_event

    good, bad, ties = (float(w @ one) for one in (low, high, tied))
    pairs = good + bad + ties
    if pairs <= 0:
        return Concordance(np.nan, np.nan, good, bad, ties)
    somers = (good - bad) / pairs
    mine_good, mine_bad, mine_tied = low + high_event, high + low_event, tied + tied_event
    moved = w * (mine_good - mine_bad - somers * (mine_good + mine_bad + mine_tied)) / pairs
    if cluster is not None:
        moved = np.asarray(np.bincount(cluster, weights=moved), dtype=float)
    return Concordance((somers + 1) / 2, float(np.sqrt(moved @ moved)) / 2, good, bad, ties)


def _ranks(predicted: Floats, group: Whole) -> Whole:
    """Ranks by group and value, in which values that only rounding tells apart are one."""
    values, place = np.unique(predicted, return_inverse=True)
    apart = np.diff(values) > 1e-12 * max(float(np.abs(values).max()), 1e-300)
    step = np.append(0, np.cumsum(apart.astype(np.int64)))[place]
    both = group * (int(step.max()) + 1) + step
    return np.asarray(np.unique(both, return_inverse=True)[1], dtype=np.int64)


def _before(
    group: Whole,
    key: Whole,
    x: Whole,
    weight: Floats,
    asked: tuple[Whole, Whole, Whole],
) -> tuple[Floats, Floats, Floats]:
    """For each asked (group, key, x): weights in its group, before its key: x lower, same, any.

    Groups stand in descending order along the keys and in ascending order along x, so that what
    is before in both is of one group. It is a wavelet matrix: x is taken bit by bit.
    """
    order = np.lexsort((key, group))
    group, key, bits, held = group[order], key[order], x[order], weight[order]
    asked_group, asked_key, asked_x = asked
    span = int(max(key.max(initial=0), asked_key.max(initial=0))) + 2
    least = int(min(key.min(initial=0), asked_key.min(initial=0)))
    line = group * (span - least) + (key - least)
    high = np.searchsorted(line, asked_group * (span - least) + (asked_key - least))
    sums = np.append(0.0, np.cumsum(held))
    every = sums[high] - sums[np.searchsorted(group, asked_group)]

    lower = np.zeros(len(asked_x))
    begin, end = np.zeros_like(high), high
    for bit in reversed(range(int(x.max(initial=0)).bit_length())):
        is_one = (bits >> bit & 1).astype(bool)
        zeros = np.append(0, np.cumsum(~is_one))
        sums = np.append(0.0, np.cumsum(np.where(is_one, 0.0, held)))
        goes_on = (asked_x >> bit & 1).astype(bool)
        lower += np.where(goes_on, sums[end] - sums[begin], 0.0)
        begin, end = (
            np.where(goes_on, zeros[-1] + place - zeros[place], zeros[place])
            for place in (begin, end)
        )
        again = np.concatenate([np.flatnonzero(~is_one), np.flatnonzero(is_one)])
        bits, held = bits[again], held[again]
    sums = np.append(0.0, np.cumsum(held))
    return lower, sums[end] - sums[begin], every
