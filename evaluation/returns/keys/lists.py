"""Read a data controller's list: named columns as text, with the row numbers that people see.

Its titles are never repeated in a message: where the line of titles is missing, they are names.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from evaluation.errors import BrokenFile, WrongUse
from evaluation.language import _
from evaluation.returns.files import open_file
from evaluation.returns.layout import plain

_BETWEEN_CELLS = (",", ";", "\t")
_PACKED = (b"PK", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True, repr=False)
class Listed:
    """The rows of a list that are not blank: their numbers, and their cells by column.

    `uneven` are the rows with more cells than there are titles, where cells have moved.
    """

    numbers: list[int]
    columns: dict[str, list[str]]
    uneven: list[int]


def read_list(path: Path, wanted: Sequence[str]) -> Listed:
    """The wanted columns of a CSV file or an .xlsx workbook, whose first row has the titles.

    Raises BrokenFile if it cannot be read, WrongUse if a wanted column is missing or there twice.
    """
    try:
        with path.open("rb") as file:
            start = file.read(4)
        tables = list(_workbook(path)) if start.startswith(_PACKED) else [_text(path, wanted)]
    except FileNotFoundError as error:
        raise BrokenFile(
            _("There is no file ‘{file}’. Check its name and folder.", file=path.name)
        ) from error
    except (OSError, UnicodeDecodeError, csv.Error):
        # Without its cause: what Python says of it may repeat what the file holds.
        raise BrokenFile(
            _(
                "The list {file} cannot be read. Save it as CSV (UTF-8) or as an .xlsx workbook.",
                file=str(path),
            )
        ) from None
    titled = [table for table in tables if table and not _missing(table[0], wanted)]
    if not titled:
        missing = min(
            (_missing(table[0], wanted) for table in tables if table), key=len, default=wanted
        )
        raise WrongUse(
            _(
                "The first row of {file} has no column titled: {titles}. Its titles must stand "
                "in the first row; name the columns as they are written there.",
                file=str(path),
                titles=tuple(missing),
            )
        )
    if len(titled) > 1:
        raise WrongUse(
            _(
                "More than one sheet of {file} has these columns. Keep one of them in the file.",
                file=str(path),
            )
        )
    return _listed(titled[0], wanted, path)


def _listed(rows: list[list[str]], wanted: Sequence[str], path: Path) -> Listed:
    titles = [plain(title) for title in rows[0]]
    for title in wanted:
        if titles.count(plain(title)) > 1:
            raise WrongUse(
                _(
                    "{file} has more than one column titled ‘{title}’. Keep one of them.",
                    file=str(path),
                    title=title,
                )
            )
    filled = [(number, row) for number, row in enumerate(rows[1:], start=2) if any(row)]
    places = {title: titles.index(plain(title)) for title in wanted}
    return Listed(
        [number for number, _row in filled],
        {
            title: [row[place] if place < len(row) else "" for _number, row in filled]
            for title, place in places.items()
        },
        [number for number, row in filled if any(row[len(titles) :])],
    )


def _missing(titles: Sequence[str], wanted: Sequence[str]) -> Sequence[str]:
    found = {plain(title) for title in titles}
    return [title for title in wanted if plain(title) not in found]


def _workbook(path: Path) -> Iterator[list[list[str]]]:
    for sheet in open_file(path).sheets:
        lines = sheet.grid.reindex(range(1, max(sheet.grid.index, default=0) + 1))
        yield lines.astype(object).where(lines.notna(), "").to_numpy().tolist()


def _text(path: Path, wanted: Sequence[str]) -> list[list[str]]:
    """The file's rows, cut by the mark that gives most of the titles."""
    words = _decoded(path.read_bytes())

    def rows(mark: str, *, strict: bool) -> Iterator[list[str]]:
        for cells in csv.reader(StringIO(words, newline=""), delimiter=mark, strict=strict):
            yield [cell.strip() for cell in cells]

    def lacking(mark: str) -> int:
        return len(_missing(next(rows(mark, strict=False), []), wanted))

    # Strict, because a stray quotation mark would swallow the rows that follow it.
    return list(rows(min(_BETWEEN_CELLS, key=lacking), strict=True))


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252")
