"""A template reads back: empty without fault, filled as the same cells, in either language."""

import datetime as dt
import zipfile
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest

from evaluation.language import _
from evaluation.nouns import Provider
from evaluation.quarters import Quarter
from evaluation.returns.layout import GUIDANCE, MUST
from evaluation.returns.parsing import parse
from evaluation.returns.reading import read_return
from evaluation.returns.templates import write_template
from schemas import FORMS as REAL
from tests.unit.returns.workbooks import FORMS, KEY, PROVIDERS

QUARTER = Quarter(2025, 1)
ST_ELSEWHERE = PROVIDERS["st_elsewhere"]
VISITS = pd.DataFrame(
    {
        "visit_ref": pd.array(["V001", "007", "2024/1"], dtype="str"),
        "child_key": pd.array([KEY, KEY, KEY], dtype="str"),
        "seen_at": pd.to_datetime(["2025-05-13T23:00:00Z", "2025-01-14T12:05:00Z", None]).as_unit(
            "us"
        ),
        "agreed_on": pd.to_datetime(["2025-05-14", None, "2025-06-30"]).as_unit("us"),
        "born": pd.to_datetime(["2010-06-01", None, "2009-12-01"]).as_unit("us"),
        "place": pd.array(["W06000022", "other", None], dtype="str"),
        "reason": pd.array([None, "declined", None], dtype="str"),
        "minutes": pd.array([45, 0, None], dtype="Int64"),
    }
)


def write(tmp_path, language="en", **more):
    path = tmp_path / "x.xlsx"
    return write_template(path, ST_ELSEWHERE, FORMS, quarter=QUARTER, language=language, **more)


def read(path):
    return read_return(path, FORMS, PROVIDERS)


@pytest.mark.usefixtures("welsh")
@pytest.mark.parametrize("language", ["en", "cy"])
def test_an_empty_template_lacks_only_rows_and_a_contact(tmp_path, language):
    received = read(write(tmp_path, language))
    assert {finding.rule for finding in received.findings} == {"COV-08", "SHE-07"}
    assert (received.provider, received.quarter) == ("st_elsewhere", QUARTER)
    assert received.language == language
    assert [sheet.header_row for sheet in received.sheets] == [1, 1]
    assert all(sheet.cells.empty for sheet in received.sheets)


@pytest.mark.usefixtures("welsh")
@pytest.mark.parametrize("language", ["en", "cy"])
def test_a_filled_template_reads_back_the_same(tmp_path, language):
    cover = {"contact_role": "Data officer", "history_from": dt.date(2024, 4, 1)}
    path = write(tmp_path, language, rows={"home_visits": VISITS}, nil=["calls"], cover=cover)
    received = read(path)
    assert received.findings == ()
    assert (received.nil, received.history_from) == (("calls",), dt.date(2024, 4, 1))
    assert received.contact_role == "Data officer"
    table = parse(received, FORMS).tables["home_visits"]
    assert table.index.tolist() == [3, 4, 5]
    pd.testing.assert_frame_equal(table.reset_index(drop=True)[list(VISITS)], VISITS)


def test_answers_are_labels_days_are_days_and_numbers_are_numbers(tmp_path):
    book = openpyxl.load_workbook(write(tmp_path, rows={"home_visits": VISITS}))
    cells = [cell.value for cell in book["Home visits"][3]]
    midnight = dt.datetime.combine(dt.date(2025, 5, 14), dt.time())
    assert cells == ["V001", KEY, midnight, midnight, "2010-06", "Newport", None, 45]
    assert book["Home visits"]["C3"].number_format == "dd/mm/yyyy hh:mm"


def test_text_that_a_provider_would_write_stays_as_it_is_and_never_runs(tmp_path):
    rows = pd.DataFrame({"visit_ref": ["=1+1"], "place": ["the park"], "agreed_on": ["31/02/2025"]})
    path = write(tmp_path, rows={"home_visits": rows})
    sheet = openpyxl.load_workbook(path)["Home visits"]
    assert [sheet[place].value for place in ("A3", "F3", "D3")] == [
        "=1+1",
        "the park",
        "31/02/2025",
    ]
    assert sheet["A3"].data_type == "s"
    with zipfile.ZipFile(path) as packed:
        assert not any(b"<f>" in packed.read(name) for name in packed.namelist())


