"""Reasons: where they are read from, which finding each answers, and which answer none."""

from dataclasses import replace

import openpyxl
import pandas as pd
import pytest

from evaluation.language import Text, _
from evaluation.nouns import Checked, Example, Explanation, Finding, Return, Rule
from evaluation.returns.checking import check
from evaluation.returns.explaining import LONGEST, as_told, read_explanations, weigh
from evaluation.returns.explanation_sheet import prefill
from evaluation.returns.feedback import annotate
from evaluation.returns.parsing import parse
from evaluation.returns.reading import read_return
from tests.unit.returns.workbooks import FORMS, PROVIDERS, VISIT, cover, right

TITLES = ("Finding", "Where", "What is unusual", "Reason")


def grid(*lines, titles=TITLES, first=1):
    rows = [*([titles] if titles else []), *lines]
    width = max(len(row) for row in rows)
    cells = [[*row, *([None] * (width - len(row)))] for row in rows]
    index = range(first, first + len(rows))
    return pd.DataFrame(cells, index=index, columns=range(1, width + 1), dtype="str")


def read(*lines, **options):
    given, findings = read_explanations("Explanations", grid(*lines, **options))
    said = [(item.finding, item.reason, item.row, item.column) for item in given]
    return said, [(item.rule, item.row, item.column) for item in findings]


def finding(rule="MIS-04", record="M1", severity="explain", **place):
    return Finding(rule, severity, Text("Long."), Text("Say why."), record=record, **place)


# ---- The number of a finding ----------------------------------------------------------------------


def test_a_findings_number_is_its_rule_and_record_wherever_the_row_has_moved():
    here = finding(sheet="Missing episodes", row=3, column="D")
    assert here.id == "MIS-04 M1"
    assert replace(here, row=400, column="E", sheet="missing_episodes").id == here.id


@pytest.mark.parametrize(
    ("place", "number"),
    [
        ({"sheet": "Home visits", "row": 7, "column": "D"}, "SHE-07 Home visits!D7"),
        ({"sheet": "Home visits"}, "SHE-07 Home visits"),
        ({}, "SHE-07"),
    ],
)
def test_without_a_record_it_is_the_rule_and_the_place(place, number):
    assert finding("SHE-07", None, **place).id == number


# ---- Reading the sheet ----------------------------------------------------------------------------


def test_a_line_with_a_number_and_a_reason_is_read_and_one_without_a_reason_is_nothing():
    said, findings = read(("MIS-04 M1", "x!D3", "Long.", "It was so."), ("MIS-04 M2", "", "", None))
    assert said == [("MIS-04 M1", "It was so.", 2, "D")]
    assert findings == []


def test_titles_may_stand_in_any_order_below_other_words():
    said, _findings = read(("Because.", "MIS-04 M1"), titles=("Reason *", "FINDING"), first=4)
    assert said == [("MIS-04 M1", "Because.", 5, "A")]


def test_without_titles_the_number_comes_first_and_the_reason_second():
    assert read(("MIS-04 M1", "Because."), titles=None)[0] == [("MIS-04 M1", "Because.", 1, "B")]


def test_the_purpose_of_a_template_is_no_reason(tmp_path):
    path = right(tmp_path / "x.xlsx", Explanations=[["If you are asked …"], list(TITLES)])
    assert read_return(path, FORMS, PROVIDERS).explanations == ()


def test_a_long_reason_is_refused_where_it_stands_and_goes_no_further():
    just, over = "x" * LONGEST, "x" * (LONGEST + 1)
    said, findings = read(("A 1", "", "", just), ("A 2", "", "", over))
    assert [number for number, *_rest in said] == ["A 1"]
    assert findings == [("WHY-01", 3, "D")]


def test_a_reason_that_would_identify_somebody_is_refused_and_goes_no_further():
    said, findings = read(("A 1", "", "", "She lives at NP20 4GA"))
    assert said == []
    assert findings == [("ID-POSTCODE", 2, "D")]


def test_what_we_wrote_beside_the_reason_raises_no_alarm():
    # A reference that could be a telephone number is the provider's own.
    said, findings = read(("MIS-04 01633838838", "x!D3", "Long.", "It was so."))
    assert findings == []
    assert len(said) == 1


def test_of_two_reasons_for_one_finding_the_first_is_kept_and_the_sender_is_told():
    said, findings = read(("A 1", "", "", "One."), ("a 1", "", "", "Two."), ("A 1", "", "", "One."))
    assert [reason for _number, reason, *_rest in said] == ["One."]
    assert findings == [("WHY-02", 3, "D")]


# ---- Which finding a reason answers ---------------------------------------------------------------


def weighed(findings, *numbers, not_run=(), forms=FORMS):
    explanations = tuple(
        Explanation(number, "Because.", "Explanations", row, "D")
        for row, number in enumerate(numbers, start=3)
    )
    source = Return("0" * 64, None, None, "en", (), explanations=explanations)
    reasons, stale = weigh(Checked(source, {}), findings, forms, not_run)
    return reasons, [(item.rule, item.severity, item.row) for item in stale]


def test_a_reason_answers_its_finding_in_whatever_case_it_is_written():
    assert weighed([finding()], "mis-04 m1") == ({"MIS-04 M1": "Because."}, [])


