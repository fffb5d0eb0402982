"""Keys, references, answers and numbers, from text to types."""

import pandas as pd
import pytest

from schemas import FORMS
from tests.unit.returns.making import (
    DECISION,
    KEY,
    parsed,
    value,
)


@pytest.mark.parametrize("text", [KEY, KEY.lower(), "EXAM PRE0 001W", "exam-pre0-001w", f" {KEY} "])
def test_a_child_key_forgives_case_spaces_and_hyphens(text):
    assert value("meeting_decisions", "child_key", text) == (KEY, set())


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("EXAMPRE0001X", "CELL-KEY-CHECK"),
        ("EXAMPRE0010W", "CELL-KEY-CHECK"),
        ("EXAMPLE0001W", "CELL-KEY"),  # an L
        ("EXAMPRE0001", "CELL-KEY"),
        ("EXAMPRE0001WW", "CELL-KEY"),
        ("Siân Evans", "CELL-KEY"),
        ("ÉXAMPRE0001W", "CELL-KEY"),
    ],
)
def test_a_mistyped_child_key_is_refused(text, rule):
    key, rules = value("meeting_decisions", "child_key", text)
    assert pd.isna(key)
    assert rules == {rule}


def test_the_fix_of_a_child_key_names_the_letters_that_are_never_in_it():
    finding = parsed("meeting_decisions", DECISION | {"child_key": "EXAMPLE0001W"}).findings[0]
    assert "never I, L, O or U" in str(finding.fix)


@pytest.mark.parametrize("text", ["SG001", "2025/14", "a_1-b", "1" * 24])
def test_a_reference_stays_as_it_is(text):
    assert value("st_giles_referrals", "referral_ref", text) == (text, set())


@pytest.mark.parametrize("text", ["Evans", "SG 001", "1" * 25, "SG.1", "SG٣"])
def test_a_name_never_passes_for_a_reference(text):
    ref, rules = value("st_giles_referrals", "referral_ref", text)
    assert pd.isna(ref)
    assert rules == {"CELL-REF"}


@pytest.mark.parametrize("text", ["W06000022", "w06000022", "Newport", "  newport ", "NEWPORT"])
def test_an_answer_may_be_its_code_or_its_label(text):
    assert value("meeting_decisions", "local_authority", text) == ("W06000022", set())


def test_an_answer_may_be_its_welsh_label():
    for field in FORMS["children"].fields:
        for code in field.codes.codes if field.codes else ():
            assert value("children", field.name, code.label.to("cy")) == (code.code, set())


def test_an_apostrophe_and_inner_spaces_are_forgiven():
    label = "outside  the service’s scope"
    assert value("st_giles_referrals", "decline_reason", label) == ("out_of_scope", set())


@pytest.mark.parametrize("text", ["Bristol", "E06000023", "yes", "1"])
def test_an_answer_outside_its_list_is_refused(text):
    answer, rules = value("meeting_decisions", "local_authority", text)
    assert pd.isna(answer)
    assert rules == {"CELL-CODE"}


@pytest.mark.parametrize(
    ("text", "code"),
    [("Yes", "yes"), ("NO", "no"), ("not known", "not_known"), ("not_asked", "not_asked")],
)
def test_a_flag_is_read_like_an_answer(text, code):
    assert value("children", "disability", text) == (code, set())


@pytest.mark.parametrize(("text", "number"), [("12", 12), ("12.0", 12), ("0", 0), (" 7 ", 7)])
def test_a_whole_number(text, number):
    assert value("st_giles_referrals", "sessions_offered", text) == (number, set())


@pytest.mark.parametrize("text", ["12.5", "-1", "twelve", "1e3", "1,000", "1" * 12])
def test_not_a_whole_number(text):
    number, rules = value("st_giles_referrals", "sessions_offered", text)
    assert pd.isna(number)
    assert rules == {"CELL-NUMBER"}
