"""The first page: is it working, how sure are we, what changed, what needs a decision."""

from __future__ import annotations

from collections.abc import Iterator

from IPython.display import Markdown

from analyses.services import ST_GILES
from evaluation.language import Language, Text, _
from evaluation.nouns import Release
from evaluation.wording import LEVELS, awaited, count, percent
from reports.banners import invented
from reports.glossary import page
from reports.quarterly import changes, comparison, corrections, told_schools
from reports.quarterly.months import named, stand_out, usual, watched
from reports.quarterly.sections import completeness
from reports.reading import body_of, pick, primary
from reports.services import called, services
from reports.writing import Block, bullets, heading, prose, strong

HALF = 0.5
"""Fewer than half assessed again: then a change of bands says little of the others."""


def section(release: Release, language: Language) -> Markdown:
    """One screen for a reader in a hurry; all of it comes back in full further down."""
    said = comparison.claim(release)
    return page(
        language,
        invented(release),
        corrections.banner(release),
        heading(2, _("Main points")),
        heading(3, _("Is it working?")),
        prose(
            _(
                "The question: after repeated missing episodes, do children who are referred to "
                "{service} go missing less often than similar children who are not?",
                service=called(ST_GILES, release),
            )
        ),
        strong(said.headline),
        prose(said.meaning, said.per_100 or said.ratio),
        heading(3, _("How sure are we?")),
        bullets(_sure(release)),
        heading(3, _("What changed since last quarter?")),
        *_changed(release),
        heading(3, _("What needs a decision?")),
        bullets(_decisions(release)),
        heading(3, _("The headline figures")),
        *changes.table(release),
        *corrections.table(release),
    )


def _sure(release: Release) -> Iterator[Text | None]:
    yield comparison.claim(release).sizes
    yield comparison.detectable(release)
    yield comparison.crossed_over(release)
    ratio = primary(release)
    if ratio is not None and ratio.value is not None and ratio.design_level is not None:
        yield _("Strength of the design: {level}", level=LEVELS[ratio.design_level])


def _changed(release: Release) -> Iterator[Block | None]:
    """The months of the quarter, and each headline figure that is not what it was a quarter ago."""
    months, began = watched(release, "episodes"), str(release.quarter.first_day)[:7]
    last = months.since(began)
    yield prose(
        _("Missing episodes begun: {months}.", months=named(last)) if last else None,
        usual(months),
        *stand_out(months, since=began),
    )
    yield bullets(changes.changed(release))


def _decisions(release: Release) -> Iterator[Text]:
    """What somebody has to do or settle, the most pressing first."""
    for provider, forms in completeness.absent_now(release):
        yield _(
            "{provider} has not sent: {forms}. Decide who asks for them, and by when.",
            provider=provider,
            forms=forms,
        )
    waiting = pick(
        release, section="referrals", measure="waiting_now", cohort=ST_GILES.cohort("12_months")
    )
    if waiting is not None and waiting.children:
        yield _(
            "Children waiting for {service} to decide: {waiting}. Ask whether there are places.",
            service=called(ST_GILES, release),
            waiting=count(waiting.children),
        )
    yield from _questions(release)
    yield _conclusion(release)


def _questions(release: Release) -> Iterator[Text]:
    """What the figures make somebody ask: of a service's caseload, of schools, of assessments."""
    quarter = str(release.quarter)
    for service in services(release.body):
        unexplained = pick(
            release, section="caseload", measure="unexplained", group=quarter,
            cohort=service.cohort("caseload"),
        )  # fmt: skip
        if unexplained is not None and unexplained.value:
            yield _(
                "About {referrals} referrals to {service} do not fit in its caseload. Ask which.",
                referrals=count(unexplained.value),
                service=service.title,
            )
    if told_schools.is_low(release, quarter):
        yield _(
            "Fewer schools than usual were told of domestic abuse before they next opened. Ask "
            "{police} why.",
            police=_owing(release, "op_encompass_incidents"),
        )
    again = pick(
        release, section="risk_change", measure="reassessed", cohort=ST_GILES.cohort("closed")
    )
    if again is not None and again.value is not None and again.value < HALF:
        yield _(
            "Of the children assessed for exploitation at referral, {share} were assessed again "
            "when the case was closed. Decide who makes sure that more are.",
            share=percent(again.value),
        )


def _owing(release: Release, form: str) -> tuple[Text, ...]:
    """Who owes the form."""
    providers = body_of(release).providers.values()
    return tuple(provider.title for provider in providers if form in provider.forms)


def _conclusion(release: Release) -> Text:
    """What the claim, or its absence, asks of a reader."""
    if not release.is_claim and release.claim_quarter is None:
        return _(
            "Nothing about the service should be settled on the comparison in this report. {when}",
            when=awaited(release),
        )
    if not release.is_claim and release.claim_quarter is not None:
        return _(
            "Nothing about the service should be settled on the comparison in this report. The "
            "plan’s conclusion belongs in the report for {quarter}.",
            quarter=release.claim_quarter.title,
        )
    kind, claiming = comparison.claim(release).kind, release.claiming
    if kind == "inconclusive" and release.quarter in claiming.looks[:-1]:
        return _(
            "This look of the plan is inconclusive, as most early looks are. Settle nothing on it "
            "before the plan’s next look."
        )
    match kind:
        case "fewer" | "more":
            return _(
                "This is the plan’s one conclusion. Settle what follows from it, and which "
                "question the next plan asks."
            )
        case "inconclusive":
            return _(
                "The plan’s one conclusion is inconclusive. Settle whether a new plan asks again "
                "with more children, or asks something else."
            )
        case _other:
            return _(
                "The plan’s conclusion was due in this quarter and cannot be drawn. Settle whether "
                "a new plan names a later quarter."
            )
