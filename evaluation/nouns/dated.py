"""What happened on a day, and may explain why numbers before it and after it are not alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from evaluation.language import Text

EventKind: TypeAlias = Literal["definition", "review", "staffing", "service", "other"]


@dataclass(frozen=True, slots=True)
class DatedEvent:
    """One dated fact about the area's services, true of everybody and telling of nobody.

    `kind` says what it does to a series: with a change of 'definition' limits begin anew, because
    what is counted is no longer the same; a 'review', a change of 'staffing' or of a 'service',
    and whatever is 'other', are marked and change no limit, or else what they were to show would
    be hidden. `about` names the measures, sections or forms that it concerns; none means all.
    """

    on: date
    kind: EventKind
    title: Text
    about: tuple[str, ...] = ()

    def concerns(self, *names: str) -> bool:
        """Whether it is about any of these.

        >>> DatedEvent(date(2025, 1, 6), "review", Text("A review"), ("referrals",)).concerns("x")
        False
        """
        return not self.about or not set(names).isdisjoint(self.about)
