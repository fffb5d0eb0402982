"""Who sends what, where no Cover says so: by the file's name, or by who checks it."""

import pytest

from evaluation.errors import WrongUse
from evaluation.quarters import Quarter
from evaluation.returns.reading import read_return
from evaluation.returns.told import Told, by_its_name, told
from tests.unit.returns.workbooks import FORMS, PROVIDERS, right, save, table

CALLS = table({"call_ref": "C1", "place": "other"})
WHOLE = Told(PROVIDERS["callers"], Quarter(2025, 1), "calls")


@pytest.mark.parametrize(
    ("stem", "found"),
    [
        ("callers_2025Q1_calls", WHOLE),
        ("callers 2025q1 Calls made", WHOLE),
        ("The callers - 2025-Q1 - Calls made (2)", WHOLE),
        ("callers_2025Q1_calls-findings", WHOLE),
        ("callers_2025Q1_calls - Copy (1)", WHOLE),
        ("callers_2025Q1", Told(PROVIDERS["callers"], Quarter(2025, 1))),
        ("2025Q1_calls", Told(None, Quarter(2025, 1), "calls")),
        ("nobody_2025Q1_other", Told(None, Quarter(2025, 1))),
        ("callers_calls", Told()),
        ("callers_12025Q1_calls", Told()),
        ("export", Told()),
    ],
)
def test_a_name_tells_provider_quarter_and_form(stem, found):
    assert by_its_name(stem, FORMS, PROVIDERS) == found


def test_who_checks_a_file_may_say_it_by_names_or_titles():
    said = told(FORMS, PROVIDERS, provider="The callers", quarter="2025Q1", form="Calls made")
    assert said == WHOLE
    assert told(FORMS, PROVIDERS) == Told()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"provider": "nobody"}, "no ‘nobody’. There are: st_elsewhere and callers"),
        ({"form": "visits"}, "no ‘visits’. There are: home_visits and calls"),
        ({"quarter": "spring"}, "is not a quarter"),
    ],
)
def test_what_there_is_not_is_refused(said, words):
    with pytest.raises(WrongUse, match=words):
        told(FORMS, PROVIDERS, **said)


def test_what_is_said_goes_before_the_files_name(tmp_path):
    path = save(tmp_path / "callers_2025Q1_calls.xlsx", {"Sheet1": CALLS})
    said = told(FORMS, PROVIDERS, quarter="2025Q2")
    received = read_return(path, FORMS, PROVIDERS, told=said)
    assert (received.provider, received.quarter) == ("callers", Quarter(2025, 2))
    assert received.findings == ()
    assert [(sheet.form, sheet.name) for sheet in received.sheets] == [("calls", "Sheet1")]


def test_what_is_not_told_is_named_with_an_example(tmp_path):
    path = tmp_path / "2025Q1.csv"
    path.write_text("call_ref,place\nC1,other\n", encoding="utf-8")
    (finding,) = read_return(path, FORMS, PROVIDERS).findings
    assert finding.rule == "COV-11"
    assert str(finding.message).endswith("about it: Provider and Form.")
    assert "st_elsewhere_2025Q1_home_visits.csv" in str(finding.fix)


def test_a_sheet_in_plain_text_is_called_by_its_form(tmp_path):
    path = tmp_path / "callers_2025Q1_calls.csv"
    path.write_text("call_ref,place\nC1,other\n", encoding="utf-8")
    assert [sheet.name for sheet in read_return(path, FORMS, PROVIDERS).sheets] == ["Calls made"]


def test_a_cover_that_says_otherwise_than_who_checks_is_refused(tmp_path):
    path = right(tmp_path / "callers_2024Q1_calls.xlsx")
    said = told(FORMS, PROVIDERS, provider="callers", quarter="2025Q2")
    rules = [item.rule for item in read_return(path, FORMS, PROVIDERS, told=said).findings]
    assert rules == ["COV-12", "COV-12"]
    agreed = told(FORMS, PROVIDERS, provider="st_elsewhere", quarter="2025Q1")
    assert read_return(path, FORMS, PROVIDERS, told=agreed).findings == ()
    assert read_return(path, FORMS, PROVIDERS).findings == ()  # a name is no statement


@pytest.mark.usefixtures("welsh")
def test_plain_text_with_titles_in_welsh_is_a_return_in_welsh(tmp_path):
    path = tmp_path / "st_elsewhere_2025Q1_home_visits.csv"
    path.write_text("Rhif yr ymweliad,Allwedd y plentyn,Gwelwyd am\n", encoding="utf-8")
    received = read_return(path, FORMS, PROVIDERS)
    assert received.language == "cy"
    assert received.sheets[0].name == "Ymweliadau â'r cartref"
    path.write_text("Visit number,Child key,Seen at\n", encoding="utf-8")
    assert read_return(path, FORMS, PROVIDERS).language == "en"
