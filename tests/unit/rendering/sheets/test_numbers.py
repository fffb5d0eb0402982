"""A printed cell becomes the number that it is, and would be printed the same again."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.rendering.sheets.numbers import Number, has_intervals, read, spread, with_interval
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


def test_an_interval_becomes_three_cells_in_either_language():
    assert with_interval("0.71 (0.55 to 0.92)") == (read("0.71"), read("0.55"), read("0.92"))
    assert with_interval("−13 (−24 i +2)") == (read("−13"), read("−24"), read("+2"))
    assert with_interval("0.71 (<0.0001 to 9.2)") == (read("0.71"), "<0.0001", read("9.2"))
    assert with_interval("May (2024 to 2025)") is None


def test_a_column_is_taken_apart_only_if_all_of_it_can_be():
    assert has_intervals(["0.71 (0.55 to 0.92)", "[c]", "–"])
    assert not has_intervals(["0.71 (0.55 to 0.92)", "99% or more"])
    assert not has_intervals(["0.71", "[c]"])
    assert spread("[c]") == ("[c]", "[c]", "[c]")
    assert spread("40") == (read("40"), "[z]", "[z]")


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
