"""OpenDocument spreadsheets, read by ourselves.

calamine would give their error cells as blanks and fill whatever a repeated cell stands for;
one line of such a file can stand for a thousand million cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring, iterparse
from openpyxl.utils import get_column_letter

from evaluation.language import Text
from evaluation.returns.files import raw, refusals
from evaluation.returns.files.packed import damage, unpack
from evaluation.returns.files.raw import Aside, RawFile, RawSheet
from evaluation.returns.grid import Raw, text_grid

_OF = "urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _OFFICE, _TEXT, _STYLE = (
    f"{{{_OF}{name}:1.0}}" for name in ("table", "office", "text", "style")
)
_CELLS = {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}
_HEADERS = tuple(
    f"{_STYLE}{kind}{page}" for kind in ("header", "footer") for page in ("", "-left", "-first")
)
_BY_SENDER = {"initial-creator", "creator", "printed-by"}
_DURATION = re.compile(r"-?P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.]\d+)?S)?")
_A_CLOCK = re.compile(r"[0-9]:[0-9]")


@dataclass
class _Table:
    """A sheet as it is being read."""

    name: str
    style: str
    number: int = 0
    """The row that was read last."""
    rows: dict[int, dict[int, Raw]] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    columns: int = 0
    linked: bool = False


def read_ods(data: bytes, name: str) -> RawFile:
    """The sheets of an OpenDocument spreadsheet, in their order; hidden ones too.

    Raises BrokenFile for anything but a readable spreadsheet of bounded size.
    """
    parts = unpack(data, name)
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise refusals.password(name)
    if b"<office:spreadsheet" not in parts.get("content.xml", b""):
        raise refusals.not_a_workbook(name)
    with damage(name):
        reader = _Reader(name)
        reader.read(parts["content.xml"])
        return RawFile(
            data,
            tuple(_sheet(table, reader.hidden) for table in reader.tables if not table.linked),
            (*reader.asides, *_asides(parts), *_kept_from_links(reader.tables)),
            linked=any(table.linked for table in reader.tables),
        )


class _Reader:
    """Goes through the XML once, row by row, and forgets each row when it has been read."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.tables: list[_Table] = []
        self.asides: list[Aside] = []
        self.hidden: set[str] = set()
        self.characters = 0

    def read(self, xml: bytes) -> None:
        inside = 0  # a table may stand in a cell of another
        for event, element in iterparse(BytesIO(xml), events=("start", "end")):
            if element.tag == f"{_TABLE}table":
                inside += 1 if event == "start" else -1
                if event == "start" and inside == 1:
                    style = element.get(f"{_TABLE}style-name", "")
                    self.tables.append(_Table(element.get(f"{_TABLE}name", ""), style))
            elif element.tag == f"{_TABLE}dde-link":
                raise refusals.commands(self.name)
            elif event == "end":
                self._part(element, inside=inside == 1)

    def _part(self, element: Element, *, inside: bool) -> None:
        """What is complete; `inside` a table and no other within it."""
        match element.tag.removeprefix(_TABLE):
            case "table-column" if inside:
                self._column(element)
            case "table-row" if inside:
                self._row(element)
                element.clear()
            case "table-source":
                self.tables[-1].linked = True
            case "shapes":
                self._aside(raw.DRAWING, element)
            case "tracked-changes":
                self._aside(raw.CHANGES, element)
            case "named-range" | "named-expression":
                self.asides.append(Aside(raw.NAMES, element.get(f"{_TABLE}name", "")))
            case _style if element.tag == f"{_STYLE}style":
                if any(item.get(f"{_TABLE}display") == "false" for item in element):
                    self.hidden.add(element.get(f"{_STYLE}name", ""))

    def _column(self, element: Element) -> None:
        table, times = self.tables[-1], _repeated(element, "columns")
        if _is_hidden(element):
            last = min(table.columns + times, refusals.MOST_COLUMNS)
            table.hidden_columns |= set(range(table.columns + 1, last + 1))
        table.columns += times

    def _row(self, element: Element) -> None:
        table, times = self.tables[-1], _repeated(element, "rows")
        first = table.number + 1
        table.number += times
        cells = self._cells(element, first)
        if not cells:
            return
        self.characters += times * sum(len(v) for v in cells.values() if isinstance(v, str))
        if table.number >= refusals.MOST_ROWS:
            raise refusals.too_far(self.name)
        if self.characters > refusals.LARGEST_UNPACKED:
            raise refusals.too_large(self.name)
        for row in range(first, table.number + 1):
            table.rows[row] = cells
        if _is_hidden(element):
            table.hidden_rows |= set(range(first, table.number + 1))

    def _cells(self, row: Element, number: int) -> dict[int, Raw]:
        cells: dict[int, Raw] = {}
        column = 0
        for element in row:
            if element.tag not in _CELLS:
                continue
            times = _repeated(element, "columns")
            if len(element) or len(element.attrib) > 1:
                for note in element.iter(f"{_OFFICE}annotation"):
                    self._aside(raw.COMMENT, note, number, column + 1)
                value = _value(element)
                if value != "":
                    if column + times > refusals.MOST_COLUMNS:
                        raise refusals.too_far(self.name)
                    cells |= dict.fromkeys(range(column + 1, column + times + 1), value)
            column += times
        return cells

    def _aside(self, where: Text, element: Element, row: int = 0, column: int = 0) -> None:
        at = (self.tables[-1].name, row, get_column_letter(column)) if row else (None, None, None)
        for paragraph in element.iter(f"{_TEXT}p"):
            self.asides.append(Aside(where, _words(paragraph), *at))


