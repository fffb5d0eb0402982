"""Places by their size: the smaller, the more room chance has. A funnel; never a ranking."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from evaluation.drawing.style import (
    GREY,
    INK,
    NAVY,
    ON_WHITE,
    ORANGE,
    picture,
    save,
    spread,
    title_of_y,
)


@dataclass(frozen=True, slots=True)
class Place:
    """One point: its name, its size and its value; `is_outside` beyond the outer limits."""

    label: str
    size: float
    value: float
    is_outside: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits by size: of as many sizes as each of the others has numbers."""

    sizes: tuple[float, ...]
    low_95: tuple[float, ...]
    high_95: tuple[float, ...]
    low_998: tuple[float, ...]
    high_998: tuple[float, ...]


def draw(
    places: tuple[Place, ...],
    to: Path,
    *,
    centre: float,
    limits: Limits,
    x_title: str,
    y_title: str,
    words: tuple[str, str, str],
    is_share: bool = True,
) -> tuple[Path, Path]:
    """Draw the places and the limits and write `to`.svg and `to`.png.

    `words` name the centre, the inner limits and the outer ones in the key. A place beyond the
    outer ones is a diamond, one within a circle; each bears its name. The three lines differ
    without colour: thick, dashed and dotted.
    """
    dashes: Any
    with picture(height=3.7) as figure:
        axes = figure.subplots()
        axes.axhline(centre, color=GREY, lw=2.8, label=words[0])
        for low, high, dashes, said in (
            (limits.low_95, limits.high_95, (0, (4, 3)), words[1]),
            (limits.low_998, limits.high_998, (0, (1, 1.5)), words[2]),
        ):
            axes.plot(limits.sizes, low, color=INK, lw=1.5, ls=dashes, label=said)
            axes.plot(limits.sizes, high, color=INK, lw=1.5, ls=dashes)
        for place in places:
            axes.plot(place.size, place.value, marker="D" if place.is_outside else "o", ms=8,
                      color=ORANGE if place.is_outside else NAVY, mec=INK, mew=1, zorder=3)  # fmt: skip
        axes.set_xlim(0, 1.05 * max([*limits.sizes, *(place.size for place in places), 1]))
        _names(axes, places)
        if is_share:
            axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        axes.set_xlabel(x_title, loc="left")
        title_of_y(axes, y_title)
        figure.legend(loc="outside lower left", ncols=1, fontsize=10)
        return save(figure, to)


def _names(axes: Axes, places: tuple[Place, ...]) -> None:
    """Each point's name beside it, towards the middle, moved apart where two would overprint."""
    low, high = axes.get_ylim()
    middle = axes.get_xlim()[1] / 2
    heights = spread([place.value for place in places], (high - low) * 0.085)
    for place, height in zip(places, heights, strict=True):
        is_left = place.size < middle
        axes.annotate(
            place.label, (place.size, height), (8 if is_left else -8, 0),
            textcoords="offset points", ha="left" if is_left else "right", va="center",
            fontsize=9, color=INK, bbox=ON_WHITE, zorder=2,
        )  # fmt: skip
