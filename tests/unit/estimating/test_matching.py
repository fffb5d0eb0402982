import numpy as np
import pandas as pd
import pytest

from evaluation.errors import WrongUse
from evaluation.estimating.matching import match, matched_difference
from evaluation.estimating.weighting import propensity


def children(n=120, seed=3):
    rng = np.random.default_rng(seed)
    prior = rng.poisson(3, n)
    treated = rng.random(n) < 0.6 / (1 + np.exp(-0.4 * (prior - 3)))
    return pd.DataFrame(
        {
            "child_key": [f"C{number:03}" for number in range(n)],
            "arm": np.where(treated, "t", "c"),
            "prior": prior,
            "fine": rng.normal(prior, 2),
            "events": rng.poisson(prior + 1.0),
        }
    )


SOME = children()
ALIKE = propensity(SOME, ["prior"], treated="t")
FINE = propensity(SOME, ["fine"], treated="t")


def test_each_treated_child_has_the_nearest_that_is_left():
    found = match(FINE)
    scores = FINE.children.set_index("child_key")["score"]
    logit = np.log(scores / (1 - scores))
    treated = FINE.children.query("arm == 't'").set_index("child_key")["score"]
    free = logit[FINE.children.query("arm == 'c'")["child_key"]].copy()
    pairs = []
    for child in treated.sort_values(ascending=False).index:
        nearest = (free - logit[child]).abs().idxmin()
        pairs.append((child, nearest))
        free = free.drop(nearest)
    assert list(zip(found.pairs["treated"], found.pairs["comparison"], strict=True)) == pairs
    assert found.pairs["comparison"].is_unique
    assert found.tied == 0


def test_a_caliper_leaves_out_who_has_nobody_near():
    found = match(FINE, caliper=0.05)
    assert (
        found.pairs["distance"].max()
        <= 0.05 * np.log(FINE.children["score"] / (1 - FINE.children["score"])).std()
    )
    left_out = found.one("matched_children", "treated")
    assert left_out.value < left_out.of
    assert "no_overlap" in [each.trap for each in found.beware]
    assert (found.children["weight"] > 0).sum() == 2 * left_out.value


def test_with_replacement_or_several_the_weights_add_up():
    for options in ({"replacement": True}, {"each": 2}, {"each": 3, "replacement": True}):
        found = match(FINE, **options)
        weight = found.children.groupby("arm")["weight"].sum()
        assert weight["t"] == pytest.approx(weight["c"])
        assert len(found.pairs) == options.get("each", 1) * weight["t"]
    assert match(FINE, replacement=True).pairs["comparison"].duplicated().any()


def test_the_order_of_rows_matches_nobody_else():
    shuffled = SOME.sample(frac=1, random_state=5)
    again = match(propensity(shuffled, ["prior"], treated="t"))
    pd.testing.assert_frame_equal(match(ALIKE).pairs, again.pairs, check_exact=False)


def test_what_other_orders_of_ties_would_give_is_told():
    rng = np.random.default_rng(1)
    found = matched_difference(match(ALIKE), SOME, "events", rng=rng, tie_orders=50)
    spread = found.one("mean_difference", "tie_orders")
    assert spread.low < spread.value < spread.high
    assert found.beware[-1].trap == "tied_scores"
    alone = matched_difference(match(FINE), SOME, "events", rng=rng, tie_orders=20)
    spread = alone.one("mean_difference", "tie_orders")
    assert spread.low == spread.high == alone.one("mean_difference", "contrast").value
    assert "tied_scores" not in [each.trap for each in alone.beware]


def test_the_difference_and_its_error_are_of_the_pairs():
    found = matched_difference(match(FINE), SOME, "events", rng=np.random.default_rng(1))
    events = SOME.set_index("child_key")["events"]
    pairs = match(FINE).pairs
    apart = events[pairs["treated"]].to_numpy() - events[pairs["comparison"]].to_numpy()
    difference = found.one("mean_difference", "contrast")
    assert difference.value == pytest.approx(apart.mean())
    assert difference.se == pytest.approx(apart.std(ddof=1) / np.sqrt(len(apart)))
    several = matched_difference(
        match(FINE, each=2), SOME, "events", rng=np.random.default_rng(1), tie_orders=5
    )
    assert several.one("mean_difference", "contrast").low is None


def test_weighting_is_said_to_be_preferred():
    assert match(FINE).beware[0].trap == "prefer_weighting"
    assert abs(match(FINE).one("smd_after", "fine").value) < abs(
        match(FINE).one("smd_before", "fine").value
    )


def test_nobody_near_enough_is_no_difference():
    found = match(FINE, caliper=0.0)
    assert found.pairs.empty
    nothing = matched_difference(found, SOME, "events", rng=np.random.default_rng(1))
    assert nothing.one("mean_difference").why_not == "no_comparison"


def test_bad_use_is_refused():
    with pytest.raises(WrongUse):
        match(FINE, each=0)
    with pytest.raises(WrongUse):
        match(FINE, caliper=-1)
    with pytest.raises(WrongUse, match="have no events"):
        matched_difference(match(FINE), SOME.head(50), "events", rng=np.random.default_rng(1))
