"""Exploitation risk when a child was referred and when its case was closed: monitoring, not impact."""

from __future__ import annotations

from IPython.display import Markdown

from analyses.services import ST_GILES
from evaluation.language import Language, Text, _
from evaluation.nouns import Figure, Release
from evaluation.wording import ASSUMPTIONS, LEVELS, percent
from reports.cells import counted, in_words, notes, tabled, value, with_limits
from reports.glossary import page
from reports.reading import pick
from reports.services import called, of_body
from reports.writing import Block, Words, grid, heading, prose

WAYS = {
    "down": _("To a lower band"),
    "same": _("Same band"),
    "up": _("To a higher band"),
}


def section(release: Release, language: Language) -> Markdown:
    """How many were assessed twice comes first; then which way their bands went.

    Nothing where no provider of the body owes the returns of such a service.
    """
    if of_body(ST_GILES, release) is None:
        return page(language)
    return page(
        language,
        heading(2, _("Exploitation risk")),
        prose(
            _(
                "Children whose case at {service} was closed in the last two years: their "
                "exploitation band when they were referred, and when the case was closed, by the "
                "same tool in the same version.",
                service=called(ST_GILES, release),
            ),
            LEVELS[2],
            ASSUMPTIONS["regression_to_the_mean"],
        ),
        heading(3, _("How many were assessed twice")),
        *_assessed(release),
        heading(3, _("Which way their bands went")),
        *_moved(release),
    )


def in_brief(release: Release) -> tuple[Text, Words]:
    """How many were assessed twice: without that, a change of bands says nothing."""
    measure = _(
        "Exploitation risk of children supported by {service}, at referral and at closure",
        service=called(ST_GILES, release),
    )
    return measure, _(
        "Assessed at referral: {first}. Of those, assessed again at closure: {again}. A change is "
        "for monitoring only.",
        first=in_words(value(_at(release, "assessed_at_referral"), percent)),
        again=in_words(value(_at(release, "reassessed"), percent)),
    )


def _at(release: Release, measure: str, group: str = "all") -> Figure | None:
    return pick(
        release, section="risk_change", measure=measure, group=group,
        cohort=ST_GILES.cohort("closed"),
    )  # fmt: skip


def _assessed(release: Release) -> list[Block | None]:
    first, again = _at(release, "assessed_at_referral"), _at(release, "reassessed")
    return [
        *tabled(
            "assessed",
            _("Children whose case was closed, and how many of them have a band"),
            [
                (_("Children"), "left"),
                (_("Children with a band"), "right"),
                (_("Out of how many"), "right"),
                (_("Share (interval, 95%)"), "right"),
            ],
            [
                (title, counted(figure), counted(figure, "of"), with_limits(figure, percent))
                for title, figure in (
                    (_("At referral, of all closed"), first),
                    (_("Again at closure, of those"), again),
                )
            ],
            [first, again],
        ),
        prose(
            _(
                "Children who are assessed again are not like those who are not. The fewer there are, "
                "the less a change says about the others."
            )
        ),
    ]


def _moved(release: Release) -> list[Block | None]:
    ends = {
        way: (_at(release, "band_change", way), *(
            _at(release, f"{end}_share", way) for end in ("lowest", "highest")
        ))
        for way in WAYS
    }  # fmt: skip
    if all(told[0] is None or told[0].value is None for told in ends.values()):
        return [
            prose(_("This cannot be shown.")),
            notes(figure for told in ends.values() for figure in told),
        ]
    return [
        grid(
            "bands",
            _("Bands at closure beside those at referral, of children assessed twice"),
            [
                (_("Band went"), "left"),
                (_("Children"), "right"),
                (_("Share (interval, 95%)"), "right"),
                (_("If all children had been assessed again"), "right"),
            ],
            [
                (
                    title,
                    counted(ends[way][0]),
                    with_limits(ends[way][0], percent),
                    _range(ends[way]),
                )
                for way, title in WAYS.items()
            ],
        ),
        notes(figure for told in ends.values() for figure in told),
    ]


def _range(told: tuple[Figure | None, ...]) -> Words:
    """From the lowest to the highest share that the children not assessed again leave possible."""
    lowest, highest = told[1], told[2]
    if lowest is None or highest is None or lowest.value is None or highest.value is None:
        return value(lowest, percent)
    return _("{low} to {high}", low=percent(lowest.value), high=percent(highest.value))
