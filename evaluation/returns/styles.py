"""How our own sheets look: a few fonts and fills, readable in black and white."""

from __future__ import annotations

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from evaluation.nouns import Severity

INK = "1F2933"
TITLE = Font(name="Calibri", bold=True, size=14, color=INK)
BOLD = Font(name="Calibri", bold=True, color=INK)
PLAIN = Font(name="Calibri", color=INK)
QUIET = Font(name="Calibri", italic=True, size=9, color="52606D")
LINK = Font(name="Calibri", color="0B5394", underline="single")
MUST_FILL = PatternFill("solid", fgColor="BCD8F0")
MAY_FILL = PatternFill("solid", fgColor="E4E7EB")
QUIET_FILL = PatternFill("solid", fgColor="F5F7FA")
ANSWER_FILL = PatternFill("solid", fgColor="FFF8DB")
MARKS: dict[Severity, PatternFill] = {
    "reject": PatternFill("solid", fgColor="FFD24D"),
    "explain": PatternFill("solid", fgColor="BFE0F5"),
    "note": PatternFill("solid", fgColor="E6E1F3"),
}
LINE = Border(bottom=Side(style="thin", color="7B8794"))
LEFT = Alignment(horizontal="left")
WRAP = Alignment(wrap_text=True, vertical="top")


def put(sheet: Worksheet, row: int, column: int, words: str, font: Font = PLAIN) -> Cell:
    """Write words, wrapped, that stay words: '=1+1' is never a formula."""
    cell = sheet.cell(row, column, words)
    cell.data_type = "s"
    cell.quotePrefix = words.startswith(("=", "+", "-", "@"))
    cell.font, cell.alignment = font, WRAP
    return cell


def head(sheet: Worksheet, row: int, column: int, title: str) -> Cell:
    """The title of a column."""
    cell = put(sheet, row, column, title, BOLD)
    cell.fill, cell.border = MAY_FILL, LINE
    return cell


def widths(sheet: Worksheet, *characters: int) -> None:
    """The widths of the first columns; on paper the sheet is as wide as one page."""
    fit_to_page(sheet)
    for column, width in enumerate(characters, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width


def fit_to_page(sheet: Worksheet) -> None:
    """On paper: landscape, all columns on one page."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
