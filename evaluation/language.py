"""English and Welsh: one catalogue, plurals, numbers and dates.

A text that a person reads is an English message in the code, `_("First session")`; it becomes
words only when `Text.to` is told the language. The catalogue is a standard gettext file, read
from source, so that there is nothing to compile and nothing to fall out of step.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from typing import Literal, get_args

from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

Language = Literal["en", "cy"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
_VOWEL = re.compile(r"[aeiouwyâêîôûŵŷ]|(1|11|8\d{0,2}(,\d{3})*)(?![\d,])")


@dataclass(frozen=True, slots=True)
class Text:
    """One message for a person, not yet in any language.

    `values` fill the message's {names}: a number is written as the language writes numbers, a
    date as '4 November 2026', a Text in the same language, a str as it stands. `count`
    chooses the plural where `plural` is given.
    """

    message: str
    values: tuple[tuple[str, object], ...] = ()
    plural: str | None = None
    count: int = 0

    def to(self, language: Language) -> str:
        """The words in `language`. A message that the catalogue lacks stays in English."""
        catalogue = translations(language)
        if self.plural is None:
            words = catalogue.gettext(self.message)
        else:
            words = catalogue.ngettext(self.message, self.plural, self.count)
        if not self.values:
            return words
        return words.format_map({name: write(value, language) for name, value in self.values})

    def __str__(self) -> str:
        return self.to("en")


def _(message: str, /, **values: object) -> Text:
    """A message, marked for the catalogue: `_("{rows} rows were read", rows=3)`."""
    return Text(message, tuple(values.items()))


def n_(singular: str, plural: str, count: int, /, **values: object) -> Text:
    """A message whose form depends on `count`, which may be written as {count}."""
    return Text(singular, (("count", count), *values.items()), plural, count)


def write(value: object, language: Language) -> str:
    """A value as the language writes it; a float keeps the decimals that it has."""
    match value:
        case Text():
            return value.to(language)
        case bool() | str():
            return str(value)
        case int() | float():
            return str(format_decimal(value, locale=language, decimal_quantization=False))
        case datetime():
            return f"{write(value.date(), language)} {value:%H:%M}"
        case date():
            return str(format_date(value, "d MMMM y", locale=language))
        case tuple() | list():
            return listing(value, language)
        case _other:
            return str(value)


def listing(items: Sequence[object], language: Language) -> str:
    """'a, b and c'; in Welsh 'a, b ac c' before a vowel, and else 'a, b a ch' with the mutation.

    A number begins as it is said: 1, 8, 11 and 80 (un, wyth) with a vowel; quotation marks are
    not said. Only our own words mutate: a str, such as a file's name, stands as it is.
    """
    words = [write(item, language) for item in items]
    if len(words) < 2:
        return "".join(words)
    *others, last = words
    if language == "en":
        return f"{', '.join(others)} and {last}"
    if _VOWEL.match(last.lower().lstrip("‘“")):
        return f"{', '.join(others)} ac {last}"
    return f"{', '.join(others)} a {_aspirated(last) if isinstance(items[-1], Text) else last}"


def _aspirated(word: str) -> str:
    """The aspirate mutation, as after 'a': c, p and t become ch, ph and th.

    A title begins with a capital and stands as it is: whoever is told to name a sheet 'Cyfnodau
    oddi cartref' must read it so. A month is no title; only Tachwedd begins with c, p or t.
    """
    begins = word[:1] in {"c", "p", "t"} or word.startswith("Tachwedd")
    return f"{word[0]}h{word[1:]}" if begins and word[1:2].lower() != "h" else word


@lru_cache
def catalogue(language: Language) -> Catalog:
    """The catalogue as written, with its drafts (fuzzy) marked; English has none."""
    path = files("evaluation") / "locale" / language / "LC_MESSAGES" / "evaluation.po"
    with path.open("rb") as source:
        return read_po(source, locale=language)


@lru_cache
def translations(language: Language) -> NullTranslations:
    """The translations in force: approved and draft alike."""
    if language == "en":
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, catalogue(language), use_fuzzy=True)
    compiled.seek(0)
    return GNUTranslations(compiled)


def is_draft(language: Language) -> bool:
    """True while any message of the language waits for a person's approval."""
    return language != "en" and any(m.fuzzy for m in catalogue(language) if m.id)
