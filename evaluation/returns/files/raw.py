"""What every format gives: sheets of text, what is hidden in them, what stands beside the cells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from evaluation.language import Text, _

DAY_ZERO = date(1899, 12, 30)
"""What the numbers of dates count from; right from 1 March 1900 on."""
DAY_ZERO_1904 = date(1904, 1, 1)


@dataclass(frozen=True)
class RawSheet:
    """One sheet as text; `grid` is as `grid.text_grid` gives it, rows and columns from 1."""

    name: str
    grid: pd.DataFrame
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Aside:
    """A text that is in no cell; `where` says in what, for a sentence: 'a comment'.

    `by_sender` where it tells who wrote the file, such as its author, and no child.
    """

    where: Text
    text: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    by_sender: bool = False


@dataclass(frozen=True)
class RawFile:
    """One file; nothing in it is interpreted.

    `day_zero` is the day from which the numbers of its dates count; None where the file is
    plain text and has no such numbers. `linked` where cells may come from another workbook.
    """

    data: bytes
    sheets: tuple[RawSheet, ...]
    asides: tuple[Aside, ...] = ()
    day_zero: date | None = DAY_ZERO
    linked: bool = False


COMMENT = _("a comment")
PROPERTIES = _("the properties of the file")
HEADER = _("a header or footer")
NAMES = _("the name of a sheet or a range")
DRAWING = _("a text box or a picture")
LINKS = _("what is kept from a linked workbook")
PIVOT = _("what is kept for a pivot table or a chart")
CHANGES = _("the record of earlier changes")
