"""How alike two groups are in each thing that is recorded, before and after weighting."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap

from evaluation.drawing.style import GREY, INK, NAVY, ON_WHITE, ORANGE, picture, save

_LABEL = 46
_LINE, _POINTS = 0.2, 0.24
"""Inches that a line of a name takes, and its points with the room to the next row."""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing recorded: the standardised differences, without a sign; missing where withheld."""

    label: str
    before: float | None
    after: float | None


def draw(
    rows: tuple[Row, ...],
    to: Path,
    *,
    x_title: str,
    before: str,
    after: str,
    good: float,
    good_words: str,
    withheld: str,
) -> tuple[Path, Path]:
    """Draw the rows in the order given and write `to`.svg and `to`.png.

    Before weighting is a hollow circle, after it a filled diamond, so that neither needs its
    colour; `before` and `after` are their names in the key. A dashed line, named `good_words`,
    stands at `good`: left of it groups are alike. A row without either number says `withheld`.
    """
    laid = [(row, wrap(row.label, _LABEL) or [""]) for row in rows]
    heights = [_LINE * len(lines) + _POINTS for _row, lines in laid]
    total = sum(heights) or _POINTS
    held = [n for row in rows for n in (row.before, row.after) if n is not None]
    reach = 1.08 * max([*map(abs, held), 2 * good])
    with picture(height=total + 1.5) as figure:
        axes = figure.subplots()
        axes.set_ylim(total, 0)
        axes.set_xlim(-0.015 * reach, reach)
        axes.axvline(good, color=GREY, lw=1.4, ls=(0, (4, 3)), zorder=1)
        axes.text(good, -0.05, good_words, color=GREY, fontsize=10, ha="left", va="bottom")
        top = 0.0
        for (row, lines), height in zip(laid, heights, strict=True):
            axes.text(0, top + 0.02, "\n".join(lines), color=INK, fontsize=10, va="top",
                      bbox=ON_WHITE)  # fmt: skip
            at = top + height - 0.65 * _POINTS
            axes.plot([0, reach], [at, at], color="#e5e7eb", lw=1, zorder=0)
            if row.before is None and row.after is None:
                axes.text(0, at, withheld, color=GREY, fontsize=10, va="center")
            if row.before is not None and row.after is not None:
                axes.plot([abs(row.before), abs(row.after)], [at, at], color=GREY, lw=1, zorder=1)
            if row.before is not None:
                axes.plot(abs(row.before), at, marker="o", ms=8, mfc="white", mec=NAVY, mew=2)
            if row.after is not None:
                axes.plot(abs(row.after), at, marker="D", ms=7, color=ORANGE, mec=INK, mew=1)
            top += height
        axes.grid(visible=False)
        axes.set_yticks([])
        axes.set_xlabel(x_title, loc="left")
        axes.plot([], [], ls="", marker="o", ms=8, mfc="white", mec=NAVY, mew=2, label=before)
        axes.plot([], [], ls="", marker="D", ms=7, color=ORANGE, mec=INK, mew=1, label=after)
        figure.legend(loc="outside lower left", ncols=1, fontsize=10, handletextpad=0.4)
        return save(figure, to)
