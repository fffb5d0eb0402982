"""What a printed cell holds: a number, several that belong together, a sign, or words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

SIGNS = ("[c]", "[x]", "[z]")
NOT_APPLICABLE = "[z]"
_NOTHING = {"", "–", "-"}
_NUMBER = r"[+−-]?£?\d[\d,]*(?:\.\d+)?%?"
_ONE = re.compile(_NUMBER)
_BOUNDED = rf"[<>]?{_NUMBER}"
_PER_CENT = r"\d[\d,]*(?:\.\d+)?%"
_COUNT = r"\d[\d,]*"

Part = Literal["value", "low", "high", "of", "bound"]
PARTS: tuple[Part, ...] = get_args(Part)
"""A number, the ends of its interval, what it is a share of, and 'or more' of one that is a bound."""

_WRITTEN: tuple[tuple[re.Pattern[str], tuple[Part, ...]], ...] = (
    (re.compile(rf"({_BOUNDED}) \(({_BOUNDED}) \S+ ({_BOUNDED})\)"), ("value", "low", "high")),
    (re.compile(rf"({_PER_CENT}) \S+ ({_PER_CENT})"), ("low", "high")),
    (re.compile(rf"({_PER_CENT}) \S+ ({_COUNT})"), ("value", "of")),
    (re.compile(rf"({_PER_CENT}) (\D+)"), ("value", "bound")),
)
"""'0.71 (0.55 to 0.92)', '76% to 92%', '64% of 400' and '87% or more', in either language."""


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


def parted(text: str) -> dict[Part, Value]:
    """A printed cell as the parts that it says together; empty where it says one thing.

    An end that is printed as a bound, <0.0001, stays in those words.
    """
    for written, parts in _WRITTEN:
        if found := written.fullmatch(text):
            return dict(zip(parts, map(read, found.groups()), strict=True))
    return {}


def apart(cells: Sequence[str]) -> tuple[Part, ...]:
    """The parts for which a column needs a column each; none where it is to stay as it is.

    It is taken apart where some cells have parts and all others are numbers and signs.
    """
    said = [parted(cell) for cell in cells]
    if not any(said) or any(
        not parts and _is_words(cell) for parts, cell in zip(said, cells, strict=True)
    ):
        return ()
    if any(isinstance(read(cell), Number) for cell in cells):
        said.append({"value": NOT_APPLICABLE})
    return tuple(part for part in PARTS if any(part in each for each in said))


def _is_words(cell: str) -> bool:
    return not isinstance(value := read(cell), Number) and value not in SIGNS


def spread(text: str, parts: Sequence[Part]) -> tuple[Value, ...]:
    """A cell over the columns of its parts; a sign stands in each of them.

    What a number does not have is 'not applicable' to it.
    """
    value = read(text)
    if value in SIGNS:
        return (value,) * len(parts)
    said = parted(text) or {"value": value}
    return tuple(said.get(part, NOT_APPLICABLE) for part in parts)
