"""Which returns have come, and how well they are filled in: shown because no return is not a zero."""

from __future__ import annotations

from collections.abc import Iterator

from IPython.display import Markdown

from evaluation.language import Language, Text, _
from evaluation.nouns import Release
from evaluation.quarters import Quarter
from evaluation.wording import percent
from reports.cells import part, tabled
from reports.glossary import page
from reports.reading import every
from reports.returned import field_title, form_title, provider_title
from reports.writing import Block, Words, grid, heading, prose

FULL = 0.95
"""Fields filled in at least so often are not listed one by one."""


def section(release: Release, language: Language) -> Markdown:
    """Returns that have not come, then the fields that are filled in least."""
    came = _came(release)
    owed = [here for quarters in came.values() for here in quarters.values()]
    gaps = {place: quarters for place, quarters in came.items() if not all(quarters.values())}
    return page(
        language,
        heading(2, _("Returns and how complete they are")),
        prose(
            _(
                "A return that has not come is not a return of nothing: what it would have told is "
                "unknown, and no figure here counts it as zero."
            ),
            _("Forms that were owed since the returns began: {owed}. Came: {came}.", owed=len(owed), came=sum(owed))
            if owed
            else _("This release does not hold which returns came."),
        ),
        grid(
            "returns",
            _("Returns that have not come"),
            [
                (_("Return"), "left"),
                (_("This quarter"), "left"),
                (_("Quarters that have not come"), "left"),
            ],
            [
                (
                    _("{provider}: {form}", provider=provider_title(release, provider), form=form_title(release, form)),
                    _("Came") if quarters.get(release.quarter) else _("Has not come"),
                    _absent(quarters),
                )
                for (provider, form), quarters in gaps.items()
            ],
        )
        if gaps
        else None,
        heading(3, _("Fields that are wanted")),
        *_fields(release),
    )  # fmt: skip


def _fields(release: Release) -> list[Block | None]:
    fields = every(release, section="completeness", measure="filled", cohort=None)
    if not fields:
        return [prose(_("This release holds no figures on fields."))]
    less = [figure for figure in fields if figure.value is None or figure.value < FULL]
    others = len(fields) - len(less)
    return [
        prose(
            _("‘Not known’, ‘not asked’ and ‘declined’ are answers, and count as filled in."),
            _("Fields with an answer in {share} of records or more: {others}.", share=percent(FULL), others=others)
            if others
            else None,
        ),
        *(tabled(
            "fields",
            _("Fields that are filled in less often"),
            [(_("Field"), "left"), (_("Filled in"), "right")],
            [(field_title(release, figure.group), part(figure)) for figure in less],
            less,
        ) if less else ()),
    ]  # fmt: skip


def absent_now(release: Release) -> Iterator[tuple[Text, tuple[Text, ...]]]:
    """Each provider that has not sent all it owes for the quarter, with the forms."""
    absent: dict[str, list[Text]] = {}
    for (provider, form), quarters in _came(release).items():
        if quarters.get(release.quarter) is False:
            absent.setdefault(provider, []).append(form_title(release, form))
    for provider, forms in absent.items():
        yield provider_title(release, provider), tuple(forms)


def _came(release: Release) -> dict[tuple[str, str], dict[Quarter, bool]]:
    """(provider, form) -> quarter -> whether its return came."""
    came: dict[tuple[str, str], dict[Quarter, bool]] = {}
    for figure in every(release, section="completeness", measure="arrived", cohort=None):
        provider, form, quarter = figure.group.split("/")
        came.setdefault((provider, form), {})[Quarter.parse(quarter)] = figure.value == 1
    return {place: dict(sorted(quarters.items())) for place, quarters in came.items()}


def _absent(quarters: dict[Quarter, bool]) -> Words:
    absent = tuple(quarter.title for quarter, here in quarters.items() if not here)
    return _("{quarters}", quarters=absent) if absent else "–"
