"""u and p: control charts for events over days at risk and for shares, whatever the denominators."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from evaluation.errors import WrongUse
from evaluation.estimating.charts.chart import Better, Chart, chart, group
from evaluation.estimating.charts.phases import baseline_of, mean_moving_range, numbers, phases
from evaluation.estimating.found import Beware
from evaluation.language import _
from evaluation.nouns import Estimate

Floats = NDArray[np.float64]
Spread = Literal["auto", "counts", "laney"]

ENOUGH_TO_JUDGE = 8
"""From fewer points than this, 'auto' does not judge whether counts vary more than by chance."""


def u_chart(
    events: pd.Series | ArrayLike,
    exposure: pd.Series | ArrayLike,
    *,
    per: float = 100.0,
    spread: Spread = "auto",
    shift: int = 7,
    trend: int = 7,
    changes: Sequence[Any] = (),
    baseline: int | None = None,
    screen: bool = False,
    better: Better | None = None,
    target: float | None = None,
) -> Chart:
    """Lay limits round a rate: events `per` 100 units of exposure, such as child-days at risk.

    One point is one month; `events` and `exposure` stand in the order of time, by place. The
    limits are centre -/+ 3 sqrt(centre / exposure), narrower where the exposure is larger, never
    below 0. This is the remedy where months differ in children or days, for which counts alone
    (`xmr`) would mark the months with more children.

    Where months differ by more than chance, limits from counts are too narrow, and the more so
    the larger the exposure. `spread='laney'` multiplies them by how much the standardised points
    move from one to the next (the u' chart); 'counts' does not; 'auto' does where that is more
    than chance would make it in 95 of 100 series, and warns of it. The other arguments are those
    of `xmr`.

    >>> found = u_chart([9, 12, 7, 30], [3000, 3100, 2600, 3200], spread="counts")
    >>> found.points[["value", "low", "high"]].round(2).iloc[-1].tolist()
    [0.94, 0.12, 0.86]

    Raises WrongUse where a value is missing or negative, an exposure is not above 0, or a phase
    has fewer than two points.
    Source: Montgomery (2013), Introduction to Statistical Quality Control, section 7.3; Laney
    (2002), Quality Engineering 14:531.
    """
    return _counted(
        events, exposure, per=per, variance=lambda centre: centre, ceiling=None, code="u",
        spread=spread, shift=shift, trend=trend, changes=changes, baseline=baseline,
        screen=screen, better=better, target=target,
    )  # fmt: skip


def p_chart(
    events: pd.Series | ArrayLike,
    of: pd.Series | ArrayLike,
    *,
    spread: Spread = "auto",
    shift: int = 7,
    trend: int = 7,
    changes: Sequence[Any] = (),
    baseline: int | None = None,
    screen: bool = False,
    better: Better | None = None,
    target: float | None = None,
) -> Chart:
    """Lay limits round a share: `events` children `of` so many, each between 0 and 1.

    One point is one month; the limits are centre -/+ 3 sqrt(centre (1 - centre) / of), within 0
    and 1. The other arguments are those of `u_chart` and `xmr`.

    >>> found = p_chart([30, 28, 35, 12], [50, 45, 60, 40], spread="counts", better="more")
    >>> found.points[["value", "low", "high"]].round(2).iloc[-1].tolist(), found.variation
    ([0.3, 0.3, 0.77], 'concern')

    Raises WrongUse where a value is missing, `events` are not a part of `of`, `of` is 0, or a
    phase has fewer than two points.
    Source: Montgomery (2013), section 7.2; Laney (2002), Quality Engineering 14:531.
    """
    return _counted(
        events, of, per=1.0, variance=lambda centre: centre * (1 - centre), ceiling=1.0, code="p",
        spread=spread, shift=shift, trend=trend, changes=changes, baseline=baseline,
        screen=screen, better=better, target=target,
    )  # fmt: skip


def _counted(
    events: pd.Series | ArrayLike,
    below: pd.Series | ArrayLike,
    *,
    per: float,
    variance: Callable[[float], float],
    ceiling: float | None,
    code: str,
    spread: Spread,
    changes: Sequence[Any],
    baseline: int | None,
    screen: bool,
    shift: int,
    trend: int,
    better: Better | None,
    target: float | None,
) -> Chart:
    count, size = numbers(events, "events"), numbers(below, "denominators")
    _must_fit(count, size, is_share=ceiling is not None)
    if spread not in {"auto", "counts", "laney"}:
        raise WrongUse(_("The spread of a chart is 'auto', 'counts' or 'laney'."))
    index = count.index if isinstance(events, pd.Series) else size.index
    count.index = size.index = index
    phase = phases(index, changes)
    sets = baseline_of(phase, baseline)
    value = count.to_numpy() / size.to_numpy()
    centre, reach = np.empty(len(value)), np.empty(len(value))
    methods: list[str] = []
    more: list[Estimate] = []
    widest = 0.0
    for one in np.unique(phase):
        own = phase == one
        middle = float(count[own & sets].sum() / size[own & sets].sum())
        error = np.sqrt(variance(middle) / size.to_numpy())
        moves = (
            _moves(((value - middle) / error)[own & sets], screen=screen) if error.any() else 1.0
        )
        too_much = _too_much(moves, int((own & sets).sum()))
        laney = spread == "laney" or (spread == "auto" and too_much)
        widest = max(widest, moves if too_much else 0.0)
        centre[own] = middle
        reach[own] = (3 * error * (moves if laney else 1))[own]
        methods.append(f"{code}_laney" if laney else code)
        more.append(
            Estimate(
                "",
                "sigma_z",
                group(int(one), int(phase.max())),
                unit="records",
                of=int((own & sets).sum()),
                value=moves,
                method="moving_range",
            )
        )
    return chart(
        pd.Series(per * value, index=index),
        per * centre,
        per * reach,
        phase,
        floor=0.0,
        ceiling=ceiling,
        shift=shift,
        trend=trend,
        better=better,
        target=target,
        methods=methods,
        events=count,
        beware=_beware(widest, widened=any(name.endswith("laney") for name in methods)),
        more=tuple(more),
    )


def _moves(z: Floats, *, screen: bool) -> float:
    """Laney's sigma_z: 1 where points move as chance moves them."""
    return mean_moving_range(z, screen=screen) / 1.128


def _too_much(moves: float, points: int) -> bool:
    """Whether that is more than chance makes it in 95 of 100 series.

    The mean moving range of n independent normal values, over 1.128, has a standard deviation of
    about 0.91 / sqrt(n - 1) (Braun & Park 2008, J Qual Technol 40:211).
    """
    return points >= ENOUGH_TO_JUDGE and moves > 1 + 1.645 * 0.91 / float(np.sqrt(points - 1))


def _beware(moves: float, *, widened: bool) -> tuple[Beware, ...]:
    if not moves:
        return ()
    told = (
        _("Points move {times} times as much as chance moves them; the limits are widened by it.",
          times=round(moves, 2))
        if widened
        else _("Points move {times} times as much as chance moves them; the limits are too narrow. "
               "Ask for spread='laney'.", times=round(moves, 2))
    )  # fmt: skip
    return (Beware("overdispersion", told),)


def _must_fit(count: pd.Series, size: pd.Series, *, is_share: bool) -> None:
    if len(count) != len(size):
        raise WrongUse(
            _("There are {events} events and {sizes} denominators. Each point needs both.",
              events=len(count), sizes=len(size))
        )  # fmt: skip
    if (count < 0).any() or (size <= 0).any():
        raise WrongUse(
            _(
                "Events cannot be fewer than 0, and what they are divided by must be above 0. "
                "Leave out months in which no child was at risk."
            )
        )
    if is_share and (count.to_numpy() > size.to_numpy()).any():
        raise WrongUse(_("A share must be of a part: some points have more events than children."))
