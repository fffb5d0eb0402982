"""`.xls` workbooks of Excel 97 to 2003, read by xlrd.

calamine would give their error cells as blanks and fill every sheet up to its furthest cell.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from io import StringIO
from typing import Literal

import xlrd
from openpyxl.utils import get_column_letter
from xlrd.biffh import XLRDError, error_text_from_code
from xlrd.compdoc import CompDoc, CompDocError
from xlrd.xldate import XLDateError, xldate_as_datetime

from evaluation.returns.files import raw, refusals
from evaluation.returns.files.packed import damage
from evaluation.returns.files.raw import DAY_ZERO, DAY_ZERO_1904, Aside, RawFile, RawSheet
from evaluation.returns.files.xlsx import shows_a_time
from evaluation.returns.grid import Raw, even, text_grid

_PROPERTIES = ("\x05SummaryInformation", "\x05DocumentSummaryInformation")
_RUN = re.compile(rb"[\x20-\x7e\xa0-\xff]{4,400}")


def read_xls(data: bytes, name: str) -> RawFile:
    """The sheets of an `.xls` workbook, in their order; hidden ones too.

    Raises BrokenFile for anything but a readable workbook of bounded size, without macros.
    """
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise refusals.password(name)
    if "_VBA_PROJECT".encode("utf-16-le") in data:
        raise refusals.macros(name)
    with damage(name):
        try:
            book = xlrd.open_workbook(
                file_contents=data, logfile=StringIO(), formatting_info=True, ragged_rows=True
            )
        except (XLRDError, CompDocError, struct.error) as error:
            if "encrypted" in str(error):
                raise refusals.password(name) from error
            raise refusals.damaged(name) from error
        sheets = tuple(_sheet(book, sheet) for sheet in book.sheets())
        if any(len(sheet.grid.columns) > refusals.MOST_COLUMNS for sheet in sheets):
            raise refusals.too_far(name)
        day_zero = DAY_ZERO_1904 if book.datemode else DAY_ZERO
        return RawFile(data, sheets, tuple(_asides(book, data)), day_zero)


def _sheet(book: xlrd.Book, sheet: xlrd.sheet.Sheet) -> RawSheet:
    timed = {
        number
        for number, style in enumerate(book.xf_list)
        if shows_a_time(book.format_map[style.format_key].format_str)
    }
    rows = [
        [_value(cell, book.datemode, timed) for cell in sheet.row(row)]
        for row in range(sheet.nrows)
    ]
    return RawSheet(
        sheet.name,
        text_grid(even(rows)),
        hidden=sheet.visibility != 0,
        hidden_rows=frozenset(row + 1 for row, at in sheet.rowinfo_map.items() if at.hidden),
        hidden_columns=frozenset(
            column + 1
            for column, at in sheet.colinfo_map.items()
            if at.hidden and column < refusals.MOST_COLUMNS
        ),
    )


def _value(cell: xlrd.sheet.Cell, datemode: Literal[0, 1], timed: set[int]) -> Raw:
    """A cell's value; an error is its sign, such as '#REF!'."""
    match cell.ctype:
        case xlrd.XL_CELL_TEXT:
            return str(cell.value)
        case xlrd.XL_CELL_NUMBER:
            return float(cell.value)
        case xlrd.XL_CELL_BOOLEAN:
            return bool(cell.value)
        case xlrd.XL_CELL_ERROR:
            return error_text_from_code.get(int(cell.value), "#ERROR!")
        case xlrd.XL_CELL_DATE:
            return _date(float(cell.value), datemode, timed=cell.xf_index in timed)
        case _blank:
            return ""


def _date(number: float, datemode: Literal[0, 1], *, timed: bool) -> Raw:
    try:
        moment: datetime = xldate_as_datetime(number, datemode)
    except (XLDateError, OverflowError, ValueError):
        return number
    moment = (moment + timedelta(microseconds=500)).replace(microsecond=0)  # a fraction of a day
    if 0 <= number < 1:
        return moment.time()
    return moment if timed or moment.time() != time() else moment.date()


def _asides(book: xlrd.Book, data: bytes) -> Iterator[Aside]:
    for sheet in book.sheets():
        yield Aside(raw.NAMES, sheet.name, sheet.name)
        for (row, column), note in sheet.cell_note_map.items():
            letter = get_column_letter(column + 1)
            yield Aside(raw.COMMENT, note.text, sheet.name, row + 1, letter)
    for name in book.name_obj_list:
        yield Aside(raw.NAMES, str(name.name))
    try:
        container = CompDoc(data, logfile=StringIO())
        for stream in _PROPERTIES:
            held, start, length = container.locate_named_stream(stream)
            for run in _RUN.findall(held[start : start + length]) if held else ():
                # Which of them is the author is not told apart, so all are taken for the sender's.
                yield Aside(raw.PROPERTIES, run.decode("cp1252", "replace"), by_sender=True)
    except (CompDocError, struct.error, IndexError):
        return
