"""Financial quarters: 2025Q1 is April to June 2025."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from evaluation.errors import WrongUse
from evaluation.language import Text, _

_WRITTEN = re.compile(r"(20\d\d)\s*-?\s*Q([1-4])", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """One financial quarter: `year` is the calendar year of its 1 April, `number` is 1 to 4."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """Read '2025Q1' (case and spaces forgiven). Raises WrongUse on anything else."""
        match = _WRITTEN.fullmatch(text.strip())
        if match is None:
            raise WrongUse(
                _(
                    "‘{text}’ is not a quarter. Write the financial year and the quarter, "
                    "for example 2025Q1 for April to June 2025.",
                    text=text[:20],
                )
            )
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Quarter:
        """The quarter that a day lies in."""
        months = (day.year * 12 + day.month - 1) - 3
        return cls(months // 12, months % 12 // 3 + 1)

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"

    def __add__(self, quarters: int) -> Quarter:
        count = self.year * 4 + self.number - 1 + quarters
        return Quarter(count // 4, count % 4 + 1)

    def __sub__(self, quarters: int) -> Quarter:
        return self + -quarters

    @property
    def first_day(self) -> date:
        months = self.year * 12 + 3 + (self.number - 1) * 3
        return date(months // 12, months % 12 + 1, 1)

    @property
    def last_day(self) -> date:
        return (self + 1).first_day - timedelta(days=1)

    def to(self, last: Quarter) -> tuple[Quarter, ...]:
        """Every quarter from this one to `last`, both included; none if `last` is earlier."""
        quarters: list[Quarter] = []
        while (step := self + len(quarters)) <= last:
            quarters.append(step)
        return tuple(quarters)

    @property
    def title(self) -> Text:
        """For a reader: 'April to June 2025'."""
        return _(
            "{first_month} to {last_month}",
            first_month=_MONTHS[self.first_day.month - 1],
            last_month=month_title(self.last_day),
        )


def month_title(day: date) -> Text:
    """The month that a day lies in, for a reader: 'May 2024'."""
    return _("{month} {year}", month=_MONTHS[day.month - 1], year=str(day.year))


_MONTHS = (
    _("January"), _("February"), _("March"), _("April"), _("May"), _("June"), _("July"),
    _("August"), _("September"), _("October"), _("November"), _("December"),
)  # fmt: skip
