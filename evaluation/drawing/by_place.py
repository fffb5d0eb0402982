"""Places side by side, each against what chance leaves room for: a p-chart laid on its side.

Places stand in the order given, never in that of their figures: most of a league table is chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from matplotlib.patches import Rectangle
from matplotlib.ticker import PercentFormatter

from evaluation.drawing.style import GREY, INK, NAVY, ON_WHITE, ORANGE, picture, save

_BAND = "#dfe5ef"


@dataclass(frozen=True, slots=True)
class Place:
    """One place: its share with the limits of chance round the share of all, and its words.

    `value` is missing where it is not shown; `is_outside` says that it lies beyond its limits.
    """

    label: str
    value: float | None
    low: float | None
    high: float | None
    words: str
    is_outside: bool = False


def draw(
    places: tuple[Place, ...],
    to: Path,
    *,
    centre: float | None,
    centre_words: str,
    band_words: str,
    outside_words: str,
) -> tuple[Path, Path]:
    """Draw a line a place, from top to bottom, and write `to`.svg and `to`.png.

    The band is what chance leaves room for; within it a place need not differ from the others.
    A place outside is a diamond, one within a circle.
    """
    rows = max(len(places), 1)
    with picture(height=1.5 + 0.52 * rows) as figure:
        axes = figure.subplots()
        axes.set_ylim(rows * 0.52, 0)
        held = [n for place in places for n in (place.value, place.low) if n is not None]
        left = max(0.0, min([*held, 1.0]) - 0.08)
        axes.set_xlim(left, 1.005)
        if centre is not None:
            axes.axvline(centre, color=GREY, lw=1.4, zorder=1, label=centre_words)
        for number, place in enumerate(places):
            top = number * 0.52
            at = top + 0.37
            axes.text(left, top + 0.06, place.label, color=INK, va="top", fontsize=10,
                      fontweight="bold", bbox=ON_WHITE)  # fmt: skip
            axes.text(1.005, top + 0.06, place.words, va="top", ha="right", fontsize=10,
                      color=INK if place.value is not None else GREY, bbox=ON_WHITE)  # fmt: skip
            if place.low is not None and place.high is not None:
                axes.add_patch(Rectangle((place.low, at - 0.08), place.high - place.low, 0.16,
                                         fc=_BAND, ec=GREY, lw=0.8, zorder=0))  # fmt: skip
            if place.value is not None:
                axes.plot(place.value, at, marker="D" if place.is_outside else "o", ms=9,
                          color=ORANGE if place.is_outside else NAVY, mec=INK, mew=1, zorder=3)  # fmt: skip
        axes.fill_between([], [], [], color=_BAND, ec=GREY, label=band_words)
        if any(place.is_outside for place in places):
            axes.plot([], [], ls="", marker="D", ms=9, color=ORANGE, mec=INK, label=outside_words)
        axes.grid(visible=False)
        axes.set_yticks([])
        axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        figure.legend(loc="outside lower left", ncols=1, fontsize=10)
        return save(figure, to)
