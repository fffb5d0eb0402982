"""Findings that a provider is to explain, without any value, and the reasons that were given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Row, Table, select

from evaluation.nouns import Checked, Severity, finding_id
from evaluation.quarters import Quarter
from evaluation.store import ledger as tables
from evaluation.store.opening import Store
from evaluation.store.submission import read_submissions


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """One finding in a return in force that waits for the provider's reason.

    `form` is missing where the finding is of the whole workbook. `sheet`, `row`, `column` and
    `record` are as in `Finding`; its words are the rule's.
    """

    receipt: str
    provider: str
    quarter: Quarter
    form: str | None
    rule: str
    severity: Severity
    sheet: str | None
    row: int | None
    column: str | None
    record: str | None

    @property
    def id(self) -> str:
        return finding_id(self.rule, self.record, self.sheet, self.row, self.column)


@dataclass(frozen=True, slots=True)
class Explained:
    """The provider's reason for one finding in a return in force, by the finding's number.

    `form` is missing where the finding is of the whole workbook, or only shows across providers.
    """

    receipt: str
    provider: str
    quarter: Quarter
    form: str | None
    finding: str
    reason: str


def open_findings(store: Store, quarter: Quarter) -> tuple[OpenFinding, ...]:
    """The findings of severity explain in the returns in force for `quarter` that have no reason.

    A finding about a form goes when the form is superseded or withdrawn; one about the whole
    workbook goes when all its forms are.
    """
    with store.reading() as ledger:
        given = {(row.receipt, row.finding) for row in _in_force(ledger, _REASONS, quarter)}
        found = [
            OpenFinding(
                receipt=row.receipt,
                provider=row.provider,
                quarter=Quarter.parse(row.quarter),
                form=row.form,
                rule=row.rule,
                severity=row.severity,
                sheet=row.sheet,
                row=row.row,
                column=row.column,
                record=row.record,
            )
            for row in _in_force(ledger, _FINDINGS, quarter)
        ]
    return tuple(item for item in found if (item.receipt, item.id) not in given)


def explanations(store: Store, quarter: Quarter | None = None) -> tuple[Explained, ...]:
    """The reasons in the returns in force, for one quarter or for all, in order of acceptance."""
    with store.reading() as ledger:
        return tuple(
            Explained(
                receipt=row.receipt,
                provider=row.provider,
                quarter=Quarter.parse(row.quarter),
                form=row.form,
                finding=row.finding,
                reason=row.reason,
            )
            for row in _in_force(ledger, _REASONS, quarter)
        )


def keep_findings(ledger: Connection, sequence: int, checked: Checked) -> None:
    """Write the findings of severity explain into the ledger, by address and never by value.

    The reasons that the sender gave go in beside them.
    """
    form_of = {sheet.name: sheet.form for sheet in checked.source.sheets}
    asked = [finding for finding in checked.findings if finding.severity == "explain"]
    findings = [
        {
            "sequence": sequence,
            "form": form_of.get(finding.sheet or ""),
            "rule": finding.rule,
            "severity": finding.severity,
            "sheet": finding.sheet,
            "row": finding.row,
            "column": finding.column,
            "record": finding.record,
        }
        for finding in asked
    ]
    about = {finding.id: form_of.get(finding.sheet or "") for finding in asked}
    reasons = [
        {"sequence": sequence, "finding": number, "form": about.get(number), "reason": reason}
        for number, reason in checked.reasons.items()
    ]
    for table, rows in ((tables.findings, findings), (tables.explanations, reasons)):
        if rows:
            ledger.execute(table.insert(), rows)


_FINDINGS = tables.findings, tables.findings.c.number
_REASONS = tables.explanations, tables.explanations.c.finding


def _in_force(
    ledger: Connection, what: tuple[Table, Column[Any]], quarter: Quarter | None
) -> list[Row[Any]]:
    """The rows of a table that are about returns in force, in the order of acceptance."""
    table, order = what
    receipts, held = tables.receipts, tables.submissions
    where = [] if quarter is None else [receipts.c.quarter == str(quarter)]
    found = ledger.execute(
        select(table, receipts.c.id.label("receipt"), receipts.c.provider, receipts.c.quarter)
        .join(receipts, receipts.c.sequence == table.c.sequence)
        .where(*where)
        .order_by(table.c.sequence, order)
    ).all()
    of_quarter = [] if quarter is None else [held.c.quarter == str(quarter)]
    in_force: set[tuple[int, str | None]] = set()
    for item in read_submissions(ledger, *of_quarter):
        if item.in_force:
            in_force |= {(item.sequence, item.form), (item.sequence, None)}
    return [row for row in found if (row.sequence, row.form) in in_force]
