"""When the returns came, how large they were, and what waits for a reason."""

from __future__ import annotations

from IPython.display import Markdown

from evaluation.language import Language, _
from evaluation.nouns import Release
from evaluation.quarters import Quarter
from evaluation.rendering.tables import Align
from evaluation.returns.owing import due_on
from evaluation.wording import count
from reports.cells import counted, notes, value
from reports.provider.own import forms, of_return, tells_of_children, waiting_for_a_reason
from reports.reading import body_of, one
from reports.returned import came_on, form_title, rule_says
from reports.writing import Block, Words, command, grid, heading, page, prose


def section(release: Release, language: Language) -> Markdown:
    """Returns against their due day, this quarter and the one before; rows; findings."""
    now, before, days = release.quarter, release.quarter - 1, body_of(release).due_days
    return page(
        language,
        heading(2, _("Your returns")),
        prose(
            _(
                "A return is due {days} days after its quarter ends: on {now} for this quarter and on "
                "{before} for the last. The day that counts is that of the first one that was "
                "accepted.",
                days=days, now=due_on(now, days), before=due_on(before, days),
            ),
        ),
        grid(
            "returned",
            _("When your returns came"),
            [
                (_("Form"), "left"),
                (_("This quarter"), "left"),
                (_("Last quarter"), "left"),
                (_("Files refused"), "right"),
                (_("Sent again"), "right"),
            ],
            [
                (
                    form_title(release, form),
                    came_on(of_return(release, "days_after_due", form, now)),
                    came_on(of_return(release, "days_after_due", form, before)),
                    value(of_return(release, "refused", form, now), count),
                    value(of_return(release, "sent_again", form, now), count),
                )
                for form in forms(release)
            ],
        ),
        *_records(release, (now, before)),
        *_waiting(release),
        command(
            _("This makes an empty workbook for the next quarter:"),
            _(
                "evaluation template {provider} --quarter {code}",
                provider=release.provider or "", code=str(now + 1),
            ),
        ),
    )  # fmt: skip


def _records(release: Release, quarters: tuple[Quarter, Quarter]) -> list[Block | None]:
    """Rows of each form, and the children they are about, where any of its forms tells of children."""
    owed = forms(release)
    of_children = any(map(tells_of_children, owed))
    held = {
        form: [
            one(release, "records", section="own_records", group=f"{form}/{quarter}")
            for quarter in quarters
        ]
        for form in owed
    }
    columns: list[tuple[Words, Align]] = [
        (_("Form"), "left"),
        (_("Records, this quarter"), "right"),
        (_("Records, last quarter"), "right"),
    ]
    if of_children:
        columns += [
            (_("Children, this quarter"), "right"),
            (_("Children, last quarter"), "right"),
        ]
    return [
        grid(
            "records",
            _("How many records your returns held, and of how many children")
            if of_children
            else _("How many records your returns held"),
            columns,
            [
                (
                    form_title(release, form),
                    *(counted(figure, "events") for figure in figures),
                    *(
                        counted(figure) if tells_of_children(form) else "–"
                        for figure in (figures if of_children else ())
                    ),
                )
                for form, figures in held.items()
            ],
        ),
        notes(figure for figures in held.values() for figure in figures),
    ]


def _waiting(release: Release) -> list[Block | None]:
    told = waiting_for_a_reason(release)
    if not told:
        return []
    return [
        heading(3, _("Waiting for your explanation")),
        prose(
            _(
                "These are accepted, and unusual. Write a reason beside each on the sheet "
                "‘Explanations’ of the copy that the check gives, and send that."
            )
        ),
        grid(
            "explain",
            _("Findings without a reason"),
            [
                (_("Rule"), "left"),
                (_("What it asks"), "left"),
                (_("Quarter"), "left"),
                (_("Findings"), "right"),
            ],
            [
                (rule, rule_says(rule), quarter.title, value(figure, count))
                for rule, quarter, figure in told
            ],
        ),
    ]
