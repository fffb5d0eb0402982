"""The exact side of a release: its counts, which relations hold for them, what must not be learnt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from evaluation.disclosure.attacking import Demands
from evaluation.disclosure.knowing import COUNTS, REST, Range, counts_of, part_of
from evaluation.disclosure.policy import Policy
from evaluation.disclosure.relations import Cell, Place, Relation, place_of, sums
from evaluation.nouns import Estimate, Figure


def exact_counts(estimates: Iterable[Estimate], every: frozenset[Place]) -> dict[Cell, int]:
    """Every exact count behind the figures about children.

    `every` are shares that are all of their base by definition, and leave no rest.
    """
    return {
        Cell(place_of(estimate), name): count
        for estimate in estimates
        for name, count in counts_of(estimate).items()
        if name != REST or place_of(estimate) not in every
    }


def parts(estimates: Iterable[Estimate], exact: Mapping[Cell, int]) -> list[Relation]:
    """Each part and its rest are their base."""
    return [
        sums(Cell(place, "of"), Cell(place, str(part_of(estimate))), Cell(place, REST))
        for estimate in estimates
        if Cell(place := place_of(estimate), REST) in exact
    ]


def holding(
    relations: Iterable[Relation], exact: Mapping[Cell, int], earlier: Mapping[Cell, Range]
) -> tuple[tuple[Relation, ...], dict[Cell, int]]:
    """The relations that hold for the exact counts, and the exact counts that no figure tells.

    A relation that names a count which a figure might have, and none does, says nothing. One that
    does not hold is left out: nothing true follows from it. What is left of a total that no
    figure tells is worked out from the others.
    """
    kept, untold = [], dict[Cell, int]()
    for relation in dict.fromkeys(relations):
        known = {**exact, **untold}
        missing = [each for each in relation.cells if each not in known and each not in earlier]
        if relation.kind == "told_by" or any(is_told(each) for each in missing):
            continue
        if not any(each in earlier for each in relation.cells):
            if contradicted(relation, known):
                continue
            if relation.kind == "sum" and len(missing) == 1:
                untold[missing[0]] = _over(relation, known)
        kept.append(relation)
    return tuple(kept), untold


def contradicted(relation: Relation, exact: Mapping[Cell, int]) -> bool:
    """Whether exact counts show that a relation does not hold; not where one that it names is missing."""
    missing = [each for each in relation.cells if each not in exact]
    if relation.kind == "told_by" or any(is_told(each) for each in missing):
        return False
    over = _over(relation, exact)
    return over < 0 or (over > 0 and relation.kind == "sum" and not missing)


def _over(relation: Relation, known: Mapping[Cell, int]) -> int:
    """What is left for the counts that are missing, or for what is at most; below 0, it is false."""
    left, right = (
        sum(known.get(each, 0) for each in side) for side in (relation.left, relation.right)
    )
    turned = relation.kind == "at_most" or any(each not in known for each in relation.left)
    return right - left if turned else left - right


def is_told(cell: Cell) -> bool:
    """True of a count that figures have; what a total leaves is a cell that none has."""
    return cell.what in {*COUNTS, REST}


def demanded(
    drafts: Iterable[tuple[Estimate, Figure]],
    exact: Mapping[Cell, int],
    untold: Mapping[Cell, int],
    policy: Policy,
) -> Demands:
    """What a reader must go on holding possible, count by count.

    Of a withheld count below the threshold every number below it; so of what a withheld part
    leaves, and of what no figure tells; of a part of none, that it is some. Of a total that one child had most of, as
    much more and as much less as would make that child's part no longer most of it: the
    protection levels of the dominance rule (Hundepool et al. 2012, Statistical Disclosure
    Control, chapter 4).
    """
    few = range(1, policy.fewest_children)
    every = tuple((number, number) for number in few)
    wanted: dict[Cell, tuple[Range, ...]] = {
        cell: every for cell, count in untold.items() if count in few
    }
    for estimate, figure in drafts:
        if figure.withheld is None:
            continue
        place, halves = place_of(estimate), {part_of(estimate), REST}
        for name in (*COUNTS, REST):
            count = exact.get(Cell(place, name))
            if count in few:
                wanted[Cell(place, name)] = every
            elif count == 0 and name in halves and Cell(place, REST) in exact:
                wanted[Cell(place, name)] = ((1, few[-1]),)
        largest = estimate.largest_child_events
        if figure.withheld == "dominance" and largest is not None:
            total, most = exact[Cell(place, "events")], round(largest / policy.dominant)
            wanted[Cell(place, "events")] = ((0, max(0, 2 * total - most)), (most, 100 * most))
    return wanted
