"""The tables of a finished page, whichever renderer made it, as they are printed there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lxml import html

from evaluation.errors import RenderError
from evaluation.language import _


@dataclass(frozen=True, slots=True)
class Printed:
    """One table of the page: `label` is its anchor, such as 'tbl-months'; '' where it has none.

    `section` is the heading of the second level that it stands under. `notes` are the
    paragraphs right below it that explain its signs. The first column heads the rows.
    """

    label: str
    caption: str
    section: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]

    @property
    def number(self) -> str:
        """'Table 3' of the caption; '' where it is not numbered."""
        before, colon, _after = self.caption.partition(":")
        return before if colon and self.label else ""

    @property
    def title(self) -> str:
        """The caption without that number."""
        return self.caption.removeprefix(f"{self.number}:").strip()


def tables_of(page: str) -> tuple[Printed, ...]:
    """Every table of a page, in its order. Raises RenderError if one has no caption, or merged cells."""
    document: Any = html.document_fromstring(page)  # type: ignore[no-untyped-call]
    return tuple(_printed(table) for table in document.iter("table"))


def _printed(table: Any) -> Printed:
    floats = table.xpath("ancestor::*[starts-with(@id, 'tbl-')][1]")
    around = floats[0] if floats else table
    captions = table.xpath("caption") or around.xpath(".//figcaption")
    headings = table.xpath("preceding::h2[not(ancestor::nav)][1]")
    if not captions:
        raise RenderError(_("A table of the finished page has no caption."))
    rows = [tuple(_words(cell) for cell in row.xpath("th|td")) for row in table.iter("tr")]
    columns, *body = rows
    if any(len(row) != len(columns) for row in body):
        raise RenderError(
            _(
                "A table of the finished page has merged cells: {caption}.",
                caption=_words(captions[0]),
            )
        )
    return Printed(
        floats[0].get("id") if floats else "",
        _words(captions[0]),
        _words(headings[0]) if headings else "",
        columns,
        tuple(body),
        _notes(around),
    )


def _words(element: Any) -> str:
    return " ".join(element.text_content().split())


def _notes(around: Any) -> tuple[str, ...]:
    """The paragraphs that follow at once and begin with a sign."""
    notes = []
    below = around.getnext()
    while below is not None and below.tag == "p" and _words(below).startswith("["):
        notes.append(_words(below))
        below = below.getnext()
    return tuple(notes)
