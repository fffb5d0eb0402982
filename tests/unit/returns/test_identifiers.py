"""Identifiers are recognised by title and by pattern; honest answers raise no alarm."""

import datetime as dt
import random
import string

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.gb import nhs

from evaluation.language import LANGUAGES
from evaluation.returns import faults
from evaluation.returns.declaring import ALPHABET, FLAGS, REF_LENGTH
from evaluation.returns.faults import FAULTS
from evaluation.returns.identifiers import find, in_title, in_values
from evaluation.returns.reading import read_return
from schemas import FORMS as REAL
from tests.unit.returns.workbooks import FORMS, PROVIDERS, VISIT, cover, right, table

NHS_NUMBER = "943 476 5919"
PLACES = ("key", "ref", "code", "date", "datetime", "month", "int", "flag", "free")


def kind_of(value, place="free"):
    fault = in_values([value], place).get(value)
    return fault.id if fault else None


# ---- Titles ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "rule"),
    [
        ("Name", "ID-NAME"),
        ("child_name", "ID-NAME"),
        ("FORENAME", "ID-NAME"),
        ("Enw’r plentyn", "ID-NAME"),
        ("Cyfenw", "ID-NAME"),
        ("Also known as", "ID-NAME"),
        ("Date of birth", "ID-BIRTH"),
        ("D.O.B.", "ID-BIRTH"),
        ("dob", "ID-BIRTH"),
        ("Dyddiad geni", "ID-BIRTH"),
        ("Home address", "ID-ADDRESS"),
        ("Cyfeiriad", "ID-ADDRESS"),
        ("Post code", "ID-POSTCODE"),
        ("Cod post", "ID-POSTCODE"),
        ("NHS No.", "ID-NHS"),
        ("Rhif GIG", "ID-NHS"),
        ("Tel.", "ID-PHONE"),
        ("Mobile number", "ID-PHONE"),
        ("Rhif ffôn", "ID-PHONE"),
        ("E-mail address", "ID-EMAIL"),
        ("Cyfeiriad e-bost", "ID-EMAIL"),
        ("PNC ID", "ID-POLICE"),
        ("Niche nominal", "ID-POLICE"),
        ("UPN", "ID-NUMBER"),
        ("Notes", "ID-NOTES"),
        ("Sylwadau", "ID-NOTES"),
    ],
)
def test_a_title_tells_what_its_column_holds(title, rule):
    assert in_title(title).id == rule


@pytest.mark.parametrize("title", ["Mood", "Namely", "Telling", "School ref", "Rhyw", "Format"])
def test_other_titles_tell_nothing(title):
    assert in_title(title) is None


def test_no_title_of_our_own_forms_is_an_identifier_but_the_ones_we_know():
    titles = {
        field.title.to(language)
        for form in REAL.values()
        for field in form.fields
        for language in LANGUAGES
    }
    assert {title for title in titles if in_title(title)} == set()


# ---- Cells ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("NP20 4QW", "ID-POSTCODE"),
        ("np4 0ab", "ID-POSTCODE"),
        ("seen at CF10 1EP today", "ID-POSTCODE"),
        ("jo.bloggs@example.org", "ID-EMAIL"),
        ("07700 900123", "ID-PHONE"),
        ("01633 838 838", "ID-PHONE"),
        ("(029) 2087 4000", "ID-PHONE"),
        ("+44 7700 900123", "ID-PHONE"),
        ("ring 07700 900 123 first", "ID-PHONE"),
        (NHS_NUMBER, "ID-NHS"),
        ("12 Commercial Street", "ID-ADDRESS"),
        ("DOB 14/08/2010", "ID-BIRTH"),
        ("born on 2010-08-14", "ID-BIRTH"),
        ("Name: Jane", "ID-NAME"),
    ],
)
def test_a_pattern_is_recognised_in_any_cell(value, rule, place):
    assert kind_of(value, place) == rule


@pytest.mark.parametrize("place", [place for place in PLACES if place != "ref"])
@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("NP204QW", "ID-POSTCODE"),
        ("9434765919", "ID-NHS"),
        ("943-476-5919", "ID-NHS"),
        ("07700900123", "ID-PHONE"),
        ("2004/0000001A", "ID-POLICE"),
    ],
)
def test_a_number_without_spaces_is_recognised_where_it_can_be_no_reference(value, rule, place):
    if rule == "ID-POLICE":
        value = pnc(4, 1)
    assert kind_of(value, place) == rule


