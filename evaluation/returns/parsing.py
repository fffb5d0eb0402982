"""From text to types: what cannot be read becomes missing, with a finding at its cell.

All faults come out in one pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np
import pandas as pd

from evaluation.language import Text, _
from evaluation.nouns import (
    Checked,
    Field,
    Finding,
    Form,
    Kind,
    Return,
    Sheet,
    When,
    civil_day,
)
from evaluation.quarters import Quarter
from evaluation.returns import cell_faults, days, words
from evaluation.returns.case_systems import in_their_words
from evaluation.returns.cell_faults import Column
from evaluation.returns.faults import Fault

READ: Mapping[Kind, Callable[[pd.Series, Field], Column]] = {
    "key": words.keys,
    "ref": words.refs,
    "code": words.answers,
    "flag": words.answers,
    "int": words.wholes,
    "date": days.dates,
    "datetime": days.moments,
    "month": days.months,
}
"""How the distinct texts of a column of each kind are read; none of them is blank."""

NEARLY_ALL_DIFFER: frozenset[Kind] = frozenset({"key", "ref"})
"""Kinds of which to look for the distinct texts would take longer than to read all of them."""

FEW_ANSWERS = 8
"""Answers of a list that a message can name."""


def parse(return_: Return, forms: Mapping[str, Form]) -> Checked:
    """The return in types, with the findings of reading it and of every cell.

    A table has the form's fields in order, and after each moment its local civil day; its index
    is the sheet's row number. A column that the sheet lacks is all missing, and is reading's to
    report. A form declared nil is an empty table.

    Every fault of a cell is one finding, except blanks in a field that is only wanted: they are
    one note a column, with their number, so that nobody drowns in them.
    """
    tables: dict[str, pd.DataFrame] = {}
    findings = list(return_.findings)
    # A cell that reading has refused, such as a name, is not refused again for its type.
    told = {(item.sheet, item.row, item.column) for item in findings if item.severity == "reject"}
    not_run: list[tuple[str, Text]] = []
    for sheet in return_.sheets:
        form = in_their_words(forms[sheet.form], sheet.titles)
        table, faults = _parse_sheet(sheet, form, return_.quarter)
        tables.setdefault(sheet.form, table)
        findings.extend(item for item in faults if (item.sheet, item.row, item.column) not in told)
    for name in return_.nil:
        nothing = Sheet("", name, 0, {}, pd.DataFrame())
        tables.setdefault(name, _parse_sheet(nothing, forms[name], return_.quarter)[0])
    if return_.quarter is None:
        not_run.append((cell_faults.FUTURE.id, _("The quarter of the return is not known.")))
    return Checked(return_, tables, tuple(findings), tuple(not_run))


def _parse_sheet(
    sheet: Sheet, form: Form, quarter: Quarter | None
) -> tuple[pd.DataFrame, list[Finding]]:
    """One sheet's table and the findings of its cells."""
    texts = {
        field.name: sheet.cells.get(
            field.name, pd.Series(pd.NA, index=sheet.cells.index, dtype="str")
        )
        for field in form.fields
    }
    columns = {
        field.name: _in_time(_read(texts[field.name], field), field, quarter)
        for field in form.fields
    }
    table = _table(form, columns, sheet.cells.index)
    records = record_names(form, table)
    findings: list[Finding] = []
    for field in form.fields:
        if field.name in sheet.letters:
            faults = dict(columns[field.name].faults) | _blanks(field, form, table, texts)
            findings.extend(_findings(field, faults, sheet, form, records))
    return table, findings


def _read(texts: pd.Series, field: Field) -> Column:
    """A column in types, read once per distinct text, or per text where nearly all differ."""
    if field.kind in NEARLY_ALL_DIFFER:
        filled = texts.notna().to_numpy()
        positions, distinct = np.where(filled, filled.cumsum() - 1, -1), texts.array[filled]
    else:
        positions, distinct = pd.factorize(texts)
    column = READ[field.kind](pd.Series(distinct, dtype="str"), field)
    values = column.typed.array.take(positions, allow_fill=True)
    return Column(
        pd.Series(values, index=texts.index),
        # A blank has position -1, and so takes the False at the end.
        {fault: np.append(at, np.False_)[positions] for fault, at in column.faults.items()},
    )


