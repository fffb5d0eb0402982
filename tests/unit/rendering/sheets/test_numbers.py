"""A printed cell becomes the number that it is, and would be printed the same again."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.rendering.sheets.numbers import Number, apart, parted, read, spread
from evaluation.rendering.sheets.xlsx import number_format
from evaluation.wording import count, decimals, percent, points, two_figures


@pytest.mark.parametrize(
    ("printed", "value", "shown_with"),
    [
        ("0", "0", "0"),
        ("41%", "0.41", "0%"),
        ("0.5%", "0.005", "0.0%"),
        ("1,645", "1645", "#,##0"),
        ("0.80", "0.80", "0.00"),
        ("−13", "-13", "0;−0;0"),
        ("+8", "8", "+0;−0;0"),
        ("£138,114", "138114", "£#,##0"),
    ],
)
def test_a_number_keeps_its_value_and_how_it_is_shown(printed, value, shown_with):
    number = read(printed)
    assert isinstance(number, Number)
    assert number.value == Decimal(value)
    assert number_format(number) == shown_with


@pytest.mark.parametrize(
    "words",
    ["[c]", "8 of 8", "1% or less", "3.11.7", "May 2024", "1,64", "a5", "1,2345", "185 · 81%"],
)
def test_what_is_no_number_stays_as_it_is(words):
    assert read(words) == words


@pytest.mark.parametrize("empty", ["", "–"])
def test_an_empty_cell_is_not_applicable(empty):
    assert read(empty) == "[z]"


def _said(**parts):
    return {part: read(printed) for part, printed in parts.items()}


@pytest.mark.parametrize(
    ("printed", "parts"),
    [
        ("0.71 (0.55 to 0.92)", _said(value="0.71", low="0.55", high="0.92")),
        ("−13 (−24 i +2)", _said(value="−13", low="−24", high="+2")),
        ("0.71 (<0.0001 to 9.2)", _said(value="0.71", low="<0.0001", high="9.2")),
        ("76% to 92%", _said(low="76%", high="92%")),
        ("76% i 92%", _said(low="76%", high="92%")),
        ("64% of 1,400", _said(value="64%", of="1,400")),
        ("64% o 400", _said(value="64%", of="400")),
        ("87% or more", _said(value="87%", bound="or more")),
        ("1% neu lai", _said(value="1%", bound="neu lai")),
    ],
)
def test_a_cell_that_says_several_things_is_taken_apart_in_either_language(printed, parts):
    assert parted(printed) == parts


@pytest.mark.parametrize(
    "words", ["May (2024 to 2025)", "8 of 8", "41%", "[c]", "12 to 14", "90 days", "64% of all 400"]
)
def test_what_says_one_thing_is_not(words):
    assert parted(words) == {}


def test_a_column_is_taken_apart_only_if_all_of_it_can_be():
    assert apart(["0.71 (0.55 to 0.92)", "[c]", "–"]) == ("value", "low", "high")
    assert apart(["71% (55% to 92%)", "99% or more"]) == ("value", "low", "high", "bound")
    assert apart(["76% to 92%", "[c]"]) == ("low", "high")
    assert apart(["76% to 92%", "80%"]) == ("value", "low", "high")
    assert apart(["64% of 400", "Not held"]) == ()
    assert apart(["0.71", "[c]"]) == ()


def test_a_sign_stands_in_each_column_and_what_is_not_there_does_not_apply():
    assert spread("[c]", ("value", "low", "high")) == ("[c]", "[c]", "[c]")
    assert spread("–", ("value", "of")) == ("[z]", "[z]")
    assert spread("40", ("value", "low", "high")) == (read("40"), "[z]", "[z]")
    assert spread("64% of 400", ("value", "of")) == (read("64%"), read("400"))
    assert spread("99% or more", ("value", "bound")) == (read("99%"), "or more")


@given(
    st.integers(-2 * 10**9, 2 * 10**9).map(lambda n: n / 1000),
    st.sampled_from([count, percent, points, two_figures, decimals]),
)
def test_whatever_our_wording_writes_is_read_as_the_number_that_it_shows(value, written_by):
    printed = written_by(value)
    number = read(printed)
    assert isinstance(number, Number)
    scale = 100 if printed.endswith("%") else 1
    plain = printed.replace("−", "-").replace(",", "").rstrip("%")
    assert number.value * scale == Decimal(plain)
