"""The sheet of one form in a template: titles, guidance, lists, checks, and rows where given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from evaluation.language import Language, Text, _
from evaluation.nouns import Field, Form, Kind
from evaluation.returns.days import CLOCK
from evaluation.returns.guidance import guidance
from evaluation.returns.layout import MUST
from evaluation.returns.styles import (
    LEFT,
    LINE,
    MUST_FILL,
    QUIET,
    QUIET_FILL,
    fit_to_page,
    head,
    put,
)

ROWS_READY = 5_000
"""Rows below the titles that have lists and checks, if fewer are filled."""

FORMATS: dict[Kind, str] = {
    # As text, so that no spreadsheet takes a key or a month for a number or a date.
    "key": "@",
    "ref": "@",
    "month": "@",
    "date": "dd/mm/yyyy",
    "datetime": "dd/mm/yyyy hh:mm",
    "int": "0",
}
_WIDTHS: dict[Kind, int] = {"key": 18, "ref": 18, "code": 26, "flag": 18, "date": 16}

Value = str | float | bool | date | None
"""What a cell is given; a datetime is a date."""


def write_form(
    sheet: Worksheet,
    form: Form,
    rows: pd.DataFrame,
    lists: Mapping[str, str],
    language: Language,
) -> None:
    """Titles in row 1, guidance in row 2, and the rows, as `write_template` says, from row 3.

    `lists` gives the place of each code list's labels.
    """
    last = 2 + max(len(rows), ROWS_READY)
    longest = 0
    for column, field in enumerate(form.fields, start=1):
        letter = get_column_letter(column)
        must = field.need == "must"
        title = f"{field.title.to(language)} {MUST}" if must else field.title.to(language)
        titled = head(sheet, 1, column, title)
        if must:
            titled.fill = MUST_FILL
        told = put(sheet, 2, column, guidance(field, form, language), QUIET)
        told.fill, told.border = QUIET_FILL, LINE
        width = _WIDTHS.get(field.kind, 20)
        longest = max(longest, 1 + len(str(told.value)) // width)
        dimension = sheet.column_dimensions[letter]
        dimension.width = width
        if written := FORMATS.get(field.kind):
            dimension.number_format, dimension.alignment = written, LEFT
        if check := _validation(field, lists, language):
            check.add(f"{letter}3:{letter}{last}")
            sheet.add_data_validation(check)
    sheet.row_dimensions[1].height = 32
    sheet.row_dimensions[2].height = 13 * longest
    sheet.freeze_panes = "B3"
    sheet.print_title_rows = "1:2"
    fit_to_page(sheet)
    columns = [
        (number, FORMATS.get(field.kind), values_for_people(rows[field.name], field, language))
        for number, field in enumerate(form.fields, start=1)
        if field.name in rows.columns
    ]
    for number, written, values in columns:
        for row, value in enumerate(values, start=3):
            if value is not None:
                cell = sheet.cell(row, number, value)
                if isinstance(value, str):
                    cell.data_type = "s"  # never a formula
                if written:
                    cell.number_format = written
                    cell.alignment = LEFT


def values_for_people(column: pd.Series, field: Field, language: Language) -> list[Value]:
    """A column's values as a person would write them in a workbook; None where blank."""
    if field.codes:
        labels = {code.code: code.label.to(language) for code in field.codes.codes}
        column = column.map(lambda value: labels.get(value, value))
    values = column.astype(object).where(column.notna(), None).tolist()
    return [_cell(value, field.kind) for value in values]


def _cell(value: object, kind: Kind) -> Value:
    if isinstance(value, pd.Timestamp) and value.tzinfo:
        value = value.tz_convert(CLOCK).tz_localize(None)
    match value, kind:
        case pd.Timestamp(), "month":
            return f"{value:%Y-%m}"
        case pd.Timestamp(), "date":
            return value.date()
        case pd.Timestamp(), _:
            return value.to_pydatetime(warn=False)
        case _:
            return safe(value)


def safe(value: object) -> Value:
    """A value that a workbook can hold: numpy's numbers as Python's, anything odd as text."""
    if value is None or isinstance(value, str | bool | int | float | date):
        return value
    if isinstance(value, np.generic):
        return safe(value.item())
    return str(value)


def _validation(
    field: Field, lists: Mapping[str, str], language: Language
) -> DataValidation | None:
    match field.kind:
        case "code" | "flag" if field.codes:
            return _check("list", lists[field.codes.name], _("Choose from the list."), language)
        case "date" | "datetime":
            told = _("Write a date, such as 14/08/2025.")
            if field.kind == "datetime":
                told = _("Write a date and a time, such as 14/08/2025 21:30.")
            return _check("date", "36526", told, language, "greaterThan")  # 1 January 2000
        case "int":
            told = _("Write a whole number, 0 or more.")
            return _check("whole", "0", told, language, "greaterThanOrEqual")
        case "month":
            told = _("Write the year and the month, such as 2010-06.")
            return _check("textLength", "7", told, language, "equal")
        case _:
            return None


def _check(
    kind: Literal["list", "date", "whole", "textLength"],
    formula: str,
    told: Text,
    language: Language,
    operator: Literal["equal", "greaterThan", "greaterThanOrEqual"] | None = None,
) -> DataValidation:
    return DataValidation(
        kind,
        operator=operator,
        formula1=formula,
        allow_blank=True,
        error=told.to(language),
        showErrorMessage=True,
    )
