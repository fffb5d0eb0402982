"""Findings that a provider has yet to explain: kept with the return, without any value."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from evaluation.nouns import Checked, Severity
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


def open_findings(store: Store, quarter: Quarter) -> tuple[OpenFinding, ...]:
    """The findings of severity explain in the returns in force for `quarter`.

    A finding about a form goes when the form is superseded; one about the whole workbook goes
    when all its forms are.
    """
    findings, receipts = tables.findings, tables.receipts
    with store.reading() as ledger:
        held = read_submissions(ledger, tables.submissions.c.quarter == str(quarter))
        found = ledger.execute(
            select(findings, receipts.c.id.label("receipt"), receipts.c.provider)
            .join(receipts, receipts.c.sequence == findings.c.sequence)
            .where(receipts.c.quarter == str(quarter))
            .order_by(findings.c.number)
        ).all()
    in_force: set[tuple[int, str | None]] = set()
    for item in held:
        if item.in_force:
            in_force |= {(item.sequence, item.form), (item.sequence, None)}
    return tuple(
        OpenFinding(
            receipt=row.receipt,
            provider=row.provider,
            quarter=quarter,
            form=row.form,
            rule=row.rule,
            severity=row.severity,
            sheet=row.sheet,
            row=row.row,
            column=row.column,
            record=row.record,
        )
        for row in found
        if (row.sequence, row.form) in in_force
    )


def keep_findings(ledger: Connection, sequence: int, checked: Checked) -> None:
    """Write the findings of severity explain into the ledger, by address and never by value."""
    form_of = {sheet.name: sheet.form for sheet in checked.source.sheets}
    rows = [
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
        for finding in checked.findings
        if finding.severity == "explain"
    ]
    if rows:
        ledger.execute(tables.findings.insert(), rows)
