"""What is no `.xlsx` comes back as a plain one, with marks, and can be sent again."""

import zipfile

import openpyxl
import pytest

from evaluation.errors import BrokenFile
from evaluation.returns import annotating, findings_sheet
from evaluation.returns.feedback import annotate, give_back
from evaluation.returns.layout import NOTE_AUTHOR
from evaluation.returns.parsing import parse
from evaluation.returns.reading import read_return
from tests.unit.returns.workbooks import FORMS, PROVIDERS, right, table

HYPERLINK = '=HYPERLINK("http://evil.example","x")'


def check(path):
    return parse(read_return(path, FORMS, PROVIDERS), FORMS)


@pytest.fixture
def calls(tmp_path):
    """A text file with a formula for a reference (A3), and a wrong answer (B4)."""
    path = tmp_path / "callers_2025Q1_calls.csv"
    text = 'call_ref,place\nC1,other\n"' + HYPERLINK.replace('"', '""') + '",other\n-C3,moon\n'
    path.write_text(text, encoding="utf-8")
    return path


def test_a_text_file_comes_back_with_a_cover_and_its_cells_at_their_places(calls, tmp_path):
    checked = check(calls)
    assert [item.place for item in checked.findings] == ["Calls made!A3", "Calls made!B4"]
    book = openpyxl.load_workbook(annotate(calls, checked, tmp_path / "y.xlsx", "en"))
    assert book.sheetnames == ["Findings", "Cover", "Calls made"]
    sheet = book["Calls made"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["call_ref", "place"],
        ["C1", "other"],
        [HYPERLINK, "other"],
        ["-C3", "moon"],
    ]
    noted = [cell.coordinate for row in sheet for cell in row if cell.comment]
    assert noted == ["A3", "B4"]
    links = [cell.hyperlink.location for cell in book["Findings"]["B"] if cell.hyperlink]
    assert links == ["'Calls made'!A3", "'Calls made'!B4"]


def test_it_can_be_sent_again_as_it_is(calls, tmp_path):
    checked = check(calls)
    again = check(annotate(calls, checked, tmp_path / "whatever.xlsx", "en"))
    told = [item for item in again.findings if item.rule != "COV-08"]  # whom to ask, on the Cover
    assert told == list(checked.findings)
    assert (again.source.provider, again.source.quarter) == ("callers", checked.source.quarter)


def test_nothing_in_it_runs(calls, tmp_path):
    path = annotate(calls, check(calls), tmp_path / "y.xlsx", "en")
    cells = openpyxl.load_workbook(path)["Calls made"]
    assert [cells[place].data_type for place in ("A3", "A4")] == ["s", "s"]
    assert cells["A3"].quotePrefix
    assert cells["A4"].quotePrefix
    with zipfile.ZipFile(path) as packed:
        sheets = [name for name in packed.namelist() if "worksheets/sheet" in name]
        assert not any(b"<f>" in packed.read(name) for name in sheets)


def test_beyond_some_number_cells_are_coloured_without_a_note_and_findings_are_not_listed(
    calls, tmp_path, monkeypatch
):
    monkeypatch.setattr(annotating, "MOST_NOTES", 1)
    monkeypatch.setattr(findings_sheet, "MOST_LISTED", 1)
    book = openpyxl.load_workbook(annotate(calls, check(calls), tmp_path / "y.xlsx", "en"))
    sheet = book["Calls made"]
    assert sheet["A3"].comment.author == NOTE_AUTHOR
    assert sheet["B4"].comment is None
    assert sheet["B4"].fill.fgColor.rgb == sheet["A3"].fill.fgColor.rgb
    assert book["Findings"]["A4"].value == "Only the first findings are listed: 1 of 2."
    assert book["Findings"].max_row == 6


@pytest.mark.parametrize("limit", ["MOST_CELLS", "MOST_XML"])
def test_a_file_too_large_to_be_marked_has_its_page_all_the_same(
    calls, tmp_path, monkeypatch, limit
):
    monkeypatch.setattr(annotating, limit, 3)
    monkeypatch.setattr(annotating, "load_workbook", None)
    path = calls
    if limit == "MOST_XML":
        path = right(tmp_path / "x.xlsx", Calls_made=table({"call_ref": "C", "place": "moon"}))
    checked = check(path)
    with pytest.raises(BrokenFile, match="too large to be marked"):
        annotate(path, checked, tmp_path / "y.xlsx", "en")
    given = give_back(path, checked, tmp_path / "y.xlsx", "en")
    assert given.marked is None
    assert "too large to be marked" in str(given.why_not)
    assert "is not one of the answers" in given.page.read_text(encoding="utf-8")
    assert not (tmp_path / "y.xlsx").exists()
