"""The attacker against brute force: tiny systems, every world counted out by hand."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.disclosure import Cell, Relation, at_most, nested, sums
from evaluation.disclosure.attacking import System, attack, systems
from evaluation.disclosure.values import Window

NAMES = "abcdt"
CELLS = {name: Cell(("s", None, None, name, "all", None), "children") for name in NAMES}


@pytest.fixture
def searched(monkeypatch):
    """Systems of a single line are searched as larger ones are."""
    monkeypatch.setattr(System, "open_to", lambda _self: None)


def worlds(ranges, relations, windows):
    """Every world that everything known fits, by trying them all."""
    cells = list(ranges)
    for numbers in product(*(range(low, high + 1) for low, high in ranges.values())):
        world = dict(zip(cells, numbers, strict=True))
        for relation in relations:
            left, right = (
                sum(world[each] for each in side) for side in (relation.left, relation.right)
            )
            if (relation.kind == "at_most" and left > right) or (
                relation.kind == "sum" and left != right + relation.by
            ):
                break
        else:
            if all(
                each.low * world[each.of] <= world[each.part] <= each.high * world[each.of]
                for each in windows
            ):
                yield world


@st.composite
def tiny(draw):
    """A total of two parts or three, sometimes with a part of a part, and what is known of each."""
    ends = st.tuples(st.integers(0, 5), st.integers(0, 4)).map(lambda of: (of[0], of[0] + of[1]))
    ranges = {CELLS[name]: draw(ends) for name in "abct"}
    relations = [sums(CELLS["t"], CELLS["a"], CELLS["b"], CELLS["c"])]
    if draw(st.booleans()):
        ranges[CELLS["d"]] = draw(ends)
        kinds = [
            at_most(CELLS["d"], CELLS["a"]),
            sums(CELLS["d"], CELLS["a"]),
            Relation((CELLS["d"],), (CELLS["a"],), by=2),
            sums(CELLS["a"], CELLS["d"], CELLS["b"]),
        ]
        relations.append(draw(st.sampled_from(kinds)))
    told = st.tuples(st.integers(0, 9), st.integers(1, 9))  # no share of such counts by itself
    low, width = (each / 11 for each in draw(told))
    windows = [Window(CELLS["a"], CELLS["t"], low + 0.005, low + width + 0.005)]
    return ranges, tuple(relations), tuple(windows[: draw(st.integers(0, 1))])


@pytest.mark.slow
@pytest.mark.parametrize("search", [True, False], ids=["searched", "as it comes"])
@settings(max_examples=100, deadline=None)
@given(made=tiny())
def test_the_attacker_finds_possible_exactly_what_brute_force_finds_possible(search, made):
    ranges, relations, windows = made
    every = list(worlds(ranges, relations, windows))
    demands = {cell: tuple((number, number) for number in range(8)) for cell in ranges}
    with pytest.MonkeyPatch.context() as patch:
        if search:
            patch.setattr(System, "open_to", lambda _self: None)
        found = list(attack([System(ranges, relations, windows)], demands))
    failed = {(cell, wanted[0]) for _system, cell, wanted in found}
    closed = {
        (cell, number)
        for cell in ranges
        for number in range(8)
        if not any(world[cell] == number for world in every)
    }
    assert failed == closed


@pytest.mark.usefixtures("searched")
def test_what_one_world_shows_is_not_searched_again():
    ranges = {CELLS["t"]: (8, 12), CELLS["a"]: (1, 7), CELLS["b"]: (0, 20)}
    whole = sums(CELLS["t"], CELLS["a"], CELLS["b"])
    known = []
    demands = {CELLS["a"]: tuple((number, number) for number in range(1, 8))}
    assert not list(attack(systems(ranges, [whole]), demands, known))
    assert known
    assert all(world[CELLS["t"]] == world[CELLS["a"]] + world[CELLS["b"]] for world in known)
    found = len(known)
    assert not list(attack(systems(ranges, [whole]), demands, known))
    assert len(known) == found


@pytest.mark.usefixtures("searched")
def test_a_world_of_yesterday_does_not_answer_where_it_no_longer_fits():
    whole = sums(CELLS["t"], CELLS["a"], CELLS["b"])
    known = []
    demands = {CELLS["a"]: ((1, 1),)}
    wide = System({CELLS["t"]: (8, 12), CELLS["a"]: (1, 7), CELLS["b"]: (0, 20)}, (whole,))
    assert not list(attack([wide], demands, known))
    narrow = System({CELLS["t"]: (8, 12), CELLS["a"]: (1, 7), CELLS["b"]: (3, 4)}, (whole,))
    assert [wanted for _system, _cell, wanted in attack([narrow], demands, known)] == [(1, 1)]


def test_counts_that_have_nothing_to_do_with_each_other_are_systems_of_their_own():
    cells = [Cell(("s", None, None, name, "all", None), "children") for name in "abcdefg"]
    ranges = {**dict.fromkeys(cells, (0, 9)), cells[3]: (0, 0)}
    relations = [
        sums(cells[0], cells[1], cells[2], cells[3]),
        sums(cells[4], cells[5], cells[3]),  # what is exactly known ties nothing together
    ]
    assert sorted(len(each.relations) for each in systems(ranges, relations)) == [1, 1]


def test_what_a_part_leaves_of_its_whole_is_a_count_of_its_own():
    relation = nested(CELLS["a"], CELLS["t"])
    assert relation.left == (CELLS["t"],)
    assert relation.right[0] == CELLS["a"]
    assert relation.right[1] not in CELLS.values()
