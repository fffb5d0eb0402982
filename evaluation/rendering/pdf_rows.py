"""The first cell of each row of a table, tagged as what heads the row.

Typst 0.15 tags headers of columns only: `pdf.header-cell`, which would do this, is a feature that
its Python package cannot switch on. So the tags are mended in the finished PDF, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

from pikepdf import Array, Dictionary, Name, NameTree, Pdf, String


def with_row_headers(document: bytes, headed: Sequence[bool]) -> bytes:
    """The same PDF, in which rows have headers.

    `headed` says of each table, in the order of the document, whether the first cells of its rows
    are headers. Each becomes a TH of the row's scope, and the cells after it name it beside the
    header of their column, as a reader that goes by names and not by scopes needs it.
    """
    if not any(headed):
        return document
    with Pdf.open(BytesIO(document)) as pdf:
        tags = pdf.Root.StructTreeRoot
        names = NameTree(tags.IDTree)
        tables = [each for each in _elements(tags.K) if str(each.S) == "/Table"]
        for place, (table, is_headed) in enumerate(zip(tables, headed, strict=True), start=1):
            if is_headed:
                for number, row in enumerate(_rows(table), start=1):
                    _head(row, f"row-{place}-{number}", names)
        mended = BytesIO()
        pdf.save(mended, deterministic_id=True, fix_metadata_version=False)
    return mended.getvalue()


def _rows(table: Any) -> Iterator[Any]:
    """Its rows but for those of column headers."""
    for part in _children(table):
        if str(part.S) == "/TBody":
            yield from (row for row in _children(part) if str(row.S) == "/TR")


def _head(row: Any, name: str, names: NameTree) -> None:
    first, *others = _children(row)
    first.S, first.ID = Name.TH, String(name)
    _of_table(first).Scope = Name.Row
    names[name] = first
    for cell in others:
        _of_table(cell).Headers.append(String(name))


def _of_table(cell: Any) -> Any:
    """What a cell says of its place in the table; Typst gives every cell one."""
    return next(each for each in cell.A if str(each.O) == "/Table")


def _children(element: Any) -> list[Any]:
    inside = element.get("/K")
    each = list(inside) if isinstance(inside, Array) else [inside]
    return [one for one in each if isinstance(one, Dictionary) and "/S" in one]


def _elements(node: Any) -> Iterator[Any]:
    """Each element of the tree of tags, in the order in which it is read."""
    for element in node if isinstance(node, Array) else [node]:
        if isinstance(element, Dictionary):
            if "/S" in element:
                yield element
            if "/K" in element:
                yield from _elements(element.K)