def test_a_reason_that_answers_nothing_is_noted():
    told = [("WHY-03", "note", 3), ("WHY-03", "note", 4), ("WHY-03", "note", 5)]
    findings = [finding(), finding("ROW-TWICE", "M1", "reject")]
    assert weighed(findings, "MIS-04 M2", "ROW-TWICE M1", "") == ({}, told)


def test_a_reason_for_a_rule_that_could_not_be_run_is_neither_kept_nor_stale():
    assert weighed([], "MIS-06 M1", not_run=["MIS-06"]) == ({}, [])


def test_a_reason_for_what_only_shows_across_providers_is_kept_in_hope():
    says = Text("x")
    rule = Rule(
        "MEE-02", "explain", (), lambda _rows, _around: None, says, says, says,
        Example(()), Example(()), scope="snapshot",
    )  # fmt: skip
    forms = {"home_visits": replace(FORMS["home_visits"], rules=(rule,))}
    given = {"MEE-02 K1": "Because.", "SNAP-CHILD K2": "Because."}
    assert weighed([], *given, forms=forms) == (given, [])


def empty_visits(tmp_path, *lines, **sheets):
    """A return that is asked one thing: why its sheet of visits has no rows."""
    pages = {"Home_visits": [list(VISIT)], **sheets}
    if lines:
        pages["Explanations"] = [list(TITLES), *map(list, lines)]
    return right(tmp_path / "x.xlsx", **pages)


def checked_of(path):
    return check(parse(read_return(path, FORMS, PROVIDERS), FORMS), FORMS, {})


def test_a_finding_that_has_its_reason_asks_for_nothing_more(tmp_path):
    waiting = checked_of(empty_visits(tmp_path))
    answered = checked_of(
        empty_visits(tmp_path, ("SHE-07 Home visits", None, None, "A quiet month."))
    )
    assert [item.severity for item in as_told(waiting) if item.rule == "SHE-07"] == ["explain"]
    (told,) = [item for item in as_told(answered) if item.rule == "SHE-07"]
    assert (told.severity, str(told.fix)) == (
        "note",
        "You have given a reason, so nothing needs doing.",
    )
    assert answered.reasons == {"SHE-07 Home visits": "A quiet month."}


# ---- The lines of a marked copy -------------------------------------------------------------------


def lines_of(path):
    sheet = openpyxl.load_workbook(path)["Explanations"]
    return [
        tuple(cell.value for cell in row[:4])
        for row in sheet.iter_rows()
        if any(cell.value for cell in row)
    ]


ASKED = (
    "SHE-07 Home visits",
    "Home visits",
    "The sheet has no rows, and the Cover does not say that there is nothing to report.",
)


def marked(path, tmp_path):
    return annotate(path, checked_of(path), tmp_path / "marked.xlsx", "en")


def test_a_workbook_without_the_sheet_is_given_one(tmp_path):
    lines = lines_of(marked(empty_visits(tmp_path), tmp_path))
    assert lines[1:] == [TITLES, (*ASKED, None)]


def test_a_workbook_that_needs_none_is_given_none(tmp_path):
    path = right(tmp_path / "x.xlsx", Cover=cover(Contact_role=None))
    assert "Explanations" not in openpyxl.load_workbook(marked(path, tmp_path)).sheetnames


def test_what_the_sender_wrote_stays_and_the_line_is_not_made_again(tmp_path):
    path = empty_visits(tmp_path, ("she-07 home visits", "old", "old", "A quiet month."))
    assert lines_of(marked(path, tmp_path)) == [TITLES, (*ASKED, "A quiet month.")]
    again = marked(marked(path, tmp_path), tmp_path)
    assert lines_of(again) == [TITLES, (*ASKED, "A quiet month.")]


def test_a_line_for_what_was_put_right_goes_unless_a_reason_stands_there(tmp_path):
    gone = ("SHE-07 Calls made", "Calls made", "It is empty.", None)
    stays = ("SHE-07 Elsewhere", None, None, "I do not know.")
    alone = (None, None, None, "Beside nothing.")
    lines = lines_of(marked(empty_visits(tmp_path, gone, stays, alone), tmp_path))
    assert lines == [TITLES, stays, alone, (*ASKED, None)]


def test_a_line_is_made_on_a_sheet_without_titles_too(tmp_path):
    path = empty_visits(tmp_path, Explanations=[["SHE-07 Elsewhere", "I do not know."]])
    book = openpyxl.load_workbook(marked(path, tmp_path))["Explanations"]
    assert [cell.value for cell in book[2]][:2] == ["SHE-07 Home visits", None]


def test_one_line_serves_all_findings_of_one_number(tmp_path):
    path = empty_visits(tmp_path)
    checked = checked_of(path)
    twice = replace(checked, findings=(finding(row=3), finding(row=4)))
    book = openpyxl.load_workbook(path)
    prefill(book, twice, "en")
    assert [cell.value for cell in book["Explanations"]["A"]][2:] == ["MIS-04 M1"]


def test_nothing_that_stands_in_a_line_runs_as_a_formula(tmp_path):
    book = openpyxl.load_workbook(empty_visits(tmp_path))
    odd = replace(finding("=1+1", None), message=_("=2+2"))
    prefill(book, replace(checked_of(tmp_path / "x.xlsx"), findings=(odd,)), "en")
    cells = book["Explanations"][3]
    assert [cell.data_type for cell in (cells[0], cells[2])] == ["s", "s"]
