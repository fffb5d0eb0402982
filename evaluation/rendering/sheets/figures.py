"""All figures of a release as one tidy CSV, those too that no table prints; and its dictionary.

The codes are the release file's own, the same in both languages, so that figures of two releases
can be laid side by side; titles, reasons and meanings are in the reader's language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TypeAlias

from evaluation.language import Language, Text, _, write
from evaluation.nouns import Figure
from evaluation.rendering.sheets.tidy import SIGN, written
from evaluation.wording import ASSUMPTIONS, METHODS, REASONS, WITHHELD_BECAUSE, because

COLUMNS: Mapping[str, tuple[Text, Text]] = {
    "section": (_("section"), _("The part of the release that the figure is of.")),
    "cohort": (_("cohort"), _("The children or records looked at; empty where it is of all.")),
    "outcome": (_("outcome"), _("What is asked about; empty where the measure says it.")),
    "measure": (_("measure"), _("What is measured.")),
    "group": (_("group"), _("The part of the cohort: ‘all’, a place’s code, a month, a reason.")),
    "days": (_("days"), _("The length of the window; empty where there is none.")),
    "unit": (_("unit"), _("What is counted, such as children, records or returns.")),
    "children": (_("children"), _("Children whom the figure counts, as released.")),
    "of": (_("out of"), _("The children, records or days out of which it counts, as released.")),
    "events": (_("events"), _("Events counted, as released.")),
    "value": (_("value"), _("The figure. A share is of 1: 0.41 is 41%.")),
    "low": (_("from"), _("The lower end of its interval; empty where it has none.")),
    "high": (_("to"), _("The upper end of its interval; empty where it has none.")),
    "confidence": (_("confidence"), _("That of the interval: 0.95 is 95%. Empty where it has none.")),
    "method": (_("method"), _("How the figure was made.")),
    "design_level": (
        _("design level"),
        _("What the design can show, 1 to 5 on the Maryland scale; empty where it compares nobody."),
    ),
    "unmet": (_("unmet assumptions"), _("What does not hold behind it; empty where nothing is known.")),
    "role": (_("role"), _("What the plan makes of it, such as primary, sensitivity or exploratory.")),
    "withheld": (_("withheld by"), _("The rule by which it is withheld; empty where it is told.")),
    "why_not": (_("not estimated"), _("Why it could not be estimated; empty where it could.")),
}  # fmt: skip
"""The fields of a figure, with their titles and what they mean."""

GROUP = (_("group in words"), _("What the group is; empty where nobody has said it."))
WORDS = (_("in words"), _("Why there is no number, in words."))

Said: TypeAlias = Callable[[Figure], Text | None]

Words: TypeAlias = Mapping[str, Mapping[str, Text]]
_NO_WORDS: Words = MappingProxyType({})


def _unsaid(_figure: Figure) -> None:
    """Nobody has said what groups are."""


_CODES: Words = {
    "method": METHODS,
    "unmet": ASSUMPTIONS,
    "withheld": WITHHELD_BECAUSE,
    "why_not": REASONS,
}


def figures_csv(figures: Sequence[Figure], language: Language, *, groups: Said = _unsaid) -> bytes:
    """A row for each figure, in the release's order; numbers as released, never rounded again.

    `groups` says the group of a figure in words, as far as it knows it.
    """
    head = [title.to(language) for title, _meaning in _columns()]
    return written((head, *(_row(figure, groups(figure), language) for figure in figures)))


def figures_dictionary(
    figures: Sequence[Figure], language: Language, *, words: Words = _NO_WORDS
) -> bytes:
    """What each column means, then each code that these figures bear and that has words.

    `words` are those of the codes that are not the engine's own: a field's name -> code -> words.
    """
    columns = ((title, "", meaning) for title, meaning in _columns())
    rows = ((_("column"), _("code"), _("what it means")), *columns, *_coded(figures, words))
    return written([write(cell, language) for cell in row] for row in rows)


def _columns() -> tuple[tuple[Text, Text], ...]:
    return (*COLUMNS.values(), GROUP, SIGN, WORDS)


def _row(figure: Figure, group: Text | None, language: Language) -> tuple[str, ...]:
    reason = because(figure)
    return (
        *(_cell(figure, name) for name in COLUMNS),
        "" if group is None else group.to(language),
        _sign(figure),
        "" if reason is None else reason.to(language),
    )


def _sign(figure: Figure) -> str:
    if figure.withheld:
        return "[c]"
    return "[x]" if figure.value is None else ""


def _cell(figure: Figure, name: str) -> str:
    """One field; a figure without an interval has no confidence to tell."""
    if name == "confidence" and figure.low is None and figure.high is None:
        return ""
    return _plain(getattr(figure, name))


def _plain(value: object) -> str:
    """As the release file has it; several codes with a space between."""
    if value is None:
        return ""
    return " ".join(value) if isinstance(value, tuple) else str(value)


def _coded(figures: Sequence[Figure], words: Words) -> Iterator[tuple[Text, str, Text]]:
    for name, of in {**words, **_CODES}.items():
        borne = {code for figure in figures for code in _plain(getattr(figure, name)).split()}
        for code in sorted(borne & of.keys()):
            yield COLUMNS[name][0], code, of[code]
