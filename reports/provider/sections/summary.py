"""The first lines: did everything come, what waits, and what is due next."""

from __future__ import annotations

from IPython.display import Markdown

from evaluation.language import Language, Text, _
from evaluation.nouns import Release
from evaluation.returns.owing import due_on
from evaluation.wording import count
from reports.banners import banners
from reports.provider.own import forms, has_come, waiting_for_a_reason
from reports.reading import body_of
from reports.returned import form_title
from reports.writing import bullets, heading, page, prose


def section(release: Release, language: Language) -> Markdown:
    """Three lines, and that nobody else's data is in it."""
    return page(
        language,
        *banners(release),
        heading(2, _("In brief")),
        prose(
            _(
                "This report gives you your own data back. Everything in it comes from your returns "
                "alone; it tells nothing of anybody else’s."
            )
        ),
        bullets([_came(release), _waits(release), _next(release)]),
    )


def _came(release: Release) -> Text:
    missing = [form_title(release, form) for form in forms(release) if not has_come(release, form)]
    if missing:
        return _(
            "Not received for this quarter: {forms}. Due by {day}.",
            forms=tuple(missing),
            day=due_on(release.quarter, body_of(release).due_days),
        )
    return _("Every return for this quarter has come. Thank you.")


def _waits(release: Release) -> Text:
    times = sum(figure.value or 0 for _rule, _quarter, figure in waiting_for_a_reason(release))
    if not times:
        return _("Nothing waits for an explanation.")
    return _("Findings that wait for an explanation: {times}.", times=count(times))


def _next(release: Release) -> Text:
    following = release.quarter + 1
    return _(
        "Your next return is the one for {quarter}. It is due by {day}.",
        quarter=following.title,
        day=due_on(following, body_of(release).due_days),
    )
