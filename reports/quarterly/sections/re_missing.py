"""Going missing again: children referred beside like children who were not."""

from __future__ import annotations

from IPython.display import Markdown

from analyses.services import ST_GILES
from evaluation.language import Language, Text, _
from evaluation.nouns import Release
from evaluation.wording import can_and_cannot
from reports.cells import counted, in_words
from reports.glossary import page
from reports.quarterly import comparison, flow, survival
from reports.reading import primary
from reports.services import called
from reports.writing import Block, Words, bullets, callout, heading, prose, strong


def section(release: Release, language: Language) -> Markdown:
    """What could be seen, who was compared, what is seen, and what it cannot say."""
    said = comparison.claim(release)
    limits = can_and_cannot(primary(release))
    return page(
        language,
        heading(2, _("Going missing again")),
        prose(
            _(
                "Do children who are referred to {service} after repeated missing episodes go "
                "missing less often afterwards than similar children who were not referred? Both "
                "groups had met the same trigger on the day from which they are followed.",
                service=called(ST_GILES, release),
            )
        ),
        heading(3, _("What could be seen at all")),
        prose(comparison.detectable(release), comparison.as_ratios(release)),
        heading(3, _("Who is compared")),
        *_flow(release),
        *comparison.groups(release),
        prose(comparison.crossed_over(release)),
        heading(3, _("What the figures show")),
        strong(said.headline),
        bullets(said.sentences),
        *survival.drawn(release),
        *comparison.windows(release),
        *comparison.checks(release),
        callout(
            "note",
            _("What this can and cannot say"),
            prose(_("It can say:")),
            bullets(limits.can),
            prose(_("It cannot say:")),
            bullets(limits.cannot),
            prose(_("What weakens it:") if limits.weakened_by else None),
            bullets(limits.weakened_by),
        ),
    )


def in_brief(release: Release) -> tuple[Text, Words]:
    """The claim, in its headline."""
    measure = _(
        "Going missing again after a referral to {service}", service=called(ST_GILES, release)
    )
    return measure, comparison.claim(release).headline


def _flow(release: Release) -> list[Block | None]:
    """How many were discussed and are compared; the picture of the way there is in the method."""
    told = {figure.group: figure for figure in comparison.all_of(release, "flow")}
    if not told:
        return [prose(_("This release does not hold who was compared."))]
    return [
        prose(
            _(
                "Children discussed at a meeting: {discussed}. Compared: {referred} who were referred "
                "at that meeting, and {others} who were not.",
                discussed=in_words(counted(told.get("discussed"))),
                referred=in_words(counted(told.get("referred"))),
                others=in_words(counted(told.get("not_referred"))),
            ),
            _("Who was left out, and why: {picture}.", picture="@fig-flow")
            if flow.can_be_drawn(release)
            else None,
        )
    ]
