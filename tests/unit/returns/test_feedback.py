"""What the sender gets back: their own workbook marked, and the findings in words and as data."""

import json
from dataclasses import replace

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from evaluation.errors import WrongUse
from evaluation.language import Text, _
from evaluation.nouns import Checked, Finding
from evaluation.returns.feedback import annotate, as_json, copy_of, summary
from evaluation.returns.layout import NOTE_AUTHOR
from evaluation.returns.parsing import parse
from evaluation.returns.reading import read_return
from evaluation.returns.styles import MARKS
from tests.unit.returns.workbooks import FORMS, PROVIDERS, VISIT, right, table

YELLOW = MARKS["reject"].fgColor.rgb
SECRET = "Jane Smith"


def check(path) -> Checked:
    return parse(read_return(path, FORMS, PROVIDERS), FORMS)


@pytest.fixture
def faulty(tmp_path):
    """A workbook with a mistyped date (C3), a name (B3), an unknown sheet, and its own looks."""
    wrong = VISIT | {"visit_ref": "V2", "child_key": SECRET, "seen_at": "31/02/2025"}
    path = right(tmp_path / "x.xlsx", Home_visits=table(VISIT, wrong), Working=[["x"]])
    book = openpyxl.load_workbook(path)
    sheet = book["Home visits"]
    sheet["A1"].font = Font(bold=True, color="FF0000")
    sheet["C3"].font = Font(italic=True, color="FFFFFF")
    sheet["C3"].comment = Comment("Ask the office", "Me")
    sheet["D2"].fill = PatternFill("solid", fgColor="00FF00")
    sheet.column_dimensions["C"].width = 33
    book.save(path)
    return path


def marked(path):
    """The cells of the form that bear our note."""
    sheet = openpyxl.load_workbook(path)["Home visits"]
    return {
        cell.coordinate
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment and cell.comment.author == NOTE_AUTHOR
    }


def rows_of(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=6)]


# ---- The marked copy ------------------------------------------------------------------------------


def test_faulty_cells_are_filled_and_noted_and_the_rest_is_left_alone(faulty, tmp_path):
    to = annotate(faulty, check(faulty), tmp_path / "y.xlsx", "en")
    sheet = openpyxl.load_workbook(to)["Home visits"]
    assert marked(to) == {"B3", "C3"}
    assert sheet["C3"].fill.fgColor.rgb == YELLOW
    note = sheet["C3"].comment.text
    assert note.startswith("Must be mended: ‘Seen at’ is not a date")
    assert note.endswith("Ask the office")
    assert sheet["C3"].font.italic
    assert sheet["C3"].font.color.rgb != "00FFFFFF"
    assert sheet["A1"].font.color.rgb == "00FF0000"
    assert sheet["D2"].fill.fgColor.rgb == "0000FF00"
    assert sheet.column_dimensions["C"].width == 33


def test_every_finding_is_listed_with_a_link_to_its_cell(faulty, tmp_path):
    checked = check(faulty)
    sheet = openpyxl.load_workbook(annotate(faulty, checked, tmp_path / "y.xlsx", "en")).worksheets[
        0
    ]
    assert sheet.title == "Findings"
    assert f"Things to mend: {len(checked.findings)}" in sheet["A2"].value
    rows = rows_of(sheet)
    assert [row[6] for row in rows] == [finding.rule for finding in checked.findings]
    dates = next(row for row in rows if row[6] == "CELL-TIME")
    assert dates[:3] == ["Home visits", "C3", "V2"]
    links = {cell.value: cell.hyperlink.location for row in sheet for cell in row if cell.hyperlink}
    assert links["C3"] == "'Home visits'!C3"
    assert links["Working"] == "'Working'!A1"


def test_nothing_that_we_write_holds_a_value(faulty, tmp_path):
    checked = check(faulty)
    book = openpyxl.load_workbook(annotate(faulty, checked, tmp_path / "y.xlsx", "en"))
    ours = [str(cell.value) for row in book["Findings"] for cell in row]
    ours += [cell.comment.text for row in book["Home visits"] for cell in row if cell.comment]
    told = " ".join(ours) + json.dumps(as_json(checked, "en")) + str(summary(checked, "en"))
    assert SECRET not in told
    assert "31/02/2025" not in told


def test_a_marked_copy_can_be_sent_back_and_gives_the_same_findings(faulty, tmp_path):
    first = check(faulty)
    to = annotate(faulty, first, tmp_path / "y.xlsx", "en")
    assert check(to).findings == first.findings


def test_marks_go_when_their_fault_is_mended(faulty, tmp_path):
    to = annotate(faulty, check(faulty), tmp_path / "y.xlsx", "en")
    book = openpyxl.load_workbook(to)
    book["Home visits"]["C3"] = "14/05/2025 21:30"
    book.save(to)
    again = annotate(to, check(to), tmp_path / "z.xlsx", "en")
    assert marked(again) == {"B3"}
    book = openpyxl.load_workbook(again)
    cell = book["Home visits"]["C3"]
    assert cell.fill.fill_type is None
    assert cell.comment.text == "Ask the office"
    assert book.sheetnames.count("Findings") == 1
    assert "CELL-TIME" not in {row[6] for row in rows_of(book["Findings"])}


@pytest.mark.usefixtures("welsh")
def test_a_copy_marked_in_one_language_may_be_marked_again_in_the_other(faulty, tmp_path):
    to = annotate(faulty, check(faulty), tmp_path / "y.xlsx", "en")
    again = annotate(to, check(to), tmp_path / "z.xlsx", "cy")
    book = openpyxl.load_workbook(again)
    assert book.sheetnames[0] == "Canfyddiadau"
    assert "Findings" not in book.sheetnames
    assert book["Home visits"]["C3"].comment.text.startswith("Rhaid ei gywiro: ")


