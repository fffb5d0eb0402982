"""No sentence that a reader sees says more than a comparison can."""

import math
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from hypothesis import given
from hypothesis import strategies as st

from evaluation.wording import ASSUMPTIONS, METHODS, REASONS
from evaluation.wording.numbers import count, decimals, percent, points, three_figures, two_figures

ROOT = Path(__file__).parents[3]
FORBIDDEN = re.compile(
    r"\breduc(ed|es|tion)\b|\bled to\b|\btrend(ing|s)? toward|\bproves?\b|\bprevent(ed|s)\b|\bthanks to\b",
    re.IGNORECASE,
)


def messages():
    for folder in ("evaluation/wording", "reports"):
        for found in extract_from_dir(ROOT / folder, keywords={"_": None, "n_": (1, 2)}):
            yield found[2]


def test_no_message_claims_what_cannot_be_known():
    held = [m if isinstance(m, str) else " ".join(m) for m in messages()]
    assert len(held) > 40
    assert [message for message in held if FORBIDDEN.search(message)] == []


def test_no_message_looks_like_a_format_of_c():
    """'95% interval' holds '% i': gettext's tools would refuse a translation without it."""
    assert [m for m in messages() if Message(m).python_format] == []


@pytest.mark.parametrize("words", ["reduced", "led to", "trend towards", "prevented"])
def test_the_forbidden_words_would_be_found(words):
    assert FORBIDDEN.search(f"The service {words} episodes")


def test_every_code_that_the_contract_names_has_words():
    assert {
        "no_comparison",
        "too_few_children",
        "no_events",
        "not_converged",
        "no_return",
        "no_follow_up",
    } <= set(REASONS)
    assert {
        "unmeasured_confounding",
        "crossing_over",
        "time_away_not_removed",
        "few_children",
        "imbalance",
    } <= set(ASSUMPTIONS)
    assert {"wilson", "planning_values", "negative_binomial"} <= set(METHODS)


@pytest.mark.parametrize(
    ("value", "written"),
    [(0.58, "0.58"), (1.0, "1.00"), (1.03, "1.03"), (1.8, "1.80"), (3.4, "3.4"), (34.0, "34"), (120.0, "120"), (1200.0, "1,200"), (0.0, "0.0"),
     (-0.51, "−0.51"), (9.96, "10"), (0.051, "0.051"), (None, "[c]")],
)  # fmt: skip
def test_two_significant_figures_and_hundredths_from_1_to_2_keep_their_last_zero(value, written):
    assert two_figures(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [(2.8e-275, "<0.0001"), (-2.8e-275, ">−0.0001"), (0.00010, "0.00010"), (0.0000999, "<0.0001"),
     (2.8e275, ">1,000,000,000"), (-2.8e275, "<−1,000,000,000"), (math.inf, ">1,000,000,000"),
     (1e9, "1,000,000,000")],
)  # fmt: skip
def test_what_is_too_small_or_too_large_to_write_out_is_told_as_a_bound(value, written):
    assert two_figures(value) == written


@given(st.floats(allow_nan=False), st.sampled_from([two_figures, three_figures]))
def test_no_reader_meets_an_exponent(value, written_by):
    assert not set(written_by(value)) & set("einf")


def test_numbers_are_written_as_a_reader_expects():
    assert (count(1250), count(0), count(None)) == ("1,250", "0", "[c]")
    assert (percent(0.58), percent(None)) == ("58%", "[c]")
    assert (points(-0.12), points(0.05), points(-0.0), points(None)) == ("−12", "+5", "0", "[c]")
    assert (decimals(0.034), decimals(-0.0), decimals(None)) == ("0.03", "0.00", "[c]")
