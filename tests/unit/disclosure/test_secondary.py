"""No withheld count is ever worked out: not from a total, a stage, a quarter or an earlier release."""

from dataclasses import replace
from datetime import date
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.disclosure import (
    PUBLIC,
    Left,
    counts_behind,
    nested,
    place_of,
    release,
    same,
    sums,
    told_by,
)
from evaluation.disclosure.relations import Cell, cell, moved
from evaluation.nouns import Estimate
from evaluation.quarters import Quarter

REASONS = ("one", "two", "three")


def counted(group, children, measure="reason"):
    return Estimate("r", measure, group, children=children, value=float(children))


def table(parts, total=None):
    total = sum(parts) if total is None else total
    whole = counted("all", total, "closed")
    return [whole, *(counted(group, part) for group, part in zip(REASONS, parts, strict=False))]


def left(made, estimates):
    return Left(made, counts_behind(estimates))


def total_of(estimates):
    whole, *parts = estimates
    return sums(cell(whole), *map(cell, parts))


def released(estimates, relations, earlier=None):
    made = release(
        estimates, PUBLIC, body="b", quarter=Quarter(2024, 4), snapshot="s", plan="p", claim_quarter=None,
        versions={}, made_on=date(2025, 4, 30), relations=relations, earlier=earlier or {},
    )  # fmt: skip
    return made, {place_of(figure): figure for figure in made.figures}


def shown(figure):
    return None if figure.withheld else figure.children


def test_a_withheld_part_is_not_the_total_less_the_others():
    """12 and 10 both read 10, so that 0 to 4 are left: a second figure goes, the cheapest."""
    estimates = table((2, 10, 0))
    _made, by_place = released(estimates, [total_of(estimates)])
    told = [by_place[place_of(each)] for each in estimates]
    assert [each.withheld for each in told] == [None, "few_children", "secondary", None]


def test_that_there_is_nobody_is_not_withheld_to_hide_a_few():
    """4 to 16 are left of 90: that none are told of group four would hide it from nobody who knows."""
    estimates = [*table((7, 42, 42)), counted("four", 0)]
    _made, by_place = released(estimates, [total_of(estimates)])
    assert by_place[place_of(estimates[-1])].withheld is None
    assert [figure.withheld for figure in by_place.values()].count("secondary") == 1


def test_where_rounding_hides_it_nothing_more_is_withheld():
    """The difference of a total and three rounded parts is known to within sixteen: enough."""
    estimates = table((3, 30, 40), 73)
    estimates.append(counted("four", 25))
    estimates[0] = counted("all", 98, "closed")
    _made, by_place = released(estimates, [total_of(estimates)])
    assert [each.group for each in by_place.values() if each.withheld] == ["one"]


def possible(estimates, by_place, top=60):
    """Every number that the first part can be, by brute force, for who sees what is shown."""

    def ends(figure):
        if figure.withheld:
            return range(1, 8) if figure.withheld == "few_children" else range(top)
        return (
            range(1)
            if not figure.children
            else range(max(8, figure.children - 2), figure.children + 3)
        )

    whole, *parts = (ends(by_place[place_of(each)]) for each in estimates)
    found = set()
    for numbers in product(*parts):
        if sum(numbers) in whole:
            found.add(numbers[0])
    return found


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 7), st.lists(st.integers(0, 20), min_size=1, max_size=2))
def test_in_a_table_with_a_total_every_small_part_stays_open(few, others):
    estimates = table((few, *others))
    _made, by_place = released(estimates, [total_of(estimates)])
    for number, each in enumerate(estimates[1:]):
        if each.children and each.children < 8:
            mine = [estimates[0], each, *(other for other in estimates[1:] if other is not each)]
            assert set(range(1, 8)) <= possible(mine, by_place), number


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 15), min_size=4, max_size=4))
def test_in_a_table_of_two_by_two_with_margins_every_small_cell_stays_open(cells):
    a, b, c, d = cells
    rows = {"ab": a + b, "cd": c + d}
    columns = {"ac": a + c, "bd": b + d}
    inner = {name: counted(name, number) for name, number in zip("abcd", cells, strict=True)}
    outer = {name: counted(name, number, "margin") for name, number in {**rows, **columns}.items()}
    relations = [sums(cell(outer[name]), *(cell(inner[each]) for each in name)) for name in outer]
    _made, by_place = released([*inner.values(), *outer.values()], relations)

    def ends(item):
        figure = by_place[place_of(item)]
        if figure.withheld:
            return range(1, 8) if figure.withheld == "few_children" else range(1000)
        return (
            range(1)
            if not figure.children
            else range(max(8, figure.children - 2), figure.children + 3)
        )

    cells = np.meshgrid(*[np.arange(30)] * 4, indexing="ij")
    world = dict(zip("abcd", cells, strict=True))
    world |= {name: world[name[0]] + world[name[1]] for name in outer}
    known = {name: ends(item) for name, item in {**inner, **outer}.items()}
    fits = np.logical_and.reduce(
        [(world[name] >= known[name][0]) & (world[name] <= known[name][-1]) for name in world]
    )
    for name, item in {**inner, **outer}.items():
        if 1 <= item.children <= 7:
            assert set(range(1, 8)) <= set(np.unique(world[name][fits]))


