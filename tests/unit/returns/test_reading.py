"""A workbook is read as text with addresses; what its layout shows wrong is found."""

import datetime as dt
import hashlib

import openpyxl
import pytest
import yaml

from evaluation.language import Text
from evaluation.nouns import Provider
from evaluation.quarters import Quarter
from evaluation.returns.layout import GUIDANCE
from evaluation.returns.reading import read_return
from schemas import FORMS as REAL
from tests.unit.returns.workbooks import (
    FORMS,
    KEY,
    PROVIDERS,
    VISIT,
    cover,
    right,
    save,
    table,
)

moment = dt.datetime


def read(path):
    return read_return(path, FORMS, PROVIDERS)


def found(path, *, severity=None):
    """Findings as (rule, sheet, row, column)."""
    return [
        (finding.rule, finding.sheet, finding.row, finding.column)
        for finding in read(path).findings
        if severity in {None, finding.severity}
    ]


def visits(path):
    return next(sheet for sheet in read(path).sheets if sheet.form == "home_visits")


# ---- A right one ----------------------------------------------------------------------------------


def test_a_right_workbook_is_read_without_findings(tmp_path):
    path = right(tmp_path / "x.xlsx")
    received = read(path)
    assert received.findings == ()
    assert (received.provider, received.quarter) == ("st_elsewhere", Quarter(2025, 1))
    assert (received.template_version, received.contact_role) == ("1", "Data officer")
    assert (received.language, received.nil, received.history_from) == ("en", (), None)
    assert received.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert [(sheet.name, sheet.form, sheet.header_row) for sheet in received.sheets] == [
        ("Home visits", "home_visits", 1),
        ("Calls made", "calls", 1),
    ]


def test_cells_are_text_by_field_under_the_sheets_own_row_numbers(tmp_path):
    rows = [["A list of visits"], [], [], *table(VISIT), [], [], *table(VISIT)[1:]]
    sheet = visits(right(tmp_path / "x.xlsx", Home_visits=rows))
    assert sheet.header_row == 4
    assert sheet.cells.index.tolist() == [5, 8]
    assert sheet.cells.columns.tolist() == list(VISIT)
    assert (sheet.cells.dtypes == "str").all()
    assert sheet.letters["child_key"] == "B"
    assert sheet.cells.loc[8, "minutes"] == "45"
    assert sheet.cells.loc[8].isna().tolist() == [value is None for value in VISIT.values()]


def test_titles_stand_in_any_order_case_and_spacing(tmp_path):
    titles = [
        " minutes",
        "PLACE *",
        "visit  NUMBER",
        "Child_Key:",
        "seen at*",
        "agreed_on",
        "Reason",
    ]
    row = [45, "other", "V1", KEY, "14/05/2025 21:30", "14/05/2025", None]
    path = right(tmp_path / "x.xlsx", Home_visits=[titles, row])
    sheet = visits(path)
    assert sheet.letters["visit_ref"] == "C"
    assert sheet.cells.loc[2, "child_key"] == KEY
    assert found(path) == [("COL-02", "Home visits", None, None)]


@pytest.mark.parametrize("name", ["Home visits", "home_visits", " HOME  VISITS "])
def test_a_forms_sheet_bears_its_title_or_its_name(tmp_path, name):
    path = save(
        tmp_path / "x.xlsx", {"cover": cover(Nil_return="calls"), name.strip(): table(VISIT)}
    )
    assert found(path) == []
    assert visits(path).name == name.strip()


@pytest.mark.usefixtures("welsh")
def test_a_workbook_in_welsh_reads_the_same(tmp_path):
    lines = [["Darparwr", "sant rhywle"], ["CHWARTER:", "2025Q1"], ["Template version", "1"]]
    lines += [["Contact role", "Swyddog data"], ["Ffurflen wag", "Calls made"]]
    titles = ["Rhif yr ymweliad", "Allwedd y plentyn", "Gwelwyd am", *list(VISIT)[3:]]
    path = save(
        tmp_path / "x.xlsx",
        {"Clawr": lines, "Ymweliadau â’r cartref": [titles, list(VISIT.values())]},
    )
    received = read(path)
    assert received.findings == ()
    assert received.language == "cy"
    assert (received.provider, received.nil) == ("st_elsewhere", ("calls",))
    assert visits(path).cells.columns.tolist() == list(VISIT)


def test_the_guidance_line_is_no_record_but_a_line_with_an_answer_is(tmp_path):
    titles, row = table(VISIT)
    told = [f"{GUIDANCE} Must be filled in." for _title in titles]
    mixed = ["V9", *told[1:]]
    path = right(tmp_path / "x.xlsx", Home_visits=[titles, told, row, mixed])
    assert visits(path).cells.index.tolist() == [3, 4]


