"""What the release is made of: snapshot, plan, policy and versions."""

from __future__ import annotations

from IPython.display import Markdown

from evaluation.language import Language, _
from evaluation.nouns import Release
from reports.particulars import disclosure, particulars
from reports.writing import heading, page, prose


def section(release: Release, language: Language) -> Markdown:
    """All that is needed to make it again."""
    return page(
        language,
        heading(2, _("Provenance: what this annex is made from")),
        prose(
            _(
                "Every figure stands in one release file, kept in the store’s ledger. From the same "
                "snapshot, plan and versions come the same figures."
            )
        ),
        particulars(release),
        prose(disclosure(release)),
    )
