"""Releases to write sections from, and a language in which nothing can hide untranslated."""

from gettext import NullTranslations
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from evaluation import language
from evaluation.drawing import (
    by_place,
    control_chart,
    flow_diagram,
    funnel_plot,
    kaplan_meier,
    referral_funnel,
    small_multiples,
)
from reports import glossary


@pytest.fixture(scope="session")
def making():
    """The module beside this one; tests are not packages."""
    spec = spec_from_file_location("making", Path(__file__).with_name("making.py"))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Marked(NullTranslations):
    """A language whose every message stands between ‹ and ›: what is outside was never a message."""

    def gettext(self, message):
        return f"‹{message}›"

    def ngettext(self, singular, plural, n):
        return f"‹{singular if n == 1 else plural}›"


@pytest.fixture(autouse=True)
def quick_pictures(request, monkeypatch):
    """Sections call for their pictures, and nothing is drawn: a picture takes longer than a page."""
    if "drawn_pictures" in request.fixturenames:
        return
    for picture in (
        by_place, control_chart, flow_diagram, funnel_plot, kaplan_meier, referral_funnel,
        small_multiples,
    ):  # fmt: skip
        monkeypatch.setattr(picture, "draw", lambda *_numbers, **_words: None)


@pytest.fixture
def drawn_pictures():
    """For a test that wants the pictures themselves."""


@pytest.fixture
def marked(monkeypatch):
    """Welsh stands for the marked language, so that a test does not wait for a translator."""
    english = language.translations("en")
    monkeypatch.setattr(
        language, "translations", lambda name: Marked() if name == "cy" else english
    )
    glossary._forms.cache_clear()
    yield
    glossary._forms.cache_clear()


@pytest.fixture
def working_directory(tmp_path, monkeypatch):
    """Where pictures are written."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
