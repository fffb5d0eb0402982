"""The exact side of a release: its counts, which relations hold for them, what must not be learnt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from evaluation.disclosure.attacking import Demands
from evaluation.disclosure.knowing import COUNTS, REST, Range, counts_of
from evaluation.disclosure.policy import Policy
from evaluation.disclosure.relations import Cell, Relation, place_of, sums
from evaluation.nouns import Estimate, Figure


def exact_counts(estimates: Iterable[Estimate]) -> dict[Cell, int]:
    """Every exact count behind the figures about children."""
    return {
        Cell(place_of(estimate), name): count
        for estimate in estimates
        for name, count in counts_of(estimate).items()
    }


def holding(
    relations: Iterable[Relation], exact: Mapping[Cell, int], earlier: Mapping[Cell, Range]
) -> tuple[tuple[Relation, ...], dict[Cell, int]]:
    """The relations that hold, with those between a part and its rest; and the exact rests.

    A relation that names a count which no figure has says nothing. One that does not hold for the
    exact counts is left out: nothing true follows from it. A rest that no figure tells has what
    its total leaves for it.
    """
    own = [
        sums(Cell(place, "of", at), Cell(place, "children", at), Cell(place, REST, at))
        for place, name, at in exact
        if name == REST
    ]
    kept, rests = [], {}
    for relation in (*own, *relations):
        if relation.kind == "told_by":
            continue
        cells = (relation.left, *relation.right)
        unknown = [each for each in cells if each not in exact and each not in earlier]
        if any(each.count in {*COUNTS, REST} for each in unknown):
            continue
        if all(each in exact or each in unknown for each in cells):
            left = exact[relation.left] - sum(exact.get(each, 0) for each in relation.right)
            if (left < 0) if unknown else not _holds(relation, left):
                continue
            if len(unknown) == 1:
                rests[unknown[0]] = left
        kept.append(relation)
    return tuple(dict.fromkeys(kept)), rests


def demanded(
    drafts: Iterable[tuple[Estimate, Figure]], rests: Mapping[Cell, int], policy: Policy
) -> Demands:
    """What a reader must go on holding possible, count by count.

    Of a withheld count below the threshold (of a part, none too) every number below it; so of
    what a withheld part leaves, and of a rest that no figure tells. Of a total that one child had
    most of, as much more and as much less as would make that child's part no longer most of it:
    the protection levels of the dominance rule (Hundepool et al. 2012, Statistical Disclosure
    Control, chapter 4).
    """
    few = range(1, policy.fewest_children)
    every = tuple((number, number) for number in few)
    wanted: dict[Cell, tuple[Range, ...]] = {
        cell: every for cell, count in rests.items() if count in few
    }
    for estimate, figure in drafts:
        if figure.withheld is None:
            continue
        place, counts = place_of(estimate), counts_of(estimate)
        for name, count in counts.items():
            none_of_a_part = REST in counts and count == 0 and name != "of"
            if count in few or none_of_a_part:
                wanted[Cell(place, name)] = every
        if figure.withheld == "dominance" and estimate.largest_child_events is not None:
            total, largest = counts["events"], estimate.largest_child_events
            most = round(largest / policy.dominant)
            wanted[Cell(place, "events")] = ((0, max(0, 2 * total - most)), (most, most * 100))
    return wanted


def _holds(relation: Relation, left: int) -> bool:
    return left <= 0 if relation.kind == "at_most" else left == 0
