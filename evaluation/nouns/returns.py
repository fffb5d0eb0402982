"""A return on its way in: as received, and as checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from evaluation.language import Language, Text
from evaluation.nouns.forms import Severity
from evaluation.quarters import Quarter


def cell_place(sheet: str | None, row: int | None, column: str | None) -> str:
    """A place as a spreadsheet writes it: 'Missing episodes!D7', or the sheet alone."""
    return "!".join(part for part in (sheet, f"{column or ''}{row or ''}") if part)


def finding_id(
    rule: str, record: str | None, sheet: str | None, row: int | None, column: str | None
) -> str:
    """What a finding is known by from check to check, to a person too: 'MIS-04 M000123'.

    The rule and the record, which stay when rows are sorted, added or corrected; the place
    where there is no record: 'SHE-07 Missing episodes'. Where one rule says the same of several
    rows of one record, they share the number, and one reason answers for them all.
    """
    return f"{rule} {record or cell_place(sheet, row, column)}".rstrip()


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault at one place; it never holds the value.

    `row` is the sheet's own row number and `column` its letter; both are None where the fault
    is of the whole sheet or workbook. `record` is the record's key where that cannot identify.
    """

    rule: str
    severity: Severity
    message: Text
    fix: Text
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    record: str | None = None

    @property
    def id(self) -> str:
        return finding_id(self.rule, self.record, self.sheet, self.row, self.column)

    @property
    def place(self) -> str:
        return cell_place(self.sheet, self.row, self.column)


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the sender wrote beside the number of a finding, and in which cell."""

    finding: str
    reason: str
    sheet: str
    row: int
    column: str


@dataclass(frozen=True)
class Sheet:
    """One form's sheet as it stands in the file.

    `cells` holds text only: a row is a row of the sheet that is not blank, its index the sheet's
    own row number; a column is one of the sheet's columns, named by the form's field; a blank
    is missing. `letters` gives each field's column letter, `titles` what the sender calls the
    fields that a mapping file names.
    """

    name: str
    form: str
    header_row: int
    letters: Mapping[str, str]
    cells: pd.DataFrame
    titles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Return:
    """One file as received; nothing in it is believed yet.

    `findings` are what reading alone could see: the cover, the sheets, the headers, identifiers.
    """

    sha256: str
    provider: str | None
    quarter: Quarter | None
    language: Language
    sheets: tuple[Sheet, ...]
    nil: tuple[str, ...] = ()
    template_version: str | None = None
    contact_role: str | None = None
    history_from: date | None = None
    findings: tuple[Finding, ...] = ()
    explanations: tuple[Explanation, ...] = ()


@dataclass(frozen=True)
class Checked:
    """A return in types, with every finding.

    `tables` holds a typed frame per form, indexed by the sheet's row number; what could not be
    read is missing and has a finding. `not_run` names the rules that could not run and why.
    `reasons` are the sender's answers to findings of severity explain, by the finding's id.
    """

    source: Return
    tables: Mapping[str, pd.DataFrame]
    findings: tuple[Finding, ...] = ()
    not_run: tuple[tuple[str, Text], ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)

    @property
    def acceptable(self) -> bool:
        return not any(finding.severity == "reject" for finding in self.findings)
