"""How wide the columns of a sheet are, in letters."""

from __future__ import annotations

from evaluation.rendering.sheets.book import Cell, Grid, Link
from evaluation.rendering.sheets.numbers import Number

NARROWEST, WIDEST = 12, 60
PAGE = 130
"""Letters that a landscape page holds at full size: where a table has more, its widest columns give way."""
ALONE = 90
"""The only column of a sheet without a table."""


def widths(grid: Grid) -> list[int]:
    """Wide enough for each column's cells and for its title on three lines, within bounds.

    Where that is more than a page holds, words take more lines.
    """
    columns = list(zip(*grid.rows, strict=True)) if grid.rows else [()] * len(grid.columns)
    wanted = [
        max(NARROWEST, _of_title(title), *(len(shown(cell)) + 4 for cell in cells))
        for title, cells in zip(grid.columns, columns, strict=True)
    ]
    least = [
        max(NARROWEST, _longest(title) + 5, *(_least(cell) for cell in cells))
        for title, cells in zip(grid.columns, columns, strict=True)
    ]

    def within(widest: int) -> list[int]:
        return [max(low, min(width, widest)) for low, width in zip(least, wanted, strict=True)]

    fitting = (within(widest) for widest in range(WIDEST, NARROWEST, -1))
    return next((wide for wide in fitting if sum(wide) <= PAGE), within(NARROWEST))


def _of_title(title: str) -> int:
    # Titles are bold, and those of two columns that stand on the right must not touch.
    return max(len(title) // 3 + 8, _longest(title) + 6)


def _least(cell: Cell) -> int:
    """A number stays on one line, words do not have to."""
    return (len(cell.shown) if isinstance(cell, Number) else _longest(shown(cell))) + 3


def _longest(words: str) -> int:
    return max(map(len, words.split()), default=0)


def shown(cell: Cell) -> str:
    """The words of a cell."""
    match cell:
        case Number():
            return cell.shown
        case Link():
            return cell.words
        case _:
            return cell


def lines(cell: Cell, width: int) -> int:
    """How many lines the words of a cell take in a column so wide; a little too many at times."""
    taken, room = 1, width - 1
    for word in shown(cell).split():
        if len(word) + 1 > room:
            taken, room = taken + 1, width - 1
        room -= len(word) + 1
    return taken
