import numpy as np
import pandas as pd
import pytest

from evaluation.errors import WrongUse
from evaluation.estimating.survival import kaplan_meier, survival_under

DAYS = [3, 5, 5, 8, 8, 10]
EVENT = [1, 1, 0, 1, 0, 0]


def told(found, field="value"):
    return [getattr(one, field) for one in found if one.measure == "survival"]


def test_a_curve_by_hand():
    curve = kaplan_meier(DAYS, EVENT, at=[0, 2, 3, 5, 7, 8, 10])
    by_hand = [1, 1, 5 / 6, 5 / 6 * 4 / 5, 5 / 6 * 4 / 5, 5 / 6 * 4 / 5 * 2 / 3]
    assert told(curve) == pytest.approx([*by_hand, by_hand[-1]])
    assert told(curve, "children") == [6, 6, 6, 5, 3, 3, 1]
    assert told(curve, "events") == [0, 0, 1, 2, 2, 3, 3]
    assert set(told(curve, "of")) == {6}


def test_without_days_each_step_is_told_and_what_lies_behind_is_there():
    curve = kaplan_meier(DAYS, EVENT)
    assert told(curve, "days") == [3, 5, 8]
    assert curve.model["day"].tolist() == [3, 5, 8, 10]
    assert curve.model["at_risk"].tolist() == [6, 5, 3, 1]
    assert curve.model["events"].tolist() == [1, 1, 1, 0]
    assert curve.model["left"].tolist() == [0, 1, 1, 1]


def test_greenwoods_error_by_hand():
    curve = kaplan_meier(DAYS, EVENT, at=[5])
    assert told(curve, "se") == pytest.approx([2 / 3 * np.sqrt(1 / (6 * 5) + 1 / (5 * 4))])


def test_nothing_is_known_after_the_last_child_has_left():
    after = kaplan_meier(DAYS, EVENT, at=[11]).one("survival")
    assert (after.value, after.low, after.why_not) == (None, None, "no_follow_up")


def test_a_curve_that_reached_zero_stays_there():
    curve = kaplan_meier([1, 2, 3], [1, 1, 1], at=[3, 9])
    assert told(curve) == [0, 0]
    assert told(curve, "low") == told(curve, "high") == [None, None]


def test_there_are_no_limits_before_the_first_event():
    first = kaplan_meier(DAYS, EVENT, at=[0]).one("survival")
    assert first.se == 0
    assert (first.low, first.high) == (None, None)


def test_a_weight_of_two_is_two_children_but_for_the_error():
    weights = [2, 1, 1, 3, 1, 1]
    weighted = kaplan_meier(DAYS, EVENT, weights=weights, at=[3, 5, 8])
    counted = kaplan_meier(DAYS, EVENT, weights=weights, at=[3, 5, 8], errors="greenwood")
    rows = np.repeat(np.arange(6), weights)
    twice = kaplan_meier(np.array(DAYS)[rows], np.array(EVENT)[rows], at=[3, 5, 8])
    assert told(weighted) == pytest.approx(told(twice))
    assert told(counted, "se") == pytest.approx(told(twice, "se"))
    # Two children who are one child say less than two.
    assert told(weighted, "se") != pytest.approx(told(twice, "se"))
    one_child_each = kaplan_meier(
        np.array(DAYS)[rows], np.array(EVENT)[rows], at=[3, 5, 8], cluster=rows
    )
    assert told(weighted, "se") == pytest.approx(told(one_child_each, "se"))
    assert told(weighted, "children") == [6, 5, 3]


def test_equal_weights_change_nothing():
    plain, weighted = (
        kaplan_meier(DAYS, EVENT, at=[3, 5, 9], weights=weights) for weights in (None, [0.5] * 6)
    )
    for field in ("value", "se", "low", "high"):
        assert told(weighted, field) == pytest.approx(told(plain, field))


def test_a_child_cut_in_two_counts_once_and_changes_nothing():
    whole = kaplan_meier(DAYS, EVENT, at=[3, 5, 9])
    cut = kaplan_meier(
        [2, *DAYS],
        [0, *EVENT],
        entry=[0, 2, 0, 0, 0, 0, 0],
        child=["a", "a", "b", "c", "d", "e", "f"],
        at=[3, 5, 9],
    )
    for field in ("value", "se", "low", "high", "children", "of", "events"):
        assert told(cut, field) == pytest.approx(told(whole, field))
    assert [one.trap for one in cut.beware] == [one.trap for one in whole.beware]


