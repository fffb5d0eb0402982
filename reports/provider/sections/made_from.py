"""What the report is made of."""

from __future__ import annotations

from IPython.display import Markdown

from evaluation.language import Language, _
from evaluation.nouns import Release
from reports.particulars import disclosure, particulars
from reports.writing import heading, page, prose


def section(release: Release, language: Language) -> Markdown:
    """Snapshot, versions, and how its numbers may leave."""
    return page(
        language,
        heading(2, _("What this report is made from")),
        particulars(release),
        prose(disclosure(release)),
    )
