"""The day by which a share have had an event, where another kind can come first."""

import numpy as np
import pytest

from evaluation.errors import WrongUse
from evaluation.estimating.survival import cumulative_incidence, day_reached, kaplan_meier


def test_with_one_kind_alone_it_is_kaplan_meiers_median():
    rng = np.random.default_rng(2)
    days = np.ceil(rng.exponential(30, 200))
    event = rng.random(200) < 0.8
    plain = kaplan_meier(days, event, limits="log-log").one("median_days")
    found = day_reached(cumulative_incidence(days, event.astype(int)), 1).one()
    assert found.value == plain.value
    assert (found.low, found.high) == pytest.approx((plain.low, plain.high), abs=3)


def test_who_had_another_kind_first_never_will():
    kinds = ["seen"] * 4 + ["declined"] * 6
    days = [1, 2, 3, 4, 1, 1, 1, 1, 1, 1]
    found = cumulative_incidence(days, kinds, censored="open")
    assert day_reached(found, "seen").one().why_not == "not_reached"
    assert day_reached(found, "declined").one().value == 1
    assert day_reached(found, "seen", share=0.25).one("quantile_0.25_days").value == 3


def test_where_the_share_is_met_exactly_it_is_the_midpoint_of_the_stretch():
    found = cumulative_incidence([2, 4, 8, 9], [1, 1, 1, 0])
    assert day_reached(found, 1).one().value == 6


def test_each_group_has_its_own():
    days, kinds = [1, 2, 3, 10, 20, 30], [1, 1, 1, 1, 1, 1]
    found = day_reached(cumulative_incidence(days, kinds, group=list("aaabbb")), 1)
    assert [(one.group, one.value, one.of) for one in found] == [("a", 2.0, 3), ("b", 20.0, 3)]


def test_a_kind_that_is_not_there_or_a_share_that_is_none_is_refused():
    found = cumulative_incidence([1, 2], [1, 0])
    with pytest.raises(WrongUse):
        day_reached(found, 2)
    with pytest.raises(WrongUse):
        day_reached(found, 1, share=1.0)
