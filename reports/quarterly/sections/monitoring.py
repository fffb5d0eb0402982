"""Missing episodes month by month, and what is done when a child comes back: for watching only."""

from __future__ import annotations

from IPython.display import Markdown

from evaluation.language import Language, Text, _
from evaluation.nouns import Release
from evaluation.quarters import Quarter
from evaluation.wording import LEVELS, two_figures
from reports.cells import counted, notes, part, tabled, value
from reports.glossary import page
from reports.quarterly.months import (
    drawn,
    named,
    shown,
    stand_out,
    usual,
    watched,
    why_marked,
)
from reports.reading import every, pick
from reports.writing import Block, Words, bullets, callout, grid, heading, month, prose

MEASURE = _("Missing episodes begun each month")
TABLE = "months"
QUARTERS = 4

INTERVIEWS = {
    "interview_offered": _("Offered"),
    "interview_done": _("Done"),
    "interview_done_in_time": _("In 72 hours"),
}


def section(release: Release, language: Language) -> Markdown:
    """The control chart and what stands out, return interviews, and the before and after."""
    months = watched(release, "episodes")
    return page(
        language,
        heading(2, _("Missing episodes each month")),
        prose(
            _(
                "All missing episodes that police recorded, of all children in the area, whether "
                "referred or not. The limits show how much months differ by chance alone; a month "
                "that stands out is a reason to ask, not an answer."
            ),
            usual(months),
            _("The numbers are in {table}.", table=f"@tbl-{TABLE}") if months.figures else None,
        ),
        drawn(
            "months",
            _("Missing episodes begun each month, with limits"),
            _("Episodes begun in the month"),
            months,
        ),
        bullets(stand_out(months)),
        notes(figure for figure in months.figures.values() if figure.value is None),
        heading(3, _("Return home interviews")),
        *_interviews(release),
        heading(3, _("Before and after referral")),
        *_before_after(release),
    )


def in_brief(release: Release) -> tuple[Text, Words]:
    """The last three months beside what is usual."""
    months = watched(release, "episodes")
    last = tuple(months.figures.values())[-3:]
    if not last:
        return MEASURE, _("This release holds no monthly figures.")
    numbers = named(last)
    mean, low, high = (months.said(name) for name in ("centre", "low", "high"))
    if mean is None or low is None or high is None:
        return MEASURE, _("Last three months: {numbers}.", numbers=numbers)
    return MEASURE, _(
        "Last three months: {numbers}. Usual range: {low} to {high}.",
        numbers=numbers,
        low=low,
        high=high,
    )


def table(release: Release) -> list[Block | None]:
    """Every point of the picture."""
    months = watched(release, "episodes")
    if not months.figures:
        return [prose(_("This release holds no monthly figures."))]
    return [
        grid(
            TABLE,
            _("Missing episodes begun each month, and the children who had them"),
            [
                (_("Month"), "left"),
                (_("Episodes"), "right"),
                (_("Children"), "right"),
                (_("Stands out"), "left"),
            ],
            [
                (month(name), shown(months, name), counted(figure), why_marked(months, name))
                for name, figure in months.figures.items()
            ],
        ),
        notes(figure for figure in months.figures.values() if figure.value is None),
    ]


def _interviews(release: Release) -> list[Block | None]:
    """The last quarters, one a row; the newest may still rise."""
    told = {
        measure: {
            f.group: f
            for f in every(release, section="return_interviews", measure=measure, cohort=None)
        }
        for measure in INTERVIEWS
    }
    quarters = sorted({group for of in told.values() for group in of})[-QUARTERS:]
    if not quarters:
        return [prose(_("This release holds no figures on return home interviews."))]
    figures = [of.get(quarter) for quarter in quarters for of in told.values()]
    return [
        prose(
            _(
                "Return home interviews, of the episodes that ended in a quarter and for which one "
                "was due. One that is done later still counts, so the newest quarter may rise. The 72 hours "
                "are a benchmark; no Welsh law sets them."
            )
        ),
        *tabled(
            "interviews",
            _(
                "Return home interviews, by the last month of the quarter in which the child came back"
            ),
            [
                (_("Quarter ending"), "left"),
                (_("Episodes"), "right"),
                *((title, "right") for title in INTERVIEWS.values()),
            ],
            [
                (
                    month(f"{Quarter.parse(quarter).last_day:%Y-%m}"),
                    counted(told["interview_offered"].get(quarter), "of"),
                    *(part(of.get(quarter)) for of in told.values()),
                )
                for quarter in quarters
            ],
            figures,
        ),
    ]


def _before_after(release: Release) -> list[Block | None]:
    before, after = (
        pick(
            release,
            section="monitoring",
            measure="before_after",
            cohort="discussed",
            outcome="re_missing",
            group=group,
            days=90,
        )
        for group in ("before", "after")
    )
    return [
        callout(
            "warning",
            _("For monitoring, not impact"),
            prose(
                _(
                    "Children are referred at their worst. Their episodes would on average fall "
                    "afterwards without any service, often by half. A fall from before to after is "
                    "therefore no sign that a service works, and must not be quoted as one."
                ),
                LEVELS[2],
            ),
        ),
        *tabled(
            "before-after",
            _("Children referred: episodes per 100 days, before and after"),
            [
                (_("Period"), "left"),
                (_("Children"), "right"),
                (_("Episodes per 100 days"), "right"),
            ],
            [
                (_("90 days before"), counted(before), value(before, two_figures)),
                (_("90 days after"), counted(after), value(after, two_figures)),
            ],
            [before, after],
        ),
    ]
