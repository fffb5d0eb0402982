"""XmR: a control chart for single values, with limits from how they move from point to point."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from evaluation.estimating.charts.chart import Better, Chart, chart
from evaluation.estimating.charts.phases import baseline_of, mean_moving_range, numbers, phases


def xmr(
    values: pd.Series | ArrayLike,
    *,
    shift: int = 7,
    trend: int = 7,
    floor: float | None = None,
    ceiling: float | None = None,
    changes: Sequence[Any] = (),
    baseline: int | None = None,
    screen: bool = False,
    better: Better | None = None,
    target: float | None = None,
) -> Chart:
    """Lay limits round a series in time: its mean -/+ 2.66 times its mean moving range.

    One value is one month (or week, or child), in the order of time, indexed as one likes. Limits
    are never drawn beyond `floor` and `ceiling`: rates and counts cannot fall below 0, so give
    them `floor=0`. `changes` are dates (or labels of the index) from which limits begin anew;
    name only changes that were known beforehand. `baseline` takes the mean and the moving range
    of the first so many points of each phase alone. `screen` leaves moving ranges beyond 3.267
    times their mean out of it. For `shift`, `trend`, marks and icons see `Chart`; `better` says
    which way is good. NHSRplotthedots takes 7 and 7, abspc 8 and 6.

    It takes each month as alike. Where the number of children or their days at risk differ much
    between months, counts move with them: then `u_chart` is the right one.

    >>> found = xmr([4, 6, 5, 5, 4, 6, 5, 30], floor=0, better="fewer")
    >>> round(found.one("upper_limit").value, 1), found.points["marks"].iloc[-1], found.variation
    (20.3, 'outside', 'concern')

    Missing values are not allowed: a month without a return is not a month without episodes.
    Raises WrongUse where a value is missing, or a phase has fewer than two.
    Source: Wheeler (2000), Understanding Variation; NHS England, Making Data Count. The side of
    the mean decides between improvement and concern, as in NHSRplotthedots.
    """
    series = numbers(values, "values")
    phase = phases(series.index, changes)
    sets = baseline_of(phase, baseline)
    value = series.to_numpy()
    centre, reach = np.empty(len(value)), np.empty(len(value))
    for one in np.unique(phase):
        own = value[(phase == one) & sets]
        centre[phase == one] = own.mean()
        reach[phase == one] = 2.66 * mean_moving_range(own, screen=screen)
    return chart(
        series,
        centre,
        reach,
        phase,
        floor=floor,
        ceiling=ceiling,
        shift=shift,
        trend=trend,
        better=better,
        target=target,
        methods=["xmr"] * int(phase.max()),
    )
