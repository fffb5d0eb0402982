"""What became of the children referred to one service: stages, waits and endings, as blocks."""

from __future__ import annotations

from pathlib import Path

from analyses.services import Service
from evaluation.drawing import referral_funnel
from evaluation.language import Language, Text, _
from evaluation.nouns import Figure, Release
from evaluation.wording import ASSUMPTIONS, count, percent
from reports.cells import counted, in_words, tabled, value, with_limits
from reports.reading import pick
from reports.writing import Block, Words, picture, plain, prose

STAGES = {
    "referred": _("Referred"),
    "accepted": _("Accepted"),
    "contacted": _("Contacted"),
    "first_session": _("First session"),
    "closed_as_planned": _("Closed as planned"),
}

WAITS = {
    "decision": _("A decision"),
    "first_contact": _("A first contact"),
    "first_session": _("A first session"),
}
WITHIN_DAYS = (7, 14, 30)

ENDINGS = {
    "planned": _("Ended as planned"),
    "disengaged": _("Child stayed away"),
    "other": _("Ended otherwise"),
}
AT_DAYS = (90, 182, 365)


def stage(release: Release, service: Service, measure: str) -> Figure | None:
    """The figure of one stage of the last twelve months, or of who waits or is open now."""
    return pick(release, section="referrals", measure=measure, cohort=service.cohort("12_months"))


def went_on(release: Release, service: Service, measure: str) -> Figure | None:
    """Of the children who came to the stage before this one, the share who came to this one."""
    cohort = service.cohort("12_months")
    return pick(release, section="referrals", measure="went_on", cohort=cohort, group=measure)


def stages(release: Release, service: Service) -> list[Block | None]:
    """The table of the stages, and who waits or has an open case at the quarter's end."""
    figures = {name: stage(release, service, name) for name in STAGES}
    onward = {name: went_on(release, service, name) for name in list(STAGES)[1:]}
    waiting, open_now = (stage(release, service, name) for name in ("waiting_now", "open_now"))
    signed = [figure for name, figure in figures.items() if _has_sign(name, figure)]
    return [
        *tabled(
            _label(service, "stages"),
            _(
                "Children referred to {service} in the 12 months to {day}",
                service=service.title,
                day=release.quarter.last_day,
            ),
            [
                (_("Stage"), "left"),
                (_("Children"), "right"),
                (_("Of those referred (interval, 95%)"), "right"),
                (_("Of the stage before (interval, 95%)"), "right"),
            ],
            [
                (
                    title,
                    counted(figures[name]),
                    "–" if name == "referred" else with_limits(figures[name], percent),
                    with_limits(onward[name], percent) if name in onward else "–",
                )
                for name, title in STAGES.items()
            ],
            [*signed, *onward.values()],
        ),
        prose(
            _(
                "Children waiting for a decision on {day}: {waiting}.",
                day=release.quarter.last_day,
                waiting=in_words(counted(waiting)),
            ),
            _("Children with an open case: {open}.", open=in_words(counted(open_now))),
        ),
    ]


def drop_off(release: Release, service: Service) -> Text | None:
    """Between which two stages most children are lost; None where a number is not shown.

    'Closed as planned' is left out: who is still supported is not lost.
    """
    names = list(STAGES)[:-1]
    held = [stage(release, service, name) for name in names]
    children = [None if figure is None else figure.children for figure in held]
    if any(number is None for number in children):
        return None
    lost = [
        ((children[place] or 0) - (children[place + 1] or 0), place)
        for place in range(len(names) - 1)
    ]
    most, place = max(lost, key=lambda each: (each[0], -each[1]))
    if most <= 0:
        return None
    return _(
        "The largest drop is between ‘{stage}’ and ‘{next}’: about {children} children.",
        stage=STAGES[names[place]],
        next=STAGES[names[place + 1]],
        children=count(most),
    )


def given_time(release: Release, service: Service) -> Text | None:
    """The share with a first session of those who have had 90 days for it."""
    figure = pick(
        release, section="referrals", measure="first_session", cohort=service.cohort("old_enough"),
        days=90,
    )  # fmt: skip
    if figure is None or figure.value is None:
        return None
    return _(
        "Of the children referred {days} days ago or more, {share} had a first session within "
        "{days} days.",
        days=figure.days or 0,
        share=with_limits(figure, percent),
    )


