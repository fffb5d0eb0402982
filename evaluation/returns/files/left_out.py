"""What calamine leaves out of a sheet of an `.xlsx` workbook, looked up in the sheet's XML.

It gives error cells as blanks, and a moment at midnight as a day; a formula that no spreadsheet
has worked out would also seem blank. It does not tell what is hidden.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from openpyxl.utils import column_index_from_string

from evaluation.returns.files import refusals
from evaluation.returns.grid import Raw

# Cells in a sheet's XML. Every repetition is bounded, and none goes past the start of the next
# tag, so that no XML makes the search crawl.
_REF = rb"""[^<>]{0,200}?\sr=["']([A-Z]{1,3})([0-9]{1,7})["'][^<>]{0,200}>\s*"""
_FORMULA = rb"""<(?:\w+:)?f\b[^<>]{0,400}(?:/>|>[^<]{0,9000}</(?:\w+:)?f>)\s*"""
_ERROR = re.compile(
    rb"""<(?:\w+:)?c(?=\s[^<>]{0,200}\bt=["']e["'])""" + _REF + rb"(?:" + _FORMULA + rb")?"
    rb"<(?:\w+:)?v>([^<]{1,20})<"
)
_NEVER_CALCULATED = re.compile(
    rb"""<(?:\w+:)?c(?!\s[^<>]{0,200}\bt=["']str["'])"""
    + _REF
    + _FORMULA
    + rb"(?:<(?:\w+:)?v\s*/>\s*|<(?:\w+:)?v>\s*</(?:\w+:)?v>\s*)?</(?:\w+:)?c>"
)
_MIDNIGHT = rb"""<(?:\w+:)?c(?=\s[^<>]{0,200}\bs=["'](?:%b)["'])%b(?:%b)?<(?:\w+:)?v>[0-9]+<"""
_HIDDEN = rb"""(?=[^<>]{0,400}\shidden=["'](?:1|true)["'])"""
_HIDDEN_ROW = re.compile(
    rb"<(?:\w+:)?row" + _HIDDEN + rb"""[^<>]{0,400}?\sr=["']([0-9]{1,7})["']"""
)
_HIDDEN_COLUMN = re.compile(rb"<(?:\w+:)?col" + _HIDDEN + rb"([^<>]{0,400})>")
_FROM_TO = re.compile(rb"""\s(min|max)=["']([0-9]{1,5})["']""")


@dataclass(frozen=True)
class Seen:
    """What a sheet's XML shows: cells by row and column, from 1."""

    errors: tuple[tuple[int, int, str], ...] = ()
    midnights: tuple[tuple[int, int], ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


def look(xml: bytes, timed: frozenset[bytes]) -> Seen:
    """Go through a sheet's XML; `timed` are the numbers of the styles that show a time."""
    return Seen(
        tuple(_errors(xml)),
        tuple(_midnights(xml, timed)),
        frozenset(int(row[1]) for row in _HIDDEN_ROW.finditer(xml)),
        frozenset(_hidden_columns(xml)),
    )


def completed(rows: list[list[Raw]], seen: Seen) -> list[list[Raw]]:
    """The sheet's rows, as calamine gives them, with what it left out."""
    for row, column, words in seen.errors:
        _put(rows, row, column, words)
    for row, column in seen.midnights:
        if row <= len(rows) and column <= len(rows[0]):
            cell = rows[row - 1][column - 1]
            if type(cell) is date:
                rows[row - 1][column - 1] = datetime.combine(cell, time())
    return rows


def _put(rows: list[list[Raw]], row: int, column: int, words: str) -> None:
    """Write into a cell, and widen the sheet first if the cell lies outside."""
    width = max(column, len(rows[0]) if rows else 0)
    if rows and len(rows[0]) < width:
        for cells in rows:
            cells.extend([""] * (width - len(cells)))
    rows.extend([""] * width for _more in range(row - len(rows)))
    rows[row - 1][column - 1] = words


def _errors(xml: bytes) -> Iterator[tuple[int, int, str]]:
    for found in _ERROR.finditer(xml):
        letters, number, words = found.groups()
        yield int(number), column_index_from_string(letters.decode()), words.decode()
    if b"<f" in xml or b":f" in xml:
        for found in _NEVER_CALCULATED.finditer(xml):
            letters, number = found.groups()
            yield int(number), column_index_from_string(letters.decode()), "#CALC!"


def _midnights(xml: bytes, timed: frozenset[bytes]) -> Iterator[tuple[int, int]]:
    """Cells that show a time and hold whole days."""
    if timed:
        one_of = b"|".join(sorted(timed))
        for found in re.finditer(_MIDNIGHT % (one_of, _REF, _FORMULA), xml):
            letters, number = found.groups()
            yield int(number), column_index_from_string(letters.decode())


def _hidden_columns(xml: bytes) -> Iterator[int]:
    for said in _HIDDEN_COLUMN.findall(xml):
        reach = dict(_FROM_TO.findall(said))
        if len(reach) == 2:
            yield from range(int(reach[b"min"]), min(int(reach[b"max"]), refusals.MOST_COLUMNS) + 1)
