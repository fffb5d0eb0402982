"""Every code that a figure of a release bears has words in the dictionary beside it."""

import csv
from dataclasses import replace
from io import StringIO

import pytest

from evaluation.rendering.sheets import figures_dictionary
from reports.codes import words_for
from reports.groups import group_in_words
from reports.reading import read_body
from tests.unit.reports import making, making_internal

FIELDS = ("section", "cohort", "outcome", "measure", "unit", "role")
RELEASES = {
    "quarterly": making.full,
    "reviewed": making.reviewed,
    "annex": making_internal.annex,
    "reviewed annex": making_internal.reviewed_annex,
    "provider": making_internal.provider,
    "police": making_internal.police,
}


@pytest.mark.parametrize("made", RELEASES.values(), ids=RELEASES)
def test_every_code_has_words(made):
    figures = made().figures
    words = words_for(figures)
    assert {
        (field, code)
        for field in FIELDS
        for figure in figures
        if (code := getattr(figure, field)) and code not in words[field]
    } == set()


@pytest.mark.parametrize("made", RELEASES.values(), ids=RELEASES)
def test_every_group_has_words(made):
    release = made()
    body = read_body(release.body)
    assert {
        (figure.measure, figure.cohort, figure.group)
        for figure in release.figures
        if group_in_words(figure, body) is None
    } == set()


def test_the_dictionary_gives_them_in_the_reader_s_language():
    figures = making.full().figures
    told = figures_dictionary(figures, "cy", words=words_for(figures)).decode("utf-8-sig")
    rows = {(column, code): meaning for column, code, meaning in csv.reader(StringIO(told))}
    codes = {code: meaning for (_column, code), meaning in rows.items()}
    assert codes["st_giles_12_months"] == "St Giles: plant a atgyfeiriwyd yn y 12 mis diwethaf"
    assert codes["rate_ratio"].startswith(
        "Cyfradd y plant a atgyfeiriwyd dros gyfradd y grŵp cymharu; ar gyfer Ymgyrch Encompass,"
    )


def test_a_code_that_nobody_knows_gets_no_words():
    (figure, *_others) = making.full().figures
    look = replace(figure, measure="rate_ratio_at_look")
    assert words_for([look])["measure"]
    odd = replace(figure, measure="nobody_knows", cohort="st_giles_of_nobody")
    words = words_for([odd])
    assert words["measure"] == {}
    assert words["cohort"] == {}
