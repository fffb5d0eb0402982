"""The priorities of the body's plan, and what this report measures under each."""

from __future__ import annotations

from importlib import import_module

from IPython.display import Markdown

from evaluation.language import Language, _
from evaluation.nouns import Release
from reports.reading import read_body
from reports.writing import Words, grid, heading, page, prose


def section(release: Release, language: Language) -> Markdown:
    """One row for each priority and measure; a priority without a measure says so."""
    body = read_body(release.body)
    rows: list[tuple[Words, Words]] = []
    for priority in body.priorities:
        for name in priority.sections:
            told = import_module(f"reports.quarterly.sections.{name}")
            measure, figure = told.in_brief(release)
            rows.append((priority.title, _("{measure}. {figure}", measure=measure, figure=figure)))
        if not priority.sections:
            rows.append((priority.title, _("No measure in this report yet.")))
    return page(
        language,
        heading(2, _("The plan’s priorities")),
        prose(_("What this report measures under each priority of the {plan}.", plan=body.plan)),
        grid(
            "priorities",
            _("Priorities, and where they stand this quarter"),
            [(_("Priority"), "left"), (_("What this report shows"), "left")],
            rows,
        ),
    )
