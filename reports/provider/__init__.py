"""A provider's report: its own data back, what was done with it, and what would help."""

from evaluation.language import Text, _
from evaluation.nouns import Release
from reports.reading import Body
from reports.returned import provider_title


def title(release: Release, _body: Body) -> Text:
    """What stands at the top of the report."""
    return _("{provider}: your data, and what we did with it", provider=whose(release))


def subtitle(release: Release, _body: Body) -> Text:
    """Whose it is, and about which quarter: it stands at the foot of every page as well."""
    return _(
        "{provider}, {quarter}. Internal, not for publication.",
        provider=whose(release),
        quarter=release.quarter.title,
    )


def whose(release: Release) -> Text:
    """The provider's title."""
    return provider_title(release, release.provider or "")
