"""Shares with their intervals, one under the other in the order given; never ranked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from matplotlib.ticker import PercentFormatter

from evaluation.drawing.style import GREY, INK, NAVY, picture, save

_ROW = 0.52


@dataclass(frozen=True, slots=True)
class Row:
    """One share with its limits; the value is missing where there is none, and `words` say why."""

    label: str
    value: float | None
    low: float | None
    high: float | None
    words: str


def draw(rows: tuple[Row, ...], to: Path, *, x_title: str) -> tuple[Path, Path]:
    """Draw a line a row, from 0 to 100%, and write `to`.svg and `to`.png."""
    with picture(height=0.9 + _ROW * max(len(rows), 1)) as figure:
        axes = figure.subplots()
        axes.set_ylim(_ROW * max(len(rows), 1), 0)
        axes.set_xlim(0, 1)
        for number, row in enumerate(rows):
            top, at = number * _ROW, number * _ROW + 0.37
            axes.text(0, top + 0.06, row.label, color=INK, va="top", fontsize=10, fontweight="bold")
            axes.text(1, top + 0.06, row.words, va="top", ha="right", fontsize=10,
                      color=INK if row.value is not None else GREY)  # fmt: skip
            if row.low is not None and row.high is not None:
                axes.plot((row.low, row.high), (at, at), color=NAVY, lw=2, solid_capstyle="butt")
            if row.value is not None:
                axes.plot(row.value, at, marker="o", ms=8, color=NAVY, mec=INK, mew=1, zorder=3,
                          clip_on=False)  # fmt: skip
        axes.grid(visible=False, axis="y")
        axes.set_yticks([])
        axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        axes.set_xlabel(x_title, loc="left")
        return save(figure, to)