def _sheet(table: _Table, hidden: set[str]) -> RawSheet:
    width = max((max(cells) for cells in table.rows.values()), default=0)
    nothing: dict[int, Raw] = {}
    lines = (table.rows.get(row, nothing) for row in range(1, max(table.rows, default=0) + 1))
    rows = [[cells.get(column, "") for column in range(1, width + 1)] for cells in lines]
    return RawSheet(
        table.name,
        text_grid(rows),
        hidden=table.style in hidden,
        hidden_rows=frozenset(table.hidden_rows),
        hidden_columns=frozenset(table.hidden_columns),
    )


def _repeated(element: Element, what: str) -> int:
    return max(1, int(element.get(f"{_TABLE}number-{what}-repeated", "1")))


def _is_hidden(element: Element) -> bool:
    return element.get(f"{_TABLE}visibility") in {"collapse", "filter"}


def _value(cell: Element) -> Raw:
    """A cell's value; an error is its sign, such as '#REF!'."""
    kind = cell.get(f"{_OFFICE}value-type")
    if kind in {"float", "percentage", "currency"}:
        return float(cell.get(f"{_OFFICE}value", ""))
    if kind == "boolean":
        return cell.get(f"{_OFFICE}boolean-value") == "true"
    words = "\n".join(_words(item) for item in cell if item.tag == f"{_TEXT}p")
    if kind == "date":
        return _day_or_moment(cell.get(f"{_OFFICE}date-value", ""), words)
    if kind == "time":
        return _clock(cell.get(f"{_OFFICE}time-value", "")) or words
    return words or cell.get(f"{_OFFICE}string-value", "")


def _day_or_moment(written: str, shown: str) -> Raw:
    """A day where no time is kept, or midnight and none is shown."""
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return shown
    if moment.time() == time() and not _A_CLOCK.search(shown):
        return moment.date()
    return moment.replace(tzinfo=None)


def _clock(written: str) -> time | timedelta | None:
    said = _DURATION.fullmatch(written)
    if said is None:
        return None
    days, hours, minutes, seconds = (int(number or 0) for number in said.groups())
    length = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    return length if length.days else (datetime.combine(date.min, time()) + length).time()


def _words(paragraph: Element) -> str:
    """A paragraph's text, with the spaces that are written as elements."""
    words = paragraph.text or ""
    for item in paragraph:
        if item.tag in {f"{_TEXT}s", f"{_TEXT}tab", f"{_TEXT}line-break"}:
            words += " "  # what runs of spaces become anyway
        elif item.tag != f"{_OFFICE}annotation":
            words += _words(item)
        words += item.tail or ""
    return words


def _asides(parts: dict[str, bytes]) -> Iterator[Aside]:
    if parts.get("styles.xml"):
        styles = fromstring(parts["styles.xml"])
        for tag in _HEADERS:
            for element in styles.iter(tag):
                yield Aside(raw.HEADER, " ".join(element.itertext()))
    if parts.get("meta.xml"):
        for element in fromstring(parts["meta.xml"]).iter():
            by_sender = element.tag.rpartition("}")[2] in _BY_SENDER
            yield Aside(raw.PROPERTIES, element.text or "", by_sender=by_sender)


def _kept_from_links(tables: list[_Table]) -> Iterator[Aside]:
    for table in tables:
        if table.linked:
            for cells in table.rows.values():
                yield from (Aside(raw.LINKS, str(value)) for value in cells.values())
        else:
            yield Aside(raw.NAMES, table.name, table.name)
