"""The sheet Explanations as we write it: empty in a template, begun in a marked copy."""

from __future__ import annotations

from openpyxl import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from evaluation.language import LANGUAGES, Language, _
from evaluation.nouns import Checked, Finding
from evaluation.returns.explaining import LONGEST, TITLES, Places, find_titles
from evaluation.returns.layout import EXPLANATIONS, plain, sheet_name, tidy
from evaluation.returns.styles import ANSWER_FILL, LINE, QUIET, head, put, widths

PURPOSE = _(
    "If you are asked about something unusual that is right, write the reason here, beside the "
    "number of the finding. A checked copy of your workbook has the numbers here already. At most "
    "{most} characters, and no names.",
    most=LONGEST,
)
_WIDTHS = (26, 28, 60, 60)
_LINES_READY = 500


def write_explanations(sheet: Worksheet, language: Language) -> None:
    """What the sheet is for, and its titles."""
    put(sheet, 1, 1, PURPOSE.to(language), QUIET)
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(TITLES))
    sheet.row_dimensions[1].height = 32
    for column, title in enumerate(TITLES.values(), start=1):
        head(sheet, 2, column, title.to(language))
    short = DataValidation(
        "textLength",
        operator="lessThanOrEqual",
        formula1=str(LONGEST),
        allow_blank=True,
        error=_("At most {most} characters.", most=LONGEST).to(language),
    )
    short.add(f"D3:D{_LINES_READY}")
    sheet.add_data_validation(short)
    sheet.freeze_panes = "A3"
    widths(sheet, *_WIDTHS)


def prefill(book: Workbook, checked: Checked, language: Language) -> None:
    """A line for each finding that asks for a reason, so that the sender writes only that.

    What the sender wrote stays where it is; a line without a reason for something that was put
    right goes. The sheet is added where there is none.
    """
    asked = {item.id: item for item in checked.findings if item.severity == "explain"}
    sheet = _sheet_of(book)
    if sheet is None:
        if not asked:
            return
        sheet = book.create_sheet(sheet_name(EXPLANATIONS, language))
        write_explanations(sheet, language)
    rows = sheet.iter_rows(values_only=True)
    places = find_titles(enumerate(rows, start=1))
    lines = _lines(sheet, places)
    wanted = {number.casefold() for number in asked}
    for number, row in lines.items():
        if number not in wanted and not _reason(sheet, places, row):
            for column in places.columns.values():
                sheet.cell(row, column).value = None
    free = max([places.row, *lines.values()]) + 1
    for number, finding in asked.items():
        known = lines.get(number.casefold())
        _write_line(sheet, places, known or free, finding, language)
        free += known is None


def _sheet_of(book: Workbook) -> Worksheet | None:
    names = {plain(sheet_name(EXPLANATIONS, language)) for language in LANGUAGES}
    names.add(plain("explanations"))
    return next((sheet for sheet in book.worksheets if plain(sheet.title) in names), None)


def _lines(sheet: Worksheet, places: Places) -> dict[str, int]:
    """The rows that are used, by the finding's number as it is compared; the first of each."""
    lines: dict[str, int] = {}
    for row in range(places.row + 1, sheet.max_row + 1):
        number = sheet.cell(row, places.columns["finding"]).value
        if number is not None or _reason(sheet, places, row):
            # A reason without a number keeps its row, too.
            name = tidy(str(number)).casefold() if number is not None else f"\n{row}"
            lines.setdefault(name, row)
    return lines


def _reason(sheet: Worksheet, places: Places, row: int) -> bool:
    value = sheet.cell(row, places.columns["reason"]).value
    return value is not None and bool(str(value).strip())


def _write_line(
    sheet: Worksheet, places: Places, row: int, finding: Finding, language: Language
) -> None:
    words = {
        "finding": finding.id,
        "place": finding.place,
        "asked": finding.message.to(language),
    }
    for name, text in words.items():
        if name in places.columns:
            put(sheet, row, places.columns[name], text)
    answer = sheet.cell(row, places.columns["reason"])
    answer.fill, answer.border = ANSWER_FILL, LINE
