"""The exact side of a release: its counts, which relations hold for them, what must not be learnt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from evaluation.disclosure.attacking import Demands
from evaluation.disclosure.knowing import COUNTS, REST, Range, counts_of, part_of
from evaluation.disclosure.policy import Policy
from evaluation.disclosure.relations import Cell, Place, Relation, place_of, sums
from evaluation.nouns import Estimate, Figure


def exact_counts(
    estimates: Iterable[Estimate], every: frozenset[Place], at: str = ""
) -> dict[Cell, int]:
    """Every exact count behind the figures about children of this release, or of the one named.

    `every` are shares that are all of their base by definition, and leave no rest.
    """
    return {
        Cell(place_of(estimate), name, at): count
        for estimate in estimates
        for name, count in counts_of(estimate).items()
        if name != REST or place_of(estimate) not in every
    }


def parts(estimates: Iterable[Estimate], exact: Mapping[Cell, int], at: str = "") -> list[Relation]:
    """Each part and its rest are their base."""
    return [
        sums(Cell(place, "of", at), Cell(place, str(part_of(estimate)), at), Cell(place, REST, at))
        for estimate in estimates
        if Cell(place := place_of(estimate), REST, at) in exact
    ]


def holding(
    relations: Iterable[Relation], exact: Mapping[Cell, int]
) -> tuple[tuple[Relation, ...], dict[Cell, int]]:
    """The relations that hold for the exact counts, and the exact counts that no figure tells.

    A relation that names a count which a figure might have, and none does, says nothing. One that
    does not hold is left out: nothing true follows from it. One count told in two releases is one
    number, or another by as much as it was revised by. What is left of a total that no figure
    tells is worked out from the others.
    """
    kept, known = [], dict(exact)
    for relation in dict.fromkeys(relations):
        missing = [each for each in relation.cells if each not in known]
        if relation.kind == "told_by" or any(is_told(each) for each in missing):
            continue
        over = _over(relation, known)
        if relation.kind == "same" and not missing:
            kept.append(Relation(relation.left, relation.right, by=over))
            continue
        exactly = relation.kind != "at_most"
        if over < 0 or (over > 0 and exactly and not missing):
            continue
        if exactly and len(missing) == 1:
            known[missing[0]] = over
        kept.append(relation)
    return tuple(kept), {cell: count for cell, count in known.items() if cell not in exact}


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
    at: str = "",
) -> Demands:
    """What a reader must go on holding possible, count by count.

    Of a withheld count below the threshold every number below it; so of what a withheld part
    leaves, and of what no figure tells; of a part of none, that it is some. Of records that few
    children had, that they are fewer by the policy's base, and more. Of a total that one child had most of, as
    much more and as much less as would make that child's part no longer most of it: the
    protection levels of the dominance rule (Hundepool et al. 2012, Statistical Disclosure
    Control, chapter 4).
    """
    few = range(1, policy.fewest_children)
    every = tuple((number, number) for number in few)
    wanted: dict[Cell, tuple[Range, ...]] = {
        cell: every for cell, count in untold.items() if cell.at == at and count in few
    }
    for estimate, figure in drafts:
        if figure.withheld is None:
            continue
        place, halves = place_of(estimate), {part_of(estimate), REST}
        for name in (*COUNTS, REST):
            cell = Cell(place, name, at)
            count = exact.get(cell)
            if count in few:
                wanted[cell] = every
            elif count == 0 and name in halves and Cell(place, REST, at) in exact:
                wanted[cell] = ((1, few[-1]),)
        for name, ranges in _of_records(estimate, figure, exact, policy, at):
            wanted.setdefault(Cell(place, name, at), ranges)
    return wanted


def _of_records(
    estimate: Estimate, figure: Figure, exact: Mapping[Cell, int], policy: Policy, at: str
) -> Iterator[tuple[str, tuple[Range, Range]]]:
    """Of records that few children had, or one had most of: that they are fewer, and more."""
    for name, had, largest in (
        ("events", estimate.with_events, estimate.largest_child_events),
        (REST, estimate.without_events, estimate.largest_child_rest),
    ):
        total = exact.get(Cell(place_of(estimate), name, at))
        if total is None:
            continue
        most = round((largest or 0) / policy.dominant)
        if figure.withheld == "dominance" and total < most:
            yield name, ((0, max(0, 2 * total - most)), (most, 100 * most))
        elif policy.few(had):
            low, high = total - policy.base, total + policy.base
            yield name, ((0, low), (high, 100 * high))