def test_records_of_a_few_children_are_not_all_records_less_the_others():
    """20 interviews of 4 children: withheld, and not 60 less 40 either."""
    shares = [
        Estimate("s", "school_told", group, unit="records", children=children, of=of, events=events,
                 value=events / of, with_events=had)
        for group, children, of, events, had in
        (("all", 50, 135, 60, 44), ("a", 25, 45, 20, 4), ("b", 25, 90, 40, 40))
    ]  # fmt: skip
    whole, *places = shares
    relations = [
        sums(cell(whole, what), *(cell(each, what) for each in places)) for what in ("events", "of")
    ]
    _made, by_place = released(shares, relations)
    told = [by_place[place_of(each)].withheld for each in shares]
    assert told == [None, "few_children", "secondary"]


def test_a_detail_goes_before_a_figure_of_everyone():
    """Of two splits of 26 each has a small part: the total alone would do, and is what is read."""
    whole = counted("all", 26, "closed")
    splits = [
        [counted(f"{split}{number}", count) for number, count in enumerate((24, 2))]
        for split in "ab"
    ]
    estimates = [whole, *splits[0], *splits[1]]
    relations = [sums(cell(whole), *map(cell, split)) for split in splits]
    _made, by_place = released(estimates, relations)
    assert by_place[place_of(whole)].withheld is None
    assert sum(each.withheld == "secondary" for each in by_place.values()) == 2


def test_stages_that_round_alike_do_not_bound_who_stopped_between_them():
    """45 and 43 both read 45, so that 0 to 4 stopped; one of them is withheld."""
    accepted, contacted = counted("all", 45, "accepted"), counted("all", 43, "contacted")
    _made, by_place = released([accepted, contacted], [nested(cell(contacted), cell(accepted))])
    assert sum(each.withheld == "secondary" for each in by_place.values()) == 1
    enough = counted("all", 33, "contacted")
    _made, by_place = released([accepted, enough], [nested(cell(enough), cell(accepted))])
    assert not any(each.withheld for each in by_place.values())


def test_what_is_worked_out_from_withheld_counts_is_withheld():
    pairs = [counted(group, part) for group, part in zip(REASONS, (3, 40, 50), strict=True)]
    test = Estimate("r", "bowker", children=93, value=4.2)
    _made, by_place = released([*pairs, test], [told_by(test, *map(cell, pairs))])
    assert by_place[place_of(test)].withheld == "secondary"
    plenty = [replace(pairs[0], children=30, value=30.0), *pairs[1:]]
    _made, by_place = released([*plenty, test], [told_by(test, *map(cell, plenty))])
    assert by_place[place_of(test)].value == 4.2


def across(estimates, before, at="before"):
    held = {place_of(each) for each in before.figures}
    return [
        same(Cell(place_of(each), "children"), Cell(place_of(each), "children", at))
        for each in estimates
        if place_of(each) in held
    ]


