"""How far children have come: one level bar a stage, each with its name and its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from evaluation.drawing.style import GREY, INK, NAVY, picture, save


@dataclass(frozen=True, slots=True)
class Stage:
    """One bar: its name, its length (missing where it is withheld), and the words at its end."""

    label: str
    children: int | None
    words: str


def draw(stages: tuple[Stage, ...], to: Path) -> tuple[Path, Path]:
    """Draw the stages from top to bottom and write `to`.svg and `to`.png.

    Names stand above their bars, where a narrow screen has room for them; a stage that is
    withheld has its words and no bar.
    """
    longest = max((stage.children or 0 for stage in stages), default=0) or 1
    with picture(height=0.1 + 0.75 * len(stages)) as figure:
        axes = figure.subplots()
        axes.set_axis_off()
        axes.set_xlim(0, longest * 1.25)
        axes.set_ylim(len(stages) - 0.6, -0.6)
        for row, stage in enumerate(stages):
            axes.text(0, row - 0.36, stage.label, color=INK, va="center", fontweight="bold")
            if stage.children is not None:
                axes.barh(row + 0.06, stage.children, height=0.42, color=NAVY)
            axes.text(
                (stage.children or 0) + longest * 0.02,
                row + 0.06,
                stage.words,
                color=INK if stage.children is not None else GREY,
                va="center",
            )
        return save(figure, to)
