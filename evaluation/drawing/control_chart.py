"""A series in time with its centre and limits; what stands out differs in shape and colour.

Of every kind: XmR, whose limits are level, and u and p, whose limits follow how much each point is
made from. A variation or an assurance, in the manner of Making Data Count, is a sign with words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import fill
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from evaluation.drawing.style import (
    GREY,
    INK,
    NAVY,
    ON_WHITE,
    ORANGE,
    PLUM,
    TEAL,
    picture,
    save,
    spread,
    title_of_y,
)

_KINDS: dict[str, tuple[str, str]] = {
    "concern": ("D", ORANGE),
    "improvement": ("s", TEAL),
    "special_cause": ("^", PLUM),
}
"""Shape and colour of a point that stands out, by what it is: worse, better, or neither."""

_SIGNS: dict[str, tuple[str, str, str]] = {
    "common_cause": ("~", "circle", GREY),
    "improvement": ("✓", "square", TEAL),
    "concern": ("!", "square", ORANGE),
    "special_cause": ("≠", "circle", PLUM),
    "pass": ("P", "square", TEAL),
    "fail": ("F", "square", ORANGE),
    "hit_or_miss": ("?", "circle", GREY),
}
_LINE_OF_WORDS = 52


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the series; `kind` is why it stands out, a key of `kind_words`, or ''.

    `value` is missing where it is withheld or has not come, and `words` stand there instead.
    Centre and limits are missing where there are none.
    """

    label: str
    value: float | None
    centre: float | None = None
    low: float | None = None
    high: float | None = None
    kind: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """What happened at a point, by its place; `words` say what and when, under the picture."""

    place: int
    words: str


def draw(
    points: Sequence[Point],
    to: Path,
    *,
    line_words: tuple[str, str, str] | None,
    kind_words: Mapping[str, str],
    y_title: str,
    events: Sequence[Event] = (),
    signs: Sequence[tuple[str, str]] = (),
    is_share: bool = False,
) -> tuple[Path, Path]:
    """Draw the series in order and write `to`.svg and `to`.png.

    The line is broken where there is no value. `line_words` stand at the right end of the low
    limit, the centre and the high one; `kind_words` are what the kinds are called in the key.
    Events are upright lines with a letter. `signs` are codes of a variation or an assurance with
    their words, on a line of their own above.
    """
    key = sum(kind in {point.kind for point in points} for kind in kind_words)
    with picture(height=4.0 + 0.22 * (key + len(signs)) + 0.4 * len(events)) as figure:
        axes = figure.subplots()
        _series(axes, points)
        axes.set_ylim(_floor(points, is_share=is_share), _ceiling(points, is_share=is_share))
        _marks(axes, points, kind_words)
        if line_words:
            _levels(axes, points, line_words)
        letters = _events(axes, events)
        axes.set_xlim(-0.5, len(points) - 0.5)
        step = next((s for s in (1, 2, 3, 6) if len(points) <= 8 * s), 12)
        axes.set_xticks(range(0, len(points), step), [point.label for point in points[::step]])
        if is_share:
            axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        title_of_y(axes, y_title)
        _signs(axes, signs)
        _key(figure, axes, letters)
        return save(figure, to)


def _series(axes: Axes, points: Sequence[Point]) -> None:
    heights = [float("nan") if point.value is None else point.value for point in points]
    axes.plot(range(len(points)), heights, color=NAVY, lw=1.8, marker="o", ms=5, clip_on=False)
    for place, point in enumerate(points):
        if point.value is None:
            axes.text(place, 0.01, point.words, transform=axes.get_xaxis_transform(), ha="center",
                      va="bottom", color=GREY, fontsize=9)  # fmt: skip


def _marks(axes: Axes, points: Sequence[Point], kind_words: Mapping[str, str]) -> None:
    for kind, words in kind_words.items():
        chosen = [(x, p.value) for x, p in enumerate(points) if p.kind == kind]
        if chosen:
            shape, colour = _KINDS.get(kind, ("D", ORANGE))
            axes.plot(
                *zip(*chosen, strict=True), ls="", marker=shape, ms=10, color=colour, mec=INK,
                mew=1.2, label=words, zorder=3, clip_on=False,
            )  # fmt: skip


def _levels(axes: Axes, points: Sequence[Point], words: tuple[str, str, str]) -> None:
    """The centre and the limits as steps, a step a point, labelled at the right."""
    dashes: Any
    ends: list[float] = []
    for name, dashes in (("low", (0, (4, 3))), ("centre", "-"), ("high", (0, (4, 3)))):
        levels = [getattr(point, name) for point in points]
        heights = [float("nan") if level is None else level for level in levels]
        places = [x for place in range(len(points)) for x in (place - 0.5, place + 0.5)]
        twice = [height for height in heights for _end in range(2)]
        axes.plot(places, twice, color=GREY, lw=1.4, ls=dashes, zorder=1)
        ends.append(next((level for level in reversed(levels) if level is not None), 0.0))
    foot, top = axes.get_ylim()
    for place, said in zip(spread(ends, (top - foot) * 0.12), words, strict=True):
        axes.text(len(points) - 0.35, place, said, va="center", ha="left", color=INK, fontsize=10,
                  clip_on=False)  # fmt: skip


def _events(axes: Axes, events: Sequence[Event]) -> list[str]:
    """An upright line at each event, with its letter; gives what stands in the key."""
    told = []
    for letter, event in zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", events, strict=False):
        axes.axvline(event.place, color=INK, lw=1, ls=(0, (1, 2)), zorder=1)
        axes.text(event.place, axes.get_ylim()[1], letter, ha="center", va="top", color=INK,
                  fontsize=10, fontweight="bold", bbox=ON_WHITE)  # fmt: skip
        told.append(fill(f"{letter}: {event.words}", _LINE_OF_WORDS))
    return told


def _signs(axes: Axes, signs: Sequence[tuple[str, str]]) -> None:
    """Each sign in its frame, and its words beside it, above the title of the axis."""
    for line, (code, words) in enumerate(reversed(signs)):
        mark, frame, colour = _SIGNS[code]
        height = 28 + 21 * line
        axes.annotate(
            mark, (0, 1), (8, height), xycoords="axes fraction", textcoords="offset points",
            ha="center", va="center", color="white", fontsize=10, fontweight="bold",
            bbox={"boxstyle": f"{frame},pad=0.25", "facecolor": colour, "edgecolor": INK},
        )  # fmt: skip
        axes.annotate(
            words, (0, 1), (24, height), xycoords="axes fraction", textcoords="offset points",
            ha="left", va="center", color=INK, fontsize=10,
        )  # fmt: skip


def _key(figure: Figure, axes: Axes, letters: Sequence[str]) -> None:
    """What the shapes mean, then what the letters do."""
    for words in letters:
        axes.plot([], [], ls="", marker="", label=words)
    if axes.get_legend_handles_labels()[0]:
        figure.legend(loc="outside lower left", ncols=1, fontsize=10, handletextpad=0.4)


def _floor(points: Sequence[Point], *, is_share: bool) -> float:
    """Zero; of shares that are all high the ten per cent below the lowest, to leave room to see."""
    held = [n for point in points for n in (point.value, point.low) if n is not None]
    lowest = min([*held, 1.0])
    return int(lowest * 10 - 0.5) / 10 if is_share and lowest > 0.5 else 0.0


def _ceiling(points: Sequence[Point], *, is_share: bool) -> float:
    """The top of the picture: above all that it holds, and above nothing where it is empty."""
    held = [n for point in points for n in (point.value, point.high) if n is not None]
    return 1.02 if is_share else 1.1 * max([*held, 1])