def test_the_error_is_the_sum_of_what_each_weight_moves():
    """The infinitesimal jackknife against differences, with entry, ties and clusters."""
    rng = np.random.default_rng(3)
    entry = rng.integers(0, 6, 40)
    days, event = entry + rng.integers(1, 9, 40), rng.integers(0, 2, 40)
    weights, cluster, at = rng.uniform(0.2, 2, 40), rng.integers(0, 12, 40), [2, 5, 8]

    def curve(weights):
        return np.array(
            told(kaplan_meier(days, event, entry=entry, weights=weights, cluster=cluster, at=at))
        )

    step = 1e-6
    moved = np.array(
        [
            (curve(weights * (1 + step * (cluster == one))) - curve(weights)) / step
            for one in range(12)
        ]
    )
    found = kaplan_meier(days, event, entry=entry, weights=weights, cluster=cluster, at=at)
    assert told(found, "se") == pytest.approx(np.sqrt((moved**2).sum(axis=0)), rel=1e-4)


def test_the_order_of_rows_changes_nothing():
    order = [4, 0, 5, 2, 1, 3]
    shuffled = kaplan_meier(np.array(DAYS)[order], np.array(EVENT)[order], at=[5, 8])
    assert shuffled.estimates == kaplan_meier(DAYS, EVENT, at=[5, 8]).estimates


def test_who_enters_late_is_not_at_risk_before_nor_on_the_day_of_entry():
    curve = kaplan_meier([4, 6, 6], [1, 1, 0], entry=[0, 4, 0], at=[3, 4, 5, 6])
    assert told(curve, "children") == [2, 2, 2, 2]
    assert told(curve) == pytest.approx([1, 1 / 2, 1 / 2, 1 / 4])


def test_groups_are_curves_of_their_own_in_their_own_order():
    level = pd.Categorical(["low", "high", "low", "high"], categories=["low", "high", "none"])
    curve = kaplan_meier([1, 2, 3, 4], [1, 1, 0, 0], group=level, at=[2])
    assert [(one.group, one.value) for one in curve if one.measure == "survival"] == [
        ("low", 0.5),
        ("high", 0.5),
    ]
    sorted_ = kaplan_meier([1, 2], [1, 0], group=[2.0, 1.0], at=[1])
    assert [one.group for one in sorted_ if one.measure == "survival"] == ["1", "2"]


def test_the_forms_in_which_columns_come_do_not_matter():
    plain = kaplan_meier(DAYS, EVENT, at=[5], group=["a"] * 3 + ["b"] * 3).estimates
    frame = pd.DataFrame(
        {"days": pd.array(DAYS, dtype="Int64"), "event": np.array(EVENT, dtype=bool)},
        index=list("zyxwvu"),
    )
    group = pd.Series(["a"] * 3 + ["b"] * 3, index=range(7, 13), dtype="string")
    assert kaplan_meier(frame["days"], frame["event"], at=(5,), group=group).estimates == plain


class TestMedian:
    def test_is_not_reached_where_fewer_than_half_had_the_event(self):
        median = kaplan_meier([1, 2, 3, 4, 5], [1, 0, 0, 0, 0]).one("median_days")
        assert (median.value, median.high, median.why_not) == (None, None, "not_reached")

    def test_has_no_upper_limit_where_that_of_the_curve_stays_above_half(self):
        median = kaplan_meier([1, 2, 3, 4], [1, 1, 1, 0]).one("median_days")
        assert (median.value, median.low, median.high) == (2.5, 1, None)

    def test_is_the_midpoint_where_the_curve_lies_at_half(self):
        assert kaplan_meier([2, 4, 6, 9], [1, 1, 1, 1]).one("median_days").value == 5

    def test_is_one_of_the_quantiles(self):
        found = kaplan_meier(DAYS, EVENT, quantiles=(0.1, 0.25))
        assert found.one("quantile_0.1_days").value == 3
        assert found.one("quantile_0.25_days").value == 5


