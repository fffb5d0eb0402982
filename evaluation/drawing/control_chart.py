"""A series with its centre and limits (XmR); points that stand out differ in shape and colour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from matplotlib.axes import Axes

from evaluation.drawing.style import GREY, INK, NAVY, ORANGE, picture, save, spread, title_of_y

_SHAPES = {"outside": "D", "shift": "s", "trend": ">", "near": "^"}


@dataclass(frozen=True, slots=True)
class Lines:
    """The centre and the limits, with the words that stand at their ends."""

    centre: float
    low: float
    high: float
    words: tuple[str, str, str]


def draw(
    labels: tuple[str, ...],
    values: tuple[float | None, ...],
    to: Path,
    *,
    lines: Lines | None,
    marks: Mapping[int, str],
    mark_words: Mapping[str, str],
    y_title: str,
    withheld: str,
) -> tuple[Path, Path]:
    """Draw the series in order and write `to`.svg and `to`.png.

    `values` has one number for each label, missing where it is withheld: the line is broken
    there, and the word `withheld` stands at the foot. `marks` names the kind of each point
    that stands out, by its place, `mark_words` what the kinds are called in the key. Without
    `lines` (too few points) the series stands alone.
    """
    with picture(height=4.2) as figure:
        axes = figure.subplots()
        places = range(len(values))
        heights = [float("nan") if value is None else value for value in values]
        axes.plot(
            places, heights,
            color=NAVY, lw=1.8, marker="o", ms=5, clip_on=False,
        )  # fmt: skip
        axes.set_ylim(0, _ceiling(values, lines))
        for place, value in enumerate(values):
            if value is None:
                axes.text(place, 0, withheld, ha="center", va="bottom", color=GREY, fontsize=9)
        for kind in dict.fromkeys(marks.values()):
            chosen = [place for place in places if marks.get(place) == kind]
            axes.plot(
                chosen, [heights[place] for place in chosen], ls="", marker=_SHAPES.get(kind, "D"),
                ms=11, color=ORANGE, mec=INK, mew=1.2, label=mark_words[kind], zorder=3, clip_on=False,
            )  # fmt: skip
        if lines:
            _levels(axes, lines, len(values))
        axes.set_xlim(-0.5, len(values) - 0.5)
        step = next((s for s in (1, 2, 3, 6) if len(labels) <= 8 * s), 12)
        axes.set_xticks(list(places)[::step], labels[::step])
        title_of_y(axes, y_title)
        if marks:
            figure.legend(loc="outside lower left", ncols=1, fontsize=10, handletextpad=0.4)
        return save(figure, to)


def _levels(axes: Axes, lines: Lines, count: int) -> None:
    """The centre and the limits, labelled at the right, outside the series."""
    levels = [lines.low, lines.centre, lines.high]
    top = axes.get_ylim()[1]
    for level, dashes in zip(levels, ((0, (4, 3)), "-", (0, (4, 3))), strict=True):
        axes.axhline(level, color=GREY, lw=1.4, ls=dashes, zorder=1)
    for place, words in zip(spread(levels, top * 0.12), lines.words, strict=True):
        axes.text(
            count - 0.35, place, words, va="center", ha="left", color=INK, fontsize=10,
            clip_on=False,
        )  # fmt: skip


def _ceiling(values: tuple[float | None, ...], lines: Lines | None) -> float:
    """The top of the picture: above all that it holds, and above nothing where it is empty."""
    held = [value for value in values if value is not None]
    return 1.1 * max([*held, lines.high if lines else 0, 1])
