"""A service is called what the body's file calls whoever sends its form."""

from dataclasses import replace

import pytest

from analyses.services import POSITIVE_FUTURES, ST_GILES
from evaluation.language import Text
from evaluation.nouns import Provider
from reports import services
from reports.quarterly.sections import (
    headline,
    positive_futures,
    re_missing,
    referrals,
    risk_change,
)
from reports.reading import read_body

OWN = "Ein Ffrindiau"


@pytest.fixture
def elsewhere(making, monkeypatch):
    """A release of a body where another provider sends what St Giles sends, and nobody the rest."""
    owed = {"ours": Provider("ours", Text(OWN), (ST_GILES.form,))}
    body = replace(read_body("gwent"), providers=owed)
    monkeypatch.setattr(services, "read_body", lambda _code: body)
    return making.full()


def test_in_gwent_they_are_the_two_that_are_paid(making):
    titles = [str(each.title) for each in services.services(making.full().body)]
    assert titles == ["St Giles", "Positive Futures"]


@pytest.mark.parametrize("language", ["en", "cy"])
def test_no_section_names_another_body_s_service(elsewhere, language):
    for module in (headline, referrals, re_missing, risk_change):
        text = module.section(elsewhere, language).data
        assert OWN in text
        assert "St Giles" not in text
        assert "Positive Futures" not in text


def test_what_nobody_owes_has_no_section_and_no_line(elsewhere):
    assert services.of_body(POSITIVE_FUTURES, elsewhere) is None
    assert positive_futures.section(elsewhere, "en").data.strip() == ""
    assert "Open-access attendances" not in headline.section(elsewhere, "en").data
    assert str(services.called(POSITIVE_FUTURES, elsewhere)) == "the service"
