import math

import pytest

from evaluation.errors import WrongUse
from evaluation.estimating.e_value import e_value, e_value_difference
from evaluation.nouns import Estimate


def both(found):
    return found.one(group="point").value, found.one(group="limit").value


def of(ratio):
    ratio = max(ratio, 1 / ratio)
    return ratio + math.sqrt(ratio * (ratio - 1))


def test_the_limit_nearer_to_none_is_asked_about():
    assert both(e_value(2, low=1.2, high=3)) == pytest.approx((of(2), of(1.2)))
    assert both(e_value(0.5, low=0.3, high=0.8)) == pytest.approx((of(0.5), of(0.8)))


@pytest.mark.parametrize(("value", "low", "high"), [(2, 0.9, 4), (0.5, 0.2, 1.0), (1, 0.5, 2)])
def test_nothing_is_needed_where_the_interval_holds_none(value, low, high):
    assert e_value(value, low=low, high=high).one(group="limit").value == 1


def test_no_difference_needs_nothing():
    assert e_value(1).one(group="point").value == 1


def test_without_limits_there_is_only_a_point():
    assert [one.group for one in e_value(2)] == ["point"]
    assert [one.group for one in e_value(2, high=5)] == ["point"]  # not the limit nearer to 1
    assert both(e_value(2, low=1.5))[1] == pytest.approx(of(1.5))


def test_odds_and_hazards_of_a_common_outcome_are_made_risk_ratios_first():
    assert both(e_value(4, low=2, high=8, measure="odds_ratio", common=True)) == pytest.approx(
        (of(2), of(math.sqrt(2)))
    )
    hazard = (1 - 0.5 ** math.sqrt(0.6)) / (1 - 0.5 ** math.sqrt(1 / 0.6))
    assert e_value(0.6, measure="hazard_ratio", common=True).one().value == pytest.approx(
        of(hazard)
    )
    for measure in ("odds_ratio", "hazard_ratio"):
        assert e_value(2, measure=measure, common=False).one().value == pytest.approx(of(2))
        with pytest.raises(WrongUse, match="common"):
            e_value(2, measure=measure)


def test_a_standardised_difference_is_made_a_risk_ratio_first():
    found = e_value(0.5, low=0.2, high=0.8, measure="standardised_difference")
    assert both(found) == pytest.approx((of(math.exp(0.455)), of(math.exp(0.182))))
    assert e_value(-0.5, low=-1, high=0.1, measure="standardised_difference").one(
        group="limit"
    ).value == 1  # fmt: skip


def test_an_estimate_brings_its_own_limits_and_measure():
    estimate = Estimate("s", "negative_binomial_rate_ratio", value=0.6, low=0.45, high=0.8,
                        confidence=0.9)  # fmt: skip
    found = e_value(estimate)
    assert both(found) == pytest.approx((of(0.6), of(0.8)))
    assert found.one(group="limit").confidence == 0.9
    assert found.one(group="point").method == "e_value_rate_ratio"


def test_of_no_value_there_is_no_e_value():
    found = e_value(Estimate("", "rate_ratio", why_not="no_events")).one()
    assert (found.value, found.why_not) == (None, "no_events")


def test_another_truth_than_none_may_be_asked_about():
    assert e_value(3, true=1.5).one().value == pytest.approx(of(2))
    assert both(e_value(3, low=1.2, high=6, true=1.5))[1] == 1


@pytest.mark.parametrize("wrong", [
    lambda: e_value(0), lambda: e_value(-1), lambda: e_value(math.nan), lambda: e_value(2, low=math.nan, high=3),
    lambda: e_value(2, low=3, high=4), lambda: e_value(2, low=1.5, high=1.8),
    lambda: e_value(2, measure="risk_difference"),
    lambda: e_value(Estimate("", "rate_ratio", value=2), low=1),
    lambda: e_value_difference(5, 4, 1, 4), lambda: e_value_difference(1, 4, 0, 0),
    lambda: e_value_difference(1, 4, 2, 4, confidence=1),
])  # fmt: skip
def test_what_has_no_e_value_is_refused(wrong):
    with pytest.raises(WrongUse):
        wrong()


def test_a_difference_is_the_same_from_either_side():
    assert both(e_value_difference(60, 100, 30, 200)) == both(e_value_difference(30, 200, 60, 100))
    assert both(e_value_difference(6, 10, 3, 10))[1] == 1
    assert e_value_difference(6, 10, 0, 10).one().why_not == "no_events"
