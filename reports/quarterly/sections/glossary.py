"""The words of this report, each with its meaning; links in the text lead here."""

from __future__ import annotations

from IPython.display import Markdown

from evaluation.language import Language, _
from evaluation.nouns import Release
from reports.glossary import entries
from reports.writing import heading, page


def section(_release: Release, language: Language) -> Markdown:
    """One entry a word."""
    return page(language, heading(2, _("What the words mean")), *entries())
