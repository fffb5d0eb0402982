"""A correction: who knows which counts changed, and by how much, still works out no small one."""

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from evaluation.disclosure import Left, counts_behind, place_of, read_counts, write_counts
from evaluation.nouns import Estimate
from tests.unit.disclosure.test_secondary import (
    REASONS,
    across,
    both,
    counted,
    left,
    released,
    table,
    total_of,
)

NAMES = ("all", *REASONS)
TOP = 20
"""As far as worlds are counted out; what is possible up to here is possible."""

ANYTHING = [(sum(numbers), *numbers) for numbers in product(range(TOP + 1), repeat=3)]


def known(figure):
    """The numbers that a reader of one figure holds possible."""
    if figure.withheld == "few_children":
        return range(1, 8)
    if figure.withheld:
        return range(3 * TOP + 1)
    if not figure.children:
        return range(1)
    return range(max(8, figure.children - 2), figure.children + 3)


def worlds(estimates, by_place):
    """Every total and its parts that one release allows."""
    whole, *parts = (known(by_place[place_of(each)]) for each in estimates)
    return [
        (sum(numbers), *numbers)
        for numbers in product(*(part[: TOP + 1] for part in parts))
        if sum(numbers) in whole
    ]


def possible(now, then, revised):
    """For each count of either release, the numbers that it has in some pair of worlds that agree."""
    found, before = defaultdict(set), set(then)
    for world in now:
        other = tuple(count - by for count, by in zip(world, revised, strict=True))
        if other in before:
            for name, counts in (("now", world), ("then", other)):
                for number, count in enumerate(counts):
                    found[name, number].add(count)
    return found


parts = st.lists(st.integers(0, 14), min_size=3, max_size=3)


@settings(max_examples=40, deadline=None)
@given(parts, st.lists(st.sampled_from([0, 0, 0, -5, -1, 1, 2]), min_size=3, max_size=3))
@example([8, 14, 0], [-1, 1, 0])
@example([3, 12, 10], [0, 1, 0])
@example([1, 1, 6], [0, 0, -5])
def test_a_reader_who_knows_how_counts_were_revised_works_out_no_small_one(before, changes):
    """Whatever the first release leaves possible, had the second told nothing, is so beside it."""
    after = [max(0, part + change) for part, change in zip(before, changes, strict=True)]
    first, second = table(before), table(after)
    made, then = released(first, [total_of(first)])
    _again, now = released(
        second, [*both(second), *across(second, made)], {"before": left(made, first)}
    )
    revised = [two.children - one.children for one, two in zip(first, second, strict=True)]
    silent = possible(ANYTHING, worlds(first, then), revised)
    found = possible(worlds(second, now), worlds(first, then), revised)
    for number, (one, two) in enumerate(zip(first, second, strict=True)):
        if two.children in range(1, 8):
            assert set(range(1, 8)) & silent["now", number] <= found["now", number]
        if one.children in range(1, 8):
            assert set(range(1, 8)) & silent["then", number] <= found["then", number]


def test_counts_come_back_from_their_text():
    estimates = [
        counted("one", 6),
        Estimate("s", "m", "g", "c", "o", 90, children=8, of=12, events=31,
                 largest_child_events=16),
        Estimate("s", "arrived", unit="returns", value=1.0),
    ]  # fmt: skip
    counts = counts_behind(estimates)
    assert read_counts(write_counts(counts)) == counts
    assert counts[place_of(estimates[1])] == {
        "children": 8, "of": 12, "events": 31, "largest_child_events": 16,
    }  # fmt: skip


@pytest.mark.parametrize("are_kept", [True, False])
def test_what_the_second_tells_by_itself_it_may_not_tell_beside_the_first(are_kept):
    """The first withheld two for the sake of one; the second, by itself, has no reason to.

    Where nobody kept the counts of the first, what may be unchanged is supposed to be.
    """
    first = table((2, 10, 0))
    made, _before = released(first, [total_of(first)])
    assert [each.group for each in made.figures if each.withheld] == ["one", "two"]
    earlier = {"before": Left(made, counts_behind(first) if are_kept else None)}
    _again, after = released(first, [both(first)[1], *across(first, made)], earlier)
    assert [each.withheld for each in after.values()] == [
        None, "few_children", "earlier_release", None
    ]  # fmt: skip


def test_a_count_that_cannot_be_what_it_was_is_not_supposed_to_be():
    """Part two was told as 30 and is 37: it was revised, whatever it was."""
    first, second = table((3, 30, 40)), table((3, 37, 40))
    made, _before = released(first, [total_of(first)])
    again, _after = released(second, [*both(second), *across(second, made)], {"before": Left(made)})
    told = {each.group: each.children for each in again.figures}
    assert (told["two"], told["three"]) == (35, 40)
