"""Readers of a corrected release are told so, why, and what it changed on the first page."""

from dataclasses import replace
from datetime import date

import pytest

from analyses.comparing import COMPARED
from evaluation.cli.making import Because
from evaluation.nouns import Before, Corrected
from evaluation.wording import CORRECTIONS
from reports.quarterly.sections.headline import section


def corrected(release, *, referred):
    """The release, as if St Giles had first been told to have had so many referrals."""
    told = [f for f in release.figures if (f.section, f.cohort, f.measure) in COMPARED]
    first = tuple(
        replace(figure, children=referred)
        if (figure.cohort, figure.measure) == ("st_giles_12_months", "referred")
        else figure
        for figure in told
    )
    before = Before(release.quarter, date(2025, 4, 20), "S-0", first)
    return replace(release, corrects=Corrected("late_return", 7, before))


def test_the_first_release_of_a_quarter_says_nothing_of_it(making):
    assert "Corrected" not in section(making.full(), "en").data


@pytest.mark.parametrize(
    ("language", "reason"), [("en", "a return came after it"), ("cy", "ar ei ôl")]
)
def test_a_corrected_one_says_why_and_what_changed(making, language, reason):
    page = section(corrected(making.full(), referred=995), language).data
    assert reason in page
    assert page.count("995") == 1
    assert "{#tbl-corrected}" in page


def test_where_no_figure_of_the_page_changed_it_says_so(making):
    release = making.full()
    (told,) = {
        f.children
        for f in release.figures
        if (f.section, f.cohort, f.measure, f.group)
        == ("referrals", "st_giles_12_months", "referred", "all")
    }
    page = section(corrected(release, referred=told), "en").data
    assert "changed none of the figures on this page" in page


def test_each_reason_that_the_command_line_takes_has_words():
    assert [each.value for each in Because] == list(CORRECTIONS)
