"""The quarterly report: what a commissioner's board reads every three months."""

from evaluation.language import Text, _
from evaluation.nouns import Release
from reports.reading import Body


def title(_release: Release, body: Body) -> Text:
    """What stands at the top of the report."""
    return _("{area}: are services keeping children out of harm?", area=body.area)


def subtitle(release: Release, body: Body) -> Text:
    """For whom, and about which quarter."""
    return _(
        "Quarterly report to the {board}: {quarter}",
        board=body.board,
        quarter=release.quarter.title,
    )
