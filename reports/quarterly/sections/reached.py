"""Who was referred and who was reached: by sex, age, ethnicity, language, disability, authority."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from IPython.display import Markdown

from analyses.services import Service
from evaluation.language import Language, Text, _
from evaluation.nouns import Figure, Release
from evaluation.wording import percent
from reports.cells import counted, in_words, tabled, value, with_limits
from reports.glossary import page
from reports.quarterly import by_size
from reports.quarterly.places import authorities
from reports.reading import every, pick
from reports.services import services
from reports.writing import Block, Words, heading, prose
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

MEASURE = _("Children referred in the last two years who had a first session within 90 days")


def section(release: Release, language: Language) -> Markdown:
    """One table, a line a group that can be shown of a service; the others are named beneath."""
    lines = [*_lines(release)]
    shown = [line for line in lines if any(_is_shown(figure) for figure in line.figures)]
    hidden = _by_dimension(line for line in lines if line not in shown and line.is_told)
    return page(
        language,
        heading(2, _("Who was reached")),
        prose(
            _(
                "Children referred in the last two years, 90 days ago or more, and how many of them "
                "had a first session within 90 days. A child is in the group that was known at the "
                "referral. Groups are in a fixed order; a difference says who is reached, not why."
            )
        ),
        *tabled(
            "reached",
            _("Share with a first session within 90 days, of the children referred"),
            [(_("Group"), "left"), *((each.title, "right") for each in services(release.body))],
            [(line.title, *(_share(figure) for figure in line.figures)) for line in shown],
            [figure for line in shown or lines for figure in line.figures],
        ),
        prose(
            _("Too few to show: {groups}.", groups=hidden) if hidden else None,
            _("The intervals (95%) are in the CSV of all figures.") if shown else None,
        ),
        *_by_size(release),
    )


def in_brief(release: Release) -> tuple[Text, Words]:
    """The share reached, of each service."""
    return MEASURE, _(
        "{services}.",
        services=tuple(
            _(
                "{name}: {share}",
                name=each.title,
                share=in_words(with_limits(_all(release, each), percent)),
            )
            for each in services(release.body)
        ),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One group of a dimension (of none: all), and its figure of each service, in their order."""

    dimension: Text | None
    group: Words
    figures: tuple[Figure | None, ...]

    @property
    def title(self) -> Words:
        """'Sex: Female', as a line of the table has it."""
        if self.dimension is None:
            return self.group
        return _("{dimension}: {group}", dimension=self.dimension, group=self.group)

    @property
    def is_told(self) -> bool:
        """Whether any child of it was referred; of a group without any there is nothing to hide."""
        return any(f is not None and (f.withheld or f.of or f.why_not) for f in self.figures)


def _by_dimension(lines: Iterable[Line]) -> tuple[Text, ...]:
    """'Sex (Other and Not known)', for each dimension that has such lines."""
    return tuple(
        _("{dimension} ({groups})", dimension=title, groups=tuple(line.group for line in of))
        for title, of in groupby(lines, key=lambda line: line.dimension)
        if title
    )


def _share(figure: Figure | None) -> Words:
    """'64% of 400', or the sign for why it cannot be shown."""
    if figure is None or figure.of is None:
        return counted(figure, "of")
    return _("{share} of {children}", share=value(figure, percent), children=counted(figure, "of"))


def _is_shown(figure: Figure | None) -> bool:
    return figure is not None and bool(figure.of)


def _by_size(release: Release) -> list[Block | None]:
    """A picture of each service that can be drawn; how to read them is said once, before them."""
    pictures = [
        block
        for each in services(release.body)
        for block in by_size.drawn(
            release, each, _all(release, each), _told(release, each, "local_authority")
        )
    ]
    how_to_read = prose(
        _(
            "By chance alone the shares of small places lie further apart. So each authority "
            "stands at its number of children, within the room for chance: nobody is ranked, "
            "and one beyond the outer lines is a question, not a verdict."
        )
    )
    return [how_to_read, *pictures] if pictures else []


def _told(release: Release, service: Service, dimension: str) -> dict[str, Figure]:
    """Group -> its figure, of one service."""
    return {
        figure.group: figure
        for figure in every(
            release, section="engagement", measure="engaged",
            cohort=service.cohort(f"engagement_by_{dimension}"),
        )
    }  # fmt: skip


def _all(release: Release, service: Service) -> Figure | None:
    return pick(
        release, section="engagement", measure="engaged", days=90,
        cohort=service.cohort("engagement"),
    )  # fmt: skip


def _lines(release: Release) -> Iterator[Line]:
    yield Line(
        None, _("All children"), tuple(_all(release, each) for each in services(release.body))
    )
    for dimension, title in DIMENSIONS.items():
        told = [_told(release, service, dimension) for service in services(release.body)]
        for group, words in _groups(
            release.body, dimension, {name for of in told for name in of}
        ).items():
            yield Line(title, words, tuple(of.get(group) for of in told))


def _groups(body: str, dimension: str, told: set[str]) -> dict[str, Words]:
    """The groups that a release tells of, in a fixed order, with their titles."""
    titles: dict[str, Words]
    match dimension:
        case "age_band":
            titles = dict(AGES)
        case "disability":
            titles = dict(ANSWERS)
        case "local_authority":
            titles = dict(authorities(body, elsewhere=True))
        case "ethnicity":
            titles = {code.code: code.label for code in codes("ethnicity_group").codes}
        case _other:
            titles = {code.code: code.label for code in codes(dimension).codes}
    ordered = [*titles, *sorted(told - set(titles))]
    return {group: titles.get(group, BLANK) for group in ordered if group in told}
