"""How counts hang together: what a reader may add up, and so what a withheld one follows from.

The content says it, as data (`analyses.relations`); nothing here knows a form or a place.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from evaluation.nouns import Estimate, Figure

Place: TypeAlias = tuple[str, str | None, str | None, str, str, int | None]
"""Where a figure stands: section, cohort, outcome, measure, group, days."""


class Cell(NamedTuple):
    """One count of one figure: 'children', 'of' or 'events', in this release ('') or another.

    A count that no figure tells, such as what is left of a total, is a cell too.
    """

    place: Place
    what: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """The sum of `left` is that of `right`, or at most that; or it is one count, told again.

    sum       exactly
    at_most   no more than that
    same      of two releases: the same count, unless it was revised in between
    told_by   the left figure's value is worked out from the counts on the right in a way that
              no sum describes, and does not leave where one of them does not

    `by` is how much more `left` comes to: what one count was revised by since it was told.
    """

    left: tuple[Cell, ...]
    right: tuple[Cell, ...]
    kind: Literal["sum", "at_most", "same", "told_by"] = "sum"
    by: int = 0

    @property
    def cells(self) -> tuple[Cell, ...]:
        """All counts that it is of."""
        return self.left + self.right


def place_of(item: Estimate | Figure) -> Place:
    """The place of a figure, whether it has left or not."""
    return item.section, item.cohort, item.outcome, item.measure, item.group, item.days


def cell(item: Estimate | Figure, count: str = "children", at: str = "") -> Cell:
    """One of the counts of a figure."""
    return Cell(place_of(item), count, at)


def sums(total: Cell, *parts: Cell) -> Relation:
    """The total is the sum of its parts; of one part alone, the same number."""
    return Relation((total,), parts)


def balanced(left: Iterable[Cell], right: Iterable[Cell]) -> Relation:
    """Both sides come to the same."""
    return Relation(tuple(left), tuple(right))


def at_most(count: Cell, *others: Cell) -> Relation:
    """The count is no more than the sum of the others."""
    return Relation((count,), others, "at_most")


def nested(part: Cell, whole: Cell, *others: Cell) -> Relation:
    """The part, and other parts, are some of the whole; how many that leaves must not be learnt either."""
    left = Cell(part.place, f"left of {whole.what} of {whole.place}", part.at)
    return Relation((whole,), (part, *others, left))


def same(one: Cell, other: Cell) -> Relation:
    """One count told in two releases."""
    return Relation((one,), (other,), "same")


def told_by(figure: Estimate | Figure, *counts: Cell) -> Relation:
    """The figure's value is worked out from these counts."""
    return Relation((cell(figure, "value"),), counts, "told_by")


def is_of(relation: Relation, releases: Container[str]) -> bool:
    """True where every count of it is of one of the releases."""
    return all(each.at in releases for each in relation.cells)


def moved(relation: Relation, at: str) -> Relation:
    """The same relation between the counts of another release."""
    left, right = (
        tuple(each._replace(at=at) for each in side) for side in (relation.left, relation.right)
    )
    return Relation(left, right, relation.kind)


def wholes(relations: Iterable[Relation]) -> frozenset[Place]:
    """The places of shares that are all of their base by definition: those related as the same."""
    return frozenset(
        part.place
        for each in relations
        for part in each.right
        if each == sums(part._replace(what="of"), part._replace(what="children"))
    )
