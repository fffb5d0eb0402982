"""Before and after a dated change: what was seen, the lines through it, and what had been expected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import fill
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

_DASHES: Any = (0, (4, 3))
_LINE_OF_WORDS = 52


@dataclass(frozen=True, slots=True)
class Seen:
    """A share as it was seen; its place is a month, or lies between months where it is of several."""

    place: float
    value: float


@dataclass(frozen=True, slots=True)
class OnLine:
    """One month of a line, with its limits."""

    place: int
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Words:
    """What stands in the key, and at the right ends of the two lines after the change."""

    seen: str
    fitted: str
    expected: str
    room: str
    event: str
    fitted_ends: str
    expected_ends: str


def draw(
    months: Sequence[str],
    seen: Sequence[Seen],
    fitted: Sequence[OnLine],
    expected: Sequence[OnLine],
    to: Path,
    *,
    changed_at: float,
    words: Words,
    y_title: str,
) -> tuple[Path, Path]:
    """Draw shares by month and write `to`.svg and `to`.png.

    `months` are the labels of all places. `fitted` is broken at `changed_at`, the place of the
    change, and where a month is left out; `expected`, dashed, lies in the band of its limits. A
    limit above the top of the picture is cut off there.
    """
    with picture(height=4.9) as figure:
        axes = figure.subplots()
        top = _top(seen, fitted, expected)
        axes.set_ylim(0, top)
        axes.set_xlim(-0.5, len(months) - 0.5)
        _band(axes, expected, top, words.room)
        axes.plot([one.place for one in expected], [one.value for one in expected], color=ORANGE,
                  lw=2.2, ls=_DASHES, label=words.expected, zorder=2)  # fmt: skip
        for side, label in ((False, words.fitted), (True, "_after")):
            own = [one for one in fitted if (one.place > changed_at) is side]
            axes.plot([one.place for one in own], [one.value for one in own], color=NAVY, lw=2.2,
                      label=label, zorder=3)  # fmt: skip
        axes.plot([one.place for one in seen], [one.value for one in seen], ls="", marker="o", ms=6,
                  color="white", mec=INK, mew=1.4, label=words.seen, zorder=4, clip_on=False)  # fmt: skip
        axes.axvline(changed_at, color=INK, lw=1, ls=(0, (1, 2)), zorder=1)
        axes.text(changed_at, top, "A", ha="center", va="top", color=INK, fontsize=10,
                  fontweight="bold", bbox=ON_WHITE)  # fmt: skip
        _ends(axes, fitted, expected, words, months=len(months))
        step = next((s for s in (1, 2, 3, 6) if len(months) <= 8 * s), 12)
        axes.set_xticks(range(0, len(months), step), list(months[::step]))
        axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        title_of_y(axes, y_title)
        axes.plot([], [], ls="", marker="", label=fill(f"A: {words.event}", _LINE_OF_WORDS))
        figure.legend(loc="outside lower left", ncols=1, fontsize=10, handletextpad=0.6)
        return save(figure, to)


def _band(axes: Axes, expected: Sequence[OnLine], top: float, label: str) -> None:
    axes.fill_between(
        [one.place for one in expected],
        [one.low for one in expected],
        [min(one.high, top) for one in expected],
        color=GREY, alpha=0.18, lw=0, label=label, zorder=0,
    )  # fmt: skip


def _ends(
    axes: Axes,
    fitted: Sequence[OnLine],
    expected: Sequence[OnLine],
    words: Words,
    *,
    months: int,
) -> None:
    """The words at the right ends of both lines, apart from each other."""
    top = axes.get_ylim()[1]
    told = [(line[-1].value, said) for line, said in
            ((fitted, words.fitted_ends), (expected, words.expected_ends)) if line]  # fmt: skip
    places = spread([min(value, top) for value, _said in told], top * 0.09)
    for place, (_value, said) in zip(places, told, strict=True):
        axes.text(months - 0.35, place, said, va="center", ha="left", color=INK, fontsize=10,
                  clip_on=False)  # fmt: skip


def _top(seen: Sequence[Seen], fitted: Sequence[OnLine], expected: Sequence[OnLine]) -> float:
    """Above all that was seen and both lines; of the limits no more than half as much again."""
    held = [*(one.value for one in seen), *(one.value for one in (*fitted, *expected))]
    limits = [one.high for one in expected]
    return min(max([*held, *limits], default=1.0) * 1.05, 1.5 * max(held, default=1.0), 1.02)
