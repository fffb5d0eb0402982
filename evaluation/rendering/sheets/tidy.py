"""The same tables as one tidy CSV: a row a figure; and the dictionary of its columns."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

from evaluation.language import Language, _
from evaluation.rendering.sheets.numbers import SIGNS, Number, Part, Value, apart, read, spread
from evaluation.rendering.sheets.printed import Printed

SIGN = (
    _("sign"),
    _(
        "Why there is no number: [c] withheld, so that no child can be found; [x] not "
        "available; [z] not applicable. Empty where there is one."
    ),
)
COLUMNS = {
    "table": (_("table"), _("The table’s name, the same in both languages.")),
    "caption": (_("title"), _("The table’s title in the report.")),
    "section": (_("section"), _("The section of the report that it stands in.")),
    "row": (_("row"), _("What the figure’s row is about: its first cell.")),
    "column": (_("column"), _("What the figure’s column is about: its title.")),
    "value": (_("value"), _("The number; empty where there is none, or where it is words.")),
    "low": (_("from"), _("The lower end of its interval; empty where it has none.")),
    "high": (_("to"), _("The upper end of its interval; empty where it has none.")),
    "of": (_("out of"), _("What the number is a share of, where the cell says so.")),
    "bound": (
        _("or more, or less"),
        _("Words for a number that is a bound, such as ‘or more’; empty where it is the figure."),
    ),
    "unit": (_("unit"), _("%: the number is of a hundred. £: pounds. Empty: as the column says.")),
    "sign": SIGN,
    "shown": (_("as printed"), _("The cell as the report prints it.")),
}


def as_csv(tables: Sequence[Printed], language: Language) -> bytes:
    """A row for each cell of each table but the first of a row, which says what the row is about."""
    head = [title.to(language) for title, _meaning in COLUMNS.values()]
    return written((head, *(row for table in tables for row in _rows(table))))


def dictionary(language: Language) -> bytes:
    """What each column of the CSV means."""
    head = [words.to(language) for words in (_("column"), _("what it means"))]
    rows = ((title.to(language), meaning.to(language)) for title, meaning in COLUMNS.values())
    return written((head, *rows))


def _rows(table: Printed) -> Iterator[tuple[str, ...]]:
    parts = [apart([row[place] for row in table.rows]) for place in range(len(table.columns))]
    for row in table.rows:
        for place, (title, cell) in enumerate(zip(table.columns, row, strict=True)):
            if place:
                own = parts[place] or _WHOLE
                said = dict(zip(own, spread(cell, own), strict=True))
                yield (
                    table.label, table.caption, table.section, row[0], title,
                    *(_plain(said.get(part, "")) for part in ("value", "low", "high", "of")),
                    _words(said.get("bound", "")),
                    next((one.unit for one in said.values() if isinstance(one, Number)), ""),
                    sign if (sign := read(cell)) in SIGNS else "",
                    cell,
                )  # fmt: skip


_WHOLE: tuple[Part, ...] = ("value",)


def _words(value: Value) -> str:
    return value if isinstance(value, str) and value not in SIGNS else ""


def _plain(value: Value) -> str:
    """The digits alone, as the report prints them: 41% is 41."""
    if not isinstance(value, Number):
        return ""
    return value.shown.replace("−", "-").translate({ord(sign): None for sign in "+£%,"})


def written(rows: Iterable[Iterable[str]]) -> bytes:
    """Rows as CSV, with the mark by which Excel knows that it is UTF-8."""
    text = StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8-sig")
