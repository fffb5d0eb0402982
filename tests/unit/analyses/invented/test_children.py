from datetime import date

import numpy as np
import pytest
from stdnum import luhn

from analyses.invented.children import ALPHABET, draw_children, draw_keys
from analyses.invented.world import NEVER, QUARTERS, Days, World

DAYS = Days.of(QUARTERS)


@pytest.fixture(scope="module")
def children():
    return draw_children(20_000, World(), DAYS, seed=(3,))


def test_a_key_has_its_check_character_and_no_two_are_alike():
    keys = draw_keys(500, rng=np.random.default_rng(1))
    assert keys.is_unique
    assert all(len(key) == 12 and luhn.is_valid(key, ALPHABET) for key in keys)


def test_frailty_makes_some_children_much_readier_than_others(children):
    share = children["risk"].sort_values(ascending=False).head(2_000).sum() / children["risk"].sum()
    assert 0.35 < share < 0.6  # the readiest tenth


def test_a_child_turns_18_on_the_last_day_of_its_birth_month(children):
    born, turns = children.loc[0, "birth_month"], DAYS.on(int(children.loc[0, "turns"]))
    assert (turns.year * 12 + turns.month - 1) - born == 18 * 12
    assert date.fromordinal(turns.toordinal() + 1).day == 1


def test_few_move_and_nobody_leaves_within_two_months_of_arriving(children):
    arrived, left = children["arrives"] > 0, children["leaves"] < NEVER
    assert 0.02 < arrived.mean() < 0.06
    assert 0.02 < left.mean() < 0.06
    assert (children["leaves"] - children["arrives"]).min() >= 60


def test_nobody_else_refers_a_child_on_the_day_of_a_meeting(children):
    asked = children.loc[children["asked_on"] < NEVER, "asked_on"]
    assert len(asked) > 200
    assert not asked.isin(DAYS.meetings).any()
    assert asked.between(DAYS.meetings[0], DAYS.days - 1).all()