def waits(release: Release, service: Service) -> list[Block | None]:
    """The shares within 7, 14 and 30 days of the referral, and the median."""
    cohort = service.cohort("waiting")
    rows: list[tuple[Words, ...]] = []
    used: list[Figure | None] = []
    for outcome, title in WAITS.items():
        within = [
            pick(release, section="waiting", measure="had_within", cohort=cohort,
                 outcome=outcome, days=days)
            for days in WITHIN_DAYS
        ]  # fmt: skip
        median = pick(
            release, section="waiting", measure="median_wait_days", cohort=cohort, outcome=outcome
        )
        used += [*within, median]
        rows.append((title, *(value(one, percent) for one in within), value(median, count)))
    return [
        prose(
            _(
                "From the day of the referral, of all children referred in the 12 months, the "
                "declined too. Children who still wait count for as long as they have waited."
            )
        ),
        *tabled(
            _label(service, "waits"),
            _("Share of children, by days since the referral"),
            [
                (_("Waited for"), "left"),
                *((_("{days} days", days=days), "right") for days in WITHIN_DAYS),
                (_("Half had it by day"), "right"),
            ],
            rows,
            used,
        ),
    ]


def endings(release: Release, service: Service) -> list[Block | None]:
    """How work had ended by 90, 182 and 365 days after the first session."""
    cohort = service.cohort("first_session")
    figures = {
        (ending, days): pick(
            release, section="endings", measure="ended", cohort=cohort, outcome=ending, days=days
        )
        for ending in ENDINGS
        for days in AT_DAYS
    }
    attended = pick(release, section="endings", measure="sessions_attended", cohort=cohort)
    return [
        *tabled(
            _label(service, "endings"),
            _("Children whose work had ended, by days since the first session"),
            [
                (_("How"), "left"),
                *((_("{days} days", days=days), "right") for days in AT_DAYS),
            ],
            [
                (title, *(value(figures[ending, days], percent) for days in AT_DAYS))
                for ending, title in ENDINGS.items()
            ],
            figures.values(),
        ),
        prose(
            _(
                "Sessions attended, of those offered: {share}.",
                share=in_words(with_limits(attended, percent)),
            )
        ),
    ]


def picture_of(release: Release, service: Service) -> Block | None:
    """The stages as bars; None where nobody knows how many were referred."""
    figures = {name: stage(release, service, name) for name in STAGES}
    referred = figures["referred"]
    if referred is None or referred.children is None:
        return None

    def draw(to: Path, language: Language) -> None:
        bars = tuple(
            referral_funnel.Stage(
                plain(title, language),
                None if (figure := figures[name]) is None else figure.children,
                _at_the_end(name, figures[name]),
            )
            for name, title in STAGES.items()
        )
        referral_funnel.draw(bars, to)

    return picture(
        _label(service, "stages"),
        _(
            "How far the children referred to {service} have come, last 12 months",
            service=service.title,
        ),
        _(
            "Five bars, each no longer than the one above. Referred: {referred} children. "
            "Accepted: {accepted}. Contacted: {contacted}. First session: {sessions}. "
            "Closed as planned: {closed}.",
            referred=counted(referred),
            accepted=in_words(counted(figures["accepted"])),
            contacted=in_words(counted(figures["contacted"])),
            sessions=in_words(counted(figures["first_session"])),
            closed=in_words(counted(figures["closed_as_planned"])),
        ),
        draw,
    )


def weakened_by(release: Release, service: Service) -> list[Text]:
    """What does not hold behind the stages, each once: such as a return that has not come."""
    held = (stage(release, service, name) for name in STAGES)
    codes = dict.fromkeys(code for figure in held if figure for code in figure.unmet)
    return [ASSUMPTIONS.get(code, Text(code)) for code in codes]


def _label(service: Service, what: str) -> str:
    """The label of a table or picture: 'st-giles-waits'."""
    return f"{service.name.replace('_', '-')}-{what}"


def _has_sign(name: str, figure: Figure | None) -> bool:
    """True where a cell shows a sign; those referred are all, and have no share to show."""
    return name != "referred" or figure is None or figure.children is None


def _at_the_end(name: str, figure: Figure | None) -> str:
    """The words at the end of a bar: '120 · 83%'."""
    share = None if figure is None or name == "referred" else figure.value
    return counted(figure) if share is None else f"{counted(figure)} · {percent(share)}"
