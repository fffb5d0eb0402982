"""What an `.xlsx` workbook holds beside its cells, where somebody's data may be left behind."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from html import unescape
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring
from openpyxl.utils.cell import coordinate_from_string

from evaluation.language import Text
from evaluation.returns.files import raw
from evaluation.returns.files.raw import Aside
from evaluation.returns.layout import BELOW_OURS, NOTE_AUTHOR

_KEPT: tuple[tuple[str, Text], ...] = (
    ("docProps/custom", raw.PROPERTIES),
    ("xl/drawings/drawing", raw.DRAWING),
    ("xl/externalLinks/external", raw.LINKS),
    ("xl/pivotCache/", raw.PIVOT),
    ("xl/charts/chart", raw.PIVOT),
    ("xl/revisions/", raw.CHANGES),
)
_BY_SENDER = {"creator", "lastModifiedBy", "Manager", "Company"}
_HEADER = re.compile(
    rb"<(?:\w+:)?(?:odd|even|first)(?:Header|Footer)\b[^<>]{0,200}>([^<]{1,4000})<"
)
_HEADER_SIGN = re.compile(r'&(?:"[^"]*"|[0-9]+|[A-Za-z])')  # &C centres, &"Arial,Bold"&12 is a font
_WORDS = re.compile(rb"""\s(?:v|name|val)=["']([^"'<>]{1,4000})["']|>([^<>]{2,4000})<""")


def asides(parts: Mapping[str, bytes], sheets: Mapping[str, str]) -> Iterator[Aside]:
    """Every text that is in no cell; `sheets` gives the path of each sheet's XML by its title."""
    for title, path in sheets.items():
        yield Aside(raw.NAMES, title, title)
        yield from _beside_a_sheet(title, path, parts)
    for element in fromstring(parts["xl/workbook.xml"]).iter():
        if element.tag.endswith("}definedName"):
            yield Aside(raw.NAMES, element.get("name", ""))
            yield Aside(raw.NAMES, element.text or "")
    yield from _properties(parts)
    for begins, where in _KEPT:
        for content in (content for path, content in parts.items() if path.startswith(begins)):
            for groups in _WORDS.findall(content):
                yield Aside(where, _told(b"".join(groups)))


def _properties(parts: Mapping[str, bytes]) -> Iterator[Aside]:
    for part in ("docProps/core.xml", "docProps/app.xml"):
        for element in fromstring(parts[part]) if parts.get(part) else ():
            by_sender = element.tag.rpartition("}")[2] in _BY_SENDER
            for words in element.itertext():
                yield Aside(raw.PROPERTIES, words, by_sender=by_sender)


def _beside_a_sheet(title: str, path: str, parts: Mapping[str, bytes]) -> Iterator[Aside]:
    for words in _HEADER.findall(parts[path]):
        yield Aside(raw.HEADER, _HEADER_SIGN.sub(" ", _told(words)), title)
    for kind, part in _linked_from(path, parts):
        if kind == "comments":
            yield from _comments(fromstring(parts[part]), title)
        elif kind == "threadedComment":
            yield from _threads(fromstring(parts[part]), title)


def _told(xml: bytes) -> str:
    return unescape(xml.decode("utf-8", "replace"))


def folder_of(path: str, target: str) -> str:
    """Where a link from the part at `path` leads."""
    if target.startswith("/"):
        return target.lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), target))


def _linked_from(path: str, parts: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """The last word of each link's kind, and the part that it leads to."""
    folder, name = posixpath.split(path)
    links = parts.get(f"{folder}/_rels/{name}.rels")
    for link in fromstring(links) if links else ():
        part = folder_of(path, link.get("Target", ""))
        if parts.get(part):
            yield link.get("Type", "").rpartition("/")[2], part


def _comments(root: Element, sheet: str) -> Iterator[Aside]:
    authors = [element.text for element in root.iter() if element.tag.endswith("}author")]
    for element in root.iter():
        if element.tag.endswith("}comment"):
            words = "".join(element.itertext())
            number = element.get("authorId", "")
            if number.isdecimal() and authors[int(number) : int(number) + 1] == [NOTE_AUTHOR]:
                # A note of ours from an earlier check; only what stood there before is theirs.
                words = words.partition(BELOW_OURS)[2]
            yield _at(words, sheet, element.get("ref", "A1"))


def _threads(root: Element, sheet: str) -> Iterator[Aside]:
    for element in root:
        yield _at("".join(element.itertext()), sheet, element.get("ref", "A1"))


def _at(words: str, sheet: str, cell: str) -> Aside:
    column, row = coordinate_from_string(cell)
    return Aside(raw.COMMENT, words, sheet, row, column)
