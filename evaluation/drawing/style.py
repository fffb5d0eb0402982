"""What all pictures share: the Analysis Function's style, a font with every Welsh letter, fixed bytes.

Drawn without pyplot, so that nothing global is changed and no window is ever opened. Sized for a
telephone: 11-point letters in a picture five inches wide stay legible at 360 pixels.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from itertools import pairwise
from pathlib import Path
from typing import Any

from afcharts.af_colours import get_af_colours
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

NAVY, TEAL, PLUM, ORANGE, INK, _LILAC = get_af_colours("categorical")
GREY = "#6b7280"
WIDTH = 5.2
ON_WHITE: Any = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}
"""The ground of words that a line would otherwise run through."""

_SETTINGS: Any = {
    # Ships with matplotlib, so that the same bytes come from every machine; it has ŵ and ŷ.
    "font.family": ["DejaVu Sans"],
    "font.size": 11,
    "axes.labelsize": 11,
    "xtick.labelsize": 11,
    "ytick.labelsize": 11,
    "axes.titlesize": 11,
    "axes.unicode_minus": True,
    # Letters as outlines: a picture looks alike wherever it is opened. What it says stands in
    # its alt text and in the table under it.
    "text.parse_math": False,
    "svg.fonttype": "path",
    "svg.hashsalt": "evaluation",
}


@contextmanager
def picture(*, height: float) -> Iterator[Figure]:
    """A blank picture of the common width; `height` is in inches."""
    style = files("afcharts") / "afcharts.mplstyle"
    with as_file(style) as path, rc_context(fname=path), rc_context(_SETTINGS):
        yield Figure(figsize=(WIDTH, height), layout="constrained")


def save(figure: Figure, to: Path) -> tuple[Path, Path]:
    """Write `to`.svg (for screens and print) and `to`.png (for Word), without a date in either."""
    vector, raster = to.with_name(f"{to.name}.svg"), to.with_name(f"{to.name}.png")
    figure.savefig(vector, metadata={"Date": None, "Creator": None})
    figure.set_layout_engine("none")  # laid out once: it takes as long as the drawing
    figure.savefig(raster, dpi=200, metadata={"Software": None})
    return vector, raster


def title_of_y(axes: Axes, words: str) -> None:
    """What the upright axis shows, written level above it, where it can be read."""
    axes.set_title(words, loc="left", color=INK, pad=10)


def spread(places: list[float], gap: float) -> list[float]:
    """The places moved apart, in their order, until none is nearer to the next than `gap`."""
    order = sorted(range(len(places)), key=lambda item: (places[item], item))
    moved = list(places)
    for lower, upper in pairwise(order):
        moved[upper] = max(moved[upper], moved[lower] + gap)
    excess = (sum(moved) - sum(places)) / max(len(places), 1)
    return [place - excess for place in moved]
