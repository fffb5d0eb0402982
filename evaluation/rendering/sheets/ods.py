"""The sheets as an OpenDocument spreadsheet, written as the standard says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZipFile

from openpyxl.utils import get_column_letter

from evaluation.rendering.face import Face
from evaluation.rendering.sheets.book import Cell, Grid, Line, Link, Sheet
from evaluation.rendering.sheets.numbers import Number
from evaluation.rendering.sheets.ods_styles import (
    cell_style,
    column_style,
    content_styles,
    number_name,
    page_styles,
)
from evaluation.rendering.sheets.widths import ALONE, shown, widths
from evaluation.rendering.staging import Stage
from evaluation.rendering.zipped import same_bytes

KIND = "application/vnd.oasis.opendocument.spreadsheet"
_NAMES = "office style text table meta manifest"
_SPACES = " ".join(
    f'xmlns:{name}="{uri}"'
    for name, uri in {
        **{name: f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in _NAMES.split()},
        "number": "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0",
        "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
        "dc": "http://purl.org/dc/elements/1.1/",
        "xlink": "http://www.w3.org/1999/xlink",
    }.items()
)
_MANIFEST = f"""<manifest:manifest {_SPACES} manifest:version="1.3">
<manifest:file-entry manifest:full-path="/" manifest:media-type="{KIND}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
<manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/>
<manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/>
</manifest:manifest>"""


def as_ods(sheets: Sequence[Sheet], face: Face, stage: Stage) -> bytes:
    """The same sheets as the workbook's, with the same names, numbers and links."""
    made_on = datetime.fromtimestamp(int(stage.environment["SOURCE_DATE_EPOCH"]), UTC)
    parts = {
        "mimetype": KIND,
        "META-INF/manifest.xml": _MANIFEST,
        "meta.xml": _meta(face, f"{made_on:%Y-%m-%dT%H:%M:%SZ}"),
        "styles.xml": _root("document-styles", page_styles(face)),
        "content.xml": _root("document-content", _content(sheets)),
    }
    written = BytesIO()
    with ZipFile(written, "w") as zipped:
        for name, text in parts.items():
            zipped.writestr(name, text)
    return same_bytes(written.getvalue(), stage)


def _root(name: str, inside: str) -> str:
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return f'{head}<office:{name} {_SPACES} office:version="1.3">{inside}</office:{name}>'


def _meta(face: Face, moment: str) -> str:
    said = {
        "dc:title": face.said("title"),
        "dc:subject": face.said("subtitle"),
        "dc:description": " – ".join(face.banners),
        "meta:initial-creator": face.said("author"),
        "dc:creator": face.said("author"),
        "meta:creation-date": moment,
        "dc:date": moment,
        "dc:language": face.said("lang"),
    }
    inside = "".join(f"<{tag}>{escape(words)}</{tag}>" for tag, words in said.items() if words)
    return _root("document-meta", f"<office:meta>{inside}</office:meta>")


def _content(sheets: Sequence[Sheet]) -> str:
    grids = [sheet.grid for sheet in sheets if sheet.grid]
    wide = sorted({ALONE, *(width for grid in grids for width in widths(grid))})
    numbers = {
        number_name(cell): cell
        for grid in grids
        for row in grid.rows
        for cell in row
        if isinstance(cell, Number)
    }
    tables = "".join(_sheet(sheet) for sheet in sheets)
    ranges = "".join(_named(sheet) for sheet in sheets if sheet.grid)
    return (
        f"{content_styles(wide, numbers)}<office:body><office:spreadsheet>{tables}"
        f"<table:database-ranges>{ranges}</table:database-ranges>"
        "</office:spreadsheet></office:body>"
    )


def _sheet(sheet: Sheet) -> str:
    wide = widths(sheet.grid) if sheet.grid else [ALONE]
    columns = "".join(
        f'<table:table-column table:style-name="{column_style(width)}"/>' for width in wide
    )
    lines = "".join(_row([_line(line, wrapped=sheet.grid is None)]) for line in sheet.lines)
    body = "".join(_grid(sheet.grid)) if sheet.grid else ""
    return (
        f'<table:table table:name={quoteattr(sheet.name)} table:style-name="sheet">'
        f"{columns}{lines}{body}</table:table>"
    )


def _line(line: Line, *, wrapped: bool) -> str:
    kind = "link" if isinstance(line.words, Link) else line.kind
    return _cell(line.words, f"{kind}-wrapped" if wrapped else kind)


def _grid(grid: Grid) -> Iterator[str]:
    right = [
        place > 0 and any(isinstance(row[place], Number) for row in grid.rows)
        for place in range(len(grid.columns))
    ]
    head = [
        _cell(title, "head-right" if side else "head-left" if place else "head-first")
        for place, (title, side) in enumerate(zip(grid.columns, right, strict=True))
    ]
    yield f"<table:table-header-rows>{_row(head)}</table:table-header-rows>"
    for row in grid.rows:
        yield _row(
            [
                _cell(cell, cell_style(cell, right=side, first=not place))
                for place, (cell, side) in enumerate(zip(row, right, strict=True))
            ]
        )


def _row(cells: Sequence[str]) -> str:
    return f'<table:table-row table:style-name="row">{"".join(cells)}</table:table-row>'


def _cell(cell: Cell, style: str) -> str:
    said, kind = escape(shown(cell)), 'office:value-type="string"'
    if isinstance(cell, Number):
        per_cent = cell.unit == "%"
        kind = f'office:value-type="{"percentage" if per_cent else "float"}" office:value="{cell.value}"'
    if isinstance(cell, Link):
        said = f'<text:a xlink:type="simple" xlink:href={quoteattr("#" + _at(cell.sheet, "A1"))}>{said}</text:a>'
    return f'<table:table-cell table:style-name="{style}" {kind}><text:p>{said}</text:p></table:table-cell>'


def _at(sheet: str, place: str) -> str:
    quoted = sheet.replace("'", "''")
    return f"'{quoted}'.{place}"


def _named(sheet: Sheet) -> str:
    assert sheet.grid
    first = len(sheet.lines) + 1
    last = f"{get_column_letter(len(sheet.grid.columns))}{first + len(sheet.grid.rows)}"
    target = f"{_at(sheet.name, f'A{first}')}:{_at(sheet.name, last)}"
    return (
        f'<table:database-range table:name="{sheet.grid.name}" '
        f"table:target-range-address={quoteattr(target)} "
        'table:contains-header="true" table:display-filter-buttons="false"/>'
    )
