"""What every control chart is: its points, and what they say about variation and a target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluation.errors import WrongUse
from evaluation.estimating.charts.rules import marks
from evaluation.estimating.found import Beware, Found
from evaluation.language import _
from evaluation.nouns import Estimate

Floats = NDArray[np.float64]
Better = Literal["fewer", "more"]
Variation = Literal["common_cause", "improvement", "concern", "special_cause"]
Assurance = Literal["pass", "fail", "hit_or_miss"]

FEWEST = 12
"""Limits from fewer points still move much with each new one (Making Data Count)."""


@dataclass(frozen=True, kw_only=True)
class Chart(Found):
    """A control chart. One row of `points` is one point, under the index of what was given.

        value, centre    the value and the centre of its phase
        low, high        its limits, three standard deviations from the centre
        phase            1, 2, … : limits begin anew at each change
        marks            why it stands out: 'outside', 'shift', 'trend', 'near', joined by a space
        variation        'common_cause'; or 'improvement' or 'concern', by the side on which it
                         lies and which is better; 'special_cause' where neither is

    The estimates say, for each phase, the centre, the limits (those of its last point, where
    they vary) and how many points stand out.
    """

    points: pd.DataFrame = field(repr=False, compare=False)
    better: Better | None = None
    target: float | None = None

    @property
    def variation(self) -> Variation:
        """Making Data Count's variation icon: that of the last point."""
        last: Variation = self.points["variation"].iloc[-1]
        return last

    @property
    def assurance(self) -> Assurance | None:
        """Making Data Count's assurance icon, by the last limits; None without target or better.

        'pass' and 'fail' where the process, left as it is, will always meet or always miss the
        target; 'hit_or_miss' where the target lies between the limits.
        """
        if self.target is None or self.better is None:
            return None
        low, high = (float(self.points[name].iloc[-1]) for name in ("low", "high"))
        if low <= self.target <= high:
            return "hit_or_miss"
        return "pass" if (self.target > high) == (self.better == "fewer") else "fail"


def chart(
    values: pd.Series,
    centre: Floats,
    reach: Floats,
    phase: NDArray[np.int64],
    *,
    floor: float | None,
    ceiling: float | None,
    shift: int,
    trend: int,
    better: Better | None,
    target: float | None,
    methods: Sequence[str],
    events: pd.Series | None = None,
    beware: tuple[Beware, ...] = (),
    more: tuple[Estimate, ...] = (),
) -> Chart:
    """Put a chart together from its centres and reaches; the rules start anew in each phase.

    >>> found = chart(
    ...     pd.Series([1.0, 2, 1, 9]), np.full(4, 2.0), np.full(4, 3.0), np.ones(4, dtype=int),
    ...     floor=0, ceiling=None, shift=7, trend=7, better="fewer", target=None, methods=["xmr"],
    ... )
    >>> found.variation
    'concern'
    """
    if shift < 2 or trend < 2:
        raise WrongUse(_("A run of fewer than two points is no run: shift and trend start at 2."))
    if better not in {None, "fewer", "more"}:
        raise WrongUse(_("Better is 'fewer' or 'more'; leave it out where neither is."))
    value = values.to_numpy(dtype=float)
    codes: list[str] = []
    for one in np.unique(phase):
        own = phase == one
        codes += marks(value[own], centre[own], reach[own], shift=shift, trend=trend)
    low = np.maximum(centre - reach, -np.inf if floor is None else floor)
    high = np.minimum(centre + reach, np.inf if ceiling is None else ceiling)
    points = pd.DataFrame(
        {
            "value": value,
            "centre": centre,
            "low": low,
            "high": high,
            "phase": phase,
            "marks": codes,
            "variation": _variation(value, centre, phase, codes, better),
        },
        index=values.index,
    )
    return Chart(
        estimates=_estimates(points, methods, events) + more,
        beware=beware + _short(phase),
        points=points,
        better=better,
        target=target,
    )


def group(phase: int, phases: int) -> str:
    """What a phase is called in a figure: 'all' where there is but one.

    >>> group(1, 1), group(2, 2)
    ('all', 'phase_2')
    """
    return "all" if phases == 1 else f"phase_{phase}"


def _variation(
    value: Floats,
    centre: Floats,
    phase: NDArray[np.int64],
    codes: Sequence[str],
    better: Better | None,
) -> list[Variation]:
    """By the side of the centre; a point on it, which only a trend can mark, by its last step."""
    step = np.where(np.diff(phase, prepend=phase[:1]) == 0, np.diff(value, prepend=value[:1]), 0)
    side = np.where(np.isclose(value, centre, rtol=1e-12, atol=1e-12), step, value - centre)
    told: list[Variation] = []
    for code, way in zip(codes, side, strict=True):
        if not code:
            told.append("common_cause")
        elif better is None:
            told.append("special_cause")
        else:
            told.append("improvement" if (way > 0) == (better == "more") else "concern")
    return told


def _estimates(
    points: pd.DataFrame, methods: Sequence[str], events: pd.Series | None
) -> tuple[Estimate, ...]:
    told = []
    for phase, method in enumerate(methods, start=1):
        own = points[points["phase"] == phase]
        last = own.iloc[-1]
        behind = (
            None if events is None else int(events[(points["phase"] == phase).to_numpy()].sum())
        )
        told += [
            Estimate(
                "",
                measure,
                group(phase, len(methods)),
                unit="records",
                of=len(own),
                events=behind,
                value=float(value),
                method=method,
            )
            for measure, value in (
                ("centre", last["centre"]),
                ("lower_limit", last["low"]),
                ("upper_limit", last["high"]),
                ("points_standing_out", (own["marks"] != "").sum()),
            )
        ]
    return tuple(told)


def _short(phase: NDArray[np.int64]) -> tuple[Beware, ...]:
    fewest = int(np.bincount(phase)[1:].min())
    if fewest >= FEWEST:
        return ()
    return (
        Beware(
            "short_series",
            _(
                "Limits stand on only {points} points. They will move with each new one; "
                "twelve or more settle them.",
                points=fewest,
            ),
        ),
    )
