"""Whether other roads lead to the same place as the main figure: a closed set of sentences.

A reading is the side of no difference on which a whole interval lies; a direction is that of the
value alone. None of it is a claim: a sensitivity analysis shows how far an answer hangs on a
choice, and carries no conclusion however it turns out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from evaluation.language import Text, _
from evaluation.nouns import Figure

Side = Literal["fewer", "more", "neither"]


@dataclass(frozen=True, slots=True)
class Road:
    """One way to the answer: its figure, where no difference lies, and which side of it is fewer."""

    figure: Figure | None
    no_difference: float = 1.0
    fewer_is_below: bool = True

    @property
    def side(self) -> Side | None:
        """Where the whole interval lies; None where there is none."""
        figure = self.figure
        if figure is None or figure.value is None or figure.low is None or figure.high is None:
            return None
        if figure.high < self.no_difference:
            return "fewer" if self.fewer_is_below else "more"
        if figure.low > self.no_difference:
            return "more" if self.fewer_is_below else "fewer"
        return "neither"

    @property
    def direction(self) -> Side | None:
        """Where the value lies; None where there is none, 'neither' where it is no difference."""
        if self.figure is None or self.figure.value is None:
            return None
        beyond = self.figure.value - self.no_difference
        if beyond == 0:
            return "neither"
        return "fewer" if (beyond < 0) is self.fewer_is_below else "more"


READINGS: dict[Side, Text] = {
    "fewer": _("fewer"),
    "more": _("more"),
    "neither": _("inconclusive"),
}


def would_change(main: Road, other: Road) -> Text | None:
    """What the reading would be by another road; None where one of the two has no interval."""
    if main.side is None or other.side is None:
        return None
    if main.side == other.side:
        return _("no: {reading}", reading=READINGS[other.side])
    return _("yes: {reading}", reading=READINGS[other.side])


def agreement(main: Road, others: Iterable[Road]) -> tuple[Text, ...]:
    """The closing sentences on all other roads: how many agree, change the reading, or are closed."""
    roads = tuple(others)
    made = [road for road in roads if road.direction is not None]
    told = [_agreed(main, made)]
    changed = sum(
        main.side is not None and road.side is not None and road.side != main.side for road in made
    )
    if main.side is not None and made:
        told.append(
            _(
                "Sensitivity analyses by which the reading would be another: {changed}.",
                changed=changed,
            )
        )
    if len(made) < len(roads):
        told.append(
            _(
                "Sensitivity analyses that could not be made: {times}; each says why.",
                times=len(roads) - len(made),
            )
        )
    return (*told, _("None of them carries a claim, however it turns out."))


def _agreed(main: Road, made: list[Road]) -> Text:
    if not made:
        return _("No sensitivity analysis could be made.")
    if main.direction is None:
        return _("There is no main figure with which the sensitivity analyses could agree.")
    if main.direction == "neither":
        return _(
            "The main figure shows no difference, so there is no direction with which the "
            "sensitivity analyses could agree."
        )
    agree = sum(road.direction == main.direction for road in made)
    return _(
        "{agree} of {made} sensitivity analyses agree in direction with the main figure.",
        agree=agree,
        made=len(made),
    )