def _in_time(column: Column, field: Field, quarter: Quarter | None) -> Column:
    """The column, where a field that cannot lie in the future does not."""
    if not field.past or quarter is None:
        return column
    future = (column.typed > pd.Timestamp(quarter.last_day)).to_numpy()
    return Column(column.typed.mask(future), {**column.faults, cell_faults.FUTURE: future})


def _table(form: Form, columns: Mapping[str, Column], index: pd.Index) -> pd.DataFrame:
    """The typed frame: the fields in order, and after each moment its local civil day."""
    values: dict[str, pd.Series] = {}
    for field in form.fields:
        values[field.name] = columns[field.name].typed
        if field.kind == "datetime":
            values[civil_day(field.name)] = days.local_days(columns[field.name].typed)
    return pd.DataFrame(values, index=index)


def _blanks(
    field: Field, form: Form, table: pd.DataFrame, texts: Mapping[str, pd.Series]
) -> dict[Fault, np.ndarray]:
    """Where the field is blank and should not be, or the other way round.

    Neither, where the cell that decides is itself at fault: one fault is one finding.
    """
    blank = texts[field.name].isna()
    match field.need:
        case "must":
            return {cell_faults.BLANK: blank.to_numpy()}
        case When(column, answers, otherwise):
            answer = table[column]
            holds = answer.isin(answers) if answers else answer.notna()
            must = form.field(column).need == "must"
            known = answer.notna() | (texts[column].isna() & (not must))
            wrongly_filled = ~blank & known & ~holds & (otherwise == "blank")
            return {
                cell_faults.NEEDED: (blank & holds).to_numpy(dtype=bool),
                cell_faults.NOT_NEEDED: wrongly_filled.to_numpy(dtype=bool),
            }
        case _:
            return {}


def _findings(
    field: Field, faults: Mapping[Fault, np.ndarray], sheet: Sheet, form: Form, records: pd.Series
) -> Iterator[Finding]:
    """One finding for each cell at fault, and one for all blanks of a field that is wanted."""
    letter = sheet.letters[field.name]
    names = {"field": field.title}
    if isinstance(field.need, When):
        names["other"] = form.field(field.need.column).title
    not_needed = faults.get(cell_faults.NOT_NEEDED, np.zeros(len(records), dtype=bool))
    answers = _few_answers(field)
    for each, at in faults.items():
        fault = cell_faults.LISTED if answers and each is cell_faults.CODE else each
        # What must be blank need not be readable too.
        only = at if fault is cell_faults.NOT_NEEDED else at & ~not_needed
        told = fault.at(sheet.name, None, letter, **names, **answers)
        yield from each_row(told, records, only)
    blank = sheet.cells[field.name].isna()
    if field.need == "want" and blank.any():
        counts = {"blank": int(blank.sum()), "rows": len(blank)}
        yield cell_faults.WANTED.at(sheet.name, None, letter, **names, **counts)


def _few_answers(field: Field) -> dict[str, tuple[Text, ...]]:
    """The answers of a field's list, for a message; nothing where they are many or change."""
    codes = field.codes.codes if field.codes else ()
    if len(codes) > FEW_ANSWERS or any(code.valid_from or code.valid_to for code in codes):
        return {}
    quoted = tuple(_("‘{answer}’", answer=code.label) for code in codes)
    return {"answers": quoted} if codes else {}


def each_row(finding: Finding, records: pd.Series, at: np.ndarray) -> Iterator[Finding]:
    """The finding at every row where `at` is True; `records` names the rows, if not missing."""
    places = np.flatnonzero(at)
    if not len(places):
        return
    said = (finding.rule, finding.severity, finding.message, finding.fix, finding.sheet)
    names = records.array.take(places)
    known = ~names.isna()
    rows = records.index.take(places).tolist()
    for row, named, name in zip(rows, known.tolist(), names.tolist(), strict=True):
        yield Finding(*said, row, finding.column, name if named else None)


def record_names(form: Form, table: pd.DataFrame) -> pd.Series:
    """What people call each row: its reference, or else its child key; missing if unreadable."""
    kinds = {form.field(name).kind: name for name in reversed(form.key)}
    return table[kinds.get("ref") or kinds["key"]]
