"""From a file's bytes to sheets of raw cells; one function per format, so far `.xlsx`.

A file from outside may be broken or hostile. Everything that could cost memory or time is
measured in the packed file before a parser sees it.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path, PurePosixPath

from defusedxml.ElementTree import fromstring
from openpyxl.utils import column_index_from_string
from openpyxl.utils.exceptions import InvalidFileException
from python_calamine import CalamineError, CalamineWorkbook

from evaluation.errors import BrokenFile
from evaluation.language import Text, _
from evaluation.returns.grid import Raw

LARGEST_FILE = 50_000_000
LARGEST_UNPACKED = 300_000_000
MOST_PARTS = 2_000
MOST_ROWS = 200_000
MOST_COLUMNS = 104  # 'CZ'

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TOO_FAR = re.compile(
    rb"""\sr\s*=\s*["'](?:"""
    rb"""[^"']{0,20}&"""  # an address in disguise
    rb"""|(?:[D-Zd-z][A-Za-z]|[A-Za-z]{3})[0-9]"""  # a cell right of column CZ
    rb"""|[A-Za-z]*(?:[2-9][0-9]{5}|[0-9]{7,})["'])"""  # a row or cell from row 200,000 on
)
# Cells in a sheet's XML. Every repetition is bounded, so that no XML makes the search crawl.
_REF = rb"""[^>]{0,200}?\sr=["']([A-Z]{1,3})([0-9]{1,7})["'][^>]{0,200}>\s*"""
_FORMULA = rb"""<(?:\w+:)?f\b[^>]{0,400}(?:/>|>[^<]{0,9000}</(?:\w+:)?f>)\s*"""
_ERROR = re.compile(
    rb"""<(?:\w+:)?c(?=\s[^>]{0,200}\bt=["']e["'])""" + _REF + rb"(?:" + _FORMULA + rb")?"
    rb"<(?:\w+:)?v>([^<]{1,20})<"
)
_NEVER_CALCULATED = re.compile(
    rb"""<(?:\w+:)?c(?!\s[^>]{0,200}\bt=["']str["'])"""
    + _REF
    + _FORMULA
    + rb"(?:<(?:\w+:)?v\s*/>\s*|<(?:\w+:)?v>\s*</(?:\w+:)?v>\s*)?</(?:\w+:)?c>"
)


@dataclass(frozen=True, slots=True)
class RawSheet:
    """One sheet as it stands: `rows` from row 1 and column A on, each equally long."""

    name: str
    rows: list[list[Raw]]


def open_workbook(path: Path) -> tuple[bytes, tuple[RawSheet, ...]]:
    """The file's bytes and its sheets in their order, hidden ones too.

    Raises BrokenFile, with one sentence that says what to do, for anything that is not a
    readable workbook of bounded size.
    """
    data = _bytes_of(path)
    if data.startswith(_OLE):
        raise BrokenFile(_in_an_old_container(data, path.name))
    if not data.startswith(b"PK"):
        raise BrokenFile(_not_packed(path))
    return data, read_xlsx(data, path.name)


