"""What the data are like: which returns came, when, what waits for a reason, what is blank."""

from __future__ import annotations

from collections.abc import Iterable

from IPython.display import Markdown

from evaluation.language import Language, Text, _
from evaluation.nouns import Figure, Release
from evaluation.quarters import Quarter
from evaluation.wording import count, percent
from evaluation.wording.numbers import signed
from reports.cells import value
from reports.reading import find
from reports.returned import field_title, form_title, provider_title, rule_says
from reports.writing import Block, bullets, grid, heading, page, prose

FULL = 0.95
"""A field that is filled in more often than this is not listed."""


def section(release: Release, language: Language) -> Markdown:
    """Returns of the quarter; earlier ones that never came; what does not agree; blank fields."""
    return page(
        language,
        heading(2, _("Data quality: what came, and how complete it is")),
        *_returns(release),
        *_never_came(release),
        *_do_not_agree(release),
        *_blank(release),
    )


def _returns(release: Release) -> list[Block | None]:
    came = find(release, "days_after_due", section="returns")
    if not came:
        return [prose(_("This release does not hold which returns came."))]

    def beside(figure: Figure, measure: str) -> Figure | None:
        return next(iter(find(release, measure, section="returns", group=figure.group)), None)

    return [
        heading(3, _("Returns of this quarter")),
        grid(
            "returned",
            _("When returns came, and what waits for a reason"),
            [
                (_("Return"), "left"),
                (_("Days after the due day (− is before)"), "right"),
                (_("Rows"), "right"),
                (_("Files refused"), "right"),
                (_("To explain"), "right"),
                (_("Explained"), "right"),
            ],
            [
                (
                    _title(release, figure.group),
                    _("Has not come") if figure.value is None else signed(f"{figure.value:+.0f}"),
                    *(
                        value(beside(figure, measure), count)
                        for measure in ("rows", "refused", "to_explain", "explained")
                    ),
                )
                for figure in came
            ],
        ),
    ]


def _title(release: Release, group: str) -> Text:
    provider, form, _quarter = group.split("/")
    return _(
        "{provider}: {form}",
        provider=provider_title(release, provider),
        form=form_title(release, form),
    )


def _never_came(release: Release) -> list[Block | None]:
    missing: dict[tuple[str, str], list[Text]] = {}
    for figure in find(release, "arrived", section="completeness"):
        provider, form, quarter = figure.group.split("/")
        if figure.value == 0:
            missing.setdefault((provider, form), []).append(Quarter.parse(quarter).title)
    if not missing:
        return [prose(_("Every return that was owed since the first has come."))]
    return [
        prose(_("Returns of this and earlier quarters that have not come:")),
        bullets(
            _(
                "{provider}, {form}: {quarters}",
                provider=provider_title(release, provider),
                form=form_title(release, form),
                quarters=tuple(quarters),
            )
            for (provider, form), quarters in missing.items()
        ),
    ]


def _do_not_agree(release: Release) -> list[Block | None]:
    told = find(release, "do_not_agree", section="returns")
    return [
        heading(3, _("What does not agree across returns")),
        prose(_("Nothing: the returns of all providers agree."))
        if not told
        else grid(
            "across",
            _("What returns of different providers, or of different quarters, say differently"),
            [(_("Rule"), "left"), (_("What it asks"), "left"), (_("Times"), "right")],
            [(figure.group, rule_says(figure.group), value(figure, count)) for figure in told],
        ),
    ]


def _blank(release: Release) -> list[Block | None]:
    every = find(release, "filled", section="completeness")
    short = sorted(
        (figure for figure in every if figure.value is not None and figure.value < FULL),
        key=lambda figure: (figure.value or 0, figure.group),
    )
    return [
        heading(3, _("Wanted fields that are often blank")),
        *_listed(release, short, all_of=len(every)),
    ]


def _listed(release: Release, short: list[Figure], *, all_of: int) -> Iterable[Block | None]:
    if not short:
        return [
            prose(
                _(
                    "None of the {fields} fields is blank in more than {share} of records.",
                    fields=all_of,
                    share=percent(1 - FULL),
                )
            )
        ]
    return [
        grid(
            "blank",
            _(
                "Fields filled in for less than {share} of this quarter’s records",
                share=percent(FULL),
            ),
            [(_("Field"), "left"), (_("Filled in"), "right")],
            [(field_title(release, figure.group), value(figure, percent)) for figure in short],
        )
    ]
