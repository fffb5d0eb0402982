"""The attacker: a solver that is given everything published, and tries to work a count out.

Every count is an unknown whole number between the ends that a reader knows (`knowing`), held
together by the relations. A count is safe where each number that it must be able to be, is: where
there is a whole world, exact to the child, that has that number and that everything published fits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from evaluation.disclosure.knowing import Range
from evaluation.disclosure.relations import Cell, Place, Relation
from evaluation.disclosure.values import Window

Demands: TypeAlias = Mapping[Cell, Sequence[Range]]
"""What must stay possible: for each count, the ranges in each of which it must be able to lie."""

Choices: TypeAlias = Mapping[Place, tuple[float, Mapping[Cell, Range]]]
"""Figures that might be withheld as well: what that costs, and what would be known of their counts."""

Ends: TypeAlias = NDArray[np.float64]

World: TypeAlias = Mapping[Cell, int]
"""Exact counts that everything known fits."""

Row: TypeAlias = tuple[dict[int, float], float, float]
"""A line of the system: weights by column, and the ends between which their sum lies."""

_INFEASIBLE, _LIMIT = 2, 1
_NODES = 20_000
"""How far a search goes, in branches and not in seconds, so that it ends alike on every machine."""
_NEAR_ENOUGH = 0.5
"""How far from the nearest world one may stay: any world will do that answers for many counts."""
_SLACK = 1e-6
"""How far a count may be beyond a share of another, as shares are no whole numbers."""
_NOTHING: Mapping[Any, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Found:
    """A world, and the choices that were taken in it."""

    world: World
    taken: tuple[Place, ...]


@dataclass(frozen=True)
class System:
    """Counts that hang together, directly or through others, and what is known of each."""

    ranges: Mapping[Cell, Range]
    relations: tuple[Relation, ...]
    windows: tuple[Window, ...] = ()

    def world(self, cell: Cell, wanted: Range, aims: Mapping[Cell, int] = _NOTHING) -> World | None:
        """A world in which the count lies in the range; None if there is none.

        Of those that there are, one in which other counts come near to what is aimed at.
        """
        low, high = self.ranges[cell]
        ranges = {**self.ranges, cell: (max(low, wanted[0]), min(high, wanted[1]))}
        found = self._solve(ranges, aims=aims)
        return None if found is None else found.world

    def fits(self, world: World) -> bool:
        """Whether a world agrees with all that is known."""
        if not self.ranges.keys() <= world.keys():
            return False
        if not all(low <= world[cell] <= high for cell, (low, high) in self.ranges.items()):
            return False
        for window in self.windows:
            part, of = (world[each] for each in window.cells)
            if not window.low * of - _SLACK <= part <= window.high * of + _SLACK:
                return False
        for relation in self.relations:
            left, right = (
                sum(world[each] for each in side) for side in (relation.left, relation.right)
            )
            over = left - right - relation.by
            if over > 0 or (over < 0 and relation.kind == "sum"):
                return False
        return True

    def cheapest(self, cell: Cell, wanted: Range, choices: Choices) -> tuple[Place, ...] | None:
        """The cheapest figures to withhold so that the count can lie in the range; None if none do."""
        found = self._solve({**self.ranges, cell: wanted}, choices=choices)
        return None if found is None else found.taken

    def open_to(self) -> Mapping[Cell, Range] | None:
        """What each count can be, where one line alone holds them together; None where more do.

        Then no search is needed: every number between two ends can be reached.
        """
        of = self._alike
        lines = self._rows(of)
        if (
            self.windows
            or len(lines) != 1
            or any(abs(weight) != 1 for weight in lines[0][0].values())
        ):
            return None
        line, low, high = lines[0]
        lows, highs = _ends(self.ranges, of, max(of.values()) + 1)
        at = list(line)
        weights = np.array([line[each] for each in at])
        least = np.where(weights > 0, lows[at], -highs[at])
        most = np.where(weights > 0, highs[at], -lows[at])
        # What the others leave to each, of what the line may come to.
        least, most = (
            np.maximum(least, low - (most.sum() - most)),
            np.minimum(most, high - (least.sum() - least)),
        )
        lows[at] = np.where(weights > 0, least, -most)
        highs[at] = np.where(weights > 0, most, -least)
        if (lows > highs).any():
            return dict.fromkeys(self.ranges, (1, 0))
        return {cell: (int(lows[number]), int(highs[number])) for cell, number in of.items()}

    def _solve(
        self,
        ranges: Mapping[Cell, Range],
        *,
        choices: Choices = _NOTHING,
        aims: Mapping[Cell, int] = _NOTHING,
    ) -> Found | None:
        """A world at the least cost; None if there is none, or none was found in the branches allowed.

        What is not found counts as impossible, so that more is withheld and never less.

        What costs: each choice taken, its own; each count aimed at, how far it stays from that.
        One count told by several figures, or by several releases, is one unknown, unless one of
        them may be withheld.
        """
        of = {cell: number for number, cell in enumerate(ranges)} if choices else self._alike
        columns = max(of.values(), default=-1) + 1
        whole = columns + len(choices)
        lows, highs = _ends(ranges, of, whole + len(aims))
        highs[columns:whole] = 1
        costs = np.zeros(whole + len(aims))
        costs[whole:] = 1
        rows = self._rows(of)
        for number, (cost, opened) in enumerate(choices.values(), start=columns):
            costs[number] = cost
            for cell, (low, high) in opened.items():
                at, (narrow, wide) = of[cell], ranges[cell]
                rows.append(({at: 1, number: narrow - low}, narrow, np.inf))
                rows.append(({at: 1, number: wide - high}, -np.inf, wide))
                lows[at], highs[at] = min(low, narrow), max(high, wide)
        rows += self._shares(of, dict(zip(choices, range(columns, whole), strict=True)), highs)
        for number, (cell, aim) in enumerate(aims.items(), start=whole):
            rows.append(({of[cell]: 1, number: -1}, -np.inf, aim))
            rows.append(({of[cell]: 1, number: 1}, aim, np.inf))
        if (lows > highs).any():
            return None
        found = milp(
            costs,
            integrality=(np.arange(len(costs)) < whole).astype(int),
            bounds=Bounds(lows, highs),
            constraints=_constraints(rows, len(costs)),
            options={"mip_rel_gap": _NEAR_ENOUGH if aims else 0.0, "node_limit": _NODES},
        )
        if found.x is None:
            if found.status not in {_INFEASIBLE, _LIMIT}:
                raise RuntimeError(found.message)
            return None
        numbers = [round(each) for each in found.x]
        taken = numbers[columns:whole]
        return Found(
            {cell: numbers[at] for cell, at in of.items()},
            tuple(each for each, is_taken in zip(choices, taken, strict=True) if is_taken),
        )

    @cached_property
    def _alike(self) -> dict[Cell, int]:
        """The number of each count's unknown: the same for one count told by several figures."""
        first = {cell: cell for cell in self.ranges}
        for relation in self.relations:
            if relation.kind == "sum" and len(relation.cells) == 2 and not relation.by:
                one, other = (_first(first, each) for each in relation.cells)
                first[other] = one
        numbers: dict[Cell, int] = {}
        return {cell: numbers.setdefault(_first(first, cell), len(numbers)) for cell in self.ranges}

    def _rows(self, of: Mapping[Cell, int]) -> list[Row]:
        """A line for each relation; where releases say the same of the same unknowns, one."""
        rows: dict[tuple[str, int, frozenset[tuple[int, float]]], Row] = {}
        for relation in self.relations:
            line: dict[int, float] = defaultdict(float)
            for weight, cells in ((1, relation.left), (-1, relation.right)):
                for each in cells:
                    line[of[each]] += weight
            line = {column: weight for column, weight in line.items() if weight}
            if line:
                by = float(relation.by)
                low = -np.inf if relation.kind == "at_most" else by
                rows[relation.kind, relation.by, frozenset(line.items())] = line, low, by
        return list(rows.values())

    def _shares(
        self, of: Mapping[Cell, int], choices: Mapping[Place, int], highs: Ends
    ) -> list[Row]:
        """Two lines for each window; of a figure that may be withheld, open where it is."""
        rows: list[Row] = []
        for window in self.windows:
            part, whole = (of[each] for each in window.cells)
            least, most = {part: 1.0, whole: -window.low}, {part: 1.0, whole: -window.high}
            choice = None if window.part.at else choices.get(window.part.place)
            if choice is not None:
                least[choice], most[choice] = highs[whole], -highs[part]
            rows += [(least, -_SLACK, np.inf), (most, -np.inf, _SLACK)]
        return rows


