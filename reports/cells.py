"""A figure as it stands in a table, or the sign for why it does not, and the note that explains it.

The signs are the Analysis Function's: [c] withheld to protect children, [x] not available.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from evaluation.language import Text, _
from evaluation.nouns import Figure
from evaluation.rendering.tables import Align
from evaluation.wording import WITHHELD, WITHHELD_BECAUSE, because, count, percent
from reports.writing import Block, Words, grid, prose

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
    """The value, and its interval in brackets; alone where rounding leaves nothing between them."""
    if figure is None or figure.value is None or figure.low is None or figure.high is None:
        return value(figure, how)
    if how(figure.low) == how(figure.value) == how(figure.high):
        return how(figure.value)
    return _(
        "{value} ({low} to {high})",
        value=how(figure.value), low=how(figure.low), high=how(figure.high),
    )  # fmt: skip


def in_words(cell: Words) -> Words:
    """What stands in a cell as it stands in a sentence, where a sign would be no word."""
    match cell:
        case "[c]":
            return _("withheld")
        case "[x]":
            return _("not available")
        case _other:
            return cell


def tabled(
    label: str,
    caption: Words,
    columns: Sequence[tuple[Words, Align]],
    rows: Iterable[Sequence[Words]],
    figures: Iterable[Figure | None],
) -> list[Block | None]:
    """A table and what its signs mean; where it would show no number at all, a sentence instead.

    `figures` are those behind its cells. No reference may lead to the table: it may not be there.
    """
    rows, figures = [tuple(row) for row in rows], list(figures)
    if any(cell not in _NO_NUMBER for row in rows for cell in row[1:]):
        return [grid(label, caption, columns, rows), notes(figures)]
    reasons = [_because(mark, several) for mark, several in _reasons(figures).items()]
    return [prose(_("Not shown: {table}.", table=caption), *reasons)]


_NO_NUMBER = {WITHHELD, NOT_AVAILABLE, "–"}


def notes(figures: Iterable[Figure | None]) -> Block | None:
    """Under a table: what its signs mean here, each reason once; None where there is no sign."""
    said = _reasons(figures)
    if not said:
        return None
    return prose(
        *(
            _("{sign} {meaning}", sign=mark, meaning=_because(mark, reasons))
            for mark, reasons in said.items()
        )
    )


def _reasons(figures: Iterable[Figure | None]) -> dict[str, tuple[Text, ...]]:
    """Sign -> why figures bear it, each reason once, withheld ones in the order of the rules."""
    said: dict[str, dict[Text, None]] = {}
    for figure in figures:
        reason = because(figure)
        if reason is not None:
            said.setdefault(sign(figure), {})[reason] = None
    rules = list(WITHHELD_BECAUSE.values())
    return {
        mark: tuple(sorted(reasons, key=lambda one: rules.index(one) if one in rules else -1))
        for mark, reasons in sorted(said.items())
    }


def _because(mark: str, reasons: tuple[Text, ...]) -> Text:
    first, *others = _once(reasons)
    joined = first
    for other in others:
        joined = _("{first}, or because {other}", first=joined, other=other)
    if mark == WITHHELD:
        return _("Withheld, because {reason}.", reason=joined)
    return _("Not available, because {reason}.", reason=joined)


def _once(reasons: tuple[Text, ...]) -> tuple[Text, ...]:
    """A small number that figures give away is one reason, however many of them it takes."""
    giving = [WITHHELD_BECAUSE[rule] for rule in ("complement", "secondary", "earlier_release")]
    if sum(reason in giving for reason in reasons) < 2:
        return reasons
    others = tuple(reason for reason in reasons if reason not in giving)
    return (
        *others,
        _("it would give a number of too few children away, alone or with other figures"),
    )
