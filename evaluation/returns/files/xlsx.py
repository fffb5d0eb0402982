"""`.xlsx` workbooks, read by calamine, and what calamine leaves out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from io import BytesIO
from xml.etree.ElementTree import Element

import numpy as np
from defusedxml.ElementTree import fromstring
from openpyxl.utils import column_index_from_string
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from evaluation.returns.files import refusals
from evaluation.returns.files.beside_xlsx import asides, folder_of
from evaluation.returns.files.packed import damage, unpack
from evaluation.returns.files.raw import DAY_ZERO, DAY_ZERO_1904, RawFile, RawSheet
from evaluation.returns.grid import Raw, text_grid

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
_SHARED_CELL = re.compile(
    rb"""<(?:\w+:)?c(?=\s[^>]{0,200}\bt=["']s["'])[^>]{0,200}>\s*<(?:\w+:)?v>([0-9]{1,9})<"""
)
_HIDDEN = rb"""(?=[^>]{0,400}\shidden=["'](?:1|true)["'])"""
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row" + _HIDDEN + rb"""[^>]{0,400}?\sr=["']([0-9]{1,7})["']""")
_HIDDEN_COLUMN = re.compile(rb"<(?:\w+:)?col" + _HIDDEN + rb"([^>]{0,400})>")
_FROM_TO = re.compile(rb"""\s(min|max)=["']([0-9]{1,5})["']""")


def read_xlsx(data: bytes, name: str) -> RawFile:
    """The sheets of an `.xlsx` workbook, in their order; hidden ones too.

    Raises BrokenFile for anything but a readable workbook of bounded size, without macros.
    """
    parts = unpack(data, name)
    _refuse_other_kinds(parts, name)
    with damage(name):
        book = fromstring(parts["xl/workbook.xml"])
        found = _sheet_parts(book, parts)
        for content in parts.values():
            # The reader would fill all up to the furthest cell, and end the process.
            if b"sheetData" in content and _TOO_FAR.search(content):
                raise refusals.too_far(name)
        if any(b"ddeLink" in parts[path] for path in parts if path.startswith("xl/external")):
            raise refusals.commands(name)
        _refuse_text_bombs(parts, found, name)
        timed = _styles_that_show_a_time(parts)
        try:
            with CalamineWorkbook.from_filelike(BytesIO(data)) as opened:
                sheets = tuple(
                    _sheet(opened, number, parts.get(found.get(item.name, ""), b""), timed)
                    for number, item in enumerate(opened.sheets_metadata)
                    if item.typ == SheetTypeEnum.WorkSheet
                )
        except CalamineError as error:
            raise refusals.damaged(name) from error
        return RawFile(
            data,
            sheets,
            tuple(asides(parts, found)),
            DAY_ZERO_1904 if _counts_from_1904(book) else DAY_ZERO,
            linked=any(path.startswith("xl/externalLinks/") for path in parts),
        )


def _sheet(book: CalamineWorkbook, number: int, xml: bytes, timed: frozenset[bytes]) -> RawSheet:
    about = book.sheets_metadata[number]
    hidden_rows = (int(row) for row in _HIDDEN_ROW.findall(xml))
    return RawSheet(
        about.name,
        text_grid(_rows(book, number, xml, timed)),
        hidden=about.visible != SheetVisibleEnum.Visible,
        hidden_rows=frozenset(hidden_rows),
        hidden_columns=frozenset(_hidden_columns(xml)),
    )


def _hidden_columns(xml: bytes) -> Iterator[int]:
    for said in _HIDDEN_COLUMN.findall(xml):
        reach = dict(_FROM_TO.findall(said))
        if len(reach) == 2:
            yield from range(int(reach[b"min"]), min(int(reach[b"max"]), refusals.MOST_COLUMNS) + 1)


def _rows(
    book: CalamineWorkbook, number: int, xml: bytes, timed: frozenset[bytes]
) -> list[list[Raw]]:
    """Cells with what calamine leaves out: it gives error cells as blanks, and a moment at
    midnight as a day; a formula that no spreadsheet has worked out would also seem blank.
    """
    rows = book.get_sheet_by_index(number).to_python(skip_empty_area=False)
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


def _refuse_other_kinds(parts: Mapping[str, bytes], name: str) -> None:
    if "xl/vbaProject.bin" in parts:
        raise refusals.macros(name)
    if "xl/workbook.bin" in parts:
        raise refusals.binary(name)
    if "xl/workbook.xml" not in parts:
        raise refusals.not_a_workbook(name)


def _sheet_parts(book: Element, parts: Mapping[str, bytes]) -> dict[str, str]:
    """Each sheet's title to the path of its XML."""
    links = {
        link.get("Id"): link.get("Target", "")
        for link in fromstring(parts["xl/_rels/workbook.xml.rels"])
    }
    found: dict[str, str] = {}
    for element in book.iter():
        if element.tag.endswith("}sheet"):
            number = next((value for key, value in element.items() if key.endswith("}id")), "")
            path = folder_of("xl/workbook.xml", links[number])
            if path in parts:
                found[element.get("name", "")] = path
    return found


def _counts_from_1904(book: Element) -> bool:
    said = next((item for item in book if item.tag.endswith("}workbookPr")), None)
    return said is not None and said.get("date1904") in {"1", "true"}


def _refuse_text_bombs(parts: Mapping[str, bytes], found: Mapping[str, str], name: str) -> None:
    """A text kept once may stand in a million cells, and be a million texts once it is read."""
    # The reader does not mind capitals.
    kept = next((parts[path] for path in parts if path.lower() == "xl/sharedstrings.xml"), None)
    if kept is None:
        return
    texts = fromstring(kept)
    lengths = np.array(
        [sum(len(words) for words in text.itertext()) for text in texts], dtype="int64"
    )
    total = 0
    for path in found.values():
        cells = _SHARED_CELL.findall(parts[path])
        if len(cells) * int(lengths.max(initial=0)) > refusals.LARGEST_UNPACKED:
            numbers = np.array(cells, dtype="int64")
            total += int(lengths[numbers[numbers < len(lengths)]].sum())
    if total > refusals.LARGEST_UNPACKED:
        raise refusals.too_large(name)


def _styles_that_show_a_time(parts: Mapping[str, bytes]) -> frozenset[bytes]:
    """The style numbers of cells whose format shows hours or seconds."""
    if "xl/styles.xml" not in parts:
        return frozenset()
    root = fromstring(parts["xl/styles.xml"])
    shows = {18, 19, 20, 21, 22, 45, 46, 47}  # built-in formats of times
    for element in root.iter():
        if element.tag.endswith("}numFmt") and shows_a_time(element.get("formatCode", "")):
            shows.add(int(element.get("numFmtId", "0")))
    styles = next((item for item in root if item.tag.endswith("}cellXfs")), ())
    return frozenset(
        str(number).encode()
        for number, style in enumerate(styles)
        if int(style.get("numFmtId", "0")) in shows
    )


def shows_a_time(code: str) -> bool:
    """Whether a cell with this number format shows hours or seconds."""
    # Quoted words, escaped letters and [Red] are not part of a date; [h] is.
    bare = re.sub(r'"[^"]*"|\\.|\[(?!h+\]|s+\])[^\]]*\]', "", code, flags=re.IGNORECASE)
    return bool(re.search(r"[hs]", bare, re.IGNORECASE))
