import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom, norm

from evaluation.errors import WrongUse
from evaluation.estimating.charts import funnel

EVENTS, SIZE = [12, 30, 41, 0, 55], [40, 90, 80, 9, 200]


def test_the_exact_limit_lies_between_the_counts_on_either_side_of_its_probability():
    found = funnel([8, 15], [20, 30], kind="proportion", target=0.5)
    # P(R <= 13) = 0.942, P(R <= 14) = 0.979: r is 14.
    upto, at = binom.cdf(14, 20, 0.5), binom.pmf(14, 20, 0.5)
    assert found.points["high_95"].iloc[0] == pytest.approx((14 - (upto - 0.975) / at) / 20)
    # P(R <= 5) = 0.021, P(R <= 6) = 0.058: r is 6.
    upto, at = binom.cdf(6, 20, 0.5), binom.pmf(6, 20, 0.5)
    assert found.points["low_95"].iloc[0] == pytest.approx((6 - (upto - 0.025) / at) / 20)


def test_large_places_have_limits_near_the_normal_ones():
    limits = funnel(EVENTS, SIZE, kind="rate", target=0.3).curve([1e6])
    for name, level in (("95", 0.975), ("998", 0.999)):
        reach = norm.ppf(level) * np.sqrt(0.3 / 1e6)
        assert limits[f"high_{name}"].iloc[0] == pytest.approx(0.3 + reach, rel=1e-5)
        assert limits[f"low_{name}"].iloc[0] == pytest.approx(0.3 - reach, rel=1e-5)


def test_places_keep_their_order_and_their_names():
    found = funnel(EVENTS, SIZE, kind="proportion", names=list("edcba"))
    assert found.points.index.tolist() == list("edcba")
    assert [one.group for one in found][:5] == list("edcba")
    assert not any("rank" in name for name in found.points)
    assert found.one("share", "c").value == pytest.approx(41 / 80)
    by_index = funnel(pd.Series(EVENTS, index=list("edcba")), SIZE, kind="proportion")
    assert by_index.points.index.tolist() == list("edcba")


def test_marks_and_p_values_say_who_lies_outside():
    found = funnel([10, 30, 60, 20], [100, 100, 100, 100], kind="proportion", target=0.2)
    assert found.points["marks"].tolist() == ["outside_95", "outside_95", "outside_998", ""]
    assert found.one("points_outside_95").value == 3
    assert found.one("points_outside_998").value == 1
    assert found.one("share", "0").p == pytest.approx(2 * binom.cdf(10, 100, 0.2))


def test_the_additive_spread_by_hand():
    size, events = np.array([100.0, 200, 50, 400]), np.array([130, 150, 80, 400])
    y, s = np.sqrt(events / size), 1 / (2 * np.sqrt(size))
    z = (y - 1) / s
    w = 1 / s**2
    tau2 = ((z**2).sum() - 3) / (w.sum() - (w**2).sum() / w.sum())
    found = funnel(events, size, kind="ratio", spread="additive", winsorise=0)
    assert found.phi == pytest.approx((z**2).mean())
    assert found.tau == pytest.approx(np.sqrt(tau2))
    high = (1 + norm.ppf(0.999) * np.sqrt(s**2 + tau2)) ** 2
    assert found.points["high_998"].tolist() == pytest.approx(high)
    assert found.points["z"].tolist() == pytest.approx((y - 1) / np.sqrt(s**2 + tau2))


def test_the_multiplicative_spread_on_the_plain_scale_is_the_paper_of_2005():
    size, events = np.array([100, 200, 50, 400]), np.array([40, 50, 30, 100])
    found = funnel(events, size, kind="proportion", spread="multiplicative", scale="plain",
                   winsorise=0)  # fmt: skip
    share = events.sum() / size.sum()
    error = np.sqrt(share * (1 - share) / size)
    phi = (((events / size - share) / error) ** 2).mean()
    assert found.phi == pytest.approx(phi)
    assert phi > 1 + 2 * np.sqrt(2 / 4)
    high = np.minimum(share + norm.ppf(0.975) * np.sqrt(phi) * error, 1)
    assert found.points["high_95"].tolist() == pytest.approx(high)


def test_a_dispersion_within_chance_widens_nothing():
    found = funnel([20, 41, 31, 19], [100, 200, 150, 100], kind="rate", spread="multiplicative")
    assert found.phi < 1
    assert found.tau == 0
    error = 1 / (2 * np.sqrt(np.array([100, 200, 150, 100])))
    wide = (np.sqrt(found.points["centre"]) + norm.ppf(0.975) * error) ** 2
    assert found.points["high_95"].tolist() == pytest.approx(wide.tolist())


def test_outliers_are_drawn_in_before_the_dispersion_is_measured():
    rng = np.random.default_rng(1)
    size = np.full(20, 100)
    events = np.append(rng.poisson(100, 19), 300)
    drawn_in = funnel(events, size, kind="ratio", spread="additive")
    raw = funnel(events, size, kind="ratio", spread="additive", winsorise=0)
    assert drawn_in.phi < 2 < raw.phi
    assert drawn_in.points["marks"].iloc[-1] == "outside_998"


def test_dispersion_and_few_events_are_warned_of():
    spread = funnel([10, 30, 60, 20], [100] * 4, kind="proportion")
    assert [one.trap for one in spread.beware] == ["overdispersion"]
    few = funnel([1, 2, 0, 1], [10] * 4, kind="proportion")
    assert [one.trap for one in few.beware] == ["few_events"]


def test_per_scales_values_and_limits_alike():
    one = funnel(EVENTS, SIZE, kind="rate").points
    hundred = funnel(EVENTS, SIZE, kind="rate", per=100).points
    for name in ("value", "centre", "low", "high"):
        assert hundred[name].tolist() == pytest.approx((100 * one[name]).tolist())
    assert hundred["marks"].equals(one["marks"])


@pytest.mark.parametrize("wrong", [
    {"kind": "odds"}, {"spread": "wide"}, {"scale": "log"}, {"winsorise": 0.5}, {"target": 1.2},
    {"target": 0}, {"names": ["a"]},
])  # fmt: skip
def test_a_funnel_that_cannot_be_is_refused(wrong):
    with pytest.raises(WrongUse):
        funnel(EVENTS, SIZE, **{"kind": "proportion", **wrong})


@pytest.mark.parametrize(("events", "size"), [
    ([5], [4]), ([1], [0]), ([-1], [4]), ([1.5], [4]), ([1, 2], [4]), ([], []), ([None], [1]),
])  # fmt: skip
def test_counts_that_are_no_part_of_their_size_are_refused(events, size):
    with pytest.raises(WrongUse):
        funnel(events, size, kind="proportion")


def test_every_place_without_events_needs_a_target():
    with pytest.raises(WrongUse, match="target"):
        funnel([0, 0], [10, 10], kind="rate")
    found = funnel([0, 0], [10, 10], kind="rate", target=0.5)
    assert found.one("rate", "0").value == 0
