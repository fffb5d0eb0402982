"""What the report is made of."""

from __future__ import annotations

from IPython.display import Markdown

from evaluation.language import Language, _
from evaluation.nouns import Release
from reports.particulars import disclosure, in_short
from reports.writing import heading, page, prose


def section(release: Release, language: Language) -> Markdown:
    """Which snapshot and toolkit, and how its numbers may leave; nothing that only an analyst needs."""
    return page(
        language,
        heading(2, _("What this report is made from")),
        in_short(release),
        prose(disclosure(release)),
    )