def test_a_day_loses_the_midnight_that_a_spreadsheet_shows_and_a_moment_keeps_it(tmp_path):
    midnight = moment(2025, 5, 14)  # openpyxl shows it as 2025-05-14 0:00:00
    row = VISIT | {"seen_at": midnight, "agreed_on": midnight, "born": moment(2010, 6, 1)}
    cells = visits(right(tmp_path / "x.xlsx", Home_visits=table(row))).cells
    assert cells.loc[2, ["seen_at", "agreed_on", "born"]].tolist() == [
        "2025-05-14T00:00:00",
        "2025-05-14",
        "2010-06-01",
    ]


def test_a_day_without_a_time_in_a_column_of_moments_stays_without(tmp_path):
    path = right(tmp_path / "x.xlsx", Home_visits=table(VISIT | {"seen_at": dt.date(2025, 5, 14)}))
    assert visits(path).cells.loc[2, "seen_at"] == "2025-05-14"


def test_hidden_sheets_and_columns_are_read_as_any_other(tmp_path):
    path = right(tmp_path / "x.xlsx")
    book = openpyxl.load_workbook(path)
    book["Home visits"].sheet_state = "hidden"
    book["Home visits"].column_dimensions["B"].hidden = True
    book.save(path)
    assert visits(path).cells.loc[2, "child_key"] == KEY


# ---- The Cover ------------------------------------------------------------------------------------


def with_cover(tmp_path, **changes):
    return right(tmp_path / "x.xlsx", Cover=cover(**changes))


def test_a_workbook_without_a_cover_is_not_one_of_ours(tmp_path):
    path = save(tmp_path / "x.xlsx", {"Sheet1": [["a", "b"]], "Sheet2": [["c"]]})
    (finding,) = read(path).findings
    assert (finding.rule, finding.severity) == ("COV-01", "reject")
    assert "not one of our templates" in str(finding.message)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"Provider": "St Nowhere"}, ("COV-02", "Cover", 1, "B")),
        ({"Provider": None}, ("COV-02", "Cover", None, None)),
        ({"Quarter": "2025Q5"}, ("COV-03", "Cover", 2, "B")),
        ({"Quarter": "April to June"}, ("COV-03", "Cover", 2, "B")),
        ({"Template_version": "0.9"}, ("COV-04", "Cover", 3, "B")),
        ({"Template_version": None}, ("COV-04", "Cover", None, None)),
        ({"Contact_role": None}, ("COV-08", "Cover", None, None)),
        ({"Nil_return": "visits to the zoo"}, ("COV-05", "Cover", 5, "B")),
        ({"History_from": "last year"}, ("COV-07", "Cover", 6, "B")),
        ({"Colour": "blue"}, ("COV-10", "Cover", 6, "B")),
    ],
)
def test_a_wrong_line_of_the_cover_is_one_finding_at_its_place(tmp_path, changes, fault):
    assert found(with_cover(tmp_path, **changes)) == [fault]


@pytest.mark.parametrize(
    "provider", ["st_elsewhere", "ST ELSEWHERE", " St  Elsewhere ", "St_Elsewhere"]
)
def test_the_provider_is_its_code_or_its_title(tmp_path, provider):
    assert read(with_cover(tmp_path, Provider=provider)).provider == "st_elsewhere"


@pytest.mark.parametrize(
    "value", [dt.date(2024, 4, 1), "2024-04-01", "01/04/2024", "1/4/24", moment(2024, 4, 1)]
)
def test_history_from_is_a_day(tmp_path, value):
    assert read(with_cover(tmp_path, History_from=value)).history_from == dt.date(2024, 4, 1)


def test_a_line_said_twice_and_not_alike_is_refused(tmp_path):
    lines = [*cover(), ["Quarter", "2025Q2"]]
    assert found(right(tmp_path / "x.xlsx", Cover=lines)) == [("COV-09", "Cover", 6, "B")]


def test_a_hint_beside_a_blank_answer_is_not_the_answer(tmp_path):
    lines = [["Provider", "st_elsewhere"], ["Quarter", None, "2025Q1"], ["Template version", 1]]
    lines += [["Contact role", None, "A role"], ["Nil return", "no"]]
    path = right(tmp_path / "x.xlsx", Cover=lines)
    assert found(path) == [("COV-03", "Cover", 2, "B"), ("COV-08", "Cover", 4, "B")]


@pytest.mark.parametrize(
    ("answer", "nil"),
    [
        ("no", ()),
        ("", ()),
        ("YES", ("calls", "home_visits")),
        ("calls", ("calls",)),
        ("Calls made; Home visits", ("calls", "home_visits")),
        ("home_visits, calls", ("calls", "home_visits")),
    ],
)
def test_a_nil_return_is_declared_form_by_form(tmp_path, answer, nil):
    path = save(tmp_path / "x.xlsx", {"Cover": cover(Nil_return=answer), "Notes": [["x"]]})
    assert read(path).nil == nil


def test_nil_returns_may_stand_on_several_lines_and_in_one_cell(tmp_path):
    lines = [*cover(Nil_return="calls"), ["Nil return: home_visits"]]
    received = read(save(tmp_path / "x.xlsx", {"Cover": lines}))
    assert (received.nil, received.findings) == (("calls", "home_visits"), ())


def test_nil_and_rows_contradict_each_other(tmp_path):
    path = with_cover(tmp_path, Nil_return="calls")
    assert found(path) == [("SHE-06", "Calls made", None, None)]


