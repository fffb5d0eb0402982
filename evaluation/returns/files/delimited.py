"""Plain text with a separator (`.csv`, `.tsv`): one sheet, read by Arrow all as text."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Sequence

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from evaluation.returns.files import refusals
from evaluation.returns.files.raw import RawFile, RawSheet
from evaluation.returns.layout import TIDY, tidy

_SEPARATORS = (",", ";", "\t", "|")
_TOP = 15
"""Records that are looked at for the separator and the number of columns."""
_TOP_BYTES = 200_000


def read_delimited(data: bytes, name: str, sheet: str) -> RawFile:
    """The one sheet of a text file, which is to be called `sheet`.

    The text may be UTF-8 with or without a mark, UTF-16 with one, or Windows-1252; separated by
    commas, semicolons, tabs or bars, whichever gives most cells near the top. A row number is
    the one that a spreadsheet would show. Raises BrokenFile for anything but text of bounded
    size.
    """
    text = _as_utf8(data, name)
    if text.count(b"\n") > refusals.MOST_LINES:
        raise refusals.too_large(name)
    top = text[:_TOP_BYTES].decode(errors="ignore")
    separator, top, skipped = _separator(top)
    text = text[skipped:]
    try:
        columns = _fast(text, top, separator)
    except pa.ArrowInvalid:  # lines of unequal length
        columns = _patient(text, separator, name)
    if len(columns) > refusals.MOST_COLUMNS:
        raise refusals.too_far(name)
    return RawFile(data, (RawSheet(sheet, _grid(columns)),), day_zero=None)


def _as_utf8(data: bytes, name: str) -> bytes:
    """The text in UTF-8, without a mark, each line ended by a line feed."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        codings: tuple[str, ...] = ("utf-16",)
    else:
        codings = ("utf-8-sig", "cp1252")
    for coding in codings:
        try:
            text = data if data.isascii() else data.decode(coding).encode()
        except UnicodeDecodeError:
            continue
        if b"\0" in text:
            break
        return text if b"\n" in text else text.replace(b"\r", b"\n")
    raise refusals.unreadable_text(name)


def _separator(top: str) -> tuple[str, str, int]:
    """The separator, the text, and how many bytes of it to leave out: Excel's own 'sep=;'."""
    line, _end, rest = top.partition("\n")
    said = line.strip().strip('"').casefold()
    if said.startswith("sep=") and len(said) == 5:
        return said[-1], rest, len(line) + 1
    counts = {sign: sum(map(len, _records(top, sign)[:_TOP])) for sign in _SEPARATORS}
    return max(counts, key=lambda sign: counts[sign]), top, 0


def _records(text: str, separator: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        return []


def _fast(text: bytes, top: str, separator: str) -> list[pa.ChunkedArray]:
    """The columns by Arrow. Raises ArrowInvalid where records differ in length."""
    head = _records(top, separator)[:_TOP]
    width = max(map(len, head), default=0)
    above = next((n for n, record in enumerate(head) if len(record) == width), 0)
    names = [str(number) for number in range(width)]
    if not names or any("\n" in cell for record in head[:above] for cell in record):
        raise pa.ArrowInvalid
    ending = text[-_TOP_BYTES:]
    start, end = 0, len(text) - len(ending) + len(ending.rstrip(b"\r\n"))
    for _record in range(above):
        start = text.find(b"\n", start) + 1
        if not 0 < start < end:  # a line that ends otherwise than the rest
            raise pa.ArrowInvalid
    table = pa.csv.read_csv(
        pa.BufferReader(pa.py_buffer(text).slice(start, end - start)),
        read_options=pa.csv.ReadOptions(column_names=names),
        parse_options=pa.csv.ParseOptions(
            delimiter=separator, newlines_in_values=b'"' in text, ignore_empty_lines=False
        ),
        convert_options=pa.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.large_string()),
            null_values=[""],
            strings_can_be_null=True,
        ),
    )
    titles = _padded(head[:above], width)
    return [
        pa.chunked_array([pa.array(first, pa.large_string()), *column.chunks])
        for first, column in zip(titles, table.columns, strict=True)
    ]


def _patient(text: bytes, separator: str, name: str) -> list[pa.ChunkedArray]:
    """The columns where records differ in length: shorter ones end in blanks."""
    try:
        held = io.TextIOWrapper(io.BytesIO(text), encoding="utf-8", newline="")
        records = list(csv.reader(held, delimiter=separator))
    except csv.Error as error:
        raise refusals.unreadable_text(name) from error
    width = max(map(len, records), default=0)
    if width > refusals.MOST_COLUMNS:
        raise refusals.too_far(name)
    return [pa.chunked_array([column], pa.large_string()) for column in _padded(records, width)]


def _padded(records: Sequence[list[str]], width: int) -> list[list[str]]:
    """The records' columns, each as long as there are records."""
    return [
        [record[column] if column < len(record) else "" for record in records]
        for column in range(width)
    ]


def _grid(columns: Sequence[pa.ChunkedArray]) -> pd.DataFrame:
    """As `grid.text_grid` gives it: tidy text, a blank missing, no blank rows."""
    tidied = {str(number): _tidied(column) for number, column in enumerate(columns, start=1)}
    frame: pd.DataFrame = pa.table(tidied).to_pandas()
    frame.columns = pd.RangeIndex(1, len(columns) + 1)
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    blank = frame.isna().all(axis="columns")
    return frame[~blank] if blank.any() else frame


def _tidied(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column as `layout.tidy` would leave each cell; it is asked once for each odd text."""
    odd = pc.invert(pc.match_substring_regex(column, f"^(?:{TIDY})$"))
    if not pc.any(odd).as_py():
        return column
    texts = pc.unique(column.filter(odd)).to_pylist()
    tidied = pa.array([tidy(text) or None for text in texts], pa.large_string())
    places = pc.index_in(column, pa.array(texts, pa.large_string()))
    return pc.if_else(pc.is_valid(places), pc.take(tidied, places), column)
