"""From all children to those compared: who was left out on the way, and for which reason."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from evaluation.drawing.style import INK, NAVY, WIDTH, picture, save

_LINE, _PAD, _GAP = 0.19, 0.08, 0.1
"""Inches: a line of words, the room inside a box, and the room between two boxes."""
_NUMBER = 0.55
"""Inches at the right of a box that are its number's."""
_TRUNK = 0.35
"""Inches from the left edge to the line that leads down from the first box to the last ones."""
_PALE = "#eef1f6"


@dataclass(frozen=True, slots=True)
class Box:
    """Some children: who they are, and how many, as written."""

    label: str
    number: str


def draw(
    start: Box, left_out: tuple[Box, ...], kept: tuple[Box, ...], to: Path
) -> tuple[Path, Path]:
    """Draw the boxes and write `to`.svg and `to`.png.

    `start` stands on top, those `left_out` hang on the line that leads down from it, in the order
    in which they were left out, and those `kept` stand side by side at its end.
    """
    across = (WIDTH - 0.15 * (len(kept) - 1)) / max(len(kept), 1)
    heights = [_height(start, WIDTH), *(_height(box, WIDTH - 2 * _TRUNK) for box in left_out)]
    last = max((_height(box, across) for box in kept), default=0.0)
    total = sum(heights) + _GAP * len(heights) + 0.2 + last
    with picture(height=total + 0.1) as figure:
        axes = figure.subplots()
        axes.set_axis_off()
        axes.set_xlim(0, WIDTH)
        axes.set_ylim(total, -0.03)
        _box(axes, start, (0, 0), (WIDTH, heights[0]), is_filled=True)
        top = heights[0] + _GAP
        for box, height in zip(left_out, heights[1:], strict=True):
            middle = top + height / 2
            axes.annotate("", (2 * _TRUNK, middle), (_TRUNK, middle), arrowprops=_ARROW)
            _box(axes, box, (2 * _TRUNK, top), (WIDTH - 2 * _TRUNK, height), is_filled=False)
            top += height + _GAP
        end = top + 0.2
        axes.plot([_TRUNK, _TRUNK], [heights[0], top], color=NAVY, lw=1.6)
        for place, box in enumerate(kept):
            left = place * (across + 0.15)
            at = left + (_TRUNK if place == 0 else across / 2)
            axes.plot([_TRUNK, at], [top, top], color=NAVY, lw=1.6)
            axes.annotate("", (at, end), (at, top), arrowprops=_ARROW)
            _box(axes, box, (left, end), (across, last), is_filled=True)
        return save(figure, to)


_ARROW = {"arrowstyle": "-|>", "color": NAVY, "lw": 1.6, "shrinkA": 0, "shrinkB": 0}


def _lines(box: Box, width: float) -> list[str]:
    return wrap(box.label, int((width - _NUMBER) * 12.2 - 1)) or [""]


def _height(box: Box, width: float) -> float:
    return _LINE * len(_lines(box, width)) + 2 * _PAD


def _box(
    axes: Axes, box: Box, corner: tuple[float, float], size: tuple[float, float], *, is_filled: bool
) -> None:
    """A frame, the words, and the number at their right in bold."""
    left, top = corner
    face = _PALE if is_filled else "white"
    axes.add_patch(Rectangle(corner, *size, fc=face, ec=NAVY, lw=1.4))
    words = _lines(box, size[0])
    axes.text(left + _PAD, top + _PAD, "\n".join(words), color=INK, fontsize=10, va="top")
    axes.text(left + size[0] - _PAD, top + _PAD, box.number, color=INK, fontsize=11, va="top",
              ha="right", fontweight="bold")  # fmt: skip
