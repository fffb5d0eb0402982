"""The sheets of a spreadsheet before it has a format: cover, contents, notes, and a table on each.

As the Analysis Function asks: one table a sheet, named; its title in the first cell, what must be
known about it above it; no merged and no empty cells; signs where there is no number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from evaluation.language import Language, Text, _, write
from evaluation.rendering.face import Face
from evaluation.rendering.sheets.numbers import Part, Value, apart, read, spread
from evaluation.rendering.sheets.printed import Printed

MEANINGS = {
    "[c]": _("Withheld, so that no child can be found."),
    "[x]": _("Not available."),
    "[z]": _("Not applicable."),
}

_PARTS: Mapping[Part, Text] = {
    "low": _("{column}: from"),
    "high": _("{column}: to"),
    "of": _("{column}: out of"),
    "bound": _("{column}: or more, or less"),
}


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to another sheet of the same book."""

    words: str
    sheet: str


Cell = Value | Link


@dataclass(frozen=True, slots=True)
class Line:
    """One line above a table: a title, a banner, or words; each in the first cell of its row."""

    words: Cell
    kind: Literal["title", "banner", "words"] = "words"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with a name that formulas can use, the same in both languages."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: `name` is its tab's."""

    name: str
    lines: tuple[Line, ...]
    grid: Grid | None = None


def book_of(tables: Sequence[Printed], face: Face) -> tuple[Sheet, ...]:
    """All the sheets, in their order."""
    names = _names(tables, face.language)
    sheets = tuple(
        _table_sheet(_grid(table, place, face.language), table, name, face.language)
        for place, (table, name) in enumerate(zip(tables, names, strict=True), start=1)
    )
    contents = _contents(tables, names, face.language)
    return (
        _cover(face, contents.name, len(tables)),
        contents,
        _notes(tables, names, face),
        *sheets,
    )


def _names(tables: Sequence[Printed], language: Language) -> list[str]:
    """What the tabs are called: 'Table 3'; those without a number are counted on."""
    loose = 0
    names = []
    for table in tables:
        if not table.number:
            loose += 1
        more = write(_("Other table {n}", n=loose), language)
        names.append(re.sub(r"[\[\]:*?/\\]", "", table.number or more)[:31])
    return names


def _cover(face: Face, contents: str, count: int) -> Sheet:
    language = face.language
    said = [
        face.said("subtitle"),
        face.said("author"),
        face.day,
        _(
            "This file holds the tables of the report, {n} in all, each on a sheet of its own. "
            "The numbers are those of the report.",
            n=count,
        ).to(language),
        face.elsewhere,
    ]
    return Sheet(
        _("Cover").to(language),
        (
            Line(face.said("title"), "title"),
            *(Line(banner, "banner") for banner in face.banners),
            *(Line(remark) for remark in face.remarks),
            *(Line(words) for words in said if words),
            Line(Link(_("Contents").to(language), contents)),
        ),
    )


def _contents(tables: Sequence[Printed], names: Sequence[str], language: Language) -> Sheet:
    head, notes = (_("Sheet"), _("Title"), _("Section")), _("Notes").to(language)
    return Sheet(
        _("Contents").to(language),
        (Line(_("Contents").to(language), "title"), _one_table(language)),
        Grid(
            "contents",
            _all(head, language),
            (
                (Link(notes, notes), _("What the signs mean, table by table").to(language), "[z]"),
                *(
                    (Link(name, name), table.title, table.section or "[z]")
                    for table, name in zip(tables, names, strict=True)
                ),
            ),
        ),
    )


def _notes(tables: Sequence[Printed], names: Sequence[str], face: Face) -> Sheet:
    language = face.language
    everywhere = _("All tables").to(language)
    signs = [(sign, everywhere, meaning.to(language)) for sign, meaning in MEANINGS.items()]
    own = [
        (note[:3], name, note[3:].strip())
        for table, name in zip(tables, names, strict=True)
        for said in table.notes
        for note in re.split(r"(?<=\.) (?=\[[cxz]\] )", said)
    ]
    return Sheet(
        _("Notes").to(language),
        (Line(_("Notes").to(language), "title"), _one_table(language)),
        Grid(
            "notes",
            _all((_("Sign"), _("Where"), _("What it means")), language),
            (*signs, *own),
        ),
    )


def _table_sheet(grid: Grid, table: Printed, name: str, language: Language) -> Sheet:
    """A table below what must be known about it; why a sign stands there is in the notes."""
    back = Link(_("Back to the contents").to(language), _("Contents").to(language))
    lines = [Line(table.caption, "title"), _one_table(language)]
    if table.section:
        lines.append(Line(_("Section: {section}", section=table.section).to(language)))
    borne = {cell for row in grid.rows for cell in row if isinstance(cell, str)}
    if signs := [f"{sign} {MEANINGS[sign].to(language)}" for sign in MEANINGS if sign in borne]:
        lines.append(Line(" ".join(signs)))
    if table.notes:
        lines.append(Line(Link(_("Why, in the notes").to(language), _("Notes").to(language))))
    return Sheet(name, (*lines, Line(back)), grid)


def _grid(table: Printed, place: int, language: Language) -> Grid:
    """The table with a column for each part of a cell, and every number as a number."""
    columns: list[str] = []
    cells: list[list[Value]] = []
    # A named table needs a row: one without any says that nothing applies.
    rows = table.rows or (("",) * len(table.columns),)
    for title, printed in zip(table.columns, zip(*rows, strict=True), strict=True):
        if parts := apart(printed):
            columns += [_titled(title, part, language) for part in parts]
            cells += [
                list(own) for own in zip(*(spread(cell, parts) for cell in printed), strict=True)
            ]
        else:
            columns.append(title)
            cells.append([read(cell) for cell in printed])
    key = table.label.replace("-", "_") or f"tbl_other_{place}"
    return Grid(key, _apart(columns), tuple(zip(*cells, strict=True)))


def _titled(title: str, part: Part, language: Language) -> str:
    """'Rate ratio: from (interval, 95%)' of 'Rate ratio (interval, 95%)': the ends bear what they are."""
    interval = re.search(r" \([^()]*\d%\)$", title)
    column = title.removesuffix(interval[0]) if interval else title
    if part == "value":
        return column
    said = replace(_PARTS[part], values=(("column", column),)).to(language)
    return f"{said}{interval[0]}" if interval and part in {"low", "high"} else said


def _apart(titles: Sequence[str]) -> tuple[str, ...]:
    """Titles of columns with none empty and none twice, as a named table must have them."""
    seen: dict[str, int] = {}
    apart = []
    for title in titles:
        seen[title] = seen.get(title, 0) + 1
        apart.append((title or "[z]") if seen[title] == 1 else f"{title} ({seen[title]})")
    return tuple(apart)


def _one_table(language: Language) -> Line:
    return Line(_("This sheet holds one table.").to(language))


def _all(words: Sequence[Text], language: Language) -> tuple[str, ...]:
    return tuple(text.to(language) for text in words)
