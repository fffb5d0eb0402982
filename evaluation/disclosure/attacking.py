"""The attacker: a solver that is given everything published, and tries to work a count out.

Every count is an unknown whole number between the ends that a reader knows (`knowing`), held
together by the relations. A count is safe where each number that it must be able to be, is: where
there is a whole world, exact to the child, that has that number and that everything published fits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

from evaluation.disclosure.knowing import Range
from evaluation.disclosure.relations import Cell, Place, Relation

Demands: TypeAlias = Mapping[Cell, Sequence[Range]]
"""What must stay possible: for each count, the ranges in each of which it must be able to lie."""

Choices: TypeAlias = Mapping[Place, tuple[float, Mapping[Cell, Range]]]
"""Figures that might be withheld as well: what that costs, and what would be known of their counts."""

World: TypeAlias = Mapping[Cell, int]
"""Exact counts that everything known fits."""

_INFEASIBLE = 2
_NOTHING: Mapping[Any, Any] = MappingProxyType({})


@dataclass(frozen=True)
class System:
    """Counts that hang together, directly or through others, and what is known of each.

    `revised` is how many counts were told differently in two releases, at the least, for all
    that is published to be true: a reader will suppose that no more were than must have been.
    """

    ranges: Mapping[Cell, Range]
    relations: tuple[Relation, ...]
    revised: int = 0

    def world(self, cell: Cell, wanted: Range) -> World | None:
        """A world in which the count lies in the range; None if there is none."""
        low, high = self.ranges[cell]
        low, high = max(low, wanted[0]), min(high, wanted[1])
        return None if low > high else self._world({**self.ranges, cell: (low, high)})

    def near(self, aims: Mapping[Cell, int]) -> World | None:
        """A world that comes as near as it can to what is aimed at; None if there is no world."""
        return self._world(self.ranges, aims)

    def fits(self, world: World) -> bool:
        """Whether a world agrees with all that is known."""
        if not self.ranges.keys() <= world.keys():
            return False
        revised = 0
        for relation in self.relations:
            left, right = (
                sum(world[each] for each in side) for side in (relation.left, relation.right)
            )
            if relation.kind == "same":
                revised += left != right
            elif left > right or (left < right and relation.kind == "sum"):
                return False
        return revised <= self.revised and all(
            low <= world[cell] <= high for cell, (low, high) in self.ranges.items()
        )

    def fewest_revised(self) -> int:
        """How many counts must have been revised between two releases for all of it to be true."""
        if self._solve(self.ranges, 0) is not None:
            return 0
        links = len(self._links)
        price = np.r_[np.zeros(len(self.ranges)), np.ones(links)]
        found = self._solve(self.ranges, links, price)
        return links if found is None else int(found[len(self.ranges) :].sum())

    def cheapest(self, cell: Cell, wanted: Range, choices: Choices) -> tuple[Place, ...] | None:
        """The cheapest figures to withhold so that the count can lie in the range; None if none do."""
        places = list(choices)
        price = np.r_[
            np.zeros(len(self.ranges) + len(self._links)), [choices[each][0] for each in places]
        ]
        found = self._solve({**self.ranges, cell: wanted}, self.revised, price, choices)
        if found is None:
            return None
        chosen = found[-len(places) :] if places else []
        return tuple(each for each, taken in zip(places, chosen, strict=True) if taken)

    def _world(
        self, ranges: Mapping[Cell, Range], aims: Mapping[Cell, int] | None = None
    ) -> World | None:
        found = self._solve(ranges, self.revised, aims=aims or {})
        return None if found is None else dict(zip(self.ranges, found, strict=False))

    def _solve(
        self,
        ranges: Mapping[Cell, Range],
        revised: int,
        price: np.ndarray | None = None,
        choices: Choices = _NOTHING,
        aims: Mapping[Cell, int] = _NOTHING,
    ) -> list[int] | None:
        """Counts, whether each link is broken, whether each choice is taken; None if impossible.

        After them, how far each count is from what is aimed at.
        """
        counts, links = len(ranges), len(self._links)
        of = {cell: column for column, cell in enumerate(ranges)}
        whole = counts + links + len(choices)
        width = whole + len(aims)
        lows = np.r_[[low for low, _ in ranges.values()], np.zeros(width - counts)]
        highs = np.r_[[high for _, high in ranges.values()], np.ones(whole - counts)]
        highs = np.r_[highs, np.full(len(aims), np.inf)]
        rows: list[tuple[dict[int, float], float, float]] = list(self._rows)
        for number, relation in enumerate(self._links):
            one, other = (of[each] for each in relation.cells)
            apart = float(highs[[one, other]].max() + self._top)
            rows.append(({one: 1, other: -1, counts + number: -apart}, -np.inf, 0))
            rows.append(({one: 1, other: -1, counts + number: apart}, 0, np.inf))
        if links:
            rows.append((dict.fromkeys(range(counts, counts + links), 1.0), 0, revised))
        for number, (_price, opened) in enumerate(choices.values()):
            taken = counts + links + number
            for cell, (low, high) in opened.items():
                at, (narrow, wide) = of[cell], ranges[cell]
                rows.append(({at: 1, taken: narrow - low}, narrow, np.inf))
                rows.append(({at: 1, taken: wide - high}, -np.inf, wide))
                lows[at], highs[at] = min(low, narrow), max(high, wide)
        for number, (cell, aim) in enumerate(aims.items()):
            rows.append(({of[cell]: 1, whole + number: -1}, -np.inf, aim))
            rows.append(({of[cell]: 1, whole + number: 1}, aim, np.inf))
        found = milp(
            np.r_[np.zeros(whole), np.ones(len(aims))] if price is None else price,
            integrality=np.r_[np.ones(whole), np.zeros(len(aims))],
            bounds=Bounds(lows, highs),
            constraints=_constraints(rows, width),
        )
        if found.x is None:
            if found.status != _INFEASIBLE:
                raise RuntimeError(found.message)
            return None
        return [round(each) for each in found.x]

    @cached_property
    def _top(self) -> int:
        return max((high for _low, high in self.ranges.values()), default=0)

    @cached_property
    def _links(self) -> list[Relation]:
        return [relation for relation in self.relations if relation.kind == "same"]

    @cached_property
    def _rows(self) -> list[tuple[dict[int, float], float, float]]:
        of = {cell: column for column, cell in enumerate(self.ranges)}
        rows = []
        for relation in self.relations:
            if relation.kind == "same":
                continue
            line: dict[int, float] = defaultdict(float)
            for weight, cells in ((1, relation.left), (-1, relation.right)):
                for each in cells:
                    line[of[each]] += weight
            rows.append((dict(line), -np.inf if relation.kind == "at_most" else 0.0, 0.0))
        return rows


def attack(
    systems: Iterable[System], demands: Demands, worlds: list[World] | None = None
) -> list[tuple[System, Cell, Range]]:
    """Every demand that is not met: the count, and the range in which it can be known not to lie.

    One world answers for every count in it, so that most demands need no search of their own.
    `worlds` are some that were found before, of which those that still fit answer too; those
    found now are added.
    """
    worlds = [] if worlds is None else worlds
    failed = []
    for system in systems:
        seen: dict[Cell, set[int]] = defaultdict(set)
        for world in worlds:
            if system.fits(world):
                _see(world, seen)
        for aims in _rounds(system, demands):
            left = {cell: aim for cell, aim in aims.items() if aim not in seen[cell]}
            if len(left) > 1 and (world := system.near(left)):
                worlds.append(world)
                _see(world, seen)
        for cell in system.ranges:
            for low, high in demands.get(cell, ()):
                if any(low <= number <= high for number in seen[cell]):
                    continue
                if world := system.world(cell, (low, high)):
                    worlds.append(world)
                    _see(world, seen)
                else:
                    failed.append((system, cell, (low, high)))
    return failed


def _rounds(system: System, demands: Demands) -> list[dict[Cell, int]]:
    """The demands of all counts at a time: the first of each, the second of each, and so on."""
    wanted = {cell: demands[cell] for cell in system.ranges if cell in demands}
    rounds = max(map(len, wanted.values()), default=0)
    return [
        {cell: ranges[number][0] for cell, ranges in wanted.items() if number < len(ranges)}
        for number in range(rounds)
    ]


def _see(world: World, seen: dict[Cell, set[int]]) -> None:
    for cell, number in world.items():
        seen[cell].add(number)


def systems(ranges: Mapping[Cell, Range], relations: Iterable[Relation]) -> list[System]:
    """Counts that hang together, system by system. One that is known exactly ties nothing together."""
    leader = {cell: cell for cell in ranges}

    def first(cell: Cell) -> Cell:
        while leader[cell] != cell:
            leader[cell] = leader[leader[cell]]
            cell = leader[cell]
        return cell

    held = list(relations)
    loose = [
        [each for each in relation.cells if ranges[each][0] < ranges[each][1]] for relation in held
    ]
    for cells in loose:
        for each in cells[1:]:
            leader[first(each)] = first(cells[0])
    grouped: dict[Cell, tuple[dict[Cell, Range], list[Relation]]] = {}
    for relation, cells in zip(held, loose, strict=True):
        if not cells:
            continue
        own, theirs = grouped.setdefault(first(cells[0]), ({}, []))
        own.update((each, ranges[each]) for each in relation.cells)
        theirs.append(relation)
    return [with_revisions(System(own, tuple(theirs))) for own, theirs in grouped.values()]


def with_revisions(system: System) -> System:
    """The system, and how many counts must have been revised for it to be possible at all."""
    if not any(relation.kind == "same" for relation in system.relations):
        return system
    return replace(system, revised=system.fewest_revised())


def _constraints(
    rows: list[tuple[dict[int, float], float, float]], width: int
) -> LinearConstraint | None:
    if not rows:
        return None
    places = [(number, column) for number, (line, *_) in enumerate(rows) for column in line]
    values = [weight for line, *_ in rows for weight in line.values()]
    matrix = csr_matrix(
        (values, tuple(zip(*places, strict=True))), shape=(len(rows), width), dtype=float
    )
    return LinearConstraint(matrix, [low for _, low, _ in rows], [high for *_, high in rows])
