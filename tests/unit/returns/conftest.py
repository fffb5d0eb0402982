"""Fixtures for the tests of returns."""

from gettext import GNUTranslations
from io import BytesIO

import pytest
from babel.messages.mofile import write_mo

from evaluation import language
from tests.unit.returns.workbooks import welsh_catalogue


@pytest.fixture
def welsh(monkeypatch):
    """A small Welsh catalogue in place of the real one, so that no test waits for a translator."""
    compiled = BytesIO()
    write_mo(compiled, welsh_catalogue())
    compiled.seek(0)
    words = GNUTranslations(compiled)
    real = language.translations
    monkeypatch.setattr(
        language, "translations", lambda lang: words if lang == "cy" else real(lang)
    )
