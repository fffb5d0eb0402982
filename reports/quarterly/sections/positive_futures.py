"""Positive Futures, or a service like it: children referred, and open access, where heads are counted."""

from __future__ import annotations

from pathlib import Path

from IPython.display import Markdown

from analyses.services import POSITIVE_FUTURES, ST_GILES
from evaluation.drawing import small_multiples
from evaluation.language import Language, Text, _
from evaluation.nouns import Figure, Release
from evaluation.wording import LEVELS, count, percent, two_figures
from reports.cells import counted, in_words, part, tabled, value, with_limits
from reports.glossary import page
from reports.quarterly import service
from reports.quarterly.places import authorities
from reports.reading import every, pick
from reports.services import called, of_body
from reports.writing import (
    Block,
    Words,
    callout,
    heading,
    month,
    picture,
    plain,
    prose,
    short_month,
)

SECTION, YEAR = "positive_futures_sessions", "sessions_12_months"


def section(release: Release, language: Language) -> Markdown:
    """Targeted referrals as for any service; then activity, which is of no child.

    Nothing where no provider of the body owes the returns of such a service.
    """
    mine = of_body(POSITIVE_FUTURES, release)
    if mine is None:
        return page(language)
    return page(
        language,
        heading(2, mine.title),
        heading(3, _("Children who were referred")),
        prose(
            _(
                "Children referred to {service} in the 12 months to {day}, each counted once.",
                service=mine.title,
                day=release.quarter.last_day,
            ),
            _also(release),
            LEVELS[1],
        ),
        *service.stages(release, mine),
        prose(
            service.drop_off(release, mine),
            service.given_time(release, mine),
        ),
        heading(3, _("Open access")),
        callout(
            "note",
            _("Heads, not children"),
            prose(
                _(
                    "To open-access sessions any child may come, and who came is not recorded. One "
                    "child who came fifty times is fifty attendances. So these numbers are of "
                    "activity only: they are never joined to children, and no outcome is told of "
                    "them."
                )
            ),
        ),
        *_activity(release),
        _panels(release),
    )


def in_brief(release: Release) -> tuple[Text, Words]:
    """Children referred, and sessions held with the heads that were counted."""
    measure = _(
        "{service}: children referred, and open-access sessions, in the last 12 months",
        service=called(POSITIVE_FUTURES, release),
    )
    return measure, _(
        "Referred: {referred}. Sessions held: {held}. Attendances (not children): {heads}.",
        referred=in_words(counted(service.stage(release, POSITIVE_FUTURES, "referred"))),
        held=in_words(value(_at(release, "sessions_held"), count)),
        heads=in_words(value(_at(release, "attendances"), count)),
    )


def _also(release: Release) -> Text | None:
    other = of_body(ST_GILES, release)
    if other is None:
        return None
    return _("Some of them are supported by {service} as well.", service=other.title)


def _at(release: Release, measure: str, group: str = "all") -> Figure | None:
    return pick(release, section=SECTION, measure=measure, group=group, cohort=YEAR)


def _activity(release: Release) -> list[Block | None]:
    rows: list[tuple[Words, str]] = [(_("The whole area"), "all")]
    rows += [(title, code) for code, title in authorities(release.body).items()]
    figures = {
        code: [
            _at(release, measure, code)
            for measure in ("sessions_held", "attendances", "attendances_per_session")
        ]
        for _title, code in rows
    }
    cancelled, first = _at(release, "sessions_cancelled"), _at(release, "first_attendances")
    return [
        *tabled(
            "open-access",
            _("Open access in the 12 months to {day}", day=release.quarter.last_day),
            [
                (_("Where"), "left"),
                (_("Sessions held"), "right"),
                (_("Attendances"), "right"),
                (_("Per session"), "right"),
            ],
            [
                (
                    title,
                    value(figures[code][0], count),
                    value(figures[code][1], count),
                    value(figures[code][2], two_figures),
                )
                for title, code in rows
            ],
            [figure for told in figures.values() for figure in told],
        ),
        prose(
            _("Sessions cancelled: {share}.", share=in_words(with_limits(cancelled, percent))),
            _("Attendances by somebody who came for the first time: {share}.",
              share=in_words(part(first))),
        ),
    ]  # fmt: skip


def _panels(release: Release) -> Block | None:
    """Attendances month by month, a small picture an authority, all on one scale."""
    told = every(
        release, section=SECTION, measure="attendances", cohort="sessions_by_month_and_authority"
    )
    of: dict[str, dict[str, Figure]] = {}
    for figure in told:
        name, _slash, place = figure.group.partition("/")
        of.setdefault(place, {})[name] = figure
    names = sorted({name for figures in of.values() for name in figures})
    places = {code: title for code, title in authorities(release.body).items() if code in of}
    if not names or not places:
        return None

    def draw(to: Path, language: Language) -> None:
        small_multiples.draw(
            tuple(
                small_multiples.Panel(
                    plain(title, language),
                    tuple(
                        None if (figure := of[code].get(name)) is None else figure.value
                        for name in names
                    ),
                )
                for code, title in places.items()
            ),
            to,
            ticks=tuple(
                (place, short_month(names[place], language))
                for place in sorted({0, len(names) // 2, len(names) - 1})
            ),
            y_title=plain(_("Attendances in the month"), language),
            mean_words=plain(_("Mean of the authority’s own months"), language),
        )

    return picture(
        "open-access",
        _("Attendances at open-access sessions each month, by authority"),
        _(
            "A small line for each authority, in a fixed order, from {first} to {last}. Attendances "
            "in the last month shown: {last_month}.",
            first=month(names[0]),
            last=month(names[-1]),
            last_month=tuple(
                _(
                    "{name} {number}",
                    name=title,
                    number=in_words(value(of[code].get(names[-1]), count)),
                )
                for code, title in places.items()
            ),
        ),
        draw,
    )