def test_titles_say_in_words_and_by_a_star_what_must_be_filled(tmp_path):
    sheet = openpyxl.load_workbook(write(tmp_path))["Home visits"]
    titles = [cell.value for cell in sheet[1]]
    told = [cell.value for cell in sheet[2]]
    starred = [title for title in titles if title.endswith(MUST)]
    assert starred == ["Visit number *", "Child key *", "Seen at *", "Place *"]
    assert all(text.startswith(GUIDANCE) for text in told)
    assert (
        told[2]
        == "↑ Must be filled in. When the visit began. A date and a time, such as 14/08/2025 21:30."
    )
    assert told[6] == "↑ Only if ‘Place’ is: Another place. Choose from the list."
    assert told[7] == "↑ May be blank. A whole number."


def test_lists_and_checks_guide_the_hand(tmp_path):
    book = openpyxl.load_workbook(write(tmp_path))
    checks = {
        str(check.sqref).split(":")[0]: check.type
        for check in book["Home visits"].data_validations.dataValidation
    }
    assert checks == {
        "C3": "date", "D3": "date", "E3": "textLength", "F3": "list", "G3": "list", "H3": "whole",
    }  # fmt: skip
    listed = [[cell.value for cell in column] for column in book["Lists"].iter_cols()]
    assert listed[0][:3] == ["Place", "Newport", "Another place"]
    assert listed[1] == ["Yes or no", "Yes", "No", "Not known", "Not asked", "Declined to say"]
    formula = next(
        check.formula1
        for check in book["Home visits"].data_validations.dataValidation
        if str(check.sqref).startswith("F3")
    )
    assert formula == "'Lists'!$A$2:$A$3"


def test_keys_references_and_months_are_kept_as_text_where_nothing_is_filled_yet(tmp_path):
    sheet = openpyxl.load_workbook(write(tmp_path))["Home visits"]
    assert [sheet.column_dimensions[letter].number_format for letter in "ABE"] == ["@", "@", "@"]


def test_a_template_has_no_macro_password_or_protection(tmp_path):
    path = write(tmp_path)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == [
        "Cover", "How to fill this in", "Home visits", "Calls made", "Explanations", "Lists",
    ]  # fmt: skip
    assert not book.security.lockStructure
    assert not any(sheet.protection.sheet for sheet in book)
    assert all(sheet.freeze_panes == "B3" for sheet in book.worksheets[2:4])
    with zipfile.ZipFile(path) as packed:
        assert not [name for name in packed.namelist() if "vba" in name.lower()]


def test_a_title_too_long_for_a_sheet_is_cut_and_still_known(tmp_path):
    title = _("Every visit to a home, a school or / elsewhere: all of them")
    forms = {"home_visits": replace(FORMS["home_visits"], title=title)}
    path = write_template(tmp_path / "x.xlsx", ST_ELSEWHERE, forms, quarter=QUARTER, language="en")
    name = openpyxl.load_workbook(path).sheetnames[2]
    assert name == "Every visit to a home, a school"
    assert [sheet.name for sheet in read_return(path, forms, PROVIDERS).sheets] == [name]


@pytest.mark.parametrize("language", ["en", "cy"])
def test_templates_of_the_real_forms_are_read_without_rejection(tmp_path, language):
    provider = Provider("all", _("All of them"), tuple(REAL))
    path = write_template(tmp_path / "x.xlsx", provider, REAL, quarter=QUARTER, language=language)
    received = read_return(path, REAL, {"all": provider})
    assert {finding.rule for finding in received.findings} == {"COV-08", "SHE-07"}
    assert {sheet.form for sheet in received.sheets} == set(REAL)
    for sheet in received.sheets:
        assert list(sheet.letters) == [field.name for field in REAL[sheet.form].fields]
