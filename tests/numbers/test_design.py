"""Power, multiplicity and E-values, as R has them."""

import pytest

from evaluation.estimating.e_value import e_value, e_value_difference
from evaluation.estimating.multiplicity import benjamini_hochberg, holm
from evaluation.estimating.power import (
    minimum_detectable_difference,
    minimum_detectable_hazard_ratio,
)
from evaluation.estimating.sample_size import children_needed_for_difference, events_needed

CASES = {"power", "multiplicity", "evalue"}

near = pytest.approx


def test_power(agree):
    needed = children_needed_for_difference(0.4, base=0.6).one(group="treated").value
    agree("power", {"n per group": needed, "events": events_needed(0.7).one().value})


def test_multiplicity(agree):
    p = [0.01, 0.02, 0.03, 0.04, 0.05]
    agree(
        "multiplicity",
        {"p2": holm(p).estimates[1].p, "p1": benjamini_hochberg(p).estimates[0].p},
    )


def test_e_values(agree):
    ours = {}
    for text, low, value, high in (
        ("RR 3.9 (1.8, 8.7)", 1.8, 3.9, 8.7),
        ("RR 0.80 (0.71, 0.91)", 0.71, 0.80, 0.91),
    ):
        found = e_value(value, low=low, high=high, measure="risk_ratio")
        ours[text, "E-value point", "E"] = found.one(group="point").value
        ours[text, "E-value CI limit", "E"] = found.one(group="limit").value
    agree("evalue", ours)


def test_children_of_other_shares():
    # R's power.prop.test, with tol = 1e-13: its own default leaves the fifth digit open.
    # n of p1 = .15, p2 = .3, power = .9
    needed = children_needed_for_difference(0.15, base=0.3, power=0.9)
    assert needed.one(group="treated").value == near(160.777677855, rel=1e-9)
    # p2 of n = 80, p1 = .25, power = .8
    found = minimum_detectable_difference(80, 80, base=0.25).one()
    assert 0.25 + found.high == near(0.460437935777, rel=1e-9)
    # p2 of n = 250, p1 = .5, power = .9, sig.level = .01
    found = minimum_detectable_difference(250, 250, base=0.5, power=0.9, alpha=0.01).one()
    assert 0.5 + found.high == near(0.669182150707, rel=1e-9)
    assert 0.5 + found.low == near(1 - 0.669182150707, rel=1e-9)


def test_the_hazard_ratio_that_so_many_events_detect():
    assert minimum_detectable_hazard_ratio(246.7871045).one().low == near(0.7, rel=1e-6)


def test_ties_and_missing_values_among_p():
    p = [0.04, 0.001, None, 0.03, 0.2, 0.011, 0.04, 0.9, 1e-9]
    # R's p.adjust by "holm" and by "BH"
    r_holm = [0.16, 0.007, None, 0.15, 0.4, 0.066, 0.16, 0.9, 8e-9]
    r_bh = [0.0533333333333, 0.004, None, 0.0533333333333, 0.2285714285714, 0.0293333333333,
            0.0533333333333, 0.9, 8e-9]  # fmt: skip
    for adjust, theirs in ((holm, r_holm), (benjamini_hochberg, r_bh)):
        ours = [one.p for one in adjust(p)]
        assert ours[2] is None
        assert ours[:2] + ours[3:] == near(theirs[:2] + theirs[3:], rel=1e-10)


@pytest.mark.parametrize(("counts", "point", "limit"), [
    # EValue's evalues.RD on a grid of 1e-6, which goes past the root by up to one step.
    ((397, 500, 100, 500), 7.40378799579, 6.16653331471),
    ((40, 120, 25, 150), 3.41421356237, 1.94743916995),
    ((60, 100, 30, 200), 7.46410161514, 5.16272124123),
])  # fmt: skip
def test_e_values_of_differences(counts, point, limit):
    found = e_value_difference(*counts)
    assert found.one(group="point").value == near(point, rel=1e-10)
    assert found.one(group="limit").value == near(limit, abs=1e-5)


def test_e_values_of_a_common_outcome():
    # VanderWeele & Ding (2017): an odds ratio goes by its root, a hazard ratio by
    # (1 - .5^sqrt(HR)) / (1 - .5^sqrt(1/HR)), computed by R.
    found = e_value(9, measure="odds_ratio", common=True).one()
    assert found.value == near(3 + 6**0.5)
    found = e_value(0.56, low=0.46, high=0.69, measure="hazard_ratio", common=True)
    assert found.one(group="point").value == near(2.349531257, rel=1e-9)
    assert found.one(group="limit").value == near(1.908003943, rel=1e-9)
