"""Files as they come: what opens, what does not and why, and cells that no library gives alone."""

import datetime as dt
import io
import zipfile

import openpyxl
import pytest

from evaluation.errors import BrokenFile
from evaluation.returns.files import delimited, left_out, open_file, opening, refusals, xlsx
from tests.unit.returns.workbooks import save

moment = dt.datetime


def cell(path, value, *, shown_as=None, kind=None):
    """What reading makes of one cell that a spreadsheet holds."""
    book = openpyxl.Workbook()
    place = book.active["C4"]
    place.value = value
    if shown_as:
        place.number_format = shown_as
    if kind:
        place.data_type = kind
    book.save(path)
    (sheet,) = open_file(path).sheets
    return sheet.grid.loc[4, 3]


@pytest.mark.parametrize(
    ("value", "shown_as", "text"),
    [
        (dt.date(2025, 8, 14), "dd/mm/yyyy", "2025-08-14"),
        (moment(2025, 8, 14, 13, 5), "dd/mm/yyyy hh:mm", "2025-08-14T13:05:00"),
        (moment(2025, 8, 14, 13, 5), "dd/mm/yyyy", "2025-08-14T13:05:00"),
        (moment(2025, 8, 14), "dd/mm/yyyy hh:mm", "2025-08-14T00:00:00"),
        (moment(2025, 8, 14), '[$-809]dddd d" hours "mmmm yyyy', "2025-08-14"),
        (moment(2025, 8, 14), "d/m/yy h:mm AM/PM", "2025-08-14T00:00:00"),
        (dt.time(13, 5), "hh:mm", "13:05:00"),
        (dt.timedelta(hours=30), "[h]:mm", "30:00:00"),
        (12.0, None, "12"),
        (12.5, None, "12.5"),
        (0.1 + 0.2, None, "0.3"),
        (12345678901, None, "12345678901"),
        (True, None, "TRUE"),
        (False, None, "FALSE"),
        ("  a\u00a0b \n c ", None, "a b c"),
        ("‘O’Brien’ “x” –", None, "'O'Brien' \"x\" -"),
        ("ca\u0302n\u200b", None, "cân"),
        ("2025-08", None, "2025-08"),
    ],
)
def test_a_cell_becomes_text(tmp_path, value, shown_as, text):
    assert cell(tmp_path / "x.xlsx", value, shown_as=shown_as) == text


def test_an_error_cell_does_not_vanish(tmp_path):
    assert cell(tmp_path / "x.xlsx", "#REF!", kind="e") == "#REF!"


def test_a_formula_that_no_spreadsheet_has_worked_out_does_not_seem_blank(tmp_path):
    assert cell(tmp_path / "x.xlsx", "=A1+1") == "#CALC!"


