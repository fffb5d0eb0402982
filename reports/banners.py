"""What must stand above a report before anything else: for whom it is, and how far to trust it."""

from __future__ import annotations

from evaluation.language import _
from evaluation.nouns import Release
from reports.reading import is_invented
from reports.writing import Block, callout, prose

WATERMARK = _("Internal: not for publication")
"""What stands on every page of an internal report."""

INVENTED = _(
    "Every figure in this report comes from invented returns. It shows what a report "
    "looks like. It says nothing about any child, service or place."
)


def banners(release: Release) -> list[Block | None]:
    """Those that this release needs."""
    return [not_for_publication(release), invented(release)]


def not_for_publication(release: Release) -> Block | None:
    """An internal report may hold numbers by which a child could be found."""
    if not release.policy.get("watermarked"):
        return None
    return callout(
        "important",
        _("Not for publication"),
        prose(
            _(
                "This report is internal. Its numbers are not rounded, and small ones are not "
                "withheld, so that a child might be found in it. Give it to nobody who may not see "
                "the returns themselves, and quote nothing from it: what may be published stands "
                "in the quarterly report."
            )
            if _is_exact(release)
            else _(
                "This report is internal. Small numbers are withheld, but by a lower threshold "
                "than in public. Give it to nobody who may not see the returns themselves, and "
                "quote nothing from it: what may be published stands in the quarterly report."
            )
        ),
    )


def _is_exact(release: Release) -> bool:
    return release.policy.get("base") == 1 and release.policy.get("fewest_children") == 1


def invented(release: Release) -> Block | None:
    """A report from invented returns must not be taken for one about children."""
    if not is_invented(release):
        return None
    return callout("warning", _("Invented data"), prose(INVENTED))
