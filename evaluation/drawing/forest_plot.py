"""One question answered by many roads: a row a road, its value and interval beside the others'."""

from __future__ import annotations

from dataclasses import dataclass
from math import log10
from pathlib import Path
from textwrap import wrap

from matplotlib.axes import Axes
from matplotlib.ticker import NullFormatter, NullLocator

from evaluation.drawing.style import GREY, INK, NAVY, ON_WHITE, ORANGE, picture, save

_TICKS = (0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0)
_LABEL, _WORDS = 36, 24
"""Letters of a line: of a label, and of the words that stand right of it."""
_LINE, _BAR, _GAP = 0.175, 0.3, 0.12
"""Inches that a line of words takes, the bar below it, and the room where there is no bar."""


@dataclass(frozen=True, slots=True)
class Row:
    """One road: its name, its value and interval, and the words that tell them.

    The numbers are missing where there is no value; then `words` say why. The main figure of the
    plan (`is_main`) differs by shape, size and bold letters.
    """

    label: str
    value: float | None
    low: float | None
    high: float | None
    words: str
    is_main: bool = False


def draw(
    rows: tuple[Row, ...],
    to: Path,
    *,
    x_title: str,
    sides: tuple[str, str],
    no_difference: float = 1.0,
    most: float = 5.0,
) -> tuple[Path, Path]:
    """Draw the rows in the order given and write `to`.svg and `to`.png.

    The axis is of ratios, on the scale of logarithms. `sides` are the words for below and above
    `no_difference`, whose line runs through all rows. An interval that goes beyond `most`, or
    below its reciprocal, ends there in an arrow. Names stand above their bars, where a narrow
    screen has room for them.
    """
    laid = [(row, wrap(row.label, _LABEL) or [""]) for row in rows]
    heights = [
        _LINE * max(len(lines), len(wrap(row.words, _WORDS)))
        + (_GAP if row.value is None else _BAR)
        for row, lines in laid
    ]
    total = sum(heights) or _BAR
    with picture(height=total + 1.15) as figure:
        axes = figure.subplots()
        axes.set_ylim(total, 0)
        low, high = _reach(rows, no_difference, most)
        axes.set_xscale("log")
        axes.set_xlim(low, high)
        axes.axvline(no_difference, color=GREY, lw=1.4, zorder=1)
        top = 0.0
        for (row, lines), height in zip(laid, heights, strict=True):
            _row(axes, row, lines, top, bar=top + height - 0.6 * _BAR)
            top += height
        axes.grid(visible=False)
        axes.set_yticks([])
        ticks = [tick for tick in _TICKS if low <= tick <= high]
        axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_minor_formatter(NullFormatter())
        axes.set_xlabel(x_title, loc="left")
        _sides(axes, sides, no_difference)
        return save(figure, to)


def _row(axes: Axes, row: Row, lines: list[str], top: float, *, bar: float) -> None:
    """Its name at the left, its words at the right, its interval under both."""
    across = axes.get_yaxis_transform()
    weight = "bold" if row.is_main else "normal"
    axes.text(0, top + 0.02, "\n".join(lines), transform=across, va="top", fontsize=10,
              color=INK, fontweight=weight, bbox=ON_WHITE)  # fmt: skip
    axes.text(1, top + 0.02, "\n".join(wrap(row.words, _WORDS)), transform=across, va="top",
              ha="right", fontsize=10, color=INK if row.value is not None else GREY,
              fontweight=weight, bbox=ON_WHITE)  # fmt: skip
    if row.value is None:
        return
    left, right = axes.get_xlim()
    colour = ORANGE if row.is_main else NAVY
    if row.low is not None and row.high is not None:
        ends = (max(row.low, left), min(row.high, right))
        axes.plot(ends, (bar, bar), color=colour, lw=3 if row.is_main else 2, zorder=2)
        for beyond, at, shape in ((row.low < left, left, "<"), (row.high > right, right, ">")):
            if beyond:
                axes.plot(at, bar, marker=shape, ms=7, color=colour, clip_on=False)
    if left <= row.value <= right:
        axes.plot(row.value, bar, marker="D" if row.is_main else "o", color=colour, mec=INK,
                  mew=1, ms=10 if row.is_main else 7, zorder=3)  # fmt: skip


def _sides(axes: Axes, sides: tuple[str, str], middle: float) -> None:
    """Which side is which, above the rows, each on its own side of the line where it has room."""
    left, right = (log10(end) for end in axes.get_xlim())
    place = (log10(middle) - left) / (right - left)
    for words, side, at in ((sides[0], "right", place - 0.02), (sides[1], "left", place + 0.02)):
        axes.text(at, 1.01, words, transform=axes.transAxes, ha=side, va="bottom", color=GREY,
                  fontsize=10)  # fmt: skip


def _reach(rows: tuple[Row, ...], middle: float, most: float) -> tuple[float, float]:
    """Far enough for all that is shown, at least from half to double, at most from 1/most to most."""
    held = [n for row in rows for n in (row.value, row.low, row.high) if n is not None and n > 0]
    low = min([*held, middle / 2]) * 0.9
    high = max([*held, middle * 2]) * 1.1
    return max(low, middle / most), min(high, middle * most)
