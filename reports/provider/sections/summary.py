"""The first lines: did everything come, what waits, what would help most."""

from __future__ import annotations

from IPython.display import Markdown

from evaluation.language import Language, Text, _
from evaluation.nouns import Release
from evaluation.wording import count
from reports.banners import banners
from reports.provider import whose
from reports.provider.own import blanks, forms, of_return, waiting_for_a_reason
from reports.returned import field_title, form_title
from reports.writing import bullets, heading, page, prose


def section(release: Release, language: Language) -> Markdown:
    """Three lines, and that nobody else's data is in it."""
    return page(
        language,
        *banners(release),
        heading(2, _("In brief")),
        prose(
            _(
                "This report gives {provider} its own data back. Everything in it comes from the "
                "returns of {provider} alone; it tells nothing of anybody else’s.",
                provider=whose(release),
            )
        ),
        bullets([_came(release), _waits(release), _help(release)]),
    )


def _came(release: Release) -> Text:
    missing = [
        form_title(release, form)
        for form in forms(release)
        if (found := of_return(release, "days_after_due", form, release.quarter)) is None
        or found.value is None
    ]
    if missing:
        return _("Not received for this quarter: {forms}.", forms=tuple(missing))
    return _("Every return for this quarter has come. Thank you.")


def _waits(release: Release) -> Text:
    times = sum(figure.value or 0 for _rule, _quarter, figure in waiting_for_a_reason(release))
    if not times:
        return _("Nothing waits for an explanation.")
    return _("Findings that wait for an explanation: {times}.", times=count(times))


def _help(release: Release) -> Text:
    most = blanks(release)[:1]
    if not most:
        return _("No field that we want is blank.")
    return _(
        "The field with most blanks: {field} ({blanks} records).",
        field=field_title(release, most[0].group, alone=len(forms(release)) == 1),
        blanks=count(most[0].value),
    )
