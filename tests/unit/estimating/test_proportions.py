import math

import pytest

from evaluation.errors import WrongUse
from evaluation.estimating.proportions import newcombe, wilson


def test_limits_of_nobody_are_missing():
    assert all(map(math.isnan, wilson(0, 0)))
    assert all(map(math.isnan, newcombe(0, 0, 3, 5)))


@pytest.mark.parametrize(("events", "of"), [(0, 8), (8, 8), (3, 8)])
def test_limits_are_shares_and_hold_the_share(events, of):
    low, high = wilson(events, of)
    assert 0 <= low <= events / of <= high + 1e-12 <= 1 + 1e-12


def test_more_confidence_is_wider():
    assert wilson(5, 20, confidence=0.99).low < wilson(5, 20, confidence=0.9).low


def test_the_difference_turns_round_with_the_groups():
    low, high = newcombe(10, 20, 4, 25)
    assert newcombe(4, 25, 10, 20) == pytest.approx((-high, -low))


@pytest.mark.parametrize(("events", "of"), [(5, 4), (-1, 4)])
def test_a_part_is_not_larger_than_the_whole(events, of):
    with pytest.raises(WrongUse, match="part"):
        wilson(events, of)


def test_confidence_is_not_a_percentage():
    with pytest.raises(WrongUse, match="between 0 and 1"):
        wilson(1, 2, confidence=95)
