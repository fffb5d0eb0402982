"""What has left before: its counts as a reader knows them, and what it left possible."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from itertools import chain

from evaluation.disclosure.attacking import Demands, attack, systems
from evaluation.disclosure.exact import is_told
from evaluation.disclosure.knowing import Range, range_before
from evaluation.disclosure.policy import Policy
from evaluation.disclosure.relations import Cell, Relation, is_of, place_of
from evaluation.nouns import Release


def known_before(
    relations: Iterable[Relation], earlier: Mapping[str, Release]
) -> tuple[dict[Cell, Range], Demands]:
    """The counts of earlier releases that relations name, and what must stay possible of them.

    `earlier` are public releases by the name that `Cell.at` gives them. Why a figure was withheld
    then is known, but not which of its counts was too small; so of each count that it withheld,
    whatever of 1 to 7 was possible before this release must be possible after it. Where this
    release has the count again it is known exactly, and looked after there.
    """
    held = tuple(relations)
    cells = dict.fromkeys(chain.from_iterable(each.cells for each in held))
    figures = {
        (at, place_of(figure)): figure
        for at, release in earlier.items()
        for figure in release.figures
    }
    policies = {at: policy_of(release) for at, release in earlier.items()}
    top = 100 + 4 * max(
        (
            number or 0
            for each in figures.values()
            for number in (each.children, each.of, each.events)
        ),
        default=0,
    )
    again = {each.right[0] for each in held if each.kind == "same" and not each.left[0].at}
    again |= {  # what is left of counts that are all told again
        each
        for relation in held
        for each in relation.cells
        if not is_told(each)
        and all(other in again or not is_told(other) for other in relation.cells)
    }
    ranges: dict[Cell, Range] = {}
    withheld: set[Cell] = set()
    for cell in cells:
        figure = figures.get((cell.at, cell.place))
        if figure is None:
            continue
        known = range_before(figure, cell.what, policies[cell.at], top)
        if known is not None:
            ranges[cell] = known
            if figure.withheld and cell not in again:
                withheld.add(cell)
    return ranges, _left_possible(held, ranges, withheld, policies, top)


def policy_of(release: Release) -> Policy:
    """The policy that a release left under."""
    known = {each.name for each in fields(Policy)}
    return Policy(**{name: held for name, held in release.policy.items() if name in known})  # type: ignore[arg-type]


def _left_possible(
    relations: Iterable[Relation],
    ranges: Mapping[Cell, Range],
    withheld: set[Cell],
    policies: Mapping[str, Policy],
    top: int,
) -> Demands:
    """Of each withheld count, the numbers below the threshold that earlier releases left possible."""
    before = [each for each in relations if is_of(each, policies)]
    cells = chain.from_iterable(each.cells for each in before)
    known = {cell: ranges.get(cell, (0, top)) for cell in cells}
    every: dict[Cell, tuple[Range, ...]] = {
        cell: tuple((number, number) for number in range(1, policies[cell.at].fewest_children))
        for cell in withheld
    }
    closed = {(cell, wanted) for _system, cell, wanted in attack(systems(known, before), every)}
    return {
        cell: tuple(each for each in wanted if (cell, each) not in closed)
        for cell, wanted in every.items()
    }