def _ends(ranges: Mapping[Cell, Range], of: Mapping[Cell, int], width: int) -> tuple[Ends, Ends]:
    """The least and the most of each unknown: of one that several figures tell, what all of them leave."""
    lows, highs = np.zeros(width), np.full(width, np.inf)
    for cell, (low, high) in ranges.items():
        at = of[cell]
        lows[at], highs[at] = max(lows[at], low), min(highs[at], high)
    return lows, highs


def attack(
    systems: Iterable[System], demands: Demands, worlds: list[World] | None = None
) -> Iterator[tuple[System, Cell, Range]]:
    """Every demand that is not met: the count, and the range in which it can be known not to lie.

    One world answers for every count in it, so that most demands need no search of their own.
    `worlds` are some that were found before, of which those that still fit answer too; those
    found now are added.
    """
    worlds = [] if worlds is None else worlds
    for system in systems:
        if (reached := system.open_to()) is not None:
            yield from ((system, *closed) for closed in _beyond(reached, demands))
            continue
        seen: dict[Cell, set[int]] = defaultdict(set)
        one = next(iter(system.ranges))
        for world in worlds:
            if one in world and system.fits(world):
                _see(world, seen)
        for wanted in _rounds(system, demands):
            for cell, (low, high) in wanted.items():
                if any(low <= number <= high for number in seen[cell]):
                    continue
                aims = {
                    other: aim
                    for other, (aim, most) in wanted.items()
                    if other != cell and not any(aim <= number <= most for number in seen[other])
                }
                found = system.world(cell, (low, high), aims)
                if found is None:
                    yield system, cell, (low, high)
                else:
                    worlds.append(found)
                    _see(found, seen)


