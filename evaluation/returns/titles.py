"""The line of titles: where it stands, and which column is which field."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from openpyxl.utils import get_column_letter

from evaluation.nouns import Field, Finding, Form, When
from evaluation.returns import faults, identifiers
from evaluation.returns.layout import plain

WITHIN = 15
"""The line of titles stands among the first rows that are not blank."""


def header_row(grid: pd.DataFrame, known: Mapping[str, str]) -> int | None:
    """The row with the most titles that the form has, and at least two (one if it has no more)."""
    best, most = None, min(1, len(set(known.values())) - 1)
    for row, cells in grid.head(WITHIN).iterrows():
        titles = {known[words] for words in map(plain, cells.dropna()) if words in known}
        if len(titles) > most:
            best, most = int(str(row)), len(titles)
    return best


def columns_of(
    titles: pd.Series, below: pd.DataFrame, form: Form, known: Mapping[str, str], sheet: str
) -> tuple[dict[str, int], list[Finding]]:
    """Each field's column number, in the sheet's order, and what is wrong with the titles.

    `titles` is the line of titles, by column number, its name the row's number; `known` gives
    the field's name for each way to write a title, '' for a column that is left out.
    """
    row = int(str(titles.name))
    columns: dict[str, int] = {}
    findings: list[Finding] = []
    for name, title in titles.items():
        number = int(str(name))
        letter = get_column_letter(number)
        field = known.get(plain(title)) if isinstance(title, str) else None
        if field and field not in columns:
            columns[field] = number
        elif field:
            twice = faults.TWICE_A_COLUMN
            findings.append(twice.at(sheet, row, letter, title=form.field(field).title))
        elif isinstance(title, str):
            fault = identifiers.in_title(title)
            if fault is None and field is None:
                fault = faults.UNKNOWN_COLUMN
            findings += [fault.at(sheet, row, letter)] if fault else []
        elif below[number].notna().any():
            findings.append(faults.NO_TITLE.at(sheet, row, letter))
    missing = [field for field in form.fields if field.name not in columns]
    findings += [_missing(item, columns).at(sheet, title=item.title) for item in missing]
    return columns, findings


def _missing(field: Field, columns: Mapping[str, int]) -> faults.Fault:
    match field.need:
        case "may":
            return faults.MISSING_MAY
        case When(column) if column not in columns:
            return faults.MISSING_MAY  # without the answer that makes it necessary, never needed
        case _:
            return faults.MISSING_COLUMN