def pnc(year, serial):
    """A police number with its check letter."""
    return f"{2000 + year}/{serial:07}" + "ZABCDEFGHJKLMNPQRTUVWXY"[(year * 10**7 + serial) % 23]


@pytest.mark.parametrize("value", ["Jane Smith", "O'Brien, Siân", "Ann-Marie D. Jones"])
@pytest.mark.parametrize("place", ["key", "ref"])
def test_words_for_a_key_or_reference_may_be_a_name(value, place):
    assert in_values([value], place)[value] is faults.WORDS
    assert kind_of(value, "free") is None


def test_a_child_key_of_letters_only_is_no_name():
    assert in_values([with_check("GRANTFRASER"[:8] + "ABC")], "key") == {}
    assert in_values(["Stephen Evans"], "key") == {"Stephen Evans": faults.WORDS}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "value",
    [
        "NP20",
        "SG00003",
        "1VKECHE9E9ZW",
        "1VKE-CHE9-E9ZW",
        "W06000022",
        "2025Q1",
        "2025-08-14T13:05:00",
        "2022-04-03T18:18:30.882000",
        "14/08/2025 13:05",
        "943 476 5918",
        "M000001/2",
        "see MIS-04 for 12 of 15 rows",
        "Rose Heyworth",
    ],
)
def test_what_only_resembles_an_identifier_does_not(value, place):
    if value != "Rose Heyworth" or place not in {"key", "ref"}:
        assert kind_of(value, place) is None


# ---- A number that could be the provider's own is judged with its column ------------------------


def test_an_nhs_number_among_other_references_stands_out():
    refs = ["SG00001", "SG00002", "SG00003", "9434765919"]
    assert in_values(refs, "ref") == {"9434765919": faults.NHS}


def test_a_column_of_nhs_numbers_is_recognised():
    rng = random.Random(1)
    numbers = {f"{rng.randrange(4 * 10**9, 5 * 10**9)}" for _ in range(400)}
    valid = [number for number in numbers if nhs.is_valid(number)]
    assert set(in_values(valid, "ref")) == set(valid)


def test_a_column_of_mobile_numbers_is_recognised():
    mobiles = [f"07700{number:06}" for number in range(5)]
    assert set(in_values(mobiles, "ref").values()) == {faults.PHONE}


def test_ten_digit_references_of_the_providers_own_rarely_raise_an_alarm():
    """One in eleven of any ten digits passes the check; judged one by one, nearly every return
    of such a provider would be refused."""
    rng = random.Random(7)
    alarms = 0
    for _return in range(400):
        refs = [f"{rng.randrange(10**9, 10**10)}" for _ in range(rng.randint(3, 60))]
        alarms += bool(in_values(refs, "ref"))
    assert alarms / 400 < 0.01


# ---- Honest answers ------------------------------------------------------------------------------

QUICK = settings(max_examples=60, deadline=None)


def with_check(eleven):
    return eleven + luhn.calc_check_digit(eleven, ALPHABET)


keys = st.text(ALPHABET, min_size=11, max_size=11).map(with_check)
spaced_keys = keys.map(lambda key: " ".join((key[:3], key[3:6], key[6:9], key[9:])).lower())
refs = st.text(string.ascii_letters + string.digits + "/_-", min_size=1, max_size=REF_LENGTH)
own_refs = st.builds(
    "{}{}".format, st.sampled_from(["SG", "M", "R/", "NP-", "2024/"]), st.integers(0, 99_999)
)
days = st.dates(dt.date(1990, 1, 1), dt.date(2040, 1, 1))
written_days = st.one_of(
    days.map(dt.date.isoformat),
    days.map(lambda day: f"{day:%d/%m/%Y}"),
    days.map("{:%d.%m.%y}".format),
)
moments = st.builds(dt.datetime.combine, days, st.times())
written_moments = st.one_of(
    moments.map(dt.datetime.isoformat), moments.map("{:%d/%m/%Y %H:%M}".format)
)


@QUICK
@given(key=st.one_of(keys, spaced_keys))
def test_no_child_key_raises_an_alarm(key):
    assert in_values([key], "key") == {}


