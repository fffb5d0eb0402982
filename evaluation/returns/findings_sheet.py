"""The sheet Findings of a marked copy: every finding in words, with a link to its cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any

from openpyxl.cell import Cell
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from evaluation.language import Language, Text, _
from evaluation.nouns import Finding, Severity
from evaluation.returns.layout import FINDINGS
from evaluation.returns.styles import LINK, MARKS, QUIET, TITLE, head, put, widths

SEVERITY: dict[Severity, Text] = {
    "reject": _("Must be mended"),
    "explain": _("Please explain"),
    "note": _("For you to know"),
}
"""What a severity means for the sender, the gravest first."""


def gravity(rule: str, severity: Severity) -> tuple[int, bool]:
    """The place of a finding in a list, the gravest first.

    Before all else comes what may tell who a child is: because of it nothing at all was kept.
    """
    return tuple(SEVERITY).index(severity), not rule.startswith(("ID-", "CELL-BIRTH"))


TITLES = (
    _("Sheet"),
    _("Cell"),
    _("Record"),
    _("What is wrong"),
    _("What to do"),
    _("How serious"),
    _("Rule"),
)
MOST_LISTED = 20_000
"""Findings that are listed one by one; of more, nobody would read the rest."""

_WIDTHS = (24, 9, 16, 46, 54, 18, 18)
_FIRST = 6


def write_findings(
    sheet: Worksheet, findings: Sequence[Finding], titles: Mapping[str, str], language: Language
) -> None:
    """The findings in their order; `titles` gives the sheet of the copy for a finding's sheet."""
    put(sheet, 1, 1, FINDINGS.to(language), TITLE)
    put(sheet, 2, 1, verdict(findings).to(language))
    told = _("Click a cell's address to go there. This sheet is ignored when you send the file.")
    put(sheet, 3, 1, told.to(language), QUIET)
    if len(findings) > MOST_LISTED:
        put(sheet, 4, 1, not_listed(findings, MOST_LISTED).to(language))
    for row in range(1, _FIRST - 1):
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(TITLES))
    for column, title in enumerate(TITLES, start=1):
        head(sheet, _FIRST - 1, column, title.to(language))
    listed = findings[:MOST_LISTED]
    looks = _Looks(sheet, _FIRST + len(listed))
    for row, finding in enumerate(listed, start=_FIRST):
        cells = line(finding, language)
        for column, words in enumerate(cells, start=1):
            if words:
                looks.put(row, column, words)
        sheet.cell(row, 6).fill = MARKS[finding.severity]
        lines = (len(words) // width for words, width in zip(cells, _WIDTHS, strict=True))
        sheet.row_dimensions[row].height = 15 * (1 + max(lines))
        if target := titles.get(finding.sheet or ""):
            _link(sheet, row, finding, target)
    sheet.freeze_panes = f"A{_FIRST}"
    sheet.auto_filter.ref = f"A{_FIRST - 1}:G{_FIRST - 1 + max(len(listed), 1)}"
    widths(sheet, *_WIDTHS)


def line(finding: Finding, language: Language) -> tuple[str, ...]:
    """A finding in words, in the order of `TITLES`; what it does not have is ''."""
    return (
        finding.sheet or "",
        f"{finding.column or ''}{finding.row or ''}",
        finding.record or "",
        finding.message.to(language),
        finding.fix.to(language),
        SEVERITY[finding.severity].to(language),
        finding.rule,
    )


def not_listed(findings: Sequence[Finding], listed: int) -> Text:
    """How many findings there are beside those that are listed."""
    return _(
        "Only the first findings are listed: {listed} of {all}.", listed=listed, all=len(findings)
    )


def verdict(findings: Sequence[Finding]) -> Text:
    """What becomes of the return, in a sentence or two."""
    faults = sum(finding.severity == "reject" for finding in findings)
    reasons = sum(finding.severity == "explain" for finding in findings)
    if faults:
        return _(
            "This return was not accepted. Things to mend: {faults}. Mend them in this "
            "workbook and send it again.",
            faults=faults,
        )
    if reasons:
        return _(
            "This return can be accepted. Things that need a reason: {reasons}. Put them right, "
            "or write the reason on the sheet Explanations, where each has its line.",
            reasons=reasons,
        )
    return _("This return can be accepted.")


class _Looks:
    """Writes words that all look alike, ten times faster than giving each cell its style."""

    def __init__(self, sheet: Worksheet, spare_row: int) -> None:
        self.sheet = sheet
        models: list[Any] = [put(sheet, spare_row, 1, "x"), put(sheet, spare_row, 1, "=x")]
        self.plain, self.quoted = (copy(cell._style) for cell in models)  # noqa: SLF001
        sheet.delete_rows(spare_row)

    def put(self, row: int, column: int, words: str) -> None:
        cell: Any = self.sheet.cell(row, column, words)
        cell.data_type = "s"  # never a formula
        quoted = words.startswith(("=", "+", "-", "@"))
        cell._style = copy(self.quoted if quoted else self.plain)  # noqa: SLF001


def _link(sheet: Worksheet, row: int, finding: Finding, title: str) -> None:
    """From the address, or the sheet's name where there is none, to the place."""
    cell = sheet.cell(row, 2 if finding.row or finding.column else 1)
    quoted = title.replace("'", "''")
    target = f"'{quoted}'!{finding.column or 'A'}{finding.row or 1}"
    assert isinstance(cell, Cell)
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=target)
    cell.font = LINK
