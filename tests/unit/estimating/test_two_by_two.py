import itertools
import math

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.special import xlogy

from evaluation.errors import WrongUse
from evaluation.estimating.two_by_two import (
    fisher,
    mantel_haenszel,
    odds_ratio,
    risk_ratio,
)

TABLES = [
    (a, n, c, m)
    for n, m in itertools.product((1, 5, 60), (4, 80))
    for a, c in itertools.product(sorted({0, 1, n // 2, n}), sorted({0, 1, m // 2, m}))
]


def squared_score(ratio, table, group_1):
    """Miettinen and Nurminen's, with the likeliest shares looked for and not solved for."""
    a, n, c, m = table

    def unlikely(q):
        p = group_1(q, ratio)
        return -(xlogy(a, p) + xlogy(n - a, 1 - p) + xlogy(c, q) + xlogy(m - c, 1 - q))

    most = 1.0 if group_1 is odds else min(1.0, 1 / ratio)
    q = minimize_scalar(unlikely, bounds=(1e-12, most - 1e-12), options={"xatol": 1e-13}).x
    p = group_1(q, ratio)
    pearson = (a - n * p) ** 2 / (n * p * (1 - p)) + (c - m * q) ** 2 / (m * q * (1 - q))
    return pearson * (n + m - 1) / (n + m)


def risks(q, ratio):
    return ratio * q


def odds(q, ratio):
    return ratio * q / (1 - q + ratio * q)


@pytest.mark.parametrize(("call", "group_1"), [(risk_ratio, risks), (odds_ratio, odds)])
@pytest.mark.parametrize(
    "table", [(12, 60, 24, 60), (1, 9, 3, 4), (0, 8, 5, 9), (7, 7, 5, 9), (2, 90, 0, 40)]
)
def test_limits_are_where_the_score_is_1_96(call, group_1, table):
    one = call(*table).one()
    for limit in (one.low, one.high):
        if 0 < limit < math.inf:
            assert squared_score(limit, table, group_1) == pytest.approx(1.959964**2, rel=1e-4)


@pytest.mark.parametrize("call", [risk_ratio, odds_ratio, fisher])
def test_no_table_is_too_awkward(call):
    for table in TABLES:
        one = call(*table).one()
        if one.value is None:
            assert one.why_not in {"no_events", "no_variation"}
            continue
        assert 0 <= one.low <= one.value <= one.high
        assert 0 <= one.p <= 1
        other = call(*table[2:], *table[:2]).one()
        assert other.low == pytest.approx(1 / one.high if one.high else math.inf, rel=1e-6)


def test_none_against_some_has_one_limit_that_says_something():
    one = risk_ratio(6, 9, 0, 9).one()
    assert one.value == one.high == math.inf
    assert one.low > 1


def test_an_empty_group_is_no_comparison():
    for call in (risk_ratio, odds_ratio, fisher):
        assert call(0, 0, 3, 5).one().why_not == "no_comparison"


def test_odds_overstate_risks():
    assert odds_ratio(40, 50, 20, 50).one().value == 6
    assert risk_ratio(40, 50, 20, 50).one().value == 2


def test_one_stratum_is_its_own_odds_ratio_and_empty_strata_say_nothing():
    table = [[12, 48], [24, 36]]
    alone = mantel_haenszel([table])
    assert alone.one("odds_ratio").value == pytest.approx(odds_ratio(12, 60, 24, 60).one().value)
    beside = mantel_haenszel([[[0, 0], [3, 4]], table, [[0, 4], [0, 9]], [[2, 0], [5, 0]]])
    for mine, theirs in zip(beside, alone, strict=True):
        assert (mine.value, mine.low, mine.p) == (theirs.value, theirs.low, theirs.p)


def test_simpson_s_paradox_is_seen_through():
    strata = [[[81, 6], [234, 36]], [[192, 71], [55, 25]]]
    assert mantel_haenszel(strata).one("odds_ratio").value > 1
    assert odds_ratio(273, 350, 289, 350).one().value < 1


def test_strata_at_the_edge_have_no_limits_and_no_nan():
    ratio, statistic = mantel_haenszel([[[3, 0], [1, 4]]])
    assert (ratio.value, ratio.low, ratio.high) == (math.inf, None, None)
    assert statistic.value > 0
    assert mantel_haenszel([]).one().why_not == "no_events"


def test_a_stratum_is_two_by_two():
    with pytest.raises(WrongUse, match="2 rows and 2 columns"):
        mantel_haenszel([np.ones((2, 3))])
