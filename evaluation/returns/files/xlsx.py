"""`.xlsx` workbooks, read by calamine, and what calamine leaves out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from io import BytesIO
from xml.etree.ElementTree import Element

import numpy as np
from defusedxml.ElementTree import fromstring
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from evaluation.returns.files import refusals
from evaluation.returns.files.beside_xlsx import asides, folder_of
from evaluation.returns.files.left_out import Seen, completed, look
from evaluation.returns.files.packed import damage, unpack
from evaluation.returns.files.raw import DAY_ZERO, DAY_ZERO_1904, RawFile, RawSheet
from evaluation.returns.grid import text_grid

_TOO_FAR = re.compile(
    rb"""\sr\s*=\s*["'](?:"""
    rb"""[^"']{0,20}&"""  # an address in disguise
    rb"""|(?:[D-Zd-z][A-Za-z]|[A-Za-z]{3})[0-9]"""  # a cell right of column CZ
    rb"""|[A-Za-z]*(?:[2-9][0-9]{5}|[0-9]{7,})["'])"""  # a row or cell from row 200,000 on
)
_SHARED_CELL = re.compile(
    rb"""<(?:\w+:)?c(?=\s[^<>]{0,200}\bt=["']s["'])[^<>]{0,200}>\s*<(?:\w+:)?v>([0-9]{1,9})<"""
)


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
        beside = tuple(asides(parts, found))
        # What was seen is small; its XML is let go before the cells take its room.
        seen = {title: look(parts.pop(path), timed) for title, path in found.items()}
        try:
            with CalamineWorkbook.from_filelike(BytesIO(data)) as opened:
                sheets = tuple(
                    _sheet(opened, number, seen.get(item.name, Seen()))
                    for number, item in enumerate(opened.sheets_metadata)
                    if item.typ == SheetTypeEnum.WorkSheet
                )
        except CalamineError as error:
            raise refusals.damaged(name) from error
        return RawFile(
            data,
            sheets,
            beside,
            DAY_ZERO_1904 if _counts_from_1904(book) else DAY_ZERO,
            linked=any(path.startswith("xl/externalLinks/") for path in parts),
        )


def _sheet(book: CalamineWorkbook, number: int, seen: Seen) -> RawSheet:
    about = book.sheets_metadata[number]
    rows = book.get_sheet_by_index(number).to_python(skip_empty_area=False)
    return RawSheet(
        about.name,
        text_grid(completed(rows, seen)),
        hidden=about.visible != SheetVisibleEnum.Visible,
        hidden_rows=seen.hidden_rows,
        hidden_columns=seen.hidden_columns,
    )


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
