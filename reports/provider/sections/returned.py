"""When the returns came, how large they were, and what waits for a reason."""

from __future__ import annotations

from IPython.display import Markdown

from evaluation.language import Language, _
from evaluation.nouns import Release
from evaluation.quarters import Quarter
from evaluation.wording import count
from reports.cells import NOT_AVAILABLE, counted, value
from reports.provider.own import forms, of_return, waiting_for_a_reason
from reports.reading import body_of, one
from reports.returned import came_on, form_title, rule_says
from reports.writing import Block, grid, heading, page, prose


def section(release: Release, language: Language) -> Markdown:
    """Returns against their due day, this quarter and the one before; rows; findings."""
    now, before = release.quarter, release.quarter - 1
    return page(
        language,
        heading(2, _("Your returns")),
        prose(
            _(
                "A return is due {days} days after its quarter ends. The day that counts is that of "
                "the first one that was accepted.",
                days=body_of(release).due_days,
            )
        ),
        grid(
            "returned",
            _("When your returns came"),
            [
                (_("Return"), "left"),
                (_("This quarter"), "left"),
                (_("Last quarter"), "left"),
                (_("Refused before"), "right"),
                (_("Sent again"), "right"),
            ],
            [
                (
                    form_title(form),
                    came_on(of_return(release, "days_after_due", form, now)),
                    came_on(of_return(release, "days_after_due", form, before)),
                    value(of_return(release, "refused", form, now), count),
                    value(of_return(release, "sent_again", form, now), count),
                )
                for form in forms(release)
            ],
        ),
        grid(
            "records",
            _("What was in them"),
            [
                (_("Return"), "left"),
                (_("Records this quarter"), "right"),
                (_("Children"), "right"),
                (_("Records last quarter"), "right"),
                (_("Children"), "right"),
            ],
            [
                (
                    form_title(form),
                    *(
                        cell
                        for quarter in (now, before)
                        for cell in _records(release, form, quarter)
                    ),
                )
                for form in forms(release)
            ],
        ),
        _signs(release, (now, before)),
        *_waiting(release),
    )


def _signs(release: Release, quarters: tuple[Quarter, ...]) -> Block | None:
    cells = [
        c for f in forms(release) for quarter in quarters for c in _records(release, f, quarter)
    ]
    if NOT_AVAILABLE not in cells:
        return None
    return prose(_("[x]: no return, or one that tells of no children."))


def _records(release: Release, form: str, quarter: Quarter) -> tuple[str, str]:
    figure = one(release, "records", section="own_records", group=f"{form}/{quarter}")
    return counted(figure, "events"), counted(figure)


def _waiting(release: Release) -> list[Block | None]:
    told = waiting_for_a_reason(release)
    if not told:
        return [prose(_("Nothing in them waits for an explanation."))]
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
