"""One child, one spelling: the normal form 'n1' of what identifies a child.

docs/keys.md tells data controllers what it does. It is part of every key: whoever changes it
gives every child another key, and so it must become 'n2' beside it, never another 'n1'.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Literal

import pandas as pd

from evaluation.language import _
from evaluation.nouns import Field
from evaluation.returns import days
from evaluation.returns.layout import tidy

Part = Literal["name", "date", "number"]

NORMAL_FORM = "n1"

# Letters that Unicode does not take apart into a plain letter and its accent.
_PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ı": "i"}
)
_APOSTROPHES = "'‘’‚‛′`´ʹʻʼʽˈˊˋꞌ"
_DOTS = ".·•"
_BETWEEN_WORDS = str.maketrans(dict.fromkeys(_APOSTROPHES + _DOTS + "-−", " "))
_RUN_TOGETHER = re.compile(r"\b(?:[Aa][pb]|[FfMm]erch)(?=[A-Z])")
_PATRONYMIC = {"ab": "ap", "merch": "ferch"}
_NUMBER = re.compile(r"[A-Z]*[0-9][A-Z0-9]*")


def name(text: str) -> str | None:
    """A name in small plain letters, run together; '' if none, None if it holds anything else.

    Case, accents, spaces, hyphens, apostrophes and dots do not matter. The patronymics `ab` and
    `merch` are `ap` and `ferch`, of which the first letters are all that sound changes.
    """
    letters = _RUN_TOGETHER.sub(r"\g<0> ", _without_accents(text)).casefold()
    if not letters.isascii():
        letters = letters.translate(_PLAIN_LETTERS)
    words = letters.translate(_BETWEEN_WORDS).split()
    joined = "".join([_PATRONYMIC.get(word, word) for word in words[:-1]] + words[-1:])
    return joined if joined.isalpha() or not joined else None


def number(text: str) -> str | None:
    """A number or reference in capitals and digits alone; spaces, dots, - and / do not matter."""
    joined = "".join(
        _without_accents(text).upper().replace("/", " ").translate(_BETWEEN_WORDS).split()
    )
    return joined if _NUMBER.fullmatch(joined) or not joined else None


def _without_accents(text: str) -> str:
    """Compatible letters made plain, accents and what takes no room taken off, dashes alike."""
    if text.isascii():
        return text
    plain = []
    for character in unicodedata.normalize("NFKD", text):
        kind = unicodedata.category(character)
        if kind == "Pd":
            plain.append("-")
        elif kind[0] != "M" and kind != "Cf":
            plain.append(character)
    return "".join(plain)


def names(texts: Iterable[str], _today: date) -> dict[str, str | None]:
    """As `name`, of each text."""
    return {text: name(text) for text in texts}


def numbers(texts: Iterable[str], _today: date) -> dict[str, str | None]:
    """As `number`, of each text."""
    return {text: number(text) for text in texts}


def dates(texts: Iterable[str], today: date) -> dict[str, str | None]:
    """Days as 2010-08-14, from any form that a return may use; None also for a day to come.

    A year of two digits is 20yy in returns, so that 98 would be 2098.
    """
    distinct = list(texts)
    field = Field("born", "date", "must", _("Date of birth"))
    written = pd.Series([tidy(text) for text in distinct], dtype="str")
    born = days.dates(written, field).typed
    iso = born.where(born <= pd.Timestamp(today)).dt.strftime("%Y-%m-%d")
    return {
        text: (None if pd.isna(day) else day) if clean else ""
        for text, clean, day in zip(distinct, written, iso, strict=True)
    }


NORMAL: Mapping[Part, Callable[[Iterable[str], date], dict[str, str | None]]] = {
    "name": names,
    "date": dates,
    "number": numbers,
}
"""Each distinct text of a column to its normal form: '' where blank, None where it has none."""


def identity(parts: Iterable[tuple[Part, str]]) -> str:
    """One child as a message, the normal form's version first.

    No normal form holds the separator (U+001F) or '=', so no two identities give one message.
    """
    return "\x1f".join((NORMAL_FORM, *(f"{kind}={value}" for kind, value in parts)))
