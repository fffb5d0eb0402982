"""Referrals to St Giles: how far children have come, and who waits."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from IPython.display import Markdown

from evaluation.drawing import referral_funnel
from evaluation.language import Language, Text, _
from evaluation.nouns import Figure, Release
from evaluation.wording import ASSUMPTIONS, LEVELS, percent
from reports.cells import counted, notes, value, with_limits
from reports.reading import Contract, pick, read_body
from reports.writing import Block, Words, grid, heading, page, picture, plain, prose

PROVIDER = "st_giles"

STAGES = {
    "referred": _("Referred"),
    "accepted": _("Accepted"),
    "contacted": _("Contacted"),
    "first_session": _("First session"),
    "closed_as_planned": _("Closed as planned"),
}

MEASURE = _("Children referred to St Giles in the last 12 months, and how many had a first session")


def section(release: Release, language: Language) -> Markdown:
    """The funnel of the last twelve months, and the caseload at the quarter's end."""
    figures = {stage: _figure(release, stage) for stage in STAGES}
    waiting, open_now = _figure(release, "waiting_now"), _figure(release, "open_now")
    return page(
        language,
        heading(2, _("Referrals to St Giles")),
        prose(
            _(
                "Children who were referred in the 12 months to {day}, each counted once, and how "
                "far each had come by that day. A child who was referred last month has had one "
                "month, so the later stages are not final. A child counts as contacted when the "
                "child or the family was reached.",
                day=release.quarter.last_day,
            ),
            *_contracts(release),
        ),
        _picture(figures),
        grid(
            "referrals",
            _("Children referred to St Giles in the 12 months to {day}", day=release.quarter.last_day),
            [
                (_("Stage"), "left"),
                (_("Children"), "right"),
                (_("Of those referred (interval, 95%)"), "right"),
            ],
            [
                (
                    title,
                    counted(figures[stage]),
                    "–" if stage == "referred" else with_limits(figures[stage], percent),
                )
                for stage, title in STAGES.items()
            ],
        ),
        notes(figure for stage, figure in figures.items() if _signed(stage, figure)),
        prose(LEVELS[1], *_weakened_by(figures.values())),
        prose(
            _("Children waiting for a decision on {day}: {waiting}.",
              day=release.quarter.last_day, waiting=counted(waiting)),
            _("Children with an open case: {open}.", open=counted(open_now)),
        ),
        notes([waiting, open_now]),
    )  # fmt: skip


def in_brief(release: Release) -> tuple[Text, Words]:
    """How many were referred, and the share who had a first session."""
    sessions = _figure(release, "first_session")
    return MEASURE, _(
        "Referred: {referred}. First session: {sessions} ({share}).",
        referred=counted(_figure(release, "referred")),
        sessions=counted(sessions),
        share=value(sessions, percent),
    )


def _figure(release: Release, measure: str) -> Figure | None:
    return pick(release, section="referrals", measure=measure, cohort="st_giles_12_months")


def _signed(stage: str, figure: Figure | None) -> bool:
    """True where a cell shows a sign; those referred are all, and have no share to show."""
    return stage != "referred" or figure is None or figure.children is None


def _weakened_by(figures: Iterable[Figure | None]) -> list[Text]:
    """What does not hold behind the figures, each once: such as a return that has not come."""
    codes = dict.fromkeys(code for figure in figures if figure for code in figure.unmet)
    return [ASSUMPTIONS.get(code, Text(code)) for code in codes]


def _contracts(release: Release) -> list[Text]:
    body = read_body(release.body)
    return [_contract(each) for each in body.contracts if each.provider == PROVIDER]


def _contract(contract: Contract) -> Text:
    return _(
        "The contract for {year} is worth £{pounds}.", year=contract.year, pounds=contract.pounds
    )


def _picture(figures: dict[str, Figure | None]) -> Block | None:
    referred = figures["referred"]
    if referred is None or referred.children is None:
        return None

    def draw(to: Path, language: Language) -> None:
        stages = tuple(
            referral_funnel.Stage(
                plain(title, language),
                None if (figure := figures[stage]) is None else figure.children,
                _at_the_end(stage, figures[stage]),
            )
            for stage, title in STAGES.items()
        )
        referral_funnel.draw(stages, to)

    return picture(
        "referrals",
        _("How far the children referred to St Giles have come, last 12 months"),
        _(
            "Five bars, each no longer than the one above. Referred: {referred} children. "
            "Accepted: {accepted}. Contacted: {contacted}. First session: {sessions}. "
            "Closed as planned: {closed}.",
            referred=counted(referred),
            accepted=counted(figures["accepted"]),
            contacted=counted(figures["contacted"]),
            sessions=counted(figures["first_session"]),
            closed=counted(figures["closed_as_planned"]),
        ),
        draw,
    )


def _at_the_end(stage: str, figure: Figure | None) -> str:
    """The words at the end of a bar: '120 · 83%'."""
    share = None if figure is None or stage == "referred" else figure.value
    return counted(figure) if share is None else f"{counted(figure)} · {percent(share)}"
