"""A figure as it stands in a table, or the sign for why it does not, and the note that explains it.

The signs are the Analysis Function's: [c] withheld to protect children, [x] not available.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

from evaluation.language import Text, _
from evaluation.nouns import Figure
from evaluation.wording import WITHHELD, because, count, percent
from reports.writing import Block, Words, prose

NOT_AVAILABLE = "[x]"
LEAST, MOST = 0.01, 0.99
_TO_PROTECT = {"small_base", "all_or_none"}


def sign(figure: Figure | None) -> str:
    """The sign that stands where a figure does not show a number."""
    if figure is not None and (figure.withheld or figure.why_not in _TO_PROTECT):
        return WITHHELD
    return NOT_AVAILABLE


def value(figure: Figure | None, how: Callable[[float], str]) -> str:
    """The figure's value, written by `how`."""
    return sign(figure) if figure is None or figure.value is None else how(figure.value)


def part(figure: Figure | None) -> Words:
    """A share of records or of days, whose ends are open: neither 0% nor 100% is ever released."""
    if figure is not None and figure.value is not None:
        if figure.value == figure.low:
            return _("{share} or more", share=percent(figure.value))
        if figure.value == figure.high:
            return _("{share} or less", share=percent(figure.value))
        if figure.value >= MOST:
            return _("{share} or more", share=percent(MOST))
        if figure.value <= LEAST:
            return _("{share} or less", share=percent(LEAST))
    return value(figure, percent)


def counted(figure: Figure | None, what: Literal["children", "of", "events"] = "children") -> str:
    """One of the figure's counts."""
    held = None if figure is None else getattr(figure, what)
    return sign(figure) if held is None else count(held)


def with_limits(figure: Figure | None, how: Callable[[float], str]) -> Words:
    """The value, and its interval in brackets."""
    if figure is None or figure.value is None or figure.low is None or figure.high is None:
        return value(figure, how)
    return _(
        "{value} ({low} to {high})",
        value=how(figure.value), low=how(figure.low), high=how(figure.high),
    )  # fmt: skip


def notes(figures: Iterable[Figure | None]) -> Block | None:
    """Under a table: what its signs mean here, each reason once; None where there is no sign."""
    said: dict[str, dict[Text, None]] = {}
    for figure in figures:
        reason = because(figure)
        if reason is not None:
            said.setdefault(sign(figure), {})[reason] = None
    if not said:
        return None
    return prose(*(_note(mark, tuple(reasons)) for mark, reasons in said.items()))


def _note(mark: str, reasons: tuple[Text, ...]) -> Text:
    first, *others = reasons
    joined = first
    for other in others:
        joined = _("{first}, or because {other}", first=joined, other=other)
    if mark == WITHHELD:
        return _("{sign} Withheld, because {reason}.", sign=mark, reason=joined)
    return _("{sign} Not available, because {reason}.", sign=mark, reason=joined)
