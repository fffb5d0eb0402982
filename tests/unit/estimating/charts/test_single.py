from datetime import date

import numpy as np
import pandas as pd
import pytest

from evaluation.errors import WrongUse
from evaluation.estimating.charts import xmr


def marks(values, **options):
    return xmr(pd.Series(values, dtype=float), **options).points["marks"].tolist()


def test_limits_by_hand():
    points = xmr(pd.Series([10, 14, 12, 8], index=list("abcd"))).points
    # Moving ranges 4, 2, 4: mean 10/3.
    assert points["centre"].tolist() == [11] * 4
    assert points["high"].iloc[0] == pytest.approx(11 + 2.66 * 10 / 3)
    assert points["low"].iloc[0] == pytest.approx(11 - 2.66 * 10 / 3)
    assert points.index.tolist() == list("abcd")


def test_the_lower_limit_of_a_count_is_not_below_nought():
    assert xmr(pd.Series([0, 4, 1, 5]), floor=0).points["low"].eq(0).all()
    assert xmr([0.2, 0.9, 0.3], ceiling=1).points["high"].eq(1).all()


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
    points = xmr(pd.Series(values, dtype=float)).points
    two_thirds = points["centre"] + (points["high"] - points["centre"]) * 2 / 3
    assert (points["value"][[20, 22]] > two_thirds[[20, 22]]).all()
    assert points["marks"][20] == points["marks"][22] == "near"
    assert points["marks"][21] == ""
    # One near each limit is not two near the same.
    assert not any("near" in mark for mark in marks([*quiet, 14.5, 5.5, 10, *quiet]))


@pytest.mark.parametrize("value", [3, 0.1, 0.7])
def test_a_series_without_change_has_no_marks(value):
    assert marks([value] * 9) == [""] * 9


@pytest.mark.parametrize(
    "values", [[], [1], [1, np.nan, 2], ["a", "b"], [1, None], np.ones((3, 2))]
)
def test_a_gap_is_not_a_point(values):
    with pytest.raises(WrongUse):
        xmr(values)


def test_limits_begin_anew_at_a_change():
    months = pd.period_range("2024-01", periods=12, freq="M")
    values = pd.Series([10, 12, 11, 9, 10, 11, 20, 22, 21, 19, 20, 21], index=months)
    for change in ("2024-07", date(2024, 7, 15), pd.Period("2024-07", "M"), months[6]):
        points = xmr(values, changes=[change]).points
        assert points["phase"].tolist() == [1] * 6 + [2] * 6
        assert points["centre"].iloc[[0, -1]].tolist() == pytest.approx([10.5, 20.5])
    found = xmr(values, changes=["2024-07"])
    assert found.one("centre", "phase_2").value == pytest.approx(20.5)
    assert (found.points["marks"] == "").all()  # each phase is judged by itself
    assert (xmr(values).points["marks"] != "").any()


@pytest.mark.parametrize("index", [
    pd.date_range("2024-01-01", periods=8, freq="MS"),
    pd.Index([date(2024, month, 1) for month in range(1, 9)]),
    pd.Index([f"2024-{month:02}" for month in range(1, 9)]),
    pd.date_range("2024-01-01", periods=8, freq="MS", tz="Europe/London"),
])  # fmt: skip
def test_a_change_is_found_in_any_index_of_time(index):
    points = xmr(pd.Series(range(8), index=index), changes=["2024-04-01" if len(str(index[0])) > 7
                                                           else "2024-04"]).points  # fmt: skip
    assert points["phase"].tolist() == [1] * 3 + [2] * 5


@pytest.mark.parametrize("change", [0, 8, 99, 1, "x"])
def test_a_change_outside_the_series_or_leaving_one_point_is_refused(change):
    with pytest.raises(WrongUse):
        xmr([1, 2, 1, 2, 1, 2, 1, 2], changes=[change])


def test_a_baseline_alone_sets_the_limits():
    points = xmr([10, 12, 11, 9, 50, 60], baseline=4).points
    assert points["centre"].eq(10.5).all()
    assert points["high"].iloc[0] == pytest.approx(10.5 + 2.66 * 5 / 3)
    assert points["marks"].iloc[-1].startswith("outside")


def test_extreme_moving_ranges_may_be_left_out():
    values = [5, 6, 5, 4, 5, 6, 5, 4, 5, 30, 5]
    # Steps of 1 (eight) and of 25 (two): mean 5.8, and 25 is beyond 3.267 times it.
    assert xmr(values).points["high"].iloc[0] == pytest.approx(np.mean(values) + 2.66 * 5.8)
    assert xmr(values, screen=True).points["high"].iloc[0] == pytest.approx(np.mean(values) + 2.66)


def test_the_side_that_is_better_makes_an_improvement():
    values = [5, 6, 5, 4, 5, 6, 5, 4, 5, 0]
    assert xmr(values, better="fewer").variation == "improvement"
    assert xmr(values, better="more").variation == "concern"
    assert xmr(values).variation == "special_cause"
    assert xmr(values[:-1], better="more").variation == "common_cause"


def test_a_target_is_always_met_never_met_or_sometimes():
    values = [5, 6, 5, 4, 5, 6, 5, 4]
    said = {
        (better, target): xmr(values, better=better, target=target).assurance
        for better in ("fewer", "more")
        for target in (1, 5, 12)
    }
    assert said == {
        ("fewer", 1): "fail", ("fewer", 5): "hit_or_miss", ("fewer", 12): "pass",
        ("more", 1): "pass", ("more", 5): "hit_or_miss", ("more", 12): "fail",
    }  # fmt: skip
    assert xmr(values, target=5).assurance is None


def test_few_points_are_warned_of_and_what_was_given_stays_as_it_was():
    values = pd.Series([1, 2, 1, 2], dtype="Int64")
    before = values.copy()
    assert [one.trap for one in xmr(values).beware] == ["short_series"]
    assert xmr([1, 2] * 6).beware == ()
    pd.testing.assert_series_equal(values, before)


def test_better_is_fewer_or_more():
    with pytest.raises(WrongUse, match="fewer"):
        xmr([1, 2, 3], better="lower")


def test_dates_out_of_order_are_refused():
    with pytest.raises(WrongUse, match="order"):
        xmr(pd.Series([1, 2, 3], index=pd.to_datetime(["2024-03-01", "2024-01-01", "2024-02-01"])))


def test_a_change_whose_month_may_be_its_day_is_refused():
    months = pd.Series(range(12), index=pd.period_range("2025-01", periods=12, freq="M"))
    with pytest.raises(WrongUse, match="03/04/2025"):
        xmr(months, changes=["03/04/2025"])
