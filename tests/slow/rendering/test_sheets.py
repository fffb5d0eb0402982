"""Spreadsheets and CSV, opened and read back: they say what the page says, in both languages."""

import csv
import shutil
import subprocess

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from evaluation.rendering.sheets import tables_of

pytestmark = pytest.mark.slow


@pytest.fixture(params=["en", "cy"])
def language(request):
    return request.param


@pytest.fixture
def printed(pair, language):
    return tables_of(pair[language]["html"].read_text(encoding="utf-8"))


@pytest.fixture
def workbook(pair, language):
    return openpyxl.load_workbook(pair[language]["xlsx"])


def read(path):
    """The cells of each sheet by its name, without what is empty."""
    book = CalamineWorkbook.from_path(path)
    return {
        name: [
            [cell for cell in row if cell != ""] for row in book.get_sheet_by_name(name).to_python()
        ]
        for name in book.sheet_names
    }


def test_a_cover_contents_and_notes_and_then_a_table_on_each_sheet(workbook, printed, language):
    front = {"en": ["Cover", "Contents", "Notes"], "cy": ["Clawr", "Cynnwys", "Nodiadau"]}[language]
    assert workbook.sheetnames[:3] == front
    assert len(workbook.sheetnames) == 3 + len(printed)
    for sheet in workbook.worksheets:
        assert sheet["A1"].value
        assert len(sheet.tables) == (sheet.title != front[0])
        assert not sheet.merged_cells.ranges
        assert sheet.sheet_state == "visible"


def test_every_number_stands_as_a_number_that_is_shown_as_it_is_printed(workbook, printed):
    table = next(table for table in printed if table.label == "tbl-months")
    sheet = workbook[table.number]
    named = sheet.tables["tbl_months"]
    head, *rows = [[cell.value for cell in row] for row in sheet[named.ref]]
    assert head == list(table.columns)
    assert [[str(cell) for cell in row] for row in rows] == [list(row) for row in table.rows]
    assert all(isinstance(cell, int) for row in rows for cell in row[1:])


def test_a_percentage_is_a_share(workbook, printed):
    table = next(table for table in printed if table.label == "tbl-pipe")
    cell = workbook[table.number][workbook[table.number].tables["tbl_pipe"].ref][1][1]
    assert (cell.value, cell.number_format) == (0.41, "0%")


def test_every_link_of_the_contents_leads_to_its_sheet(workbook):
    contents = workbook.worksheets[1]
    places = [
        link.hyperlink.location for row in contents.iter_rows() for link in row if link.hyperlink
    ]
    assert [place.rsplit("!", 1)[0].strip("'") for place in places] == workbook.sheetnames[2:]


def test_properties_come_from_the_report(workbook, language):
    core = workbook.properties
    assert core.title == {"en": "A tiny report", "cy": "Adroddiad bach"}[language]
    assert core.language == f"{language}-GB"
    assert f"{core.created:%Y-%m-%d} {core.modified:%Y-%m-%d}" == "2026-11-04 2026-11-04"


def test_open_document_holds_the_same(pair, language):
    assert read(pair[language]["ods"]) == read(pair[language]["xlsx"])


def test_libreoffice_opens_both_and_saves_the_same_cells(pair, language, tmp_path):
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("LibreOffice is not installed: the spreadsheets are not opened in it")
    profile = (tmp_path / "profile").as_uri()
    for kind, other in (("xlsx", "ods"), ("ods", "xlsx")):
        command = [program, f"-env:UserInstallation={profile}", "--headless", "--convert-to", other,
                   "--outdir", str(tmp_path), str(pair[language][kind])]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        saved = tmp_path / pair[language][kind].with_suffix(f".{other}").name
        assert read(saved) == read(pair[language][kind])


def test_the_csv_has_a_row_for_each_figure_and_a_dictionary_for_each_column(
    pair, language, printed
):
    with pair[language]["csv"].open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    with pair[language]["dictionary.csv"].open(encoding="utf-8-sig", newline="") as file:
        _titles, *meanings = csv.reader(file)
    assert head == [title for title, _meaning in meanings]
    assert all(meaning for _title, meaning in meanings)
    cells = [cell for table in printed for row in table.rows for cell in row[1:]]
    assert [row[-1] for row in rows] == cells
    share = next(row for row in rows if row[-1] == "41%")
    assert (share[5], share[10]) == ("41", "%")


def test_both_languages_hold_the_same_numbers(pair):
    found = []
    for files in pair.values():
        with files["csv"].open(encoding="utf-8-sig", newline="") as file:
            found.append([(row[0], *row[5:9], *row[10:12]) for row in list(csv.reader(file))[1:]])
    assert found[0] == found[1]
    assert len(found[0]) > 20
