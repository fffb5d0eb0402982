"""Shares of small groups are drawn to the mean, by as much as chance would move them."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import betaln

from evaluation.errors import WrongUse
from evaluation.estimating.shrinkage import shrunken_shares


def shrunk(events, of, **options):
    names = [f"g{at}" for at in range(len(of))]
    return shrunken_shares(pd.Series(events, names), pd.Series(of, names), **options)


@pytest.mark.slow
def test_it_is_the_mean_over_all_that_the_groups_could_be():
    """Against plain Monte Carlo over the same prior: a million means and parts of their own."""
    y, n = np.array([9.0, 60.0, 1.0]), np.array([10.0, 100.0, 4.0])
    rng = np.random.default_rng(1)
    mean, own = rng.random((2, 1_000_000))
    precision = len(n) / (1 / n).sum() * (1 - own) / own
    a, b = mean * precision, (1 - mean) * precision
    log = sum(betaln(a + e, b + c - e) - betaln(a, b) for e, c in zip(y, n, strict=True))
    weight = np.exp(log - log.max())
    weight /= weight.sum()
    found = shrunk(y, n)
    drawn = rng.choice(len(weight), 200_000, p=weight)
    for at, row in enumerate(found.model.itertuples()):
        assert row.shrunken == pytest.approx(
            weight @ ((a + y[at]) / (precision + n[at])), abs=0.002
        )
        sample = rng.beta(a[drawn] + y[at], b[drawn] + n[at] - y[at])
        assert (row.low, row.high) == pytest.approx(np.quantile(sample, [0.025, 0.975]), abs=0.006)
    assert found.one("mean_share").value == pytest.approx(weight @ mean, abs=0.003)
    ends = np.quantile(mean[drawn], [0.025, 0.975])
    assert (found.one("mean_share").low, found.one("mean_share").high) == pytest.approx(
        ends, abs=0.02
    )


def test_groups_of_few_are_drawn_far_and_groups_of_many_hardly():
    model = shrunk([9, 500, 2], [10, 1000, 8]).model
    assert model["own"].is_monotonic_increasing is False
    assert model["own"].iloc[1] > 0.95
    assert abs(model["shrunken"].iloc[1] - 0.5) < 0.005
    assert 0.5 < model["shrunken"].iloc[0] < 0.9
    assert 0.25 < model["shrunken"].iloc[2] < 0.5


def test_groups_that_differ_by_more_than_chance_keep_their_own():
    apart = shrunk([10, 90, 20, 80], [100] * 4).model
    alike = shrunk([50, 52, 48, 50], [100] * 4).model
    assert apart["own"].min() > 0.9
    assert alike["own"].max() < 0.6


def test_the_order_and_the_names_are_those_given_and_events_mirror():
    found = shrunken_shares(pd.Series({"z": 3, "a": 8}), pd.Series({"z": 10, "a": 10}))
    assert [one.group for one in found] == ["z", "a", "all"]
    other = shrunken_shares(pd.Series({"z": 7, "a": 2}), pd.Series({"z": 10, "a": 10}))
    assert other.one(group="z").value == pytest.approx(1 - found.one(group="z").value, abs=1e-3)
    assert other.one(group="z").low == pytest.approx(1 - found.one(group="z").high, abs=2e-3)


@pytest.mark.parametrize("share", [0, 1])
def test_where_none_or_all_had_it_limits_are_still_apart(share):
    for row in shrunk([12 * share] * 5, [12] * 5).model.itertuples():
        assert abs(row.shrunken - share) < 0.05
        assert 0.01 < row.high - row.low < 0.2


def test_a_group_without_children_has_no_value_and_one_alone_nothing_to_be_drawn_to():
    found = shrunk([3, 0, 6], [10, 0, 10])
    empty = found.one("shrunken_share", "g1")
    assert (empty.value, empty.why_not, empty.of) == (None, "too_few_children", 0)
    assert found.one("shrunken_share", "g0").value == pytest.approx(
        shrunk([3, 6], [10, 10]).one("shrunken_share", "g0").value
    )
    for alone in (shrunk([3], [10]), shrunk([3, 0], [10, 0]), shrunk([], [])):
        assert {one.why_not for one in alone} == {"no_comparison"}


def test_national_numbers_do_not_break_it():
    model = shrunk([300_000, 510_000], [1_000_000, 1_000_000]).model
    assert model["shrunken"].round(3).tolist() == [0.3, 0.51]
    assert (model["high"] - model["low"]).between(0.0017, 0.0021).all()


@pytest.mark.slow
def test_limits_hold_and_errors_shrink_over_many_worlds():
    rng = np.random.default_rng(5)
    held, own, raw, count = 0, 0.0, 0.0, 0
    for _world in range(40):
        n = rng.integers(5, 40, 8)
        truth = rng.beta(12, 8, 8)
        y = rng.binomial(n, truth)
        model = shrunk(y, n).model
        held += int(((model["low"] <= truth) & (truth <= model["high"])).sum())
        own += float(((model["shrunken"] - truth) ** 2).sum())
        raw += float(((y / n - truth) ** 2).sum())
        count += 8
    # 320 groups: 95% is held within three standard errors, and the squares are far smaller.
    assert abs(held / count - 0.95) < 3 * (0.95 * 0.05 / count) ** 0.5 + 0.01
    assert own < 0.8 * raw


def test_what_is_no_part_or_has_another_index_is_refused():
    with pytest.raises(WrongUse):
        shrunk([5, 3], [4, 4])
    with pytest.raises(WrongUse):
        shrunken_shares(pd.Series({"a": 1}), pd.Series({"b": 2}))
    with pytest.raises(WrongUse):
        shrunken_shares(pd.Series([1, 1], ["a", "a"]), pd.Series([2, 2], ["a", "a"]))
    with pytest.raises(WrongUse):
        shrunk([1, 2], [3, 4], confidence=1.0)
