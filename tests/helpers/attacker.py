"""An attacker who has nothing but what was published, and no knowledge of how it was made.

It finds by itself how counts hang together (`mining`): what adds up wherever it can be tested is
taken to add up where a count is withheld too. Then it asks, count by count, which numbers are
left.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import product
from math import inf

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import block_array, coo_array, eye_array

from tests.helpers.mining import Sum
from tests.helpers.published import FEW, MANY, Cell, Ranges

World = dict[Cell, int]
Solve = Callable[..., World | None]


def learnt(ranges: Ranges, rules: list[Sum]) -> dict[Cell, list[int]]:
    """Of each count known to be below 8, the numbers of 1 to 7 that it cannot be, if there are any.

    Raises ValueError where rules contradict one another: then one of them is false.
    """
    found = {}
    for cells, own in _systems(ranges, rules):
        withheld = [each for each in cells if ranges[each][0] == 0 < ranges[each][1]]
        if not withheld:
            continue
        solve = _solver(ranges, cells, own)
        if solve(cells[0], 0, MANY) is None:
            raise ValueError(own)
        seen = defaultdict(set)
        for number, cell in product(range(1, FEW + 1), withheld):
            if number not in seen[cell]:
                others = [each for each in withheld if number not in seen[each]]
                for each, held in (solve(cell, number, number, others) or {}).items():
                    seen[each].add(held)
        for cell in withheld:
            closed = [number for number in range(1, FEW + 1) if number not in seen[cell]]
            if closed and solve(cell, FEW + 1, MANY) is None:
                found[cell] = closed
    return found


def _systems(ranges: Ranges, rules: list[Sum]) -> Iterator[tuple[list[Cell], list[Sum]]]:
    first = _joined(ranges, (Sum(rule.left, rule.right) for rule in rules))
    systems = defaultdict(lambda: ([], []))
    for cell in ranges:
        systems[first[cell]][0].append(cell)
    for rule in rules:
        systems[first[rule.left[0]]][1].append(rule)
    yield from ((cells, own) for cells, own in systems.values() if own)


def _joined(cells: Iterable[Cell], rules: Iterable[Sum]) -> dict[Cell, Cell]:
    """The first of those that each cell belongs together with."""
    leader = {cell: cell for cell in cells}

    def first(cell: Cell) -> Cell:
        while leader[cell] != cell:
            leader[cell] = leader[leader[cell]]
            cell = leader[cell]
        return cell

    for rule in rules:
        one, *others = (*rule.left, *rule.right)
        for each in others:
            leader[first(each)] = first(one)
    return {cell: first(cell) for cell in leader}


def _solver(ranges: Ranges, cells: list[Cell], rules: list[Sum]) -> Solve:
    """How to find exact counts that all rules and ranges allow, one of them between two ends."""
    twins = [each for each in rules if each.exactly and len(each.left + each.right) == 2]
    first = _joined(cells, twins)
    numbers = {cell: number for number, cell in enumerate(dict.fromkeys(first.values()))}
    column = {cell: numbers[first[cell]] for cell in cells}
    ends = np.array([(0, MANY)] * len(numbers))
    for cell, at in column.items():
        ends[at] = max(ends[at, 0], ranges[cell][0]), min(ends[at, 1], ranges[cell][1])
    rules = [each for each in rules if len(each.left + each.right) > 2 or not each.exactly]
    width = len(numbers)
    entries = [
        (line, column[cell], sign)
        for line, rule in enumerate(rules)
        for sign, side in ((1, rule.left), (-1, rule.right))
        for cell in side
    ]
    lines, columns, signs = zip(*entries, strict=True) if entries else ((), (), ())
    sums = coo_array((signs, (lines, columns)), shape=(len(rules), 2 * width)).tocsr()
    hold = LinearConstraint(sums, [0 if one.exactly else -inf for one in rules], 0)
    one = eye_array(width)
    apart = block_array([[one, -one], [-one, -one]]).tocsr()

    def solve(cell: Cell, low: int, high: int, near: Iterable[Cell] = ()) -> World | None:
        """Of the others, as many of `near` as may be are near to `low` as well."""
        own = ends.copy()
        own[column[cell]] = max(low, ends[column[cell], 0]), min(high, ends[column[cell], 1])
        if (own[:, 0] > own[:, 1]).any():
            return None
        costs = np.zeros(2 * width)
        costs[[width + column[each] for each in near]] = 1
        far = np.full(width, inf)
        found = milp(
            costs,
            integrality=np.arange(2 * width) < width,
            bounds=Bounds(np.r_[own[:, 0], np.zeros(width)], np.r_[own[:, 1], far]),
            constraints=[
                *([hold] if rules else []),
                LinearConstraint(apart, -inf, np.repeat([low, -low], width)),
            ],
            options={"mip_rel_gap": 0.5},
        )
        return (
            None if found.x is None else {each: round(found.x[at]) for each, at in column.items()}
        )

    return solve