class TestBeware:
    def test_of_cases_that_were_open_before_they_came_into_view(self):
        found = kaplan_meier([40, 10, 20], [1, 0, 1], entry=[15, 0, 0])
        assert [one.trap for one in found.beware] == ["truncation"]
        assert "1 of 3 cases" in str(found.beware[0].text)
        assert "1 were still open" in str(found.beware[0].text)

    def test_of_many_that_are_still_open(self):
        found = kaplan_meier([1, 2, 3], [1, 0, 0])
        assert [one.trap for one in found.beware] == ["many_open"]

    def test_of_a_time_at_which_nobody_was_at_risk(self):
        found = kaplan_meier([2, 3, 9, 8], [1, 0, 1, 1], entry=[0, 0, 5, 6], group=["a"] * 4)
        assert [one.trap for one in found.beware] == ["truncation", "nobody_at_risk"]
        assert "After day 3" in str(found.beware[1].text)

    def test_of_nothing(self):
        assert kaplan_meier([1, 2, 3], [1, 1, 0]).beware == ()


def test_where_there_are_no_children_there_is_nothing_to_tell():
    found = kaplan_meier([], [], at=[1])
    assert [one.why_not for one in found] == ["no_follow_up", "not_reached"]
    assert found.one("survival").children == 0


def test_many_children_are_no_matter():
    rng = np.random.default_rng(1)
    days = rng.integers(1, 366, 100_000)
    found = kaplan_meier(
        days, days < 300, at=[100], weights=rng.uniform(0.5, 2, len(days)), cluster=days % 977
    )
    assert found.one("survival").value == pytest.approx((days > 100).mean(), abs=0.01)


class TestUnder:
    def test_sets_of_weights_are_estimated_apart(self):
        weights = np.array([[1.0] * 6, [0] * 6, [1, 0, 0, 0, 0, 0]])
        at = np.array([5.0])
        together = survival_under(np.array(DAYS, float), np.array(EVENT, float), weights, at)
        assert together[0, 0] == pytest.approx(2 / 3)
        assert np.isnan(together[1, 0])  # nobody was drawn
        assert together[2, 0] == 0  # the only child drawn had its event on day 3

    def test_it_agrees_with_the_curve(self):
        rng = np.random.default_rng(4)
        days, event = rng.integers(0, 12, 50), rng.integers(0, 2, 50)
        weights = rng.uniform(0, 2, (3, 50)) * rng.integers(0, 2, (3, 50))
        at = [0, 3, 7, 11, 12]
        under = survival_under(days.astype(float), event.astype(float), weights, np.array(at))
        for row, own in zip(under, weights, strict=True):
            curve = told(kaplan_meier(days, event, weights=own, at=at))
            alone = np.array([np.nan if one is None else one for one in curve])
            assert row == pytest.approx(alone, nan_ok=True)


@pytest.mark.parametrize(
    ("days", "event", "more"),
    [
        ([np.nan], [1], {}),
        ([-1], [1], {}),
        ([1], [2], {}),
        ([1], [np.nan], {}),
        (["one"], [1], {}),
        ([1, 2], [1], {}),
        ([1], [1], {"weights": [-1]}),
        ([1], [0], {"weights": [np.nan]}),
        ([1], [0], {"entry": [1]}),
        ([1], [0], {"entry": [None]}),
        ([1], [0], {"group": [None]}),
        ([1], [0], {"group": ["a", "b"]}),
        ([1], [0], {"quantiles": [1]}),
        ([1], [0], {"confidence": 95}),
        ([1], [0], {"limits": "exact"}),
        ([1], [0], {"errors": "naive"}),
        ([3, 4], [0, 1], {"entry": [0, 2], "child": ["a", "a"]}),
    ],
)
def test_what_makes_no_sense_is_refused(days, event, more):
    with pytest.raises(WrongUse):
        kaplan_meier(days, event, **({"at": [1]} | more))


def test_two_columns_of_one_name_are_refused_in_a_sentence():
    some = pd.DataFrame([[5, 5, 1], [8, 8, 0]], columns=["days", "days", "again"])
    with pytest.raises(WrongUse, match="must be one column"):
        kaplan_meier(some["days"], some["again"])
    with pytest.raises(WrongUse, match="must be one column"):
        kaplan_meier(some["again"] + 1, some["again"], group=some["days"])
