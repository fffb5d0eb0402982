"""One child, one spelling: what the normal form n1 forgives, and what it refuses."""

from datetime import date

import pytest

from evaluation.returns.keys.identity import NORMAL_FORM, dates, identity, name, number

TODAY = date(2025, 7, 1)


@pytest.mark.parametrize(
    ("ways", "normal"),
    [
        (("Siân", "SIÂN", "Sia\u0302n", "sian", " Siân "), "sian"),
        (("Ŵyn", "ŵyn", "W\u0302yn"), "wyn"),
        (("Llŷr", "LLYR"), "llyr"),
        (("O'Brien", "O’Brien", "O Brien", "OBRIEN", "O´Brien", "Oʼbrien", "O‘Brien"), "obrien"),
        (("Mary-Anne", "Mary Anne", "Mary‑Anne", "Mary–Anne", "maryanne", "Mary\xa0Anne"), "maryanne"),
        (("St. John", "St John", "StJohn"), "stjohn"),
        (("ap Rhys", "ap-Rhys", "Ap Rhys", "AP RHYS", "apRhys", "ApRhys"), "aprhys"),
        (("ab Owain", "ab-Owain", "AB OWAIN", "abOwain", "AbOwain", "ap Owain"), "apowain"),
        (("ferch Rhys", "ferch-Rhys", "merch Rhys", "Merch-Rhys", "merchRhys"), "ferchrhys"),
        (("Jones ap Rhys", "Jones-ap-Rhys"), "jonesaprhys"),
        (("Łukasz", "ŁUKASZ", "Lukasz"), "lukasz"),
        (("Weiß", "WEISS"), "weiss"),
        (("Sørensen", "SORENSEN"), "sorensen"),
        (("Zo\u200bë", "Zoe"), "zoe"),
        (("Ｇｗｅｎ", "Gwen"), "gwen"),
        (("محمد",), "محمد"),
    ],
)  # fmt: skip
def test_one_name_written_in_many_ways_has_one_normal_form(ways, normal):
    assert {name(way) for way in ways} == {normal}


@pytest.mark.parametrize("other", ["Rhys", "ferch Rhys", "Prys", "ap Rhydd"])
def test_another_name_stays_another(other):
    assert name(other) != name("ap Rhys")


def test_a_name_that_is_only_a_particle_stays_itself():
    assert name("Ab") == "ab"
    assert name("Merch") == "merch"


@pytest.mark.parametrize("blank", ["", "  ", "-", "--", ".", "’", "\u200b", "\xa0"])
def test_a_name_without_a_letter_is_blank(blank):
    assert name(blank) == ""


@pytest.mark.parametrize(
    "sign", ["J0nes", "Jones?", "Jones, Gwen", "=Jones", "Jo(e)", "a@b", "J\0x"]
)
def test_digits_and_signs_are_no_name(sign):
    assert name(sign) is None


def test_a_date_of_birth_in_any_accepted_form_is_one_day():
    ways = [
        "14/08/2010",
        "14/8/10",
        "2010-08-14",
        "2010-08-14T00:00:00",
        " 14/08/2010 ",
        "14/08/2010\xa0",
    ]
    assert set(dates(ways, TODAY).values()) == {"2010-08-14"}


@pytest.mark.parametrize(
    "text", ["08/14/2010", "31/02/2010", "2010-08", "14.08.2010", "14 Aug 2010", "40404", "14/08/98", "02/07/2025"]
)  # fmt: skip
def test_what_is_no_day_in_the_past_is_refused(text):
    assert dates([text], TODAY) == {text: None}


def test_a_blank_date_is_blank_and_today_is_a_day():
    assert dates(["", " ", "01/07/2025"], TODAY) == {"": "", " ": "", "01/07/2025": "2025-07-01"}


def test_a_number_is_its_capitals_and_digits():
    assert {number(way) for way in ("943 476 5919", "943-476-5919", "9434765919")} == {"9434765919"}
    assert {number(way) for way in ("10/123456a", "10 123456A")} == {"10123456A"}
    assert [number(way) for way in ("", "-", "abc", "12?")] == ["", "", None, None]


def test_the_version_is_in_the_message_and_parts_cannot_run_into_each_other():
    one = identity([("name", "jones"), ("name", "gwen"), ("date", "2010-08-14")])
    assert one == f"{NORMAL_FORM}\x1fname=jones\x1fname=gwen\x1fdate=2010-08-14"
    assert NORMAL_FORM == "n1"
    assert name("J\x1fx") == "jx", "the separator is a space to Python, so it goes"
    assert identity([("name", "ab"), ("name", "c")]) != identity([("name", "a"), ("name", "bc")])
