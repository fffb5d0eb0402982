"""The sender's own workbook, given back with its faults marked."""

from __future__ import annotations

import hashlib
import warnings
from collections import defaultdict
from collections.abc import Sequence
from copy import copy
from io import BytesIO
from pathlib import Path
from typing import cast

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from evaluation.errors import BrokenFile, WrongUse
from evaluation.language import LANGUAGES, Language, Text, _
from evaluation.nouns import Checked, Finding, Severity
from evaluation.returns.explaining import as_told
from evaluation.returns.explanation_sheet import prefill
from evaluation.returns.layout import FINDINGS, plain, sheet_name
from evaluation.returns.styles import (
    INK,
    LINK,
    MARKS,
    QUIET,
    TITLE,
    head,
    put,
    widths,
)

AUTHOR = "evaluation"
"""Signs our notes, so that the next round can take them away again."""

_BELOW_OURS = "\n\n— — —\n"
"""Stands between our note and one that the sender had written there."""

SEVERITY: dict[Severity, Text] = {
    "reject": _("Must be mended"),
    "explain": _("Please explain"),
    "note": _("For you to know"),
}
"""What a severity means for the sender, the gravest first."""

_WIDTHS = (24, 9, 16, 46, 54, 18, 18)


def annotate(path: Path, checked: Checked, to: Path, language: Language) -> Path:
    """Write a copy of the workbook with each faulty cell filled and noted, and a Findings sheet.

    The sender's formatting, lists and formulas stay. Marks of an earlier round are taken away
    first, so a copy that was mended in part shows only what is still wrong. The sheet lists
    every finding, also those without a cell; those that ask for a reason have a line each on the
    sheet Explanations. Raises WrongUse if the file at `path` is no longer the one that was
    checked.
    """
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != checked.source.sha256:
        raise WrongUse(
            _("‘{file}’ has changed since it was checked. Check it again.", file=path.name)
        )
    book = _load(data, path.name)
    _take_old_marks_away(book)
    findings = sorted(as_told(checked), key=lambda item: tuple(SEVERITY).index(item.severity))
    cells: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.sheet in book.sheetnames and finding.row and finding.column:
            cells[finding.sheet or "", f"{finding.column}{finding.row}"].append(finding)
    for (title, address), found in cells.items():
        cell = book[title][address]
        if isinstance(cell, Cell):  # the inside of merged cells cannot be marked
            _mark(cell, found, language)
    prefill(book, checked, language)
    sheet = book.create_sheet(sheet_name(FINDINGS, language), 0)
    _write_findings(sheet, findings, language)
    book.active = 0
    for other in book.worksheets:
        other.sheet_view.tabSelected = other is sheet
    book.save(to)
    return to


def _load(data: bytes, name: str) -> Workbook:
    try:
        with warnings.catch_warnings():
            # openpyxl tells which extensions it leaves out; the sender's file keeps them.
            warnings.simplefilter("ignore")
            return load_workbook(BytesIO(data))
    except Exception as error:  # whatever openpyxl cannot load, for any of its reasons
        raise BrokenFile(
            _(
                "‘{file}’ could be read, but not marked. Mend it by the list of findings, or copy "
                "your rows into a new template.",
                file=name,
            )
        ) from error


def _take_old_marks_away(book: Workbook) -> None:
    names = {plain(sheet_name(FINDINGS, language)) for language in LANGUAGES}
    for sheet in book.worksheets:
        if plain(sheet.title) in names and len(book.worksheets) > 1:
            book.remove(sheet)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell, Cell) and cell.comment and cell.comment.author == AUTHOR:
                    theirs = cell.comment.text.partition(_BELOW_OURS)[2]
                    cell.comment = Comment(theirs, "") if theirs else None
                    cell.fill = PatternFill()


def _mark(cell: Cell, findings: Sequence[Finding], language: Language) -> None:
    """Fill the cell by its gravest finding, which comes first, and note them all."""
    lines = [
        f"{SEVERITY[item.severity].to(language)}: {item.message.to(language)}\n"
        f"→ {item.fix.to(language)}"
        for item in findings
    ]
    words = "\n\n".join(dict.fromkeys(lines))
    if cell.comment:
        words += _BELOW_OURS + cell.comment.text
    cell.comment = Comment(words, AUTHOR, height=40 + 18 * (1 + len(words) // 45), width=320)
    cell.fill = MARKS[findings[0].severity]
    if cell.font.color is not None:  # white on yellow could not be read
        font = cast("Font", copy(cell.font))
        font.color = INK
        cell.font = font


def _write_findings(sheet: Worksheet, findings: list[Finding], language: Language) -> None:
    put(sheet, 1, 1, FINDINGS.to(language), TITLE)
    put(sheet, 2, 1, _verdict(findings).to(language))
    put(
        sheet,
        3,
        1,
        _("Click a cell's address to go there. This sheet is ignored when you send the file.").to(
            language
        ),
        QUIET,
    )
    for row in (1, 2, 3):
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=7)
    titles = (
        _("Sheet"),
        _("Cell"),
        _("Record"),
        _("What is wrong"),
        _("What to do"),
        _("How serious"),
        _("Rule"),
    )
    for column, title in enumerate(titles, start=1):
        head(sheet, 5, column, title.to(language))
    for row, finding in enumerate(findings, start=6):
        address = f"{finding.column or ''}{finding.row or ''}"
        cells = (
            finding.sheet or "",
            address,
            finding.record or "",
            finding.message.to(language),
            finding.fix.to(language),
            SEVERITY[finding.severity].to(language),
            finding.rule,
        )
        for column, words in enumerate(cells, start=1):
            if words:
                put(sheet, row, column, words)
        sheet.cell(row, 6).fill = MARKS[finding.severity]
        lines = (len(words) // width for words, width in zip(cells, _WIDTHS, strict=True))
        sheet.row_dimensions[row].height = 15 * (1 + max(lines))
        if finding.sheet:
            _link(sheet, row, finding)
    sheet.freeze_panes = "A6"
    sheet.auto_filter.ref = f"A5:G{5 + max(len(findings), 1)}"
    widths(sheet, *_WIDTHS)


def _link(sheet: Worksheet, row: int, finding: Finding) -> None:
    """From the address, or the sheet's name where there is none, to the place."""
    assert finding.sheet is not None
    cell = sheet.cell(row, 2 if finding.row or finding.column else 1)
    title = finding.sheet.replace("'", "''")
    target = f"'{title}'!{finding.column or 'A'}{finding.row or 1}"
    assert isinstance(cell, Cell)
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=target)
    cell.font = LINK


def _verdict(findings: list[Finding]) -> Text:
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