def test_a_title_with_a_fault_is_marked(tmp_path):
    path = right(tmp_path / "x.xlsx", Home_visits=table(VISIT | {"Mood": "sunny"}))
    assert marked(annotate(path, check(path), tmp_path / "y.xlsx", "en")) == {"I1"}


def test_several_findings_of_one_cell_share_its_note_and_the_gravest_gives_the_colour(tmp_path):
    path = right(tmp_path / "x.xlsx")
    checked = check(path)
    two = [
        Finding("B", severity, Text(f"{severity} it"), Text("Do"), "Home visits", 2, "A")
        for severity in ("note", "reject")
    ]
    to = annotate(path, replace(checked, findings=tuple(two)), tmp_path / "y.xlsx", "en")
    cell = openpyxl.load_workbook(to)["Home visits"]["A2"]
    assert cell.fill.fgColor.rgb == YELLOW
    assert cell.comment.text.index("reject it") < cell.comment.text.index("note it")


def test_a_fault_inside_merged_cells_is_marked_where_it_can_be_seen(tmp_path):
    path = right(tmp_path / "x.xlsx", Home_visits=table(VISIT, VISIT | {"visit_ref": "V2"}))
    book = openpyxl.load_workbook(path)
    book["Home visits"].merge_cells("B3:C3")  # Excel keeps the first cell's words alone
    book.save(path)
    assert marked(annotate(path, check(path), tmp_path / "y.xlsx", "en")) == {"B3"}


def test_what_we_write_never_runs_as_a_formula(tmp_path):
    path = right(tmp_path / "x.xlsx")
    finding = Finding("A", "note", Text("=1+1"), Text("@SUM(A1)"), "Home visits", 2, "A", "-V001")
    checked = replace(check(path), findings=(finding,))
    to = annotate(path, checked, tmp_path / "y.xlsx", "en")
    cells = openpyxl.load_workbook(to)["Findings"][6][2:5]
    assert [cell.value for cell in cells] == ["-V001", "=1+1", "@SUM(A1)"]
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in cells)


def test_a_file_that_changed_since_it_was_checked_is_not_marked(faulty, tmp_path):
    checked = check(faulty)
    right(faulty)
    with pytest.raises(WrongUse, match="has changed since it was checked"):
        annotate(faulty, checked, tmp_path / "y.xlsx", "en")
    assert not (tmp_path / "y.xlsx").exists()


def test_the_marked_copy_lies_beside_the_file_and_a_copys_copy_replaces_it(tmp_path):
    copy = copy_of(tmp_path / "our return.xlsx")
    assert copy == tmp_path / "our return-findings.xlsx"
    assert copy_of(copy) == copy


# ---- In words and as data -------------------------------------------------------------------------


def several(count, rule="A-01", severity="reject"):
    message, fix = _("It is wrong."), _("Mend it.")
    return [
        Finding(rule, severity, message, fix, "Home visits", row, "C")
        for row in range(2, 2 + count)
    ]


def test_the_summary_says_what_how_often_and_the_first_few_places(tmp_path):
    findings = [*several(2, "N-01", "note"), *several(1, "A-02"), *several(7)]
    findings.append(Finding("S-01", "explain", _("No rows."), _("Say why."), "Calls made"))
    checked = replace(check(right(tmp_path / "x.xlsx")), findings=tuple(findings))
    lines = summary(checked, "en")
    assert [(line.rule, line.severity, line.times) for line in lines] == [
        ("A-01", "reject", 7),
        ("A-02", "reject", 1),
        ("S-01", "explain", 1),
        ("N-01", "note", 2),
    ]
    assert lines[0].places == ("Home visits!C2, C3, C4, C5, C6 …")
    assert lines[2].places == "Calls made"
    elsewhere = [replace(finding, sheet="Calls made") for finding in findings[3:5]]
    checked = replace(checked, findings=(*findings[3:5], *elsewhere))
    assert summary(checked, "en")[0].places == "Home visits!C2, C3, Calls made!C2, C3"
    assert (lines[0].message, lines[0].fix) == ("It is wrong.", "Mend it.")


def test_what_may_tell_who_a_child_is_comes_before_all_else(tmp_path):
    findings = [*several(7), *several(1, "CELL-BIRTH-DATE"), *several(3, "ID-PHONE")]
    path = right(tmp_path / "x.xlsx")
    checked = replace(check(path), findings=tuple(findings))
    assert [line.rule for line in summary(checked, "en")] == ["ID-PHONE", "CELL-BIRTH-DATE", "A-01"]
    copy = openpyxl.load_workbook(annotate(path, checked, tmp_path / "y.xlsx", "en"))
    listed = [row[6] for row in rows_of(copy["Findings"])]
    assert listed == ["CELL-BIRTH-DATE", *["ID-PHONE"] * 3, *["A-01"] * 7]


def test_json_has_every_finding_and_what_could_not_run(tmp_path):
    checked = replace(
        check(right(tmp_path / "x.xlsx")),
        findings=tuple(several(1)),
        not_run=(("B-01", _("a column is missing")),),
    )
    assert json.loads(json.dumps(as_json(checked, "en"))) == {
        "accepted": False,
        "findings": [
            {
                "sheet": "Home visits",
                "row": 2,
                "column": "C",
                "record": None,
                "rule": "A-01",
                "severity": "reject",
                "message": "It is wrong.",
                "fix": "Mend it.",
            }
        ],
        "not_run": [{"rule": "B-01", "why": "a column is missing"}],
    }


def test_a_return_without_a_rejection_is_accepted(tmp_path):
    checked = replace(check(right(tmp_path / "x.xlsx")), findings=tuple(several(1, "A", "note")))
    assert as_json(checked, "en")["accepted"] is True
