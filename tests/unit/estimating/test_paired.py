import numpy as np
import pandas as pd
import pytest

from evaluation.errors import WrongUse
from evaluation.estimating.paired import bowker, mcnemar, stuart_maxwell

MOVED = np.array([[20, 10, 2], [3, 30, 4], [1, 5, 15]])


def test_two_bands_are_the_same_question_to_all_three():
    table = [[30, 12], [5, 40]]
    plain = mcnemar(table, method="uncorrected").one()
    for test in (bowker, stuart_maxwell):
        assert test(table).one().value == pytest.approx(plain.value)
        assert test(table).one().p == pytest.approx(plain.p)


def test_nobody_moved_is_nothing_to_test():
    for test in (mcnemar, bowker, stuart_maxwell):
        one = test([[5, 0], [0, 7]]).one()
        assert (one.value, one.p, one.why_not) == (None, None, "no_variation")


def test_two_bands_without_moves_take_their_degree_of_freedom_with_them():
    table = MOVED.copy()
    table[0, 2] = table[2, 0] = 0
    found = bowker(table)
    assert found.model == {"df": 2}
    assert found.one().value == pytest.approx((10 - 3) ** 2 / 13 + (4 - 5) ** 2 / 9)


def test_a_band_that_nobody_is_in_changes_nothing():
    wider = np.zeros((4, 4), dtype=int)
    wider[np.ix_([0, 1, 3], [0, 1, 3])] = MOVED
    for test in (bowker, stuart_maxwell):
        assert test(wider).one().p == pytest.approx(test(MOVED).one().p)
        assert test(wider).model == test(MOVED).model


def test_a_round_of_moves_leaves_the_margins_alone():
    table = [[10, 30, 0], [0, 10, 30], [30, 0, 10]]
    assert stuart_maxwell(table).one().value == pytest.approx(0)
    assert bowker(table).one().p < 1e-10


def test_few_moves_are_warned_of_but_not_where_the_test_is_exact():
    few = [[30, 3], [1, 30]]
    assert "few_events" in mcnemar(few, method="corrected").one().unmet
    assert "1 child moved" not in str(mcnemar(few, method="corrected").beware[0].text)
    assert mcnemar(few).one().unmet == ()
    assert str(bowker([[3, 1], [0, 3]]).beware[0].text).startswith("Only 1 child moved")


def test_no_correction_where_there_is_nothing_to_correct():
    assert mcnemar([[5, 4], [4, 5]], method="corrected").one().value == 0


@pytest.mark.parametrize(
    "table",
    [[[1, 2, 3], [4, 5, 6]], [[1]], [[1.5, 2], [3, 4]], [[1, -2], [3, 4]], [[1, np.nan], [2, 3]]],
)
def test_what_is_no_square_table_of_counts_is_refused(table):
    with pytest.raises(WrongUse):
        bowker(table)


def test_bands_stand_in_the_same_order_both_ways():
    turned = pd.DataFrame([[1, 2], [3, 4]], index=["low", "high"], columns=["high", "low"])
    with pytest.raises(WrongUse, match="same order"):
        bowker(turned)


def test_mcnemar_is_of_two_bands():
    with pytest.raises(WrongUse, match="bowker"):
        mcnemar(MOVED)
