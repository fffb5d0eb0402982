import math

import pytest

from evaluation.errors import WrongUse
from evaluation.estimating.power import (
    effect_of_clusters,
    minimum_detectable_difference,
    minimum_detectable_hazard_ratio,
    minimum_detectable_rate_ratio,
)

# The brief's table of small numbers: two equal arms, mean 2.4, dispersion 2, base 60%.
SMALL_NUMBERS = {30: (0.33, 35), 60: (0.45, 25), 100: (0.54, 19), 150: (0.60, 16), 300: (0.70, 11)}


@pytest.mark.parametrize("children", SMALL_NUMBERS)
def test_the_ratios_of_the_table_of_small_numbers(children):
    ratio, _points = SMALL_NUMBERS[children]
    found = minimum_detectable_rate_ratio(children, children, mean_events=2.4, dispersion=2).one()
    assert found.low == pytest.approx(ratio, abs=0.0053)  # 0.325 is written 0.33 there
    assert found.high == pytest.approx(1 / found.low)
    assert found.value == found.low
    assert (found.measure, found.method) == ("minimum_detectable_rate_ratio", "planning_values")


@pytest.mark.parametrize("children", SMALL_NUMBERS)
def test_the_points_of_the_table_of_small_numbers(children):
    # The table takes both variances at the base, (z + z) sqrt(2 p q / n); ours, like R's
    # power.prop.test, takes each where it belongs, which asks for up to 0.4 points more.
    _ratio, points = SMALL_NUMBERS[children]
    simple = 100 * (1.959964 + 0.841621) * math.sqrt(2 * 0.6 * 0.4 / children)
    found = -100 * minimum_detectable_difference(children, children, base=0.6).one().low
    assert round(simple) == points
    assert found == pytest.approx(simple, abs=0.4)


def test_more_children_detect_less_and_fewer_effective_ones_more():
    def low(treated, comparison):
        found = minimum_detectable_rate_ratio(treated, comparison, mean_events=2, dispersion=1)
        return found.one().low

    assert low(60, 60) < low(120, 120) < 1
    assert low(60, 20) < low(60, 60)


def test_a_change_that_cannot_happen_is_missing():
    found = minimum_detectable_difference(10, 10, base=0.1).one()
    assert found.low is None
    assert found.value == found.high
    assert 0 < found.high < 0.9
    nothing = minimum_detectable_difference(1, 1, base=0.5).one()
    assert nothing.value is None
    assert nothing.why_not == "too_few_children"


def test_a_design_effect_counts_as_so_many_fewer_children():
    clustered = minimum_detectable_rate_ratio(
        120, 120, mean_events=2, dispersion=1, design_effect=2
    )
    alone = minimum_detectable_rate_ratio(60, 60, mean_events=2, dispersion=1)
    assert clustered.one().low == pytest.approx(alone.one().low)
    clustered = minimum_detectable_difference(120, 80, base=0.4, design_effect=2)
    alone = minimum_detectable_difference(60, 40, base=0.4)
    assert clustered.one().high == pytest.approx(alone.one().high)
    clustered = minimum_detectable_hazard_ratio(200, design_effect=2)
    assert clustered.one().low == pytest.approx(minimum_detectable_hazard_ratio(100).one().low)


def test_clusters_of_unequal_size_cost_more():
    assert effect_of_clusters(1, icc=0.3) == 1
    assert effect_of_clusters(20, icc=0.05) == pytest.approx(1 + 19 * 0.05)
    assert effect_of_clusters(20, icc=0.05, cv=0.5) == pytest.approx(1 + (1.25 * 20 - 1) * 0.05)


def test_unequal_arms_detect_less_of_a_hazard():
    low = [minimum_detectable_hazard_ratio(200, treated_share=s).one().low for s in (0.5, 0.2, 0.8)]
    assert low[1] < low[0]
    assert low[1] == pytest.approx(low[2])


@pytest.mark.parametrize("ask", [
    lambda: minimum_detectable_rate_ratio(0, 30, mean_events=2, dispersion=1),
    lambda: minimum_detectable_rate_ratio(30, 30, mean_events=0, dispersion=1),
    lambda: minimum_detectable_rate_ratio(30, 30, mean_events=1, dispersion=1, power=1.2),
    lambda: minimum_detectable_rate_ratio(30, 30, mean_events=1, dispersion=1, design_effect=0),
    lambda: minimum_detectable_difference(30, 30, base=1),
    lambda: minimum_detectable_difference(30, 30, base=0.5, alpha=0),
    lambda: minimum_detectable_hazard_ratio(0),
    lambda: minimum_detectable_hazard_ratio(10, treated_share=1),
    lambda: effect_of_clusters(0.5, icc=0.1),
    lambda: effect_of_clusters(5, icc=1.1),
])  # fmt: skip
def test_nothing_can_be_detected_without_children_or_events(ask):
    with pytest.raises(WrongUse):
        ask()
