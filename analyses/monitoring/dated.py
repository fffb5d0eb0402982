"""What the dated events of a body's file mean for analyses that ask for a date."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from evaluation.nouns.dated import DatedEvent


def review_on(events: Iterable[DatedEvent], *about: str, until: date) -> date | None:
    """The day of the first review of any of these, by name, up to `until`; None without one."""
    return min(
        (
            event.on
            for event in events
            if event.kind == "review" and event.concerns(*about) and event.on <= until
        ),
        default=None,
    )


def other_changes(events: Iterable[DatedEvent], *about: str, until: date) -> tuple[date, ...]:
    """The days on which something else changed for any of these, up to `until`, in order.

    All but the first review: what else changed may be what a series around that review shows.
    """
    first = review_on(events := tuple(events), *about, until=until)
    return tuple(
        sorted(
            {
                event.on
                for event in events
                if event.concerns(*about)
                and event.on <= until
                and (event.kind, event.on) != ("review", first)
            }
        )
    )
