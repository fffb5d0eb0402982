"""Secondary suppression: further figures are withheld until the attacker learns nothing.

Attack; withhold the cheapest figures that open what was closed; attack again; and when nothing is
closed any more, give back whatever turns out not to be needed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from types import MappingProxyType

from evaluation.disclosure.arms import Arms
from evaluation.disclosure.attacking import Choices, Demands, System, World, attack, systems
from evaluation.disclosure.earlier import Drafts, Left, left_of
from evaluation.disclosure.exact import demanded, exact_counts, holding, is_told, parts
from evaluation.disclosure.knowing import Range, range_of
from evaluation.disclosure.policy import Policy
from evaluation.disclosure.relations import Cell, Place, Relation, wholes
from evaluation.disclosure.shares import without
from evaluation.disclosure.thresholds import spelt
from evaluation.disclosure.values import Window, windows
from evaluation.errors import ReleaseRefused
from evaluation.language import _
from evaluation.nouns import Estimate, Figure

THE_QUESTION = 10
"""How many times more a figure that answers the plan's question is worth than another."""

THE_WHOLE = 10
"""How many times more a figure of everyone is worth than one of a group of them."""

OF_NOBODY = 1000
"""What a figure of no child is worth: it hides others badly, as many know where nobody comes from."""

A_REASON = 0.1
"""What it costs to say of a withheld figure no more than that others would give something away."""

WHOLE = "all"
"""The group of a figure that is of everyone."""

UNTELLING = {"secondary", "earlier_release"}
"""Reasons that say nothing of the count itself."""


def withhold_more(drafts: Drafts, sight: Sight, *, reason: str) -> Drafts:
    """Withhold figures, with this reason, until every count that must stay open is.

    Raises ReleaseRefused where a count stays closed whatever is withheld.
    """
    held = dict(drafts)
    taken: dict[Place, None] = {}
    while failed := list(attack(sight.systems(held), sight.demands, sight.worlds)):
        for begun, _cell, _wanted in {id(each[0]): each for each in failed}.values():
            taken |= dict.fromkeys(_opened(sight, begun, held, reason))
    # The less is withheld the less hangs together, so that no more is touched than these.
    joined = sight.systems(held)
    for place in sorted(taken, key=lambda each: -_worth(held[each][0])):
        fewer = {**held, place: drafts[place]}
        touched = [
            sight.again(each, fewer)
            for each in joined
            if any(cell.place == place for cell in each.ranges)
        ]
        if next(attack(touched, sight.demands, sight.worlds), None) is None:
            held = fewer
    return held


def _opened(
    sight: Sight, system: System, held: dict[Place, tuple[Estimate, Figure]], reason: str
) -> list[Place]:
    """Withhold the cheapest figures, time and again, until nothing in the system is closed."""
    taken: list[Place] = []
    while closed := next(attack([sight.again(system, held)], sight.demands, sight.worlds), None):
        now, cell, wanted = closed
        places = now.cheapest(cell, wanted, sight.choices(now, held, reason))
        if not places:
            raise refused(cell)
        for place in places:
            estimate, figure = held[place]
            held[place] = estimate, without(figure, reason)
        taken += places
    return taken


