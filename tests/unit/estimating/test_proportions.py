import math

import numpy as np
import pytest

from evaluation.errors import WrongUse
from evaluation.estimating.proportions import (
    clopper_pearson,
    newcombe,
    newcombe_paired,
    wilson,
)


@pytest.mark.parametrize("share", [wilson, clopper_pearson])
def test_a_share_of_nobody_has_no_value_and_a_reason(share):
    one = share(0, 0).one("share")
    assert (one.value, one.low, one.high, one.why_not) == (None, None, None, "no_events")


def test_a_share_tells_who_is_behind_it():
    one = wilson(3, 8, confidence=0.9).one()
    assert (one.children, one.of, one.value, one.confidence) == (3, 8, 0.375, 0.9)


@pytest.mark.parametrize("share", [wilson, clopper_pearson])
@pytest.mark.parametrize(("events", "of"), [(0, 8), (8, 8), (3, 8), (0, 1), (1, 1), (2, 10**7)])
def test_limits_are_shares_and_hold_the_share(share, events, of):
    one = share(events, of).one()
    assert 0 <= one.low <= one.value <= one.high <= 1
    assert (one.low == 0) == (events == 0)
    assert (one.high == 1) == (events == of)


def test_exact_limits_are_wider_than_wilsons():
    exact, score = clopper_pearson(7, 40).one(), wilson(7, 40).one()
    assert exact.low < score.low < score.high < exact.high


def test_more_confidence_is_wider():
    assert wilson(5, 20, confidence=0.99).one().low < wilson(5, 20, confidence=0.9).one().low


def test_the_difference_turns_round_with_the_groups():
    one, other = newcombe(10, 20, 4, 25).one(), newcombe(4, 25, 10, 20).one()
    assert (other.low, other.high) == pytest.approx((-one.high, -one.low))


def test_a_difference_to_nobody_has_a_reason():
    assert newcombe(0, 0, 3, 5).one().why_not == "no_comparison"


def test_paired_shares_turn_round_as_well():
    one, other = newcombe_paired(20, 9, 3, 8).one(), newcombe_paired(20, 3, 9, 8).one()
    assert (other.low, other.high) == pytest.approx((-one.high, -one.low))
    assert one.value == pytest.approx(6 / 40)


def test_children_who_answer_alike_twice_tell_a_difference_more_sharply():
    paired, separate = newcombe_paired(40, 6, 2, 40).one(), newcombe(46, 88, 42, 88).one()
    assert paired.value == pytest.approx(separate.value)
    assert paired.high - paired.low < separate.high - separate.low


def test_pairs_that_are_uncorrelated_are_as_separate_groups():
    # Less than half a child of correlation is corrected away.
    paired, separate = newcombe_paired(5, 5, 5, 5).one(), newcombe(10, 20, 10, 20).one()
    assert (paired.low, paired.high) == pytest.approx((separate.low, separate.high))


@pytest.mark.parametrize("counts", [(0, 0, 0, 0), (5, 0, 0, 0), (0, 5, 0, 0), (0, 0, 0, 1)])
def test_pairs_at_the_edge(counts):
    one = newcombe_paired(*counts).one()
    if sum(counts):
        assert -1 <= one.low <= one.value <= one.high <= 1
    else:
        assert one.why_not == "no_follow_up"


@pytest.mark.parametrize(("events", "of"), [(5, 4), (-1, 4), (math.nan, 4)])
def test_a_part_is_not_larger_than_the_whole(events, of):
    with pytest.raises(WrongUse, match="part"):
        wilson(events, of)


def test_half_a_child_is_none():
    with pytest.raises(WrongUse, match="whole number"):
        wilson(2.5, 4)
    assert wilson(np.int64(2), np.float64(4)).one().value == 0.5


def test_confidence_is_not_a_percentage():
    for call in (wilson, clopper_pearson):
        with pytest.raises(WrongUse, match="between 0 and 1"):
            call(1, 2, confidence=95)
