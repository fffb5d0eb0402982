"""Of a provider that runs a service: its caseload, and how long children wait."""

from __future__ import annotations

from IPython.display import Markdown

from analyses.services import SERVICES
from analyses.services.waiting import WITHIN_DAYS
from evaluation.language import Language, Text, _
from evaluation.nouns import Figure, Release
from evaluation.quarters import Quarter
from evaluation.wording import ASSUMPTIONS, count, percent
from reports.cells import counted, notes, value, with_limits
from reports.reading import find, one
from reports.writing import Block, grid, heading, page, prose

STAGES = {
    "referred": _("Referred"),
    "accepted": _("Accepted"),
    "contacted": _("Contacted"),
    "first_session": _("First session"),
    "closed_as_planned": _("Closed as planned"),
}

MOVES = {
    "open_at_start": _("Open at the start"),
    "new": _("New"),
    "declined": _("Declined"),
    "closed": _("Closed"),
    "open_at_end": _("Open at the end"),
}

WAITS = {
    "decision": _("A decision"),
    "first_contact": _("A first contact"),
    "first_session": _("A first session"),
}

QUARTERS = 4
"""Quarters of the caseload that are shown."""


def section(release: Release, language: Language) -> Markdown:
    """Nothing at all for a provider that runs no service."""
    service = next((each for each in SERVICES if each.name == release.provider), None)
    if service is None:
        return page(language)
    return page(
        language,
        heading(2, _("Your caseload")),
        *_caseload(release, service.cohort("caseload")),
        *_now(release, service.cohort("12_months")),
        heading(2, _("How long children wait")),
        *_waits(release, service.cohort("waiting")),
    )


def _caseload(release: Release, cohort: str) -> list[Block | None]:
    quarters = (release.quarter - (QUARTERS - 1)).to(release.quarter)
    rows = {
        quarter: {
            measure: one(release, measure, cohort=cohort, group=str(quarter))
            for measure in (*MOVES, "unexplained")
        }
        for quarter in quarters
    }
    odd = [rows[quarter]["unexplained"] for quarter in quarters]
    return [
        prose(
            _(
                "These are referrals, and a child may have several. What was open at the start, with the "
                "new and without the declined and the closed, should be what is open at the end."
            )
        ),
        grid(
            "caseload",
            _("Referrals that came and went"),
            [(_("Quarter"), "left"), *((title, "right") for title in MOVES.values())],
            [
                (quarter.title, *(_referrals(rows[quarter][measure]) for measure in MOVES))
                for quarter in quarters
            ],
        ),
        notes(rows[quarter][measure] for quarter in quarters for measure in MOVES),
        prose(_unexplained(quarters, odd)),
    ]


def _referrals(figure: Figure | None) -> str:
    return counted(figure, "events")


def _unexplained(quarters: tuple[Quarter, ...], odd: list[Figure | None]) -> Text:
    wrong = [
        _("{quarter}: {times}", quarter=quarter.title, times=count(figure.value))
        for quarter, figure in zip(quarters, odd, strict=True)
        if figure is not None and figure.value
    ]
    if not wrong:
        return _("It adds up in every quarter whose returns have come.")
    return _(
        "Referrals that do not fit, because they came from nowhere or are told of no more. {wrong}.",
        wrong=tuple(wrong),
    )


def _now(release: Release, cohort: str) -> list[Block | None]:
    stages = {stage: one(release, stage, cohort=cohort) for stage in STAGES}
    unmet = dict.fromkeys(code for figure in stages.values() if figure for code in figure.unmet)
    waiting, open_now = (one(release, each, cohort=cohort) for each in ("waiting_now", "open_now"))
    return [
        prose(
            _(
                "On {day} children waiting for a decision: {waiting}; with an open case: {open}.",
                day=release.quarter.last_day, waiting=counted(waiting), open=counted(open_now),
            ),
            _(
                "Below, children who were referred lately have had little time to come far. The "
                "numbers in brackets say how far chance alone could move a share."
            ),
        ),
        grid(
            "stages",
            _("Children referred in the 12 months to {day}, and how far each had come", day=release.quarter.last_day),
            [(_("Stage"), "left"), (_("Children"), "right"), (_("Share of those referred (interval, 95%)"), "right")],
            [
                (title, counted(stages[stage]), "–" if stage == "referred" else with_limits(stages[stage], percent))
                for stage, title in STAGES.items()
            ],
        ),
        notes(stages.values()),
        prose(*(ASSUMPTIONS.get(code, Text(code)) for code in unmet)) if unmet else None,
    ]  # fmt: skip


def _waits(release: Release, cohort: str) -> list[Block | None]:
    rows = {
        wait: [
            *(
                one(release, "had_within", cohort=cohort, outcome=wait, days=days)
                for days in WITHIN_DAYS
            ),
            one(release, "median_wait_days", cohort=cohort, outcome=wait),
            one(release, "still_waiting", cohort=cohort, outcome=wait),
        ]
        for wait in WAITS
    }
    if not find(release, "had_within", cohort=cohort):
        return [prose(_("This release does not hold how long children wait."))]
    return [
        prose(
            _(
                "Days from referral, of the children referred in the 12 months to {day}, each once. "
                "Children who still wait count for as long as they have waited.",
                day=release.quarter.last_day,
            )
        ),
        grid(
            "waits",
            _("Share of children who had it within so many days of referral"),
            [
                (_("Waiting for"), "left"),
                *((_("{days} days", days=days), "right") for days in WITHIN_DAYS),
                (_("Half had it by day"), "right"),
                (_("Still waiting"), "right"),
            ],
            [
                (
                    title,
                    *(value(figure, percent) for figure in rows[wait][:-2]),
                    value(rows[wait][-2], count),
                    counted(rows[wait][-1]),
                )
                for wait, title in WAITS.items()
            ],
        ),
        notes(figure for row in rows.values() for figure in row),
    ]  # fmt: skip