def rewritten(path, to, change):
    """A copy of a workbook with the XML of its first sheet changed."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            content = old.read(item)
            if item.filename == "xl/worksheets/sheet1.xml":
                content = change(content)
            new.writestr(item.filename, content)
    return to


def test_a_formula_with_an_empty_answer_is_blank_and_one_with_an_error_is_the_error(tmp_path):
    path = save(tmp_path / "x.xlsx", {"A": [["=1", "=2", "=3"]]})
    to = rewritten(
        path,
        tmp_path / "y.xlsx",
        lambda xml: (
            xml.replace(b'<c r="A1"><f>1</f><v></v></c>', b'<c r="A1" t="str"><f>1</f><v></v></c>')
            .replace(b'<c r="A1"><f>1</f><v /></c>', b'<c r="A1" t="str"><f>1</f><v></v></c>')
            .replace(b'<c r="B1"><f>2</f><v></v></c>', b'<c r="B1" t="e"><f>2</f><v>#N/A</v></c>')
            .replace(b'<c r="B1"><f>2</f><v /></c>', b'<c r="B1" t="e"><f>2</f><v>#N/A</v></c>')
        ),
    )
    (sheet,) = open_file(to).sheets
    assert sheet.grid.loc[1].fillna("").tolist() == ["", "#N/A", "#CALC!"]


def test_rows_and_columns_keep_their_own_numbers_below_blank_ones(tmp_path):
    path = save(tmp_path / "x.xlsx", {"A": [[], [], [None, "x"], [], [None, "y"]]})
    (sheet,) = open_file(path).sheets
    grid = sheet.grid
    assert grid.index.tolist() == [3, 5]
    assert grid[2].tolist() == ["x", "y"]


def test_hidden_sheets_are_read(tmp_path):
    book = openpyxl.load_workbook(save(tmp_path / "x.xlsx", {"A": [["x"]], "B": [["y"]]}))
    book["B"].sheet_state = "hidden"
    book.save(tmp_path / "x.xlsx")
    sheets = open_file(tmp_path / "x.xlsx").sheets
    assert [(sheet.grid.loc[1, 1], sheet.hidden) for sheet in sheets] == [("x", False), ("y", True)]


# ---- Files that are not opened -------------------------------------------------------------------

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def packed(**parts):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("x.xlsx", b"", "is empty"),
        ("x.xlsx", b"Hello", "is not a workbook"),
        ("x.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "is protected by a password"),
        ("x.xls", OLE + b"Workbook", "is damaged"),
        ("x.xls", b"<html><table><tr><td>x", "is a web page"),
        ("x.csv", b"a,b\0", "is not plain text"),
        ("x.csv", b"a,\x81", "is not plain text"),
        ("x.odt", packed(**{"mimetype": "x", "content.xml": "<x/>"}), "is not a workbook"),
        ("x.xlsb", packed(**{"xl__workbook.bin": "x"}), "binary format"),
        ("x.xlsm", packed(**{"xl__workbook.xml": "x", "xl__vbaProject.bin": "x"}), "holds macros"),
        ("x.docx", packed(**{"word__document.xml": "<x/>"}), "is not a workbook"),
        ("x.xlsx", packed(**{"xl__workbook.xml": "<broken"}), "is damaged"),
        ("x.xlsx", b"PK\x03\x04 and no more", "is damaged"),
    ],
)
def test_what_is_not_a_workbook_gets_one_sentence_that_names_the_file(tmp_path, name, data, words):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(BrokenFile, match=words) as refusal:
        open_file(path)
    assert f"‘{name}’" in str(refusal.value)


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(BrokenFile, match=r"There is no file ‘x\.xlsx’"):
        open_file(tmp_path / "x.xlsx")
    with pytest.raises(BrokenFile, match="is a folder"):
        open_file(tmp_path)


def test_a_truncated_workbook_is_refused(tmp_path):
    path = save(tmp_path / "x.xlsx", {"A": [["x"]]})
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(BrokenFile, match="is damaged"):
        open_file(path)


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_a_parser_sees_it(
    tmp_path, monkeypatch
):
    path = save(tmp_path / "x.xlsx", {"A": [["x" * 5_000]] * 100})
    monkeypatch.setattr(refusals, "LARGEST_UNPACKED", 20_000)
    monkeypatch.setattr(xlsx, "CalamineWorkbook", None)
    with pytest.raises(BrokenFile, match="too large"):
        open_file(path)


def test_a_directory_that_lies_about_a_size_does_not_help(tmp_path, monkeypatch):
    path = tmp_path / "x.xlsx"
    data = packed(**{"xl__workbook.xml": "x" * 100_000})
    true, small = (100_000).to_bytes(4, "little"), (10).to_bytes(4, "little")
    path.write_bytes(data.replace(true, small))
    with zipfile.ZipFile(path) as archive:
        assert archive.infolist()[0].file_size == 10
    monkeypatch.setattr(refusals, "LARGEST_UNPACKED", 20_000)
    with pytest.raises(BrokenFile, match="too large"):
        open_file(path)


def test_a_workbook_of_too_many_parts_is_refused(tmp_path, monkeypatch):
    path = save(tmp_path / "x.xlsx", {"A": [["x"]]})
    monkeypatch.setattr(refusals, "MOST_PARTS", 5)
    with pytest.raises(BrokenFile, match="too large"):
        open_file(path)


def test_a_workbook_with_entities_is_refused(tmp_path):
    path = save(tmp_path / "x.xlsx", {"A": [["x"]]})
    bomb = rewritten(
        path, tmp_path / "y.xlsx", lambda xml: b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + xml
    )
    with pytest.raises(BrokenFile, match="instructions that no workbook needs"):
        open_file(bomb)


@pytest.mark.parametrize("far", ["XFD1048576", "A200000", "DA1"])
def test_a_cell_in_a_far_corner_is_refused_because_the_reader_would_fill_all_between(tmp_path, far):
    book = openpyxl.Workbook()
    book.active["A1"] = book.active[far] = "x"
    book.save(tmp_path / "x.xlsx")
    with pytest.raises(BrokenFile, match="reaches beyond"):
        open_file(tmp_path / "x.xlsx")


@pytest.mark.parametrize("written", [b'r ="XFD1048576"', b'r="&#88;FD1048576"', b"r= 'xfd1048576'"])
def test_a_far_corner_in_disguise_is_refused(tmp_path, written):
    path = save(tmp_path / "x.xlsx", {"A": [["x"]]})
    hidden = rewritten(path, tmp_path / "y.xlsx", lambda xml: xml.replace(b'r="A1"', written))
    with pytest.raises(BrokenFile, match="reaches beyond"):
        open_file(hidden)


def test_a_sheet_just_within_the_bounds_is_read(tmp_path):
    book = openpyxl.Workbook()
    book.active["A1"] = book.active["CZ9"] = book.active["A1999"] = "x"
    book.save(tmp_path / "x.xlsx")
    (sheet,) = open_file(tmp_path / "x.xlsx").sheets
    assert (sheet.grid.index[-1], sheet.grid.columns[-1]) == (1999, 104)


# ---- A refusal does not wait until all has been read ----------------------------------------------


@pytest.mark.parametrize("far", ["XFD1048576", "BXX1", "A200000"])
def test_no_parser_sees_a_sheet_that_reaches_too_far(tmp_path, monkeypatch, far):
    book = openpyxl.Workbook()
    book.active["A1"] = book.active[far] = "x"
    book.save(tmp_path / "x.xlsx")
    monkeypatch.setattr(xlsx, "CalamineWorkbook", None)
    with pytest.raises(BrokenFile, match="reaches beyond"):
        open_file(tmp_path / "x.xlsx")


def ods_rows(path, *rows):
    """A spreadsheet of OpenDocument whose XML breaks off after these rows."""
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    words = "<office:body><office:spreadsheet><table:table table:name='A'>"
    content = f"<office:document-content {names}>{words}{''.join(rows)}<broken"
    path.write_bytes(packed(**{"content.xml": content}))
    return path


CELL = '<table:table-cell {} office:value-type="string"><text:p>{}</text:p></table:table-cell>'


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("<table:table-row table:number-rows-repeated='999999'>" + CELL.format("", "x"), "beyond"),
        ("<table:table-row>" + CELL.format("table:number-columns-repeated='999'", "x"), "beyond"),
        (
            "<table:table-row table:number-rows-repeated='199999'>" + CELL.format("", "x" * 1_600),
            "too large",
        ),
    ],
)
def test_ods_is_read_no_further_than_the_row_that_stands_for_too_much(tmp_path, row, words):
    path = ods_rows(tmp_path / "x.ods", row, "</table:table-row>")
    with pytest.raises(BrokenFile, match=words):
        open_file(path)
    with pytest.raises(BrokenFile, match="is damaged"):  # what comes after is broken
        open_file(ods_rows(tmp_path / "y.ods", "<table:table-row>", "</table:table-row>"))


def test_no_line_is_taken_apart_where_there_are_too_many(tmp_path, monkeypatch):
    monkeypatch.setattr(refusals, "MOST_LINES", 10)
    monkeypatch.setattr(delimited, "_fast", None)
    path = tmp_path / "x.csv"
    path.write_bytes(b"a,b\n" * 11)
    with pytest.raises(BrokenFile, match="too large"):
        open_file(path)


@pytest.mark.parametrize(
    ("name", "limit", "data"),
    [("x.xlsx", "LARGEST_FILE", b"PK\x03\x04xxx"), ("x.csv", "LARGEST_TEXT", b"a,b\n1,2\n")],
)
def test_a_file_too_large_is_not_even_read(tmp_path, monkeypatch, name, limit, data):
    monkeypatch.setattr(refusals, limit, 5)
    monkeypatch.setattr(opening, "read_xlsx", None)
    monkeypatch.setattr(opening, "read_delimited", None)
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(BrokenFile, match="too large"):
        open_file(path)


# ---- Plain text -----------------------------------------------------------------------------------


def text_grid_of(tmp_path, data):
    path = tmp_path / "x.csv"
    path.write_bytes(data)
    (sheet,) = open_file(path).sheets
    return {
        row: [cell if isinstance(cell, str) else None for cell in cells]
        for row, *cells in sheet.grid.itertuples()
    }


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        (b"a,b\n1,2\n", {1: ["a", "b"], 2: ["1", "2"]}),
        (b"a;b\r\n1;2,5", {1: ["a", "b"], 2: ["1", "2,5"]}),
        (b"a\tb\n1\t\n", {1: ["a", "b"], 2: ["1", None]}),
        (b"a,b\n\n1,2\n", {1: ["a", "b"], 3: ["1", "2"]}),
        (b"title\n\na,b\n1,2\n", {1: ["title", None], 3: ["a", "b"], 4: ["1", "2"]}),
        (b"a,b\n1,2,3\n", {1: ["a", "b", None], 2: ["1", "2", "3"]}),
        (b'a,b\n"x\ny","2"\n3,4\n', {1: ["a", "b"], 2: ["x y", "2"], 3: ["3", "4"]}),
        (b'a,b\n"say ""hi""", 2 \n', {1: ["a", "b"], 2: ['say "hi"', "2"]}),
        (b"a,b\n,\n1,2\n\n\n", {1: ["a", "b"], 3: ["1", "2"]}),
        ("a,b\n\u00a0x\u00a0 y,‘z’\n".encode(), {1: ["a", "b"], 2: ["x y", "'z'"]}),
        ("a,b\ncafé,2".encode("cp1252"), {1: ["a", "b"], 2: ["café", "2"]}),
        (b"a\n1\n2\n", {1: ["a"], 2: ["1"], 3: ["2"]}),
        (b"a,b\r1,2\r", {1: ["a", "b"], 2: ["1", "2"]}),
        (b'"sep=;"\na;b\n1;2\n', {1: ["a", "b"], 2: ["1", "2"]}),
        (b"NULL,NA\nnan,#N/A\n", {1: ["NULL", "NA"], 2: ["nan", "#N/A"]}),
    ],
)
def test_plain_text_is_read_as_a_spreadsheet_would_show_it(tmp_path, data, rows):
    assert text_grid_of(tmp_path, data) == rows


def test_both_ways_of_reading_plain_text_agree(tmp_path):
    lines = [f"{n}, x{n} ,,‘{n % 7}’" for n in range(1, 4_000)]
    plain = text_grid_of(tmp_path, "\n".join(lines).encode())
    ragged = text_grid_of(tmp_path, "\n".join([*lines, "1,2,3"]).encode())
    assert ragged.pop(4_000) == ["1", "2", "3", None]
    assert plain == ragged


@pytest.mark.parametrize(
    "content",
    [b"<c " * 700_000, b'<c r="A1" ' * 200_000, b"<row " * 400_000 + b"<f", b"<col " * 400_000],
)
def test_no_xml_makes_the_search_crawl(content):
    left_out.look(content, frozenset([b"1"]))  # this would take seconds a megabyte
    xlsx._TOO_FAR.search(content)
