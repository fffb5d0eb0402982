"""Check a return in types against its forms' models and rules; one finding per fault.

pandera looks at each table, lazily and without coercing; its words, which change between
releases and may repeat a value, end here. Rules are called directly: a pandera check of a whole
frame gives one failure per column, not per row.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import pandas as pd
import pandera.pandas as pa

from evaluation.errors import WrongUse
from evaluation.language import Text, _
from evaluation.nouns import Around, Checked, Finding, Form, Rule, Sheet
from evaluation.returns import cell_faults
from evaluation.returns.across import check_snapshot as check_snapshot
from evaluation.returns.case_systems import in_their_words
from evaluation.returns.explaining import weigh
from evaluation.returns.parsing import each_row, record_names


def check(
    checked: Checked, forms: Mapping[str, Form], earlier: Mapping[str, pd.DataFrame]
) -> Checked:
    """The return with every further finding, in the order of its sheets, rows and columns.

    `earlier` is as `Around.earlier`. A rule that lacks a column, a table, an earlier return or
    the quarter itself is in `not_run` with its reason, never passed; rules of scope 'snapshot'
    wait for `check_snapshot`. What the sender wrote on the sheet Explanations is in `reasons`
    where a finding asks for it, and noted where none does. Raises WrongUse if a table does not have its form's types.
    """
    sheets = {sheet.form: sheet for sheet in reversed(checked.source.sheets)}
    findings = list(checked.findings)
    not_run = list(checked.not_run)
    for name, table in checked.tables.items():
        sheet = sheets.get(name)
        form = in_their_words(forms[name], sheet.titles if sheet else {})
        if sheet is not None:
            findings.extend(_model_findings(form, table, sheet, checked.findings))
            findings.extend(_same_keys(form, table, sheet))
        for rule in form.rules:
            if rule.scope != "snapshot":
                found = _run(rule, form, sheet, checked, forms=forms, earlier=earlier)
                if isinstance(found, Text):
                    not_run.append((rule.id, found))
                else:
                    findings.extend(found)
    reasons, stale = weigh(checked, findings, forms, (rule for rule, _why in not_run))
    findings.extend(stale)
    return replace(
        checked,
        reasons=reasons,
        findings=_in_order(findings, checked.source.sheets),
        not_run=tuple(dict.fromkeys(not_run)),
    )


def _run(
    rule: Rule,
    form: Form,
    sheet: Sheet | None,
    checked: Checked,
    *,
    forms: Mapping[str, Form],
    earlier: Mapping[str, pd.DataFrame],
) -> Iterable[Finding] | Text:
    """What one rule finds, or why it could not be run. A form declared nil has no sheet."""
    if checked.source.quarter is None:
        return _("The quarter of the return is not known.")
    missing = [name for name in rule.columns if sheet and name not in sheet.letters]
    if missing:
        return _("The column ‘{column}’ is missing.", column=form.field(missing[0]).title)
    absent = [name for name in rule.reads if name not in checked.tables]
    if absent:
        return _("The form ‘{form}’ is not in this workbook.", form=forms[absent[0]].title)
    table = checked.tables[form.name]
    around = Around(form.name, checked.source.quarter, checked.tables, earlier)
    holds = rule.test(table, around)
    if holds is None:
        return _("There is no earlier return to compare with.")
    return _rule_findings(rule, holds, record_names(form, table), sheet)


def _model_findings(
    form: Form, table: pd.DataFrame, sheet: Sheet, known: tuple[Finding, ...]
) -> Iterator[Finding]:
    """What pandera finds in a table and parsing has not already said of the same cell."""
    try:
        form.model.to_schema().validate(table, lazy=True)
    except pa.errors.SchemaErrors as errors:
        failures = errors.failure_cases[["column", "check", "index"]]
    else:
        return
    broken = failures.loc[failures["index"].isna(), "check"]
    if len(broken):
        raise WrongUse(
            _(
                "The table of ‘{form}’ does not have the types of its form: {checks}. "
                "Parse the return first.",
                form=form.title,
                checks=tuple(broken.astype(str)),
            )
        )
    records = record_names(form, table)
    told = {(item.row, item.column) for item in known if item.sheet == sheet.name}
    for column, at in failures.groupby("column")["index"]:
        field = form.field(str(column))
        letter = sheet.letters.get(field.name)
        untold = [
            row for row in dict.fromkeys(at.astype(int)) if letter and (row, letter) not in told
        ]
        fault = cell_faults.NOT_ALLOWED.at(sheet.name, None, letter, field=field.title)
        yield from each_row(fault, records, records.index.isin(untold))


def _same_keys(form: Form, table: pd.DataFrame, sheet: Sheet) -> Iterator[Finding]:
    """One finding for each row that shares its key; a key that could not be read is no key.

    Not pandera's `unique`, which compares missing keys too and fails once for every column.
    """
    keys = table[list(form.key)]
    again = (keys.duplicated(keep=False) & keys.notna().all(axis="columns")).to_numpy()
    fields = tuple(form.field(name).title for name in form.key)
    finding = cell_faults.TWICE.at(sheet.name, None, sheet.letters.get(form.key[0]), fields=fields)
    yield from each_row(finding, record_names(form, table), again)


def _rule_findings(
    rule: Rule, holds: pd.Series, records: pd.Series, sheet: Sheet | None
) -> Iterator[Finding]:
    """One finding for each row, or record that ought to be there, where the rule does not hold."""
    broken = ~holds.to_numpy(dtype=bool)
    letter = sheet.letters.get(rule.columns[0]) if sheet else None
    finding = Finding(
        rule.id, rule.severity, rule.message, rule.fix, sheet.name if sheet else None, column=letter
    )
    if rule.per == "row":
        assert holds.index.equals(records.index), rule.id
        yield from each_row(finding, records, broken)
        return
    names = holds.index[broken]
    here = records.isin(names).to_numpy()
    yield from each_row(finding, records, here)
    for record in names.difference(pd.Index(records[here]), sort=False):
        yield replace(finding, column=None, record=str(record))


def _in_order(findings: list[Finding], sheets: tuple[Sheet, ...]) -> tuple[Finding, ...]:
    """As a person reads: the workbook first, then sheet by sheet, row by row, left to right."""
    place = {sheet.name: number for number, sheet in enumerate(sheets)}

    def where(finding: Finding) -> tuple[int, int, int, str]:
        column = finding.column or ""
        return place.get(finding.sheet or "", -1), finding.row or 0, len(column), column

    return tuple(sorted(findings, key=where))


def rules_version(forms: Mapping[str, Form]) -> str:
    """A short digest of all forms, fields, answers and rules, in English, for receipts."""
    said = [
        (
            *(form.name, form.version, form.key, form.fields),
            [(rule.id, rule.severity, rule.scope, rule.columns) for rule in form.rules],
            [(rule.says, rule.message, rule.fix) for rule in form.rules],
        )
        for _name, form in sorted(forms.items())
    ]
    return hashlib.sha256(repr((said, cell_faults.CELL_FAULTS)).encode()).hexdigest()[:12]