def both(estimates, at="before"):
    whole, *parts = estimates
    now = total_of(estimates)
    then = sums(cell(whole, at=at), *(cell(part, at=at) for part in parts))
    return [now, then]


def test_a_second_release_does_not_tell_what_the_first_withheld():
    """The first withheld part two for the sake of part one; a second may not tell part two."""
    first = table((2, 10, 0))
    made, before = released(first, [total_of(first)])
    hidden = [each.group for each in before.values() if each.withheld]
    assert hidden == ["one", "two"]
    again, _after = released(
        first, [*both(first), *across(first, made)], {"before": left(made, first)}
    )
    assert again.figures == made.figures


def test_a_revision_of_one_child_cannot_be_learnt():
    """One more child in part two, and in the total: the reader sees 0 to 9 more, or nothing."""
    first, second = table((20, 12, 30)), table((20, 13, 30))
    made, _before = released(first, [total_of(first)])
    _again, after = released(
        second, [*both(second), *across(second, made)], {"before": left(made, first)}
    )
    told = {place_of(each): each.children for each in made.figures}
    for place, figure in after.items():
        if figure.children is not None:
            low, high = (
                (figure.children - 2) - (told[place] + 2),
                (figure.children + 2) - (told[place] - 2),
            )
            assert high - low == 8
    assert after[place_of(second[2])].children == 15  # 12 read 10 before: 1 to 9 more


def test_a_count_that_a_revision_brings_below_the_threshold_stays_open():
    """Part one was 8 and is 7. Total and others are as before, so that they would tell it."""
    first, second = table((8, 30, 0)), table((7, 31, 0))
    made, before = released(first, [total_of(first)])
    assert not any(each.withheld for each in before.values())
    _again, after = released(
        second, [*both(second), *across(second, made)], {"before": left(made, first)}
    )
    assert after[place_of(second[1])].withheld == "few_children"
    assert any(each.withheld in {"secondary", "earlier_release"} for each in after.values())


def test_an_earlier_release_that_left_too_much_is_not_made_worse():
    """Made before anything was withheld for another's sake: what it left possible stays possible."""
    first = table((3, 12, 0))
    careless, _by_place = released(first, [])
    shown_before = [each.group for each in careless.figures if not each.withheld]
    assert "two" in shown_before
    _again, after = released(
        first, [*both(first), *across(first, careless)], {"before": left(careless, first)}
    )
    assert after[place_of(first[1])].withheld == "few_children"


def test_what_an_earlier_release_gave_away_does_not_stop_the_next():
    """10 and 10 were told, so that one is 4 at most. Nothing is to be done about that any more."""
    first = table((2, 10, 0))
    careless, _by_place = released(first, [])
    earlier = {"before": left(careless, first)}
    _again, after = released(first, [*both(first), *across(first, careless)], earlier)
    assert after[place_of(first[1])].withheld == "few_children"


def test_the_same_release_again_tells_nothing_new_of_what_stages_leave():
    """All 3 who had one within 182 days had it within 90. Before, what that leaves might have been
    7; now that both are known to be few it is 6 at most. It is looked after where it is told again.
    """
    late, soon = counted("182", 3), counted("90", 3)
    chain = nested(cell(soon), cell(late))
    made, _before = released([late, soon], [chain])
    relations = [chain, moved(chain, "before"), *across([late, soon], made)]
    again, _after = released([late, soon], relations, {"before": left(made, [late, soon])})
    assert again.figures == made.figures


def test_what_does_not_hold_now_is_not_taken_to_have_held_before():
    """Two figures were related as one count, and are not: nor were they, whichever is named first.

    If they had been, nothing would be left of the one without the other.
    """
    estimates = [counted("one", 6), counted("two", 3)]
    one, two = map(cell, estimates)
    made, _before = released(estimates, [nested(two, one), sums(one, two)])
    then = (moved(each, "before") for each in (nested(two, one), sums(two, one)))
    relations = [nested(two, one), sums(one, two), *then, *across(estimates, made)]
    again, _after = released(estimates, relations, {"before": left(made, estimates)})
    assert again.figures == made.figures