@dataclass(frozen=True)
class Sight:
    """What a reader could reckon with: all counts, how they hang together, what must stay open.

    What must stay open is what the figures' own thresholds withheld, and does not change with
    what is withheld for its sake.

    `past` are the figures of earlier releases by their names, `policies` those of all releases;
    this one's name is ''.
    """

    cells: tuple[Cell, ...]
    relations: tuple[Relation, ...]
    demands: Demands
    exact: Mapping[Cell, int]
    past: Mapping[str, Drafts]
    policies: Mapping[str, Policy]
    told: tuple[Window, ...] = ()
    worlds: list[World] = field(default_factory=list)

    @classmethod
    def of(
        cls,
        drafts: Drafts,
        relations: tuple[Relation, ...],
        policy: Policy,
        earlier: Mapping[str, Left] = MappingProxyType({}),
    ) -> Sight:
        every = wholes(relations)
        exact = exact_counts(_estimates(drafts), every)
        past = {at: left_of(left, at, exact, relations) for at, left in earlier.items()}
        policies = {"": policy, **{at: left.policy for at, left in earlier.items()}}
        for at, left in past.items():
            exact |= exact_counts(_estimates(left), every, at)
        named = {"": drafts, **past}
        halves = (parts(_estimates(each), exact, at) for at, each in named.items())
        held, untold = holding((*chain.from_iterable(halves), *relations), exact)
        demands: dict[Cell, Sequence[Range]] = {}
        for at, each in named.items():
            demands |= demanded(each.values(), exact, untold, policies[at], at)
        told = tuple(
            window for at, each in named.items() for window in _windows(each, policies[at], at)
        )
        ties: tuple[Relation | Window, ...] = (*held, *told)
        cells = tuple(dict.fromkeys(cell for one in ties for cell in one.cells))
        sight = cls(cells, held, demands, exact, past, policies, told)
        return sight._without_what_was_closed(drafts) if earlier else sight

    def _without_what_was_closed(self, drafts: Drafts) -> Sight:
        """Without what earlier releases gave away: what is closed though this one told nothing at all."""
        silent = {
            place: (estimate, without(figure, "secondary"))
            for place, (estimate, figure) in drafts.items()
        }
        closed: set[tuple[Cell, Range]] = set()
        failed = list(attack(self.systems(drafts), self.demands, self.worlds))
        for system in {id(each[0]): each[0] for each in failed}.values():
            asked = defaultdict(list)
            for _system, cell, wanted in failed:
                if cell in system.ranges:
                    asked[cell].append(wanted)
            closed |= {each[1:] for each in attack([self.again(system, silent)], asked)}
        return replace(
            self,
            demands={
                cell: tuple(each for each in wanted if (cell, each) not in closed)
                for cell, wanted in self.demands.items()
            },
        )

    def systems(self, drafts: Drafts) -> list[System]:
        """All counts that hang together, as the drafts tell them.

        Not those of earlier releases alone: what is known of them has not changed.
        """
        ranges = {cell: self.range(cell, drafts) for cell in self.cells}
        return [
            replace(each, windows=tuple(self._told(each.ranges, drafts)))
            for each in systems(ranges, self.relations, self.told)
            if any(not cell.at for cell in each.ranges)
        ]

    def again(self, system: System, drafts: Drafts) -> System:
        """The same counts, as other drafts tell them."""
        ranges = {cell: self.range(cell, drafts) for cell in system.ranges}
        return System(ranges, system.relations, tuple(self._told(ranges, drafts)))

    def _told(self, cells: Container[Cell], drafts: Drafts) -> Iterator[Window]:
        """What values that leave, or have left, tell of these counts."""
        for window in self.told:
            own = None if window.part.at else drafts[window.part.place][1]
            if all(each in cells for each in window.cells) and (own is None or not own.withheld):
                yield window

    def range(self, cell: Cell, drafts: Drafts) -> Range:
        """The ends between which a reader knows a count to lie."""
        if not is_told(cell):
            return 0, self.top
        estimate, figure = (self.past[cell.at] if cell.at else drafts)[cell.place]
        return range_of(figure, estimate, cell.what, self.policies[cell.at], self.top)

    def choices(self, system: System, drafts: Drafts, reason: str) -> Choices:
        """The figures of a system that might be withheld as well.

        Of one that is withheld already the reason might be: that its count is below the threshold
        can tell of a part of it that it is smaller still.
        """
        own: dict[Place, list[Cell]] = {}
        for cell in system.ranges:
            if is_told(cell) and not cell.at:
                own.setdefault(cell.place, []).append(cell)
        choices = {}
        for place, cells in own.items():
            estimate, figure = drafts[place]
            hidden = {place: (estimate, without(figure, reason))}
            opened = {cell: self.range(cell, hidden) for cell in cells}
            if figure.withheld is not None and figure.withheld not in UNTELLING:
                choices[place] = A_REASON, opened
            elif figure.withheld is None:
                choices[place] = _worth(estimate), opened
        return choices

    @cached_property
    def top(self) -> int:
        """More than any count could be."""
        return 100 + 4 * max(self.exact.values(), default=0)


def _windows(drafts: Drafts, policy: Policy, at: str) -> Iterator[Window]:
    """What the values of one release's figures tell of their counts."""
    arms = Arms.of(_estimates(drafts), policy)
    for estimate, figure in drafts.values():
        yield from windows(estimate, figure, policy, arms, at)


def _estimates(drafts: Drafts) -> list[Estimate]:
    return [estimate for estimate, _figure in drafts.values()]


def with_what_they_tell(drafts: Drafts, relations: Iterable[Relation]) -> Drafts:
    """Withhold what is worked out from a withheld count in a way that no sum describes."""
    drafts = dict(drafts)
    for relation in relations:
        place = relation.left[0].place
        if relation.kind != "told_by" or place not in drafts or drafts[place][1].withheld:
            continue
        counts = [drafts[each.place][1] for each in relation.right if each.place in drafts]
        if any(figure.withheld for figure in counts):
            estimate, figure = drafts[place]
            drafts[place] = estimate, without(figure, "secondary")
    return drafts


def refuse_if_open(drafts: Drafts, sight: Sight) -> None:
    """Give everything to the attacker once more. Raises ReleaseRefused where it learns anything."""
    for _system, cell, _wanted in attack(sight.systems(drafts), sight.demands, sight.worlds):
        raise refused(cell)


def refused(cell: Cell) -> ReleaseRefused:
    """The release cannot be made: nobody can show that this count stays unknown with all that left."""
    return ReleaseRefused(
        _(
            "It cannot be shown that the figure {figure} stays unknown beside all that is "
            "released, now or before, whatever else is withheld. Nothing was released, and what "
            "has left before stands. Take the figure out of what is released, or correct it with "
            "the next quarter’s release, when more has changed.",
            figure=spelt(cell.place),
        )
    )


def _worth(estimate: Estimate) -> float:
    """What is lost with a figure: the children it tells of; more where it answers the question, or
    is of everyone, so that a detail goes before what a reader looks for first.
    """
    weight = THE_QUESTION if estimate.role in {"primary", "co_primary"} else 1
    weight *= THE_WHOLE if estimate.group == WHOLE else 1
    counts = (estimate.children, estimate.of, estimate.events)
    return weight * (OF_NOBODY if not any(counts) else 1 + (estimate.children or 0))
