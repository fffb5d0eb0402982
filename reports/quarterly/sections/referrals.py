"""Referrals to St Giles, or a service like it: how far children have come, who waits, how work ends, and what it costs."""

from __future__ import annotations

from collections.abc import Sequence

from IPython.display import Markdown

from analyses.services import ST_GILES
from evaluation.language import Language, Text, _
from evaluation.nouns import Figure, Release
from evaluation.wording import LEVELS, percent
from reports.cells import counted, in_words, tabled, value
from reports.glossary import page
from reports.quarterly import service
from reports.quarterly.caseload import caseload
from reports.reading import Contract, body_of, pick
from reports.services import called, of_body
from reports.writing import Block, Words, bullets, heading, prose


def section(release: Release, language: Language) -> Markdown:
    """The funnel of the last twelve months, waits, endings, the caseload, and the cost.

    Nothing where no provider of the body owes the returns of such a service.
    """
    mine = of_body(ST_GILES, release)
    if mine is None:
        return page(language)
    return page(
        language,
        heading(2, _("Referrals to {service}", service=mine.title)),
        prose(
            _(
                "Children who were referred in the 12 months to {day}, each counted once, and how "
                "far each had come by that day. A child who was referred last month has had one "
                "month, so the later stages are not final. A child counts as contacted when the "
                "child or the family was reached.",
                day=release.quarter.last_day,
            ),
        ),
        service.picture_of(release, mine),
        *service.stages(release, mine),
        prose(LEVELS[1], *service.weakened_by(release, mine)),
        prose(service.drop_off(release, mine), service.given_time(release, mine)),
        heading(3, _("How long children wait")),
        *service.waits(release, mine),
        heading(3, _("How the work ends")),
        *service.endings(release, mine),
        heading(3, _("Does the caseload add up?")),
        *caseload(release, mine),
        heading(3, _("What it costs")),
        *_cost(release),
    )


def in_brief(release: Release) -> tuple[Text, Words]:
    """How many were referred, and the share who had a first session."""
    measure = _(
        "Children referred to {service} in the last 12 months, and how many had a first session",
        service=called(ST_GILES, release),
    )
    sessions = service.stage(release, ST_GILES, "first_session")
    referred = in_words(counted(service.stage(release, ST_GILES, "referred")))
    if sessions is None or sessions.value is None:
        return measure, _(
            "Referred: {referred}. First session: {sessions}.",
            referred=referred,
            sessions=in_words(counted(sessions)),
        )
    return measure, _(
        "Referred: {referred}. First session: {sessions} ({share}).",
        referred=referred,
        sessions=counted(sessions),
        share=percent(sessions.value),
    )


def _cost(release: Release) -> list[Block | None]:
    """Each contract's sum, and its cost per child where the returns of its year are all there."""
    mine = [each for each in body_of(release).contracts if each.provider == ST_GILES.name]
    if not mine:
        return [prose(_("No contract is known."))]
    figures = {
        contract.year: [_of_cost(release, contract, measure) for measure in COSTS]
        for contract in mine
    }
    told = [figure for of in figures.values() for figure in of]
    if not any(f is not None and (f.value is not None or f.withheld) for f in told):
        return _contracts(mine)
    return [
        *_contracts(mine),
        *tabled(
            "costs",
            _("What a contract costs per child, in pounds"),
            [
                (_("Year"), "left"),
                *((title, "right") for titles in COSTS.values() for title in titles),
            ],
            [
                (
                    contract.year,
                    *(
                        cell
                        for figure in figures[contract.year]
                        for cell in (counted(figure), value(figure, pounds))
                    ),
                )
                for contract in mine
            ],
            told,
        ),
    ]


COSTS = {
    "cost_per_child_reached": (
        _("Children with a first session"),
        _("Per child with a first session"),
    ),
    "cost_per_planned_closure": (
        _("Children closed as planned"),
        _("Per child closed as planned"),
    ),
}
"""Each measure: whom it counts, and what it is called beside them."""


def pounds(sum_: float) -> str:
    """A sum with its sign, in whole pounds."""
    return f"£{sum_:,.0f}"


def _of_cost(release: Release, contract: Contract, measure: str) -> Figure | None:
    cohort = ST_GILES.cohort(contract.year.replace("/", "_"))
    return pick(release, section="costs", measure=measure, cohort=cohort)


def _contracts(contracts: Sequence[Contract]) -> list[Block | None]:
    return [
        bullets(
            _("The contract for {year}: £{pounds}. {what}.", year=each.year, pounds=each.pounds,
              what=each.title)
            for each in contracts
        ),
        prose(
            _(
                "A cost per child is the contract’s sum divided by the rounded number of children "
                "who had a first session, or were closed as planned, in its year. It is given once "
                "all returns of the year have come."
            ),
            _(
                "It is not the price of a result: children taken on earlier cost money in the year "
                "too, children differ, and what the same sum would have done elsewhere is not known."
            ),
        ),
    ]  # fmt: skip
