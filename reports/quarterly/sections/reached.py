"""Who was referred and who was reached: by sex, age, ethnicity, language, disability, authority."""

from __future__ import annotations

from IPython.display import Markdown

from analyses.services import SERVICES, Service
from evaluation.language import Language, Text, _
from evaluation.nouns import Figure, Release
from evaluation.wording import percent
from reports.cells import counted, notes, with_limits
from reports.glossary import page
from reports.quarterly.places import authorities
from reports.reading import every, pick
from reports.writing import Block, Words, grid, heading, prose
from schemas._codes import codes

DIMENSIONS = {
    "sex": _("Sex"),
    "age_band": _("Age"),
    "ethnicity": _("Ethnicity"),
    "language": _("Language"),
    "disability": _("Disability"),
    "local_authority": _("Authority"),
}

AGES = {
    "under_12": _("Under 12"),
    "12_13": _("12 and 13"),
    "14_15": _("14 and 15"),
    "16_17": _("16 and 17"),
    "over_17": _("Over 17"),
}
ANSWERS = {
    "yes": _("Yes"),
    "no": _("No"),
    "not_known": _("Not known"),
    "not_asked": _("Not asked"),
    "declined": _("Did not want to say"),
}
BLANK = _("Not filled in")

MEASURE = _("Children referred who had a first session within 90 days")


def section(release: Release, language: Language) -> Markdown:
    """A table a service, a line a group that can be shown; the others are named beneath."""
    return page(
        language,
        heading(2, _("Who was reached")),
        prose(
            _(
                "Children referred in the last two years, 90 days ago or more, and how many of them "
                "had a first session within 90 days. A child is in the group that was known at the "
                "referral. Groups stand in a fixed order; a difference says who is reached, not "
                "why, and no group does better by it."
            )
        ),
        *(block for each in SERVICES for block in _of(release, each)),
    )


def in_brief(release: Release) -> tuple[Text, Words]:
    """The share reached, of each service."""
    return MEASURE, _(
        "{services}.",
        services=tuple(
            _("{name} {share}", name=each.title, share=with_limits(_all(release, each), percent))
            for each in SERVICES
        ),
    )


def _all(release: Release, service: Service) -> Figure | None:
    return pick(
        release, section="referrals", measure="engaged", days=90,
        cohort=service.cohort("engagement"),
    )  # fmt: skip


def _of(release: Release, service: Service) -> list[Block | None]:
    whole = _all(release, service)
    rows: list[tuple[Words, Figure | None]] = [(_("All children"), whole)]
    hidden: list[Figure] = []
    names: list[Text] = []
    for dimension, title in DIMENSIONS.items():
        told = {
            figure.group: figure
            for figure in every(
                release, section="referrals", measure="engaged",
                cohort=service.cohort(f"engagement_by_{dimension}"),
            )
        }  # fmt: skip
        for group, words in _groups(dimension, told).items():
            line = _("{dimension}: {group}", dimension=title, group=words)
            if told[group].withheld or told[group].children is None:
                hidden.append(told[group])
                names.append(line)
            elif told[group].of:
                rows.append((line, told[group]))
    return [
        heading(3, service.title),
        grid(
            f"{service.name.replace('_', '-')}-reached",
            _("Children referred to {service}, and who was reached", service=service.title),
            [
                (_("Group"), "left"),
                (_("Referred"), "right"),
                (_("First session within 90 days"), "right"),
                (_("Share (interval, 95%)"), "right"),
            ],
            [
                (words, counted(figure, "of"), counted(figure), with_limits(figure, percent))
                for words, figure in rows
            ],
        ),
        prose(_("Not shown: {groups}.", groups=tuple(names))) if names else None,
        notes([*(figure for _words, figure in rows), *hidden]),
    ]


def _groups(dimension: str, told: dict[str, Figure]) -> dict[str, Words]:
    """The groups that a release tells of, in a fixed order, with their titles."""
    titles: dict[str, Words]
    match dimension:
        case "age_band":
            titles = dict(AGES)
        case "disability":
            titles = dict(ANSWERS)
        case "local_authority":
            titles = dict(authorities(elsewhere=True))
        case "ethnicity":
            titles = {code.code: code.label for code in codes("ethnicity_group").codes}
        case _other:
            titles = {code.code: code.label for code in codes(dimension).codes}
    ordered = [*titles, *(group for group in told if group not in titles)]
    return {group: titles.get(group, BLANK) for group in ordered if group in told}
