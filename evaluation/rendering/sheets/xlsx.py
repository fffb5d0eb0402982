"""The sheets as an Excel workbook."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table, TableStyleInfo

from evaluation.rendering.face import Face
from evaluation.rendering.sheets.book import Cell, Link, Sheet
from evaluation.rendering.sheets.numbers import Number
from evaluation.rendering.sheets.widths import ALONE, lines, widths
from evaluation.rendering.staging import Stage
from evaluation.rendering.zipped import same_bytes

NAVY = "FF1F3A5F"
_FONT = "Arial"
_TITLE = Font(name=_FONT, size=14, bold=True, color=NAVY)
_BANNER = Font(name=_FONT, size=11, bold=True)
_HEAD = Font(name=_FONT, size=11, bold=True)
_WORDS = Font(name=_FONT, size=11)
_LINK = Font(name=_FONT, size=11, color=NAVY, underline="single")
_YELLOW = PatternFill("solid", fgColor="FFFFF3CD")
_UNDER = Border(bottom=Side("medium", color=NAVY))
_PLAIN = TableStyleInfo(name="TableStyleLight1", showRowStripes=False, showFirstColumn=False)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def as_xlsx(sheets: Sequence[Sheet], face: Face, stage: Stage) -> bytes:
    """The workbook: no merged cells, each table named, the first cell chosen on each sheet."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for sheet in sheets:
        _write(workbook.create_sheet(sheet.name), sheet, face)
    made_on = datetime.fromtimestamp(int(stage.environment["SOURCE_DATE_EPOCH"]), UTC)
    properties = workbook.properties
    properties.title, properties.subject = face.said("title"), face.said("subtitle")
    properties.creator = properties.lastModifiedBy = face.said("author")
    properties.language, properties.description = face.said("lang"), " – ".join(face.banners)
    properties.created = made_on.replace(tzinfo=None)
    written = BytesIO()
    workbook.save(written)
    stamp = f"{made_on:%Y-%m-%dT%H:%M:%SZ}".encode()

    def dated(name: str, part: bytes) -> bytes:  # openpyxl dates it with the moment of writing
        return _MODIFIED.sub(rb"\g<1>" + stamp, part) if name == "docProps/core.xml" else part

    return same_bytes(written.getvalue(), stage, dated)


def _write(worksheet: Any, sheet: Sheet, face: Face) -> None:
    for row, line in enumerate(sheet.lines, start=1):
        cell = worksheet.cell(row, 1)
        _fill(cell, line.words)
        if line.kind == "title":
            cell.font = _TITLE
        elif line.kind == "banner":
            cell.font, cell.fill = _BANNER, _YELLOW
        # What stands above a table runs on over the empty cells beside it; a cover has none.
        cell.alignment = Alignment(wrap_text=sheet.grid is None, vertical="top")
        _height(worksheet, row, [lines(line.words, ALONE)] if sheet.grid is None else [1])
        if line.kind == "title":
            worksheet.row_dimensions[row].height = 24
    if sheet.grid is None:
        worksheet.column_dimensions["A"].width = ALONE
    else:
        _table(worksheet, sheet, first=len(sheet.lines) + 1)
    worksheet.sheet_view.showGridLines = False
    worksheet.page_setup.paperSize = worksheet.PAPERSIZE_A4
    worksheet.page_setup.orientation = "landscape"
    worksheet.page_setup.fitToWidth, worksheet.page_setup.fitToHeight = 1, 0
    worksheet.sheet_properties.pageSetUpPr.fitToPage = True
    if face.banners:
        worksheet.oddHeader.center.text = " – ".join(face.banners)[:200].replace("&", "&&")
    worksheet.oddFooter.left.text, worksheet.oddFooter.right.text = "&A", "&P / &N"


def _table(worksheet: Any, sheet: Sheet, *, first: int) -> None:
    assert sheet.grid
    grid, wide = sheet.grid, widths(sheet.grid)
    for row, cells in enumerate((grid.columns, *grid.rows), start=first):
        for column, content in enumerate(cells, start=1):
            cell = worksheet.cell(row, column)
            _fill(cell, content)
            numeric = column > 1 and any(isinstance(line[column - 1], Number) for line in grid.rows)
            cell.alignment = Alignment(
                wrap_text=True,
                vertical="bottom" if row == first else "top",
                horizontal="right" if numeric else "left",
                indent=1 if column > 1 and not numeric else 0,
            )
            if row == first:
                cell.font, cell.border = _HEAD, _UNDER
        _height(worksheet, row, list(map(lines, cells, wide)))
    last = get_column_letter(len(grid.columns))
    table = Table(displayName=grid.name, ref=f"A{first}:{last}{first + len(grid.rows)}")
    table.tableStyleInfo = _PLAIN
    worksheet.add_table(table)
    worksheet.print_title_rows = f"{first}:{first}"
    for column, width in enumerate(wide, start=1):
        worksheet.column_dimensions[get_column_letter(column)].width = width


def _height(worksheet: Any, row: int, needed: Sequence[int]) -> None:
    """As high as the cell with most lines. Excel would see to it, other programs do not."""
    worksheet.row_dimensions[row].height = 15 * max(needed)


def _fill(cell: Any, content: Cell) -> None:
    cell.font = _WORDS
    match content:
        case Number():
            cell.value, cell.number_format = float(content.value), number_format(content)
        case Link():
            cell.value, cell.font = content.words, _LINK
            quoted = content.sheet.replace("'", "''")
            cell.hyperlink = Hyperlink(
                ref=cell.coordinate, location=f"'{quoted}'!A1", display=content.words
            )
        case _:
            cell.value = content
            cell.data_type = "s"  # words that begin with '=' are words


def number_format(number: Number) -> str:
    """The format in which Excel shows the number as the report prints it."""
    digits = "#,##0" if number.grouped else "0"
    digits += f".{'0' * number.decimals}" if number.decimals else ""
    shown = {"%": f"{digits}%", "£": f"£{digits}", "": digits}[number.unit]
    plus = "+" if number.shown.startswith("+") else ""
    return f"{plus}{shown};−{shown};{shown}" if number.signed else shown
