import numpy as np
import pandas as pd
import pytest

from evaluation.errors import WrongUse
from evaluation.estimating.control import xmr


def marks(values, **options):
    return xmr(pd.Series(values, dtype=float), **options)["marks"].tolist()


def test_limits_by_hand():
    chart = xmr(pd.Series([10, 14, 12, 8], index=list("abcd")))
    # Moving ranges 4, 2, 4: mean 10/3.
    assert chart["mean"].tolist() == [11] * 4
    assert chart["high"].iloc[0] == pytest.approx(11 + 2.66 * 10 / 3)
    assert chart["low"].iloc[0] == pytest.approx(11 - 2.66 * 10 / 3)
    assert chart.index.tolist() == list("abcd")


def test_the_lower_limit_of_a_count_is_not_below_nought():
    assert xmr(pd.Series([0, 4, 1, 5]), floor=0)["low"].eq(0).all()


def test_a_point_beyond_a_limit_is_marked():
    assert marks([5, 6, 5, 4, 5, 6, 5, 4, 5, 30])[-1].split() == ["outside"]


def test_a_run_on_one_side_of_the_mean_is_a_shift():
    step = [1, 2] * 4 + [5, 6, 5, 6, 5, 6, 5]
    found = marks(step, shift=7)
    assert all("shift" in mark for mark in found)  # eight below, seven above
    assert not any("shift" in mark for mark in marks(step[:-1], shift=7)[8:])


def test_a_point_on_the_mean_breaks_a_run():
    values = [1, 1, 1, 2, 1, 1, 1, 3, 3, 3, 2, 3, 3, 3]
    assert not any("shift" in mark for mark in marks(values, shift=4))
    assert any("shift" in mark for mark in marks(values, shift=3))


def test_points_that_keep_rising_are_a_trend():
    rising = [9, 3, 4, 5, 6, 7, 8, 9, 3]
    found = ["trend" in mark for mark in marks(rising, trend=7)]
    assert found == [False] + [True] * 7 + [False]
    assert not any("trend" in mark for mark in marks(rising, trend=8))
    assert not any("trend" in mark for mark in marks([1, 2, 3, 3, 4, 5, 6], trend=5))


def test_two_of_three_near_the_same_limit_are_marked():
    quiet = [10, 12, 10, 8] * 5
    values = [*quiet, 14.5, 10, 14.5, *quiet]
    chart = xmr(pd.Series(values, dtype=float))
    two_thirds = chart["mean"] + (chart["high"] - chart["mean"]) * 2 / 3
    assert (chart["value"][[20, 22]] > two_thirds[[20, 22]]).all()
    assert chart["marks"][20] == chart["marks"][22] == "near"
    assert chart["marks"][21] == ""
    # One near each limit is not two near the same.
    assert not any("near" in mark for mark in marks([*quiet, 14.5, 5.5, 10, *quiet]))


def test_a_series_without_change_has_no_marks():
    assert marks([3, 3, 3, 3]) == [""] * 4


@pytest.mark.parametrize("values", [[], [1], [1, np.nan, 2]])
def test_a_gap_is_not_a_point(values):
    with pytest.raises(WrongUse):
        marks(values)
