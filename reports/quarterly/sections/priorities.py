"""The priorities of the body's plan, and what this report measures under each."""

from __future__ import annotations

from importlib import import_module

from IPython.display import Markdown

from evaluation.language import Language, _
from evaluation.nouns import Release
from reports.glossary import page
from reports.reading import body_of
from reports.writing import Block, bullets, heading, prose


def section(release: Release, language: Language) -> Markdown:
    """What was paid for, then under each priority its measures; one without any says so."""
    body = body_of(release)
    contracts = [each for each in body.contracts if each.provider in body.providers]
    blocks: list[Block | None] = []
    for priority in body.priorities:
        told = [
            import_module(f"reports.quarterly.sections.{name}").in_brief(release)
            for name in priority.sections
        ]
        blocks += [
            heading(3, priority.title),
            bullets(
                _("{measure}. {figure}", measure=measure, figure=figure) for measure, figure in told
            )
            if told
            else prose(_("No measure in this report yet.")),
        ]
    return page(
        language,
        heading(2, _("The plan’s priorities")),
        prose(
            _("What was done under each priority of the {plan}, as far as it is measured here.", plan=body.plan)
        ),
        prose(_("Paid for under the plan:")) if contracts else None,
        bullets(
            _("{provider}, {year}: £{pounds}. {what}.", provider=body.providers[each.provider].title,
              year=each.year, pounds=each.pounds, what=each.title)
            for each in contracts
        ),
        *blocks,
    )  # fmt: skip
