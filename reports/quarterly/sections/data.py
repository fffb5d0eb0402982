"""The numbers behind the pictures, for those who would rather read them."""

from __future__ import annotations

from IPython.display import Markdown

from evaluation.language import Language, _
from evaluation.nouns import Release
from reports.glossary import page
from reports.quarterly import flow, survival, told_schools
from reports.quarterly.sections import monitoring
from reports.writing import heading


def section(release: Release, language: Language) -> Markdown:
    """One table for each picture that has none beside it."""
    return page(
        language,
        heading(2, _("The numbers behind the pictures")),
        *flow.table(release),
        *survival.table(release),
        *monitoring.table(release),
        *told_schools.tables(release),
    )
