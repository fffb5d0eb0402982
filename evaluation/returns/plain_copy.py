"""A file that is no `.xlsx`, as a plain `.xlsx` workbook that can be marked and sent back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime

import pandas as pd
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from evaluation.language import Language
from evaluation.nouns import Checked
from evaluation.returns.files import RawFile, RawSheet
from evaluation.returns.layout import COVER, COVER_LABELS, TEMPLATE_VERSION, nameless, sheet_name
from evaluation.returns.styles import BOLD, put

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}")
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def plain_copy(
    file: RawFile, checked: Checked, language: Language
) -> tuple[Workbook, Mapping[str, str]]:
    """The file's cells at their places, and the copy's sheet for each sheet that a finding names.

    Days and moments are dates, all else is text. A file of plain text gets a Cover, so that the
    copy says itself who sends it.
    """
    book = Workbook()
    for first in book.worksheets:
        book.remove(first)
    if file.day_zero is None:
        _write_cover(book.create_sheet(sheet_name(COVER, language)), checked)
    titles: dict[str, str] = {}
    for number, sheet in enumerate(file.sheets, start=1):
        named = _its_name(sheet, file, checked)
        page = book.create_sheet(_NOT_IN_A_NAME.sub(" ", named)[:31].strip(" '") or "1")
        titles[named] = titles[nameless(number)] = page.title
        page.sheet_state = "hidden" if sheet.hidden else "visible"
        _write(page, sheet.grid)
    return book, titles


def _its_name(sheet: RawSheet, file: RawFile, checked: Checked) -> str:
    """What findings call the sheet; that of plain text is called by its form."""
    if file.day_zero is not None:
        return sheet.name
    named = [item.name for item in checked.source.sheets]
    named += [item.sheet for item in checked.findings if item.sheet]
    return next(iter(named), sheet.name)


def _write(page: Worksheet, grid: pd.DataFrame) -> None:
    for name, column in grid.items():
        number = int(str(name))
        for row, text in column.dropna().items():
            _write_cell(page, int(str(row)), number, text)


def _write_cell(page: Worksheet, row: int, column: int, text: str) -> None:
    value = _value(text)
    if isinstance(value, str):
        cell = page.cell(row, column, value)
        cell.data_type = "s"  # never a formula
        if value.startswith(("=", "+", "-", "@")):
            cell.quotePrefix = True
    else:
        cell = page.cell(row, column, value)
        timed = isinstance(value, datetime)
        cell.number_format = "dd/mm/yyyy hh:mm" if timed else "dd/mm/yyyy"


def _value(text: str) -> str | date:
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
        if _MOMENT.fullmatch(text):
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    return text


def _write_cover(page: Worksheet, checked: Checked) -> None:
    source = checked.source
    answers = {
        "provider": source.provider,
        "quarter": str(source.quarter) if source.quarter else None,
        "template_version": TEMPLATE_VERSION,
    }
    for row, (name, label) in enumerate(COVER_LABELS.items(), start=1):
        put(page, row, 1, label.to(source.language), BOLD)
        if answer := answers.get(name):
            put(page, row, 2, answer)
    page.column_dimensions["A"].width = page.column_dimensions["B"].width = 28