def test_nil_for_a_form_that_is_not_owed_is_refused(tmp_path):
    lines = cover(Provider="callers", Nil_return="home visits")
    path = save(tmp_path / "x.xlsx", {"Cover": lines, "calls": table({"call_ref": 1, "place": 2})})
    assert found(path) == [("COV-06", "Cover", 5, "B")]


# ---- Sheets ---------------------------------------------------------------------------------------


def test_a_sheet_that_is_not_part_of_the_template_is_refused(tmp_path):
    path = right(tmp_path / "x.xlsx", Working=[["x"]], Notes=[["a note"]], Findings=[["Old"]])
    assert found(path) == [("SHE-01", "Working", None, None)]


def test_a_form_that_the_provider_does_not_send_is_refused_and_not_checked(tmp_path):
    path = with_cover(tmp_path, Provider="callers")
    assert found(path) == [("SHE-02", "Home visits", None, None)]
    assert [sheet.form for sheet in read(path).sheets] == ["calls"]


def test_two_sheets_of_one_form_are_refused(tmp_path):
    path = right(tmp_path / "x.xlsx", home_visits2=[])
    book = openpyxl.load_workbook(path)
    book.copy_worksheet(book["Home visits"]).title = "HOME_VISITS"
    book.save(path)
    assert found(path) == [("SHE-03", "HOME_VISITS", None, None)]
    assert [sheet.name for sheet in read(path).sheets] == ["Home visits", "Calls made"]


def test_a_workbook_with_no_form_and_no_nil_return_is_refused(tmp_path):
    path = save(tmp_path / "x.xlsx", {"Cover": cover(), "Notes": [["x"]]})
    assert found(path) == [("SHE-04", None, None, None)]


def test_a_form_may_come_in_another_workbook(tmp_path):
    assert found(right(tmp_path / "x.xlsx", Calls_made=[])) == []


def test_a_sheet_without_a_line_of_titles_is_refused(tmp_path):
    path = right(tmp_path / "x.xlsx", Home_visits=[["V1", KEY], ["V2", KEY]])
    assert found(path) == [("SHE-05", "Home visits", None, None)]


def test_a_sheet_with_titles_and_no_rows_needs_a_reason_unless_declared_nil(tmp_path):
    titles = table(VISIT)[:1]
    path = right(tmp_path / "x.xlsx", Home_visits=titles)
    assert found(path, severity="explain") == [("SHE-07", "Home visits", None, None)]
    path = right(tmp_path / "x.xlsx", Home_visits=titles, Cover=cover(Nil_return="home visits"))
    assert found(path) == []


# ---- Columns --------------------------------------------------------------------------------------


def without(*fields):
    return table({name: value for name, value in VISIT.items() if name not in fields})


@pytest.mark.parametrize(
    ("field", "rule", "severity"),
    [
        ("child_key", "COL-01", "reject"),
        ("agreed_on", "COL-01", "reject"),
        ("reason", "COL-01", "reject"),
        ("minutes", "COL-02", "note"),
    ],
)
def test_a_missing_column_is_refused_unless_it_may_be_blank(tmp_path, field, rule, severity):
    (finding,) = read(right(tmp_path / "x.xlsx", Home_visits=without(field))).findings
    assert (finding.rule, finding.severity, finding.sheet) == (rule, severity, "Home visits")
    assert str(FORMS["home_visits"].field(field).title) in str(finding.message)


def test_a_column_that_only_a_missing_one_makes_necessary_may_be_missing_too(tmp_path):
    path = right(tmp_path / "x.xlsx", Home_visits=without("place", "reason"))
    assert [(finding.rule, finding.severity) for finding in read(path).findings] == [
        ("COL-01", "reject"),
        ("COL-02", "note"),
    ]


def test_unknown_doubled_and_untitled_columns_are_refused_at_their_title(tmp_path):
    titles, row = table(VISIT)
    titles, row = [*titles, "Mood", "Minutes", None, None], [*row, "sunny", 45, "stray", None]
    path = right(tmp_path / "x.xlsx", Home_visits=[titles, row])
    assert found(path) == [
        ("COL-03", "Home visits", 1, "I"),
        ("COL-04", "Home visits", 1, "J"),
        ("COL-05", "Home visits", 1, "K"),
    ]
    assert visits(path).letters["minutes"] == "H"


@pytest.mark.slow
def test_the_samples_are_read_without_a_rejection(shared):
    owed = yaml.safe_load((shared / "forms.yaml").read_text())["providers"]
    providers = {
        name: Provider(name, Text(item["title"]), tuple(item["forms"]))
        for name, item in owed.items()
    }
    samples = sorted((shared / "samples").glob("*.xlsx"))
    assert len(samples) == 24
    for path in samples:
        received = read_return(path, REAL, providers)
        assert not [item for item in received.findings if item.severity == "reject"], path.name
        assert f"{received.provider}_{received.quarter}" == path.stem
        assert all(len(sheet.cells) for sheet in received.sheets)
