"""Op Encompass: are schools told in time? A process; what becomes of the children is another matter."""

from __future__ import annotations

from IPython.display import Markdown

from evaluation.language import Language, Text, _
from evaluation.nouns import Figure, Release
from evaluation.wording import LEVELS, because, count, percent, two_figures
from reports.cells import counted, in_words, part, tabled, with_limits
from reports.glossary import page
from reports.quarterly import told_schools
from reports.quarterly.before_after import around_the_review
from reports.reading import pick
from reports.writing import Block, Words, bullets, callout, heading, prose

YEAR, QUARTER = "op_encompass_12_months", "op_encompass_quarter"
PERIODS = {QUARTER: _("This quarter"), YEAR: _("12 months")}

IN_TIME = "before_school_opens"
HOURS = {
    "within_24_hours": _("Anyone told within 24 hours"),
    "within_72_hours": _("Anyone told within 72 hours"),
}

BECAME = {
    "notified": _("School told"),
    "authority": _("Authority told (home educated)"),
    "no_school": _("Not sent: no school known"),
    "not_sent": _("Not sent: other reasons"),
}

MEASURE = _("Children whose school was told of domestic abuse before it next opened")


def section(release: Release, language: Language) -> Markdown:
    """Both clocks, what was not sent, quarters, the review, authorities, and what it cannot say."""
    return page(
        language,
        heading(2, _("Op Encompass")),
        prose(
            _(
                "Op Encompass: police who attend domestic abuse in a child’s home tell its school. "
                "Two clocks are read: was the school told before it next opened, which is the "
                "scheme’s own standard; and how soon was anybody told, because the law asks for "
                "as soon as is reasonably practicable. Both are of what was due, not of what was "
                "sent; a child at two incidents counts twice."
            ),
        ),
        heading(3, _("The two clocks")),
        *_clocks(release),
        heading(3, _("Not sent, and why")),
        *_became(release),
        heading(3, _("Quarter by quarter")),
        *told_schools.by_quarter(release),
        *around_the_review(release),
        heading(3, _("By local authority")),
        *told_schools.by_authority(release),
        heading(3, _("What became of the children")),
        *_children(release),
    )


def in_brief(release: Release) -> tuple[Text, Words]:
    """The share told in time, this quarter and over the year."""
    now, year = (_at(release, "school_told", of, IN_TIME) for of in (QUARTER, YEAR))
    return MEASURE, _(
        "This quarter: {now}. Over 12 months: {year}. A process: it says nothing of what became of "
        "the children.",
        now=in_words(part(now)),
        year=in_words(part(year)),
    )


def _at(
    release: Release, measure: str, cohort: str, outcome: str | None = None, group: str = "all"
) -> Figure | None:
    return pick(
        release, section="op_encompass", measure=measure, group=group, cohort=cohort,
        outcome=outcome,
    )  # fmt: skip


def _clocks(release: Release) -> list[Block | None]:
    rows: list[tuple[Words, list[Figure | None]]] = [
        (
            _("School told before it next opened"),
            [_at(release, "school_told", of, IN_TIME) for of in PERIODS],
        ),
        (
            _("The same, if no school with an unknown calendar was told in time"),
            [_at(release, "school_told", of, f"{IN_TIME}_at_least") for of in PERIODS],
        ),
        *(
            (title, [_at(release, "anyone_told", of, within) for of in PERIODS])
            for within, title in HOURS.items()
        ),
    ]
    medians = [_at(release, "median_hours_until_told", of) for of in PERIODS]
    judged = rows[0][1]
    return [
        *tabled(
            "clocks",
            _("Notifications that were due, and how soon somebody was told"),
            [(_("Clock"), "left"), *((title, "right") for title in PERIODS.values())],
            [
                (
                    _("Notifications due before a known school day"),
                    *(counted(f, "of") for f in judged),
                ),
                *((title, *(with_limits(f, percent) for f in told)) for title, told in rows),
                (
                    _("Hours until half had been told"),
                    *(with_limits(f, two_figures) for f in medians),
                ),
            ],
            [*(f for _title, told in rows for f in told), *medians],
        ),
    ]


def _became(release: Release) -> list[Block | None]:
    told = {
        became: [_at(release, "notification", of, group=became) for of in PERIODS]
        for became in BECAME
    }
    return [
        *tabled(
            "notifications",
            _("What became of the notifications that were due"),
            [(_("What"), "left"), *((title, "right") for title in PERIODS.values())],
            [
                (title, *(with_limits(figure, percent) for figure in told[became]))
                for became, title in BECAME.items()
            ],
            [figure for figures in told.values() for figure in figures],
        ),
    ]


def _children(release: Release) -> list[Block | None]:
    """Kept apart from the process: a count of what was recorded, and no claim."""
    again = pick(
        release, section="op_encompass", measure="another_incident", cohort="op_encompass_repeats",
        outcome="another_incident", days=182,
    )  # fmt: skip
    why_not = because(again)
    seen = (
        _("What became of the children cannot be shown, because {reason}.", reason=why_not)
        if again is None or why_not is not None
        else _(
            "Of {children} children with an incident two quarters earlier, {share} were "
            "at another within {days} days. That is what was recorded. It does not say what a "
            "notification did, and more may mean that more is reported.",
            children=count(again.children),
            share=with_limits(again, percent),
            days=again.days or 0,
        )
    )
    return [
        callout(
            "note",
            _("What this can and cannot say"),
            prose(_("It can say:")),
            bullets(
                (
                    _(
                        "Whether schools are told, how soon, and how many children have nobody told."
                    ),
                    LEVELS[1],
                )
            ),
            prose(_("It cannot say:")),
            bullets(
                (
                    _("What became of the children."),
                    _("That one authority does better than another. Each is set beside chance."),
                )
            ),
        ),
        prose(seen),
    ]
