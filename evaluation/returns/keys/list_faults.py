"""What is wrong with a data controller's list: by row number, never by what a row holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from evaluation.language import Text, _
from evaluation.returns.keys.identity import Part
from evaluation.returns.keys.lists import Listed

ROWS_TOLD = 20

_BLANK = _("‘{column}’ is blank. Rows: {rows}.")
_NOT_READ: dict[Part, Text] = {
    "name": _(
        "‘{column}’ holds digits or signs that no name has. Rows: {rows}. If the column is a "
        "date or a number, say so: {column}:date or {column}:number."
    ),
    "date": _(
        "‘{column}’ is not a day in the past. Rows: {rows}. Write the day, the month and the "
        "year with four digits, in that order, for example 14/08/2010."
    ),
    "number": _("‘{column}’ holds no number, or signs that no number has. Rows: {rows}."),
}


def list_faults(
    listed: Listed, parts: Mapping[str, Part], normal: Mapping[str, list[str | None]]
) -> tuple[Text, ...]:
    """Everything that keeps a row from having a key, one sentence a column and fault."""
    faults = []
    if not listed.numbers:
        faults.append(_("The list has no rows."))
    if listed.uneven:
        faults.append(
            _(
                "Rows with more cells than there are titles, where cells have moved: {rows}. "
                "Put a cell that holds the dividing mark in quotation marks.",
                rows=_rows(listed.uneven),
            )
        )
    for title, kind in parts.items():
        forms = list(zip(listed.numbers, normal[title], strict=True))
        for text, rows in (
            (_BLANK, [row for row, form in forms if form == ""]),
            (_NOT_READ[kind], [row for row, form in forms if form is None]),
        ):
            if rows:
                faults.append(_with(text, column=title, rows=_rows(rows)))
    return tuple(faults)


def collisions(
    key_of: Mapping[tuple[str, ...], str], rows_of: Mapping[tuple[str, ...], list[int]]
) -> tuple[Text, ...]:
    """Different children with one key: not expected once in a million lists, and never let by."""
    if len(set(key_of.values())) == len(key_of):
        return ()
    holders: dict[str, list[int]] = defaultdict(list)
    for child, key in key_of.items():
        holders[key].append(rows_of[child][0])
    return tuple(
        _(
            "Different children would have one key. Rows: {rows}. Another secret, or another "
            "column that identifies a child, would tell them apart.",
            rows=_rows(rows),
        )
        for rows in holders.values()
        if len(rows) > 1
    )


def _rows(rows: Sequence[int]) -> Text | tuple[str, ...]:
    first = tuple(str(row) for row in rows[:ROWS_TOLD])
    if len(rows) <= ROWS_TOLD:
        return first
    return _("{rows} and more, in all {number}", rows=", ".join(first), number=len(rows))


def _with(text: Text, **values: object) -> Text:
    return Text(text.message, tuple(values.items()))
