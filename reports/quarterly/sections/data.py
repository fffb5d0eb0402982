"""The numbers behind the pictures, for those who would rather read them."""

from __future__ import annotations

from IPython.display import Markdown

from evaluation.language import Language, _
from evaluation.nouns import Release
from evaluation.wording import count, percent
from reports.cells import counted, notes, value, with_limits
from reports.quarterly.sections import monitoring, re_missing
from reports.reading import pick
from reports.writing import Block, grid, heading, month, page, prose


def section(release: Release, language: Language) -> Markdown:
    """One table for each picture that has none beside it."""
    return page(
        language,
        heading(2, _("The numbers behind the pictures")),
        *_survival(release),
        *_months(release),
    )


def _survival(release: Release) -> list[Block | None]:
    curves = [re_missing.points_of(release, group) for group in re_missing.ARMS]
    days = sorted({figure.days or 0 for figures in curves for figure in figures})
    if not days:
        return [prose(_("This release holds no survival curve."))]
    rows, used = [], []
    for day in days:
        figures = [
            pick(release, section="re_missing", measure="free_of_episodes", group=group, days=day)
            for group in re_missing.ARMS
        ]
        used += figures
        rows.append(
            (
                count(day),
                *(
                    cell
                    for figure in figures
                    for cell in (
                        "100%" if day == 0 else with_limits(figure, percent),
                        counted(figure),
                    )
                ),
            )
        )
    return [
        grid(
            "survival",
            _("Children with no missing episode yet (interval, 95%), and children still followed"),
            [
                (_("Day"), "left"),
                (_("Referred: none yet"), "right"),
                (_("Referred: still followed"), "right"),
                (_("Not referred then: none yet"), "right"),
                (_("Not referred then: still followed"), "right"),
            ],
            rows,
        ),
        notes(figure for figure in used if figure is None or figure.days != 0),
    ]


def _months(release: Release) -> list[Block | None]:
    months = monitoring.series(release)
    if not months.figures:
        return [prose(_("This release holds no monthly figures."))]
    return [
        grid(
            "months",
            _("Missing episodes begun each month, and the children who had them"),
            [
                (_("Month"), "left"),
                (_("Episodes"), "right"),
                (_("Children"), "right"),
                (_("Stands out"), "left"),
            ],
            [
                (
                    month(figure.group),
                    value(figure, count),
                    counted(figure),
                    monitoring.MARKS[months.marks[place]] if place in months.marks else "–",
                )
                for place, figure in enumerate(months.figures)
            ],
        ),
        notes(figure for figure in months.figures if figure.value is None),
    ]
