"""Texts become words only when they are told the language."""

from datetime import date

import pytest

from evaluation.language import Text, _, listing, n_, write


def test_a_message_that_the_catalogue_lacks_stays_in_english():
    assert Text("No such message in any catalogue").to("cy") == "No such message in any catalogue"


def test_a_value_that_is_a_text_is_said_in_the_same_language():
    assert Text("{when}", (("when", _("January")),)).to("cy") == "Ionawr"


@pytest.mark.parametrize(("count", "words"), [(1, "1 row"), (2, "2 rows"), (0, "0 rows")])
def test_a_plural_follows_its_count(count, words):
    assert str(n_("{count} row", "{count} rows", count)) == words


def test_dates_are_written_out():
    assert write(date(2026, 11, 4), "en") == "4 November 2026"
    assert write(date(2026, 3, 1), "cy") == "1 Mawrth 2026"


def test_numbers_keep_their_decimals_and_group_their_thousands():
    assert write(1234.5, "en") == "1,234.5"
    assert write(138114, "cy") == "138,114"


@pytest.mark.parametrize(
    ("items", "english", "welsh"),
    [
        ([], "", ""),
        (["x"], "x", "x"),
        (["du", "gwyn"], "du and gwyn", "du a gwyn"),
        (["du", "gwyn", "oren"], "du, gwyn and oren", "du, gwyn ac oren"),
        ([7, 8], "7 and 8", "7 ac 8"),
        ([2, 11], "2 and 11", "2 ac 11"),
        ([2, 8450], "2 and 8,450", "2 ac 8,450"),
        ([2, 12], "2 and 12", "2 a 12"),
        ([2, 1000], "2 and 1,000", "2 a 1,000"),
    ],
)
def test_welsh_writes_ac_before_a_vowel(items, english, welsh):
    assert listing(items, "en") == english
    assert listing(items, "cy") == welsh


@pytest.mark.parametrize(
    ("word", "mutated"),
    [
        ("November", "Ionawr a Thachwedd"),
        ("February", "Ionawr a Chwefror"),
        ("March", "Ionawr a Mawrth"),
        ("cluster", "Ionawr a chlwstwr"),
    ],
)
def test_our_own_words_mutate_after_a(word, mutated):
    assert write([_("January"), Text(word)], "cy") == mutated


def test_a_title_stands_as_it_is():
    assert write([_("Children"), _("Away spells")], "cy") == "Plant a Cyfnodau oddi cartref"


def test_braces_in_a_value_are_not_taken_for_names():
    assert str(_("{text}", text="{oops}")) == "{oops}"


def test_a_vowel_in_quotation_marks_is_a_vowel():
    answers = tuple(Text(f"‘{answer}’") for answer in ("Iechyd", "Torfaen", "Arall"))
    assert listing(answers, "cy") == "‘Iechyd’, ‘Torfaen’ ac ‘Arall’"
    assert listing(answers[:2], "cy") == "‘Iechyd’ a ‘Torfaen’"
