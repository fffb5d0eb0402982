"""What a Found looks like, printed and in a notebook; its table keeps every digit."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd
import pytest

from evaluation.estimating.found import Beware, Found
from evaluation.language import _
from evaluation.nouns import Estimate

SHARE = Estimate(
    "",
    "share",
    children=81,
    of=263,
    value=81 / 263,
    low=0.25531234,
    high=0.36622345,
    method="wilson",
)
LESS = Estimate("", "share", "few", children=3, value=1234567.891, p=3.2e-22, method="wilson")


def test_it_prints_four_significant_digits_and_whole_counts() -> None:
    text = str(Found(estimates=(SHARE, LESS)))
    assert "0.3080" in text
    assert "0.2553 0.3662" in text
    assert "263" in text
    assert "263.0" not in text
    assert "1234568" in text
    assert "<0.0001" in text


def test_the_table_keeps_every_digit() -> None:
    assert Found(estimates=(SHARE,)).table["value"].tolist() == [81 / 263]


def test_what_all_rows_share_is_said_once() -> None:
    text = str(Found(estimates=(SHARE, LESS)))
    assert text.count("wilson") == 1
    assert "confidence: 0.95; method: wilson" in text
    assert "role" not in text


def test_a_method_that_differs_stays_in_its_row() -> None:
    other = Estimate("", "share", "more", value=0.5, method="exact")
    assert "exact" in str(Found(estimates=(SHARE, other))).splitlines()[2]


def test_nothing_missing_is_printed_as_nan_or_none() -> None:
    none = Estimate("", "share", why_not="no_events")
    text = str(Found(estimates=(SHARE, none)))
    assert "NaN" not in text
    assert "None" not in text
    assert "no_events" in text


def test_an_infinite_value_is_printed() -> None:
    assert "inf" in str(Found(estimates=(Estimate("", "risk_ratio", value=math.inf, low=1.2),)))


def test_at_a_prompt_it_shows_the_table_whatever_its_class() -> None:
    @dataclass(frozen=True, kw_only=True)
    class More(Found):
        lag: int = 3

    for found in (Found(estimates=(SHARE,)), More(estimates=(SHARE,))):
        assert repr(found) == str(found)


def test_a_notebook_shows_names_that_look_like_markup_as_they_are() -> None:
    warned = Beware("collinear", _("Separated on {column}.", column="age<b>14"))
    found = Found(estimates=(SHARE,), beware=(warned,))
    assert "age&lt;b&gt;14" in found._repr_html_()


@pytest.mark.parametrize("rows", [61, 400])
def test_a_long_table_is_cut_in_the_middle(rows: int) -> None:
    found = Found(
        estimates=tuple(Estimate("", "survival", days=day, value=0.5) for day in range(rows))
    )
    assert len(str(found).splitlines()) < 65


def test_counts_stay_whole_numbers_beside_a_missing_one() -> None:
    table = Found(estimates=(SHARE, LESS)).table
    assert table["of"].dtype == "Int64"
    assert table["of"].tolist() == [263, pd.NA]
    assert table["children"].tolist() == [81, 3]
    assert "263.0" not in table.to_string()


def test_nothing_found_is_one_sentence() -> None:
    assert str(Found(estimates=())) == "There is no figure."
    assert Found(estimates=())._repr_html_() == "<p>There is no figure.</p>"
