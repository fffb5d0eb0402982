"""The same series in several places, one small picture each, all on one scale; never ranked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matplotlib.lines import Line2D

from evaluation.drawing.style import GREY, INK, NAVY, picture, save

_COLUMNS = 2
_DASHES: Any = (0, (4, 3))


@dataclass(frozen=True, slots=True)
class Panel:
    """One place: its name, and its values in time, missing where there is none to show."""

    label: str
    values: tuple[float | None, ...]


def draw(
    panels: tuple[Panel, ...],
    to: Path,
    *,
    ticks: tuple[tuple[int, str], ...],
    y_title: str,
    mean_words: str,
) -> tuple[Path, Path]:
    """Draw the panels in the order given, two a row, and write `to`.svg and `to`.png.

    `ticks` are places in time with their words. All panels have one scale, so that a place is
    compared with its own past; the dashed line, `mean_words` in the key, is the mean of the months
    that the panel shows.
    """
    rows = max(-(-len(panels) // _COLUMNS), 1)
    held = [value for panel in panels for value in panel.values if value is not None]
    last = max((len(panel.values) for panel in panels), default=1) - 1
    with picture(height=0.7 + 1.35 * rows) as figure:
        grid = figure.subplots(rows, _COLUMNS, sharex=True, sharey=True, squeeze=False)
        figure.suptitle(y_title, x=0.01, ha="left", fontsize=11, color=INK)
        for axes, panel in zip(grid.flat, panels, strict=False):
            axes.set_title(panel.label, loc="left", fontsize=10, fontweight="bold", color=INK)
            heights = [float("nan") if value is None else value for value in panel.values]
            known = [value for value in panel.values if value is not None]
            if known:
                axes.axhline(sum(known) / len(known), color=GREY, lw=1.4, ls=_DASHES)
            axes.plot(range(len(heights)), heights, color=NAVY, lw=1.8, marker="o", ms=3.5)
            axes.set_ylim(0, 1.1 * max([*held, 1]))
            axes.set_xlim(-0.5, last + 0.5)
            axes.set_xticks([place for place, _words in ticks], [words for _place, words in ticks])
            axes.tick_params(labelsize=9)
        for axes in list(grid.flat)[len(panels) :]:
            axes.set_axis_off()
        for axes in list(grid.flat)[max(len(panels) - _COLUMNS, 0) : len(panels)]:
            axes.tick_params(labelbottom=True)  # the lowest of each column bears the months
        figure.legend(
            handles=[Line2D([], [], color=GREY, lw=1.4, ls=_DASHES, label=mean_words)],
            loc="outside lower left", fontsize=10,
        )  # fmt: skip
        return save(figure, to)
