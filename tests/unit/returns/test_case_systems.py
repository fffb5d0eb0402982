"""A mapping file tells what a provider's own columns and codes mean; a wrong one says its line."""

from dataclasses import replace
from importlib.resources import files

import pandas as pd
import pytest

from evaluation.errors import WrongUse
from evaluation.nouns import CaseSystem
from evaluation.returns.case_systems import (
    every_spelling,
    in_our_codes,
    in_their_words,
    read_case_system,
)
from evaluation.returns.parsing import parse
from evaluation.returns.reading import read_return
from schemas import FORMS as REAL
from schemas._case_systems import with_case_systems
from tests.unit.returns.workbooks import FORMS, KEY, PROVIDERS, cover, save

VISITS = FORMS["home_visits"]
TITLES = "form,their_column,our_field,their_code,our_code\n"


def mapping(tmp_path, *lines):
    path = tmp_path / "mapping.csv"
    path.write_text(TITLES + "\n".join(lines), encoding="utf-8-sig")
    return path


def known(tmp_path, *lines):
    return read_case_system(mapping(tmp_path, *lines), FORMS)


LINES = (
    "home_visits,Contact ID,visit_ref,,",
    "home_visits,Where?,place,,",
    "home_visits,Where?,place,NPT,W06000022",
    "home_visits,Where?,place,unknown,",
    "home_visits,Team,,,",
)


def test_their_columns_are_known_beside_ours(tmp_path):
    spellings = every_spelling(known(tmp_path, *LINES), VISITS)
    assert spellings["contact id"] == "visit_ref"
    assert spellings["team"] == ""
    assert spellings["seen at"] == "seen_at"
    assert every_spelling(CaseSystem(), VISITS).get("contact id") is None


def test_their_codes_become_ours_and_what_has_no_line_stays(tmp_path):
    cells = pd.DataFrame({"place": ["npt", "UNKNOWN", "Newport", None]}, dtype="str")
    read = in_our_codes(known(tmp_path, *LINES), VISITS, cells)["place"]
    assert read.fillna("").tolist() == ["W06000022", "", "Newport", ""]
    assert cells["place"].tolist()[0] == "npt"


def test_findings_speak_of_their_columns():
    form = in_their_words(VISITS, {"place": "Where?"})
    assert str(form.field("place").title) == "Where?"
    assert form.field("visit_ref") == VISITS.field("visit_ref")


def test_a_return_in_their_layout_is_read_and_its_faults_are_told_in_their_words(tmp_path):
    provider = replace(PROVIDERS["st_elsewhere"], case_system=known(tmp_path, *LINES))
    titles = ["Contact ID", "Team", "child_key", "Seen at", "agreed_on", "Where?"]
    right = ["V1", "North", KEY, "14/05/2025 21:30", "14/05/2025", "npt"]
    wrong = ["V2", "South", KEY, "14/05/2025 21:30", "14/05/2025", "moon"]
    pages = {"Cover": cover(Nil_return="calls"), "Home visits": [titles, right, wrong]}
    path = save(tmp_path / "x.xlsx", pages)
    checked = parse(read_return(path, FORMS, {"st_elsewhere": provider}), FORMS)
    assert checked.tables["home_visits"]["place"].fillna("").tolist() == ["W06000022", ""]
    said = {item.rule: str(item.message) for item in checked.findings}
    assert said["CELL-CODE"] == "‘Where?’ is not one of the answers of its list."
    assert "COL-03" not in said


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("visits,A,visit_ref,,", "line 2: there is no form ‘visits’"),
        ("home_visits,,visit_ref,,", "line 2: their column is missing"),
        ("home_visits,A,visit,,", "line 2: there is no field ‘visit’"),
        ("home_visits,A,place,x,moon", "line 2: there is no code ‘moon’"),
    ],
)
def test_what_there_is_not_is_refused_with_its_line(tmp_path, line, words):
    with pytest.raises(WrongUse, match=words):
        known(tmp_path, line)


@pytest.mark.parametrize(
    "line",
    [
        "home_visits,Contact id,child_key,,",
        "home_visits,Other ID,visit_ref,,",
        "home_visits,Where?,place,npt,other",
    ],
)
def test_what_says_otherwise_than_a_line_above_is_refused(tmp_path, line):
    with pytest.raises(WrongUse, match="line 7: it says otherwise than a line above it"):
        known(tmp_path, *LINES, line)


def test_other_titles_are_refused(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("form;their_column\n", encoding="utf-8")
    with pytest.raises(WrongUse, match="line 1: the first line must be: form,their_column"):
        read_case_system(path, FORMS)


def test_a_providers_mapping_file_is_found_by_its_name_and_one_that_is_named_goes_before_it():
    folder = files("data_dictionary") / "mappings"
    example = replace(PROVIDERS["callers"], name="example")
    providers = {"example": example, "callers": PROVIDERS["callers"]}
    found = with_case_systems(providers, REAL)
    assert found["example"].case_system == read_case_system(folder / "example.csv", REAL)
    assert found["callers"].case_system == CaseSystem()
    named = with_case_systems(providers, REAL, folder / "example.csv")
    assert named["callers"].case_system == found["example"].case_system


def test_every_mapping_file_of_the_project_can_be_read():
    for path in (files("data_dictionary") / "mappings").iterdir():
        if path.name.endswith(".csv"):
            assert read_case_system(path, REAL).fields, path.name
