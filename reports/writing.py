"""The pieces that a section is written in: each a block that becomes Markdown in one language.

A section says `page(language, heading(2, …), prose(…), …)`. Words come as Text and are escaped
here, so that nothing in a translation or a value is taken for Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Literal, TypeAlias

from babel.dates import format_date
from IPython.display import Markdown

from evaluation.language import Language, Text
from evaluation.quarters import month_title
from evaluation.rendering.tables import Align, table

Words: TypeAlias = Text | str
Block: TypeAlias = Callable[[Language], str]
"""One piece of a page: given the language, it is Markdown."""

_MARKS = re.compile(r"[\\`*_{}\[\]<>$^~|#]|@(?!(?:fig|tbl)-)")


def page(language: Language, *blocks: Block | None) -> Markdown:
    """The blocks under each other; what is None is left out."""
    parts = [block(language) for block in blocks if block is not None]
    return Markdown("\n\n".join(part for part in parts if part) + "\n")  # type: ignore[no-untyped-call]


def plain(words: Words, language: Language) -> str:
    """Words in the language; a str is the same in both."""
    return words.to(language) if isinstance(words, Text) else words


def escaped(words: Words, language: Language) -> str:
    """The words so that Markdown leaves them alone; references to figures and tables stay."""
    return _MARKS.sub(lambda mark: f"\\{mark[0]}", plain(words, language))


def heading(level: int, words: Words) -> Block:
    """A heading; a section begins at 2."""
    return lambda language: f"{'#' * level} {escaped(words, language)}"


def prose(*sentences: Words | None) -> Block:
    """One paragraph; sentences that are None are left out."""
    kept = [words for words in sentences if words is not None]
    return lambda language: " ".join(escaped(words, language) for words in kept)


def strong(words: Words) -> Block:
    """One paragraph that the eye should meet first."""
    return lambda language: f"**{escaped(words, language)}**"


def command(lead: Words, typed: Words) -> Block:
    """A paragraph that ends in what is to be typed, as it is typed: two hyphens stay two."""
    return lambda language: f"{escaped(lead, language)} `{plain(typed, language)}`"


def bullets(items: Iterable[Words | None]) -> Block:
    """A list, one item a line; items that are None are left out."""
    kept = [words for words in items if words is not None]
    return lambda language: "\n".join(f"- {escaped(words, language)}" for words in kept)


def callout(
    kind: Literal["note", "tip", "warning", "important"], title: Words, *blocks: Block
) -> Block:
    """A box with a title; no heading and no other box may stand in it."""

    def write(language: Language) -> str:
        inside = "\n\n".join(part for block in blocks if (part := block(language)))
        return f'::: {{.callout-{kind} title="{_quoted(title, language)}"}}\n\n{inside}\n\n:::'

    return write


def grid(
    label: str,
    caption: Words,
    columns: Sequence[tuple[Words, Align]],
    rows: Iterable[Sequence[Words]],
) -> Block:
    """A table, `@tbl-<label>`; its first column heads the rows."""
    kept = [tuple(row) for row in rows]

    def write(language: Language) -> str:
        return table(
            f"tbl-{label}",
            escaped(caption, language),
            [(plain(title, language), align) for title, align in columns],
            [[plain(cell, language) for cell in row] for row in kept],
        )

    return write


def picture(
    label: str, caption: Words, alt: Words, draw: Callable[[Path, Language], object]
) -> Block:
    """A figure, `@fig-<label>`: `draw(path, language)` writes it, into the working directory.

    `alt` says what the picture shows, for those who do not see it.
    """

    def write(language: Language) -> str:
        draw(Path(f"fig-{label}"), language)
        words = _quoted(alt, language)
        return f'![{escaped(caption, language)}](fig-{label}){{#fig-{label} fig-alt="{words}"}}'

    return write


def _quoted(words: Words, language: Language) -> str:
    return plain(words, language).replace("\\", "").replace('"', "”")


def month(written: str) -> Text:
    """The month '2024-05' as a reader writes it: 'May 2024'."""
    return month_title(date.fromisoformat(f"{written}-01"))


def short_month(written: str, language: Language) -> str:
    """The same on two lines, for the axis of a picture: 'May' above '2024'."""
    return str(format_date(date.fromisoformat(f"{written}-01"), "MMM\ny", locale=language))
