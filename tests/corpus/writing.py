"""Write sheets in every format that providers send, and change what is inside a packed one.

`Sheets` are sheets by name, each a list of rows of values: text, numbers, days, moments, None.
"""

import csv
import datetime as dt
import io
import zipfile
from html import escape

import openpyxl
import xlwt

Sheets = dict[str, list[list[object]]]


def as_text(value):
    """A value as a person would write it in plain text."""
    match value:
        case None:
            return ""
        case dt.datetime():
            return f"{value:%d/%m/%Y %H:%M}"
        case dt.date():
            return f"{value:%d/%m/%Y}"
        case _:
            return str(value)


def xlsx(path, sheets: Sheets, *, change=None):
    """A workbook by openpyxl; `change(book)` has the last word."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row, start=1):
                if value is not None:
                    cell = sheet.cell(number, column, value)
                    if isinstance(value, dt.datetime):
                        cell.number_format = "dd/mm/yyyy hh:mm"
                    elif isinstance(value, dt.date):
                        cell.number_format = "dd/mm/yyyy"
    if change:
        change(book)
    book.save(path)
    return path


def xls(path, sheets: Sheets, *, change=None, encoding="utf-8"):
    """A workbook of Excel 97 to 2003 by xlwt; `change(book, sheets by name)` has the last word."""
    book = xlwt.Workbook(encoding=encoding)
    looks = {
        dt.date: xlwt.easyxf(num_format_str="DD/MM/YYYY"),
        dt.datetime: xlwt.easyxf(num_format_str="DD/MM/YYYY HH:MM"),
    }
    pages = {}
    for title, rows in sheets.items():
        page = pages[title] = book.add_sheet(title)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is not None:
                    page.write(
                        number, column, value, looks.get(type(value), xlwt.Style.default_style)
                    )
    if change:
        change(book, pages)
    book.save(str(path))
    return path


def csv_file(path, rows, *, separator=",", encoding="utf-8", above="", **how):
    """A text file; `above` stands before its first row, `how` is for `csv.writer`."""
    held = io.StringIO(newline="")
    writer = csv.writer(held, delimiter=separator, **how)
    writer.writerows([[as_text(value) for value in row] for row in rows])
    path.write_bytes((above + held.getvalue()).encode(encoding))
    return path


# ---- OpenDocument, written by hand ----------------------------------------------------------------

_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text", "style", "meta")
)
_NAMES += ' xmlns:dc="http://purl.org/dc/elements/1.1/"'


def ods_cell(value, more=""):
    """One cell's XML; `more` goes inside it, before its text."""
    match value:
        case None:
            return (
                "<table:table-cell/>"
                if not more
                else f"<table:table-cell>{more}</table:table-cell>"
            )
        case bool():
            said, kind = (
                str(value).upper(),
                f'"boolean" office:boolean-value="{str(value).lower()}"',
            )
        case int() | float():
            said, kind = str(value), f'"float" office:value="{value}"'
        case dt.datetime():
            said, kind = as_text(value), f'"date" office:date-value="{value.isoformat()}"'
        case dt.date():
            said, kind = as_text(value), f'"date" office:date-value="{value.isoformat()}"'
        case _:
            said, kind = str(value), '"string"'
    return (
        f"<table:table-cell office:value-type={kind}>{more}<text:p>{escape(said)}</text:p>"
        "</table:table-cell>"
    )


def ods_table(title, rows, *, style="", columns="", row_looks=None):
    """One sheet's XML; `row_looks` gives attributes of rows by number."""
    lines = "".join(
        f"<table:table-row {(row_looks or {}).get(number, '')}>"
        + "".join(value if str(value).startswith("<table:") else ods_cell(value) for value in row)
        + "</table:table-row>"
        for number, row in enumerate(rows, start=1)
    )
    looks = f' table:style-name="{style}"' if style else ""
    return f'<table:table table:name="{escape(title)}"{looks}>{columns}{lines}</table:table>'


def ods(path, sheets: Sheets | None = None, *, tables="", after="", styles="", parts=None):
    """A spreadsheet of OpenDocument; `tables` are further sheets as XML, `parts` further files."""
    body = "".join(ods_table(title, rows) for title, rows in (sheets or {}).items())
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NAMES}>'
        '<office:automatic-styles><style:style style:name="hidden" style:family="table">'
        '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
        f"<office:body><office:spreadsheet>{body}{tables}{after}</office:spreadsheet>"
        "</office:body></office:document-content>"
    )
    kept = {"content.xml": content}
    if styles:
        kept["styles.xml"] = f"<office:document-styles {_NAMES}>{styles}</office:document-styles>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        kind = "application/vnd.oasis.opendocument.spreadsheet"
        packed.writestr(zipfile.ZipInfo("mimetype"), kind)
        for name, words in (kept | (parts or {})).items():
            packed.writestr(name, words.replace("NAMES", _NAMES))
    return path


# ---- Inside a packed file -------------------------------------------------------------------------


def inside(path, changes=None, more=None):
    """Change parts of a packed file, and add `more`; a change is a function of the part's bytes."""
    with zipfile.ZipFile(path) as old:
        parts = {item.filename: old.read(item) for item in old.infolist()}
    for name, change in (changes or {}).items():
        changed = change(parts[name])
        assert changed != parts[name], f"nothing was changed in {name}"
        parts[name] = changed
    parts |= more or {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return path
