"""What a printed cell holds: a number, a number with its interval, a sign, or words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

SIGNS = ("[c]", "[x]", "[z]")
NOT_APPLICABLE = "[z]"
_NOTHING = {"", "–", "-"}
_NUMBER = r"[+−-]?£?\d[\d,]*(?:\.\d+)?%?"
_ONE = re.compile(_NUMBER)
_BOUNDED = rf"[<>]?{_NUMBER}"
_WITH_INTERVAL = re.compile(rf"({_BOUNDED}) \(({_BOUNDED}) \S+ ({_BOUNDED})\)")


@dataclass(frozen=True, slots=True)
class Number:
    """A printed number: `value` as it is counted with (41% is 0.41), `shown` as it is printed."""

    value: Decimal
    shown: str

    @property
    def unit(self) -> str:
        """'%', '£' or ''."""
        return next((unit for unit in "%£" if unit in self.shown), "")

    @property
    def decimals(self) -> int:
        return len(self.shown.rstrip("%").partition(".")[2])

    @property
    def grouped(self) -> bool:
        """Whether thousands are marked."""
        return "," in self.shown

    @property
    def signed(self) -> bool:
        """Whether a plus is written too."""
        return self.shown.startswith(("+", "−"))


Value = Number | str


def read(text: str) -> Value:
    """A printed cell as a number, if it is one; an empty one and a dash are 'not applicable'."""
    if text in _NOTHING:
        return NOT_APPLICABLE
    if not _ONE.fullmatch(text) or re.search(r"\d,(?!\d{3}(?!\d))", text):
        return text
    plain = text.replace("−", "-").replace(",", "").replace("£", "").rstrip("%")
    value = Decimal(plain)
    return Number(value / 100 if text.endswith("%") else value, text)


def with_interval(text: str) -> tuple[Value, Value, Value] | None:
    """A printed '0.71 (0.55 to 0.92)' as its three numbers; None if it is not so printed.

    One that is printed as a bound, <0.0001, stays in those words.
    """
    found = _WITH_INTERVAL.fullmatch(text)
    return (read(found[1]), read(found[2]), read(found[3])) if found else None


def has_intervals(cells: Sequence[str]) -> bool:
    """Whether a column holds numbers with intervals, and else nothing but numbers and signs."""
    kinds = [with_interval(cell) is not None for cell in cells]
    return any(kinds) and all(
        kind or cell in SIGNS or cell in _NOTHING or isinstance(read(cell), Number)
        for kind, cell in zip(kinds, cells, strict=True)
    )


def spread(text: str) -> tuple[Value, Value, Value]:
    """A cell of such a column over three cells; a sign stands in each of them.

    A number without an interval has none to apply: 'not applicable'.
    """
    found = with_interval(text)
    if found:
        return found
    value = read(text)
    return (value, NOT_APPLICABLE, NOT_APPLICABLE) if isinstance(value, Number) else (value,) * 3
