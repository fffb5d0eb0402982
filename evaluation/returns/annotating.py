"""The sender's own workbook, given back with its faults marked."""

from __future__ import annotations

import gc
import hashlib
import warnings
import zipfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from copy import copy
from io import BytesIO
from pathlib import Path
from typing import cast

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from evaluation.errors import BrokenFile, WrongUse
from evaluation.language import LANGUAGES, Language, _
from evaluation.nouns import Checked, Finding
from evaluation.returns.explaining import as_told
from evaluation.returns.explanation_sheet import prefill
from evaluation.returns.files import open_file
from evaluation.returns.findings_sheet import SEVERITY, gravity, write_findings
from evaluation.returns.layout import BELOW_OURS, FINDINGS, NOTE_AUTHOR, nameless, plain, sheet_name
from evaluation.returns.plain_copy import plain_copy
from evaluation.returns.saving import save_whole
from evaluation.returns.styles import INK, MARKS

MOST_XML = 100_000_000
"""Bytes of the sheets of a workbook that is marked; openpyxl needs some twenty times as much."""
MOST_CELLS = 1_500_000
MOST_NOTES = 10_000
"""Cells that get a note beside their colour; with more, spreadsheets slow down."""


def annotate(path: Path, checked: Checked, to: Path, language: Language) -> Path:
    """Write a copy of the workbook with each faulty cell filled and noted, and a Findings sheet.

    The sender's formatting, lists and formulas stay; what is no `.xlsx` becomes a plain one.
    Marks of an earlier round are taken away first, so a copy that was mended in part shows only
    what is still wrong. The sheet lists every finding, also those without a cell; those that ask
    for a reason have a line each on the sheet Explanations.

    Raises WrongUse if the file at `path` is no longer the one that was checked, BrokenFile if it
    can be read but not marked, is too large for that, or the copy cannot be written.
    """
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != checked.source.sha256:
        raise WrongUse(
            _("‘{file}’ has changed since it was checked. Check it again.", file=path.name)
        )
    # A workbook is millions of small things that live until it is saved; looking through all of
    # them again and again for some that have died takes a third of the time.
    gc.disable()
    try:
        book, titles = _open(path, data, checked, language)
        _mark_all(book, titles, checked, language)
        saved = BytesIO()
        book.save(saved)
    finally:
        gc.enable()
    return save_whole(to, saved.getvalue())


def _open(
    path: Path, data: bytes, checked: Checked, language: Language
) -> tuple[Workbook, Mapping[str, str]]:
    """The workbook to mark, and its sheet for each sheet that a finding names."""
    try:
        packed = zipfile.ZipFile(BytesIO(data))
    except zipfile.BadZipFile:
        packed = None
    if packed is None or "xl/workbook.xml" not in packed.namelist():
        file = open_file(path)
        if sum(sheet.grid.size for sheet in file.sheets) > MOST_CELLS:
            raise _too_large(path.name)
        return plain_copy(file, checked, language)
    sizes = (item.file_size for item in packed.infolist() if "/worksheets/" in item.filename)
    if sum(sizes) > MOST_XML:
        raise _too_large(path.name)
    book = _load(data, path.name)
    titles = {title: title for title in book.sheetnames}
    titles |= {nameless(number): title for number, title in enumerate(titles, start=1)}
    notes = (packed.read(name) for name in packed.namelist() if "comments" in name)
    _take_old_marks_away(book, noted=any(NOTE_AUTHOR.encode() in xml for xml in notes))
    return book, titles


def _mark_all(
    book: Workbook, titles: Mapping[str, str], checked: Checked, language: Language
) -> None:
    findings = sorted(as_told(checked), key=lambda item: gravity(item.rule, item.severity))
    cells: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        title = titles.get(finding.sheet or "")
        if title and finding.row and finding.column:
            address = _shown(book[title], f"{finding.column}{finding.row}")
            cells[title, address].append(finding)
    for nth, ((title, address), found) in enumerate(cells.items()):
        cell = book[title][address]
        if isinstance(cell, Cell):
            _mark(cell, found, language, noted=nth < MOST_NOTES)
    prefill(book, checked, language)
    sheet = book.create_sheet(sheet_name(FINDINGS, language), 0)
    write_findings(sheet, findings, titles, language)
    book.active = 0
    for other in book.worksheets:
        other.sheet_view.tabSelected = other is sheet


def _shown(sheet: Worksheet, address: str) -> str:
    """Where a cell can be marked: of merged cells only the first is there to be seen."""
    if isinstance(sheet[address], Cell):
        return address
    over = (merged.coord for merged in sheet.merged_cells.ranges if address in merged)
    return str(next(over, address)).partition(":")[0]


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


def _too_large(name: str) -> BrokenFile:
    return BrokenFile(
        _(
            "‘{file}’ could be read, but is too large to be marked. Mend it by the list of "
            "findings.",
            file=name,
        )
    )


def _take_old_marks_away(book: Workbook, *, noted: bool) -> None:
    names = {plain(sheet_name(FINDINGS, language)) for language in LANGUAGES}
    for sheet in book.worksheets:
        if plain(sheet.title) in names and len(book.worksheets) > 1:
            book.remove(sheet)
    for row in (row for sheet in book.worksheets if noted for row in sheet.iter_rows()):
        for cell in row:
            if isinstance(cell, Cell) and cell.comment and cell.comment.author == NOTE_AUTHOR:
                theirs = cell.comment.text.partition(BELOW_OURS)[2]
                cell.comment = Comment(theirs, "") if theirs else None
                cell.fill = PatternFill()


def _mark(cell: Cell, findings: Sequence[Finding], language: Language, *, noted: bool) -> None:
    """Fill the cell by its gravest finding, which comes first, and note them all."""
    cell.fill = MARKS[findings[0].severity]
    if cell.font.color is not None:  # white on yellow could not be read
        font = cast("Font", copy(cell.font))
        font.color = INK
        cell.font = font
    if not noted:
        return
    lines = [
        f"{SEVERITY[item.severity].to(language)}: {item.message.to(language)}\n"
        f"→ {item.fix.to(language)}"
        for item in findings
    ]
    words = "\n\n".join(dict.fromkeys(lines))
    if cell.comment:
        words += BELOW_OURS + cell.comment.text
    cell.comment = Comment(words, NOTE_AUTHOR, height=40 + 18 * (1 + len(words) // 45), width=320)
