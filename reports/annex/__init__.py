"""The evaluator's annex: what the quarter's comparison rests on, and how far it can be trusted."""

from evaluation.language import Text, _
from evaluation.nouns import Release
from reports.reading import Body


def title(_release: Release, body: Body) -> Text:
    """What stands at the top of the report."""
    return _("{area}: the evaluator’s annex", area=body.area)


def subtitle(release: Release, body: Body) -> Text:
    """About which quarter, and for whom."""
    return _(
        "Annex for {area}, {quarter}. Internal, not for publication.",
        area=body.area,
        quarter=release.quarter.title,
    )
