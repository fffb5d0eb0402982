import numpy as np
import pytest
from scipy.stats import poisson as chance

from evaluation.errors import WrongUse
from evaluation.estimating.counts import rate, rate_ratio_exact


def test_limits_are_where_what_was_seen_becomes_unlikely():
    found = rate(7, 350).one()
    assert chance.sf(6, found.low * 3.5) == pytest.approx(0.025)
    assert chance.cdf(7, found.high * 3.5) == pytest.approx(0.025)


def test_no_events_have_an_upper_limit():
    found = rate(0, 300).one()
    assert (found.value, found.low) == (0, 0)
    assert found.high == pytest.approx(100 * -np.log(0.025) / 300)


def test_children_are_added_up_and_looked_at():
    found = rate([0, 1, 0, 12], [30, 30, 20, 20])
    assert found.one().value == 13
    assert found.one().children == 4
    assert str(found.beware[0].text).endswith("Poisson intervals too narrow.")
    assert not rate([3, 2, 4, 3], [30, 30, 30, 30]).beware


def test_nobody_at_risk():
    assert rate(0, 0).one().why_not == "no_follow_up"
    assert rate_ratio_exact(0, 0, 3, 10).one().why_not == "no_follow_up"
    assert rate_ratio_exact(0, 10, 0, 10).one().why_not == "no_events"


def test_a_ratio_to_nothing_has_a_lower_limit_and_p():
    found = rate_ratio_exact(5, 100, 0, 100).one()
    assert (found.value, found.high, found.why_not) == (None, None, "no_events")
    assert found.low > 0.5
    assert found.p == pytest.approx(2 / 2**5)


def test_turned_round_it_is_one_over():
    one, other = rate_ratio_exact(4, 90, 9, 70).one(), rate_ratio_exact(9, 70, 4, 90).one()
    assert (one.value, one.low, one.p) == pytest.approx((1 / other.value, 1 / other.high, other.p))


@pytest.mark.parametrize(
    "totals",
    [
        (1.5, 10),
        (-1, 10),
        (1, -10),
        (1, 0),
        (1, np.nan),
        ([1, 2], [10]),
        (np.nan, 3),
        ([[1]], [[2]]),
    ],
)
def test_bad_use_is_refused(totals):
    with pytest.raises(WrongUse):
        rate(*totals)
    with pytest.raises(WrongUse):
        rate_ratio_exact(*totals, 2, 20)
