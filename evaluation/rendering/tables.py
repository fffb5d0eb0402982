"""A table as every renderer keeps it: raw HTML with scopes and alignment, in a `#tbl-` div."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Literal

Align = Literal["left", "right"]


def table(
    label: str,
    caption: str,
    columns: Sequence[tuple[str, Align]],
    rows: Sequence[Sequence[str]],
) -> str:
    """Markdown of a table that can be referred to as `@label`; `caption` is Markdown itself.

    The first column of each row is its header. Cells are plain text, escaped here. Alignment
    stands on each cell, because classes are lost on the way to Word and PDF, and header cells
    would be centred.

    Raises ValueError if a row has another number of cells than there are columns.
    """
    head = "".join(_cell("th", title, align, "col") for title, align in columns)
    aligned = [align for _title, align in columns]
    body = "\n".join(
        "<tr>"
        + "".join(
            _cell("td" if place else "th", cell, align, None if place else "row")
            for place, (cell, align) in enumerate(zip(row, aligned, strict=True))
        )
        + "</tr>"
        for row in rows
    )
    return (
        f"::: {{#{label}}}\n\n```{{=html}}\n<table>\n<thead>\n<tr>{head}</tr>\n</thead>\n"
        f"<tbody>\n{body}\n</tbody>\n</table>\n```\n\n{caption}\n\n:::"
    )


def _cell(tag: str, text: str, align: Align, scope: str | None) -> str:
    scoped = f' scope="{scope}"' if scope else ""
    return f'<{tag}{scoped} style="text-align: {align}">{escape(text, quote=False)}</{tag}>'
