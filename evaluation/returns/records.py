"""The rows below a sheet's titles: which of them are records, and what their cells say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from openpyxl.utils import get_column_letter

from evaluation.nouns import Field, Finding
from evaluation.returns import faults
from evaluation.returns.layout import GUIDANCE, plain

_ERROR = re.compile(
    r"#(?:REF|DIV/0|N/A|NAME|NULL|NUM|VALUE|SPILL|CALC|FIELD|BLOCKED|CONNECT|BUSY|UNKNOWN|"
    r"GETTING_DATA|EXTERNAL|PYTHON|ERROR)[!?]?|Err:[0-9]{3}"
)
_TOTAL = re.compile(
    r"(?:grand |overall |sub-? ?)?totals?\b.*|sums?|(?:is-?)?[cg]yfans(?:wm|ymiau)\b.*|swm"
)
_NO_KEY = r"^(?:[^0-9]+|[0-9]{1,7})$"
_SERIAL = r"^[3-7][0-9]{4}([.][0-9]+)?$"
_FROM, _TO = datetime(1990, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001 (spreadsheets have no zone)
"""Days that a number in a column of dates may stand for."""


def without_guidance(below: pd.DataFrame) -> pd.DataFrame:
    """Without the line of a template that tells what to write: every cell begins with its sign."""
    told = np.ones(len(below), dtype=bool)
    for number in below.columns:
        texts = pa.array(below[number], pa.large_string())
        blank_or_told = pc.or_kleene(pc.is_null(texts), pc.starts_with(texts, GUIDANCE))
        told &= blank_or_told.to_numpy(zero_copy_only=False)
        if not told.any():
            return below
    return below[~told]


def without_titles(
    below: pd.DataFrame, titles: pd.Series, sheet: str
) -> tuple[pd.DataFrame, list[Finding]]:
    """The rows but for those that repeat the titles, as pasted tables bring them, and a note for each.

    `titles` is the line of titles, by column. Such a row says nothing else, and two of them at least.
    """
    again = np.ones(len(below), dtype=bool)
    times = np.zeros(len(below), dtype=int)
    for number, title in titles.items():
        texts = pa.array(below[number], pa.large_string())
        same = pc.fill_null(pc.equal(texts, None if pd.isna(title) else title), False)
        same = same.to_numpy(zero_copy_only=False)
        again &= same | pc.is_null(texts).to_numpy(zero_copy_only=False)
        if not again.any():
            return below, []
        times += same
    again &= times > 1
    first = get_column_letter(int(str(titles.index[0])))
    rows = below.index[again].tolist()
    return below[~again], [faults.TITLES_AGAIN.at(sheet, int(str(row)), first) for row in rows]


def without_totals(
    below: pd.DataFrame, columns: Mapping[int, Field], sheet: str
) -> tuple[pd.DataFrame, list[Finding]]:
    """The rows but for totals, and a note for each of those.

    A total has a word for it in one cell, and no key or reference where one must stand; below a
    column of keys there may be their number.
    """
    keys = {
        number: field.kind
        for number, field in columns.items()
        if field.kind in {"key", "ref"} and field.need == "must"
    }
    if below.empty or not keys:
        return below, []
    keyless = np.ones(len(below), dtype=bool)  # only these few are looked at one by one
    for number in keys:
        texts = pa.array(below[number], pa.large_string())
        perhaps = pc.or_kleene(pc.is_null(texts), pc.match_substring_regex(texts, _NO_KEY))
        keyless &= perhaps.to_numpy(zero_copy_only=False)
    findings: dict[object, Finding] = {}
    for row, cells in below[keyless].iterrows():
        said = {int(str(name)): plain(text) for name, text in cells.dropna().items()}
        words = [number for number, text in said.items() if _TOTAL.fullmatch(text)]
        others = {number: text for number, text in said.items() if number not in words}
        counted = {number for number, text in others.items() if text.isdecimal()}
        if words and not any(
            n in others and (kind == "ref" or n not in counted) for n, kind in keys.items()
        ):
            findings[row] = faults.TOTAL.at(sheet, int(str(row)), get_column_letter(words[0]))
    return (below.drop(list(findings)) if findings else below), list(findings.values())


def errors(
    cells: pd.DataFrame, columns: Mapping[int, Field], sheet: str
) -> tuple[pd.DataFrame, list[Finding]]:
    """The rows but for those with nothing but errors, and a finding for each other error.

    `cells` has the sheet's columns, by number, that are fields of the form.
    """
    signs = {number: sign for number in columns if (sign := _signs(cells[number])) is not None}
    if not signs:
        return cells, []
    wrong = pd.DataFrame({number: sign.notna() for number, sign in signs.items()})
    others = cells.drop(columns=list(signs)).isna().all(axis="columns")
    stray = (
        others & wrong.any(axis="columns") & (wrong | cells[list(signs)].isna()).all(axis="columns")
    )
    findings = [
        faults.ERROR.at(sheet, int(str(row)), get_column_letter(number), sign=str(text))
        for number, sign in signs.items()
        for row, text in sign[~stray].dropna().items()
    ]
    if stray.any():
        findings.append(faults.ONLY_ERRORS.at(sheet, rows=int(stray.sum())))
    return cells[~stray], findings


def _signs(column: pd.Series) -> pd.Series | None:
    """The sign of each cell that holds an error, all else missing; None where no cell does."""
    texts = pa.array(column, pa.large_string())
    perhaps = pc.or_(pc.starts_with(texts, "#"), pc.starts_with(texts, "Err:"))
    if not pc.any(perhaps).as_py():
        return None
    signs = column.where(column.str.fullmatch(_ERROR).fillna(False).astype(bool))
    return signs if signs.notna().any() else None


def dates_of_numbers(column: pd.Series, day_zero: date | None) -> tuple[pd.Series, int]:
    """A column of dates, its plain numbers as the dates that they stand for, and their number.

    Only a spreadsheet has such numbers, and only days from 1990 to 2099 are believed.
    """
    if day_zero is None:
        return column, 0
    texts = pa.array(column, pa.large_string())
    perhaps = pc.match_substring_regex(texts, _SERIAL).fill_null(False)
    if not pc.any(perhaps).as_py():
        return column, 0
    zero = datetime.combine(day_zero, time())
    days = {
        text: moment.isoformat() if moment.time() != time() else moment.date().isoformat()
        for text in pc.unique(texts.filter(perhaps)).to_pylist()
        if _FROM <= (moment := _moment(zero, float(text))) < _TO
    }
    here = column.isin(list(days))
    return column.where(~here, column.map(days)).astype("str"), int(here.sum())


def _moment(zero: datetime, days: float) -> datetime:
    """To the second: a fraction of a day is not exact."""
    return zero + timedelta(seconds=round(days * 86_400))


def hidden(
    rows: frozenset[int],
    columns: frozenset[int],
    records: pd.Index,
    titles: Mapping[int, int],
    sheet: str,
) -> Iterator[Finding]:
    """Notes of what is hidden and was read; `titles` gives the row of each column's title."""
    count = len(rows.intersection(int(str(row)) for row in records)) if rows else 0
    if count:
        yield faults.HIDDEN_ROWS.at(sheet, rows=count)
    for number, row in titles.items():
        if number in columns:
            yield faults.HIDDEN_COLUMN.at(sheet, row, get_column_letter(number))