def _beyond(reached: Mapping[Cell, Range], demands: Demands) -> Iterator[tuple[Cell, Range]]:
    """The demands that no number meets of those that the count can be."""
    for cell, (least, most) in reached.items():
        for low, high in demands.get(cell, ()):
            if max(low, least) > min(high, most):
                yield cell, (low, high)


def _rounds(system: System, demands: Demands) -> list[dict[Cell, Range]]:
    """The demands of all counts at a time: the first of each, the second of each, and so on."""
    wanted = {cell: demands[cell] for cell in system.ranges if cell in demands}
    rounds = max(map(len, wanted.values()), default=0)
    return [
        {cell: ranges[number] for cell, ranges in wanted.items() if number < len(ranges)}
        for number in range(rounds)
    ]


def _see(world: World, seen: dict[Cell, set[int]]) -> None:
    for cell, number in world.items():
        seen[cell].add(number)


def systems(
    ranges: Mapping[Cell, Range], relations: Iterable[Relation], windows: Iterable[Window] = ()
) -> list[System]:
    """Counts that hang together, system by system. One that is known exactly ties nothing together."""
    leader = {cell: cell for cell in ranges}
    held: list[Relation | Window] = [*relations, *windows]
    loose = [[each for each in one.cells if ranges[each][0] < ranges[each][1]] for one in held]
    for cells in loose:
        for each in cells[1:]:
            leader[_first(leader, each)] = _first(leader, cells[0])
    grouped: dict[Cell, tuple[dict[Cell, Range], list[Relation], list[Window]]] = {}
    for one, cells in zip(held, loose, strict=True):
        if not cells:
            continue
        own, related, told = grouped.setdefault(_first(leader, cells[0]), ({}, [], []))
        own.update((each, ranges[each]) for each in one.cells)
        if isinstance(one, Window):
            told.append(one)
        else:
            related.append(one)
    return [
        System(own, tuple(related), tuple(told))
        for own, related, told in grouped.values()
        if related
    ]


def _first(leader: dict[Cell, Cell], cell: Cell) -> Cell:
    """Who speaks for a count among those that belong together."""
    while leader[cell] != cell:
        leader[cell] = leader[leader[cell]]
        cell = leader[cell]
    return cell


def _constraints(rows: list[Row], width: int) -> LinearConstraint | None:
    if not rows:
        return None
    lines = [number for number, (line, *_) in enumerate(rows) for _column in line]
    columns = [column for line, *_ in rows for column in line]
    weights = [weight for line, *_ in rows for weight in line.values()]
    matrix = coo_array(
        (np.array(weights, dtype=np.float64), (np.array(lines), np.array(columns))),
        shape=(len(rows), width),
    )
    return LinearConstraint(
        matrix.tocsr(), [low for _, low, _ in rows], [high for *_, high in rows]
    )
