"""LibreOffice opens what we write, and what it saves is read as the same return."""

import shutil
import subprocess

import pandas as pd
import pytest

from evaluation.language import _
from evaluation.nouns import Provider
from evaluation.quarters import Quarter
from evaluation.returns.checking import check
from evaluation.returns.feedback import annotate
from evaluation.returns.parsing import parse
from evaluation.returns.reading import read_return
from evaluation.returns.templates import write_template
from schemas import FORMS
from tests.corpus import CASES, PROVIDERS
from tests.corpus.cases import FORM, sheets
from tests.corpus.writing import xlsx
from tests.unit.returns.making import RIGHT

pytestmark = pytest.mark.slow
FORMATS = ("xlsx", "ods", "xls")

SAVED = (
    "xlsx_plain",
    "titles_in_welsh",
    "title_rows_above",
    "titles_of_groups_above",
    "blank_rows_and_columns_between",
    "a_total_below",
    "a_hidden_sheet",
    "hidden_columns",
    "moments_as_text",
    "real_dates_that_count_from_1904",
    "formulas_with_their_values",
    "a_name_for_a_key_is_found_once",
    "an_address_on_a_hidden_sheet",
    "a_postcode_in_a_comment",
    "columns_put_in",
)
"""Cases of the corpus that LibreOffice saves again."""


@pytest.fixture(scope="module")
def saved_as(tmp_path_factory):
    """Has LibreOffice save files in a format: gives them by name; skips where it is not."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("LibreOffice is not installed, so nothing that it saves could be read")
    profile = tmp_path_factory.mktemp("profile").as_uri()

    def save(paths, kind):
        folder = tmp_path_factory.mktemp("saved")
        how = [f"-env:UserInstallation={profile}", "--headless", "--convert-to", kind]
        command = [program, *how, "--outdir", str(folder), *map(str, paths)]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        return {path.stem: path for path in folder.iterdir()}

    return save


def examined(path, providers=PROVIDERS):
    return check(parse(read_return(path, FORMS, providers), FORMS), FORMS, {})


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The cases, each as the file that is to be saved again."""
    cases = {}
    for case in CASES:
        if case.name in SAVED:
            folder = tmp_path_factory.mktemp("case")
            path = case.make(folder)
            cases[case.name] = (case, path.rename(folder / f"{case.name}.xlsx"))
    assert len(cases) == len(SAVED)
    return cases


@pytest.mark.parametrize("kind", FORMATS)
def test_awkward_workbooks_that_libreoffice_saves(saved_as, made, kind):
    saved = saved_as([path for _case, path in made.values()], kind)
    if kind == "xls":  # as which LibreOffice writes 0 for the text of a formula that it did not run
        saved.pop("formulas_with_their_values")
    for name, (case, _path) in ((name, made[name]) for name in saved):
        checked = examined(saved[name])
        found = [f"{item.rule} {item.place}".strip() for item in checked.findings]
        assert sorted(found) == list(case.finds), name


def _template(folder, language):
    """A template filled with right rows of every form that has an example of one."""
    forms = {name: FORMS[name] for name in RIGHT}
    provider = Provider("all", _("All of them"), tuple(forms))
    rows = {name: pd.DataFrame([row]) for name, row in RIGHT.items()}
    rows["st_giles_referrals"]["child_key"] = "EXAMPRE0002T"
    path = write_template(
        folder / f"{language}.xlsx",
        provider,
        forms,
        quarter=Quarter(2025, 1),
        language=language,
        rows=rows,
        cover={"contact_role": "Data officer"},
    )
    return path, {"all": provider}


@pytest.mark.parametrize("kind", FORMATS)
def test_a_filled_template_passes_unchanged_in_either_language(saved_as, tmp_path, kind):
    templates = {language: _template(tmp_path, language) for language in ("en", "cy")}
    saved = saved_as([path for path, _providers in templates.values()], kind)
    for language, (path, providers) in templates.items():
        before, after = (examined(file, providers) for file in (path, saved[language]))
        assert [item.rule for item in before.findings if item.severity == "reject"] == []
        assert after.findings == before.findings
        assert after.source.language == language
        for name, table in before.tables.items():
            pd.testing.assert_frame_equal(after.tables[name], table)


def test_a_marked_copy_opens_and_gives_the_same_findings(saved_as, tmp_path):
    case = next(case for case in CASES if case.name == "dates_that_cannot_be")
    path = case.make(tmp_path)
    checked = examined(path)
    copy = annotate(path, checked, tmp_path / "copy.xlsx", "en")
    again = examined(saved_as([copy], "xlsx")["copy"])
    assert again.findings == checked.findings


def test_one_sheet_that_libreoffice_saves_as_plain_text(saved_as, tmp_path):
    path = xlsx(
        tmp_path / "police_2025Q1_missing_episodes.xlsx", {"x": sheets()["Missing episodes"]}
    )
    # Comma, quotation mark, UTF-8, from line 1, and dates as they are shown: otherwise they would
    # be written as in the country of whoever saves, such as 06/20/2025.
    kind = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true"
    checked = examined(saved_as([path], kind)[path.stem])
    assert checked.findings == ()
    expected = examined(path).tables[FORM]
    pd.testing.assert_frame_equal(checked.tables[FORM], expected)


def test_the_properties_of_an_xls_are_looked_at(saved_as, tmp_path):
    def sign(book):
        book.properties.title = "Ring 01633 838 838"
        book.properties.creator = "jo.bloggs@example.org"

    path = xlsx(tmp_path / "x.xlsx", sheets(), change=sign)
    assert [item.rule for item in examined(saved_as([path], "xls")["x"]).findings] == ["ID-PHONE"]