def read_xlsx(data: bytes, name: str) -> tuple[RawSheet, ...]:
    """The sheets of an `.xlsx` workbook."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            _refuse_bombs(packed, name)
            _refuse_other_formats(packed, name)
            parts = _unpack(packed, name)
        timed = _styles_that_show_a_time(parts)
        found = _sheet_parts(parts)
        with CalamineWorkbook.from_filelike(BytesIO(data)) as book:
            return tuple(
                RawSheet(title, _rows(book, title, parts[part] if part else b"", timed))
                for title, part in ((title, found.get(title)) for title in book.sheet_names)
            )
    except BrokenFile:
        raise
    # A damaged part may fail anywhere in the parsers, each with its own kind of error.
    except (
        CalamineError,
        InvalidFileException,
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        LookupError,
        SyntaxError,
        ValueError,
        EOFError,
        OSError,
        RuntimeError,  # a password on one part
    ) as error:
        raise BrokenFile(
            _(
                "‘{file}’ is damaged or is not an Excel workbook. Open it in Excel or "
                "LibreOffice, save it again as .xlsx and send that file.",
                file=name,
            )
        ) from error


def _rows(
    book: CalamineWorkbook, title: str, xml: bytes, timed: frozenset[bytes]
) -> list[list[Raw]]:
    """Cells with what calamine leaves out: it gives error cells as blanks, and a moment at
    midnight as a day; a formula that no spreadsheet has worked out would also seem blank.
    """
    rows = book.get_sheet_by_name(title).to_python(skip_empty_area=False)
    for row, column, words in _marked(xml):
        _put(rows, row, column, words)
    if timed and any(type(cell) is date for row in rows for cell in row):
        for row, column in _cells_styled(xml, timed):
            if row <= len(rows) and column <= len(rows[0]):
                cell = rows[row - 1][column - 1]
                if type(cell) is date:
                    rows[row - 1][column - 1] = datetime.combine(cell, time())
    return rows


def _put(rows: list[list[Raw]], row: int, column: int, words: str) -> None:
    """Write into a cell, and widen the sheet first if the cell lies outside."""
    width = max(column, len(rows[0]) if rows else 0)
    if rows and len(rows[0]) < width:
        for cells in rows:
            cells.extend([""] * (width - len(cells)))
    rows.extend([""] * width for _more in range(row - len(rows)))
    rows[row - 1][column - 1] = words


def _marked(xml: bytes) -> Iterator[tuple[int, int, str]]:
    for letters, number, words in _ERROR.findall(xml):
        yield int(number), column_index_from_string(letters.decode()), words.decode()
    if b"<f" in xml or b":f" in xml:
        for letters, number in _NEVER_CALCULATED.findall(xml):
            yield int(number), column_index_from_string(letters.decode()), "#CALC!"


def _cells_styled(xml: bytes, styles: frozenset[bytes]) -> Iterator[tuple[int, int]]:
    one_of = b"|".join(sorted(styles))
    cells = re.compile(rb"""<(?:\w+:)?c(?=\s[^>]{0,200}\bs=["'](?:%b)["'])%b""" % (one_of, _REF))
    for letters, number in cells.findall(xml):
        yield int(number), column_index_from_string(letters.decode())


# ---- Inside the packed file -----------------------------------------------------------------------


def _refuse_bombs(packed: zipfile.ZipFile, name: str) -> None:
    entries = packed.infolist()
    if len(entries) > MOST_PARTS or sum(item.file_size for item in entries) > LARGEST_UNPACKED:
        raise BrokenFile(_too_large(name))


def _unpack(packed: zipfile.ZipFile, name: str) -> dict[str, bytes]:
    """The XML parts by path, once their sizes, entities and extent are known to be safe."""
    parts: dict[str, bytes] = {}
    left = LARGEST_UNPACKED
    for item in packed.infolist():
        # The directory may lie about a size, so what comes out is measured as well.
        item.file_size = left + 2
        with packed.open(item) as part:
            content = part.read(left + 1)
        left -= len(content)
        if left < 0:
            raise BrokenFile(_too_large(name))
        if item.filename.lower().endswith((".xml", ".rels")):
            parts[item.filename] = content
    for content in parts.values():
        # No workbook needs these; entities can expand without bound, and UTF-16 would hide them.
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\0" in content[:200]:
            raise BrokenFile(
                _(
                    "‘{file}’ holds instructions that no workbook needs, so it was not opened. "
                    "Copy your rows into a new template and send that file.",
                    file=name,
                )
            )
    for content in parts.values():
        # The reader would fill the whole rectangle up to the furthest cell, and end the process.
        if b"sheetData" in content and _TOO_FAR.search(content):
            raise BrokenFile(
                _(
                    "A sheet of ‘{file}’ reaches beyond row {rows} or column CZ. Delete the "
                    "rows and columns outside your table, even if they look empty, and save.",
                    file=name,
                    rows=MOST_ROWS,
                )
            )
    return parts


def _sheet_parts(parts: dict[str, bytes]) -> dict[str, str]:
    """Each sheet's title to the path of its XML."""
    links = {
        link.get("Id"): link.get("Target", "")
        for link in fromstring(parts["xl/_rels/workbook.xml.rels"])
    }
    found: dict[str, str] = {}
    for element in fromstring(parts["xl/workbook.xml"]).iter():
        if element.tag.endswith("}sheet"):
            target = links[next((v for key, v in element.items() if key.endswith("}id")), "")]
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if path in parts:
                found[element.get("name", "")] = path
    return found


def _styles_that_show_a_time(parts: dict[str, bytes]) -> frozenset[bytes]:
    """The style numbers of cells whose format shows hours or seconds."""
    if "xl/styles.xml" not in parts:
        return frozenset()
    root = fromstring(parts["xl/styles.xml"])
    shows = {18, 19, 20, 21, 22, 45, 46, 47}  # built-in formats of times
    for element in root.iter():
        if element.tag.endswith("}numFmt"):
            # Quoted words, escaped letters and [Red] are not part of a date; [h] is.
            code = re.sub(r'"[^"]*"|\\.|\[(?!h+\]|s+\])[^\]]*\]', "", element.get("formatCode", ""))
            if re.search(r"[hs]", code, re.IGNORECASE):
                shows.add(int(element.get("numFmtId", "0")))
    styles = next((item for item in root if item.tag.endswith("}cellXfs")), ())
    return frozenset(
        str(number).encode()
        for number, style in enumerate(styles)
        if int(style.get("numFmtId", "0")) in shows
    )


# ---- What the file is, where it is not a workbook -------------------------------------------------


def _bytes_of(path: Path) -> bytes:
    if path.is_dir():
        raise BrokenFile(_("‘{file}’ is a folder. Name one workbook in it.", file=path.name))
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise BrokenFile(_too_large(path.name))
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise BrokenFile(
            _("There is no file ‘{file}’. Check its name and folder.", file=path.name)
        ) from error
    except OSError as error:
        raise BrokenFile(
            _(
                "‘{file}’ cannot be opened. Close it if it is open elsewhere, and check that you "
                "may read it.",
                file=path.name,
            )
        ) from error
    if not data:
        raise BrokenFile(_("‘{file}’ is empty. Save the workbook again.", file=path.name))
    return data


def _too_large(name: str) -> Text:
    return _(
        "‘{file}’ is too large to be a return, so it was not opened. Copy your rows into a new "
        "template; if it is still too large, send each form in a workbook of its own.",
        file=name,
    )


def _in_an_old_container(data: bytes, name: str) -> Text:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return _(
            "‘{file}’ is protected by a password. Take the password off (in Excel: File, Info, "
            "Protect Workbook) and send it again the safe way that was agreed with you.",
            file=name,
        )
    return _(
        "‘{file}’ is in the old Excel format (.xls). Open it and save it as .xlsx "
        "(Excel Workbook).",
        file=name,
    )


def _not_packed(path: Path) -> Text:
    if path.suffix.lower() in {".csv", ".tsv", ".txt"}:
        return _(
            "‘{file}’ is a text file. Copy its rows into the template and save that as .xlsx "
            "(Excel Workbook).",
            file=path.name,
        )
    return _(
        "‘{file}’ is not a workbook. Send the template filled in, saved as .xlsx (Excel Workbook).",
        file=path.name,
    )


def _refuse_other_formats(packed: zipfile.ZipFile, name: str) -> None:
    names = {PurePosixPath(item).as_posix() for item in packed.namelist()}
    if "mimetype" in names and "content.xml" in names:
        raise BrokenFile(
            _(
                "‘{file}’ is in the OpenDocument format. Open it and save it as .xlsx "
                "(Excel Workbook).",
                file=name,
            )
        )
    if "xl/vbaProject.bin" in names:
        raise BrokenFile(
            _(
                "‘{file}’ holds macros. Open it and save it as .xlsx (Excel Workbook), "
                "which has none.",
                file=name,
            )
        )
    if "xl/workbook.bin" in names:
        raise BrokenFile(
            _(
                "‘{file}’ is in Excel's binary format (.xlsb). Open it and save it as .xlsx "
                "(Excel Workbook).",
                file=name,
            )
        )
    if "xl/workbook.xml" not in names:
        raise BrokenFile(
            _(
                "‘{file}’ is not a workbook. Send the template filled in, saved as .xlsx "
                "(Excel Workbook).",
                file=name,
            )
        )
