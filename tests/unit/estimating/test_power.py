import math

import pytest

from evaluation.errors import WrongUse
from evaluation.estimating.power import minimum_detectable_difference, minimum_detectable_rate_ratio

# The brief's table of small numbers: two equal arms, mean 2.4, dispersion 2, base 60%.
SMALL_NUMBERS = {30: (0.33, 35), 60: (0.45, 25), 100: (0.54, 19), 150: (0.60, 16), 300: (0.70, 11)}


@pytest.mark.parametrize("children", SMALL_NUMBERS)
def test_the_ratios_of_the_table_of_small_numbers(children):
    ratio, _points = SMALL_NUMBERS[children]
    found = minimum_detectable_rate_ratio(children, children, mean_events=2.4, dispersion=2)
    assert found.low == pytest.approx(ratio, abs=0.0053)  # 0.325 is written 0.33 there
    assert found.high == pytest.approx(1 / found.low)


@pytest.mark.parametrize("children", SMALL_NUMBERS)
def test_the_points_of_the_table_of_small_numbers(children):
    # The table takes both variances at the base, (z + z) sqrt(2 p q / n); ours, like R's
    # power.prop.test, takes each where it belongs, which asks for up to 0.4 points more.
    _ratio, points = SMALL_NUMBERS[children]
    simple = 100 * (1.959964 + 0.841621) * math.sqrt(2 * 0.6 * 0.4 / children)
    found = -100 * minimum_detectable_difference(children, children, base=0.6).low
    assert round(simple) == points
    assert found == pytest.approx(simple, abs=0.4)


def test_more_children_detect_less_and_fewer_effective_ones_more():
    def low(treated, comparison):
        return minimum_detectable_rate_ratio(treated, comparison, mean_events=2, dispersion=1).low

    assert low(60, 60) < low(120, 120) < 1
    assert low(60, 20) < low(60, 60)


def test_a_change_that_cannot_happen_is_missing():
    low, high = minimum_detectable_difference(10, 10, base=0.1)
    assert math.isnan(low)
    assert 0 < high < 0.9


def test_nothing_can_be_detected_without_children_or_events():
    with pytest.raises(WrongUse):
        minimum_detectable_rate_ratio(0, 30, mean_events=2, dispersion=1)
    with pytest.raises(WrongUse):
        minimum_detectable_rate_ratio(30, 30, mean_events=0, dispersion=1)
    with pytest.raises(WrongUse):
        minimum_detectable_difference(30, 30, base=1)
