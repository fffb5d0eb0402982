"""Children without an event so far, as steps of fixed days, with the numbers at risk below."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from evaluation.drawing.style import GREY, NAVY, PLUM, TEAL, picture, save, title_of_y

Points: TypeAlias = tuple[tuple[int, float], ...]
"""Days and shares, as drawn."""

_LINES: tuple[tuple[str, Any], ...] = ((NAVY, "-"), (TEAL, (0, (4, 1.5))), (PLUM, (0, (1, 1))))


@dataclass(frozen=True, slots=True)
class Curve:
    """One arm: its name, and its points in order of days.

    A point is (day, share, low, high); the share is from 0 to 1 and missing where it is
    withheld. `at_risk` are the words under the picture at each of the picture's ticks.
    """

    label: str
    points: tuple[tuple[int, float | None, float | None, float | None], ...]
    at_risk: tuple[str, ...]


def draw(
    curves: tuple[Curve, ...],
    to: Path,
    *,
    ticks: tuple[int, ...],
    x_title: str,
    y_title: str,
    at_risk_title: str,
) -> tuple[Path, Path]:
    """Draw the curves and write `to`.svg and `to`.png.

    Every curve begins at day 0 with all children. Between two fixed days that are shown the
    share stays until the next; where a day between them is withheld, a thin dotted line leads
    over the gap. Curves differ by dashes and by a label at their end, not by colour alone.
    """
    rows = 2 * len(curves) + 1
    with picture(height=3.8 + 0.23 * rows) as figure:
        axes, table = figure.subplots(2, 1, height_ratios=[3.5, 0.23 * rows], sharex=True)
        shown = [_line(axes, curve, *_LINES[number % 3]) for number, curve in enumerate(curves)]
        for curve, points in zip(curves, shown, strict=True):
            _label(axes, curve.label, points, shown, width=ticks[-1])
        axes.set_ylim(0, 1.02)
        axes.set_xlim(0, ticks[-1] * 1.01)
        axes.set_xticks(ticks, [str(day) for day in ticks])
        axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        axes.tick_params(axis="x", labelbottom=True)
        axes.set_xlabel(x_title, loc="left")
        title_of_y(axes, y_title)
        _numbers(table, curves, ticks, at_risk_title)
        return save(figure, to)


def _line(axes: Axes, curve: Curve, colour: str, dashes: Any) -> Points:
    """Draw one arm; gives the points that are shown."""
    known = [point for point in curve.points if point[0] > 0 and point[1] is not None]
    shown = [(0, 1.0, None, None), *known]
    days = [0, *(point[0] for point in curve.points if point[0] > 0)]
    for (day, share, low, high), (later, next_share, _low, _high) in pairwise(shown):
        assert share is not None
        assert next_share is not None
        if days.index(later) - days.index(day) > 1:
            axes.plot([day, later], [share, next_share], color=colour, lw=1, ls=":")
            continue
        axes.plot(
            [day, later, later], [share, share, next_share],
            color=colour, lw=2.4, ls=dashes, solid_joinstyle="miter",
        )  # fmt: skip
        if low is not None and high is not None:
            axes.fill_between([day, later], low, high, color=colour, alpha=0.14, lw=0)
    return tuple((day, share) for day, share, *_limits in shown if share is not None)


def _label(axes: Axes, words: str, points: Points, every: list[Points], *, width: int) -> None:
    """Write a curve's name at its end: the highest curve's above it, the others' below."""
    day, share = points[-1]
    if share < max(other[-1][1] for other in every):
        axes.text(day, max(share - 0.03, 0.07), words, ha="right", va="top", fontweight="bold")
        return
    # The curve was higher where the words begin, and so may another have been.
    begins = max(day - 0.023 * len(words) * width, 0)
    above = max(next(s for d, s in reversed(other) if d <= begins) for other in every)
    axes.text(day, min(above + 0.02, 0.95), words, ha="right", va="bottom", fontweight="bold")


def _numbers(table: Axes, curves: tuple[Curve, ...], ticks: tuple[int, ...], title: str) -> None:
    """The numbers at risk under their ticks: a line with the arm's name, a line of numbers."""
    rows = 2 * len(curves) + 1
    table.grid(visible=False)
    table.set_ylim(rows - 0.5, -0.5)
    table.set_yticks([])
    table.tick_params(axis="x", labelbottom=False, length=0)
    table.spines["bottom"].set_visible(False)
    table.text(0, 0, title, color=GREY, va="center", ha="left")
    for number, curve in enumerate(curves):
        table.text(0, 2 * number + 1, curve.label, va="center", ha="left", fontweight="bold")
        for day, words in zip(ticks, curve.at_risk, strict=True):
            side = "left" if day == 0 else "right" if day == ticks[-1] else "center"
            table.text(day, 2 * number + 2, words, ha=side, va="center")