@QUICK
@given(own=st.lists(st.one_of(own_refs, refs), min_size=10, max_size=20))
def test_no_reference_raises_an_alarm(own):
    # Long numbers, which an NHS or telephone number could be, are judged by their column: above.
    own = [ref for ref in own if 0 < sum(letter.isdigit() for letter in ref) < 8]
    assert in_values(own, "ref") == {}


@QUICK
@given(day=written_days, moment=written_moments)
def test_no_date_or_time_raises_an_alarm(day, moment):
    for place in ("date", "datetime", "month", "free", "ref"):
        assert in_values([day, moment], place) == {}


def test_no_code_or_label_of_any_form_raises_an_alarm():
    lists = [field.codes for form in REAL.values() for field in form.fields if field.codes]
    words = {
        word
        for codes in [*lists, FLAGS]
        for code in codes.codes
        for word in (code.code, *(code.label.to(language) for language in LANGUAGES))
    }
    assert in_values(sorted(words), "code") == in_values(sorted(words), "free") == {}


def test_every_fault_has_its_own_number():
    assert len({fault.id for fault in FAULTS}) == len(FAULTS)


def test_no_text_of_ours_raises_an_alarm():
    texts = [text for fault in FAULTS for text in (str(fault.message), str(fault.fix))]
    assert in_values(texts, "free") == in_values(texts, "ours") == {}


# ---- Where they are found ------------------------------------------------------------------------


def test_a_finding_says_where_and_never_what():
    grid = pd.DataFrame({1: ["SG1", "NP20 4QW"], 4: [NHS_NUMBER, None]}, index=[3, 7], dtype="str")
    found = list(find(grid, "Sheet", {1: "ref"}))
    assert [(item.rule, item.sheet, item.row, item.column) for item in found] == [
        ("ID-POSTCODE", "Sheet", 7, "A"),
        ("ID-NHS", "Sheet", 3, "D"),
    ]
    for item in found:
        assert item.severity == "reject"
        assert not {"NP20 4QW", NHS_NUMBER} & set(f"{item.message} {item.fix} {item!r}".split("'"))


@pytest.mark.parametrize("sheet", ["Notes", "Explanations", "Lists", "Working", "Cover"])
def test_any_sheet_is_looked_at(tmp_path, sheet):
    rows = [*cover(), ["Ring", "07700 900123"]] if sheet == "Cover" else [["Ring 07700 900123"]]
    received = read_return(right(tmp_path / "x.xlsx", **{sheet: rows}), FORMS, PROVIDERS)
    assert "ID-PHONE" in {item.rule for item in received.findings if item.sheet == sheet}


def test_a_column_of_names_is_one_finding_at_its_title(tmp_path):
    rows = table(
        VISIT | {"Surname": "x@example.org"}, VISIT | {"visit_ref": "V2", "Surname": "Smith"}
    )
    received = read_return(right(tmp_path / "x.xlsx", Home_visits=rows), FORMS, PROVIDERS)
    assert [(item.rule, item.row, item.column) for item in received.findings] == [
        ("ID-NAME", 1, "I")
    ]


def test_a_name_on_the_cover_is_found(tmp_path):
    path = right(tmp_path / "x.xlsx", Cover=cover(Contact_name="Jane Smith"))
    received = read_return(path, FORMS, PROVIDERS)
    assert [(item.rule, item.row, item.column) for item in received.findings] == [
        ("ID-NAME", 6, "B")
    ]


def test_one_cell_is_one_finding(tmp_path):
    rows = table(VISIT | {"visit_ref": "jane@example.org, NP20 4QW, 07700 900123"})
    received = read_return(right(tmp_path / "x.xlsx", Home_visits=rows), FORMS, PROVIDERS)
    assert len(received.findings) == 1


@pytest.mark.parametrize(
    "text",
    [
        "a" * 200_000 + " @",
        "a@" * 100_000,
        "1 " + "a" * 200_000 + " @",
        "1 a " * 50_000 + "12345",
        "0" * 200_000,
        "born " * 40_000 + "12",
        "a " * 100_000,
        "name " * 40_000,
    ],
)
@pytest.mark.parametrize("place", ["free", "ref", "key"])
def test_no_text_makes_the_search_crawl(text, place):
    in_values([text], place)  # were one repetition not bounded, this would take minutes
