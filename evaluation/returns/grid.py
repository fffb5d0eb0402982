"""A sheet as a grid of text: what each cell says, nothing interpreted."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pandas as pd

from evaluation.returns.layout import tidy

Raw = str | float | bool | date | datetime | time | timedelta
"""A cell as a file format gives it; a blank is ''. An error cell is its text, such as '#REF!'."""


def text_of(value: Raw) -> str:
    """One cell as text.

    A date is '2025-08-14', a date with a time '2025-08-14T13:05:00' (at midnight too, where the
    cell shows a time), a number has no trailing '.0' and at most the 15 digits that a
    spreadsheet keeps, a truth value is TRUE or FALSE. Spaces, quotes and dashes are tidied.
    """
    match value:
        case str():
            return tidy(value) if value else ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float() | int():
            return _number(float(value))
        case timedelta():
            return _duration(value)
        case date() | time():  # a datetime is a date
            return value.isoformat()


def text_grid(rows: list[list[Raw]]) -> pd.DataFrame:
    """The sheet as text: a row is a row that is not blank, its index the sheet's row number.

    Columns are numbered from 1; a blank cell is missing.
    """
    columns = {
        number: pd.array([text_of(cell) or None for cell in column], dtype="str")
        for number, column in enumerate(zip(*rows, strict=True), start=1)
    }
    grid = pd.DataFrame(columns, index=pd.RangeIndex(1, len(rows) + 1), dtype="str")
    return grid.dropna(how="all")


def even(rows: list[list[Raw]]) -> list[list[Raw]]:
    """The rows equally long, as wide as the furthest cell that is not blank."""
    lengths = [next((n for n in range(len(row), 0, -1) if row[n - 1] != ""), 0) for row in rows]
    width = max(lengths, default=0)
    return [
        row[:length] + [""] * (width - length) for row, length in zip(rows, lengths, strict=True)
    ]


def _number(value: float) -> str:
    if value.is_integer():
        return str(int(value))
    return f"{value:.15g}"


def _duration(value: timedelta) -> str:
    seconds = round(value.total_seconds())
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
