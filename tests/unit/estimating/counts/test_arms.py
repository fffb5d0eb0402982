import numpy as np
import pandas as pd
import pytest

from evaluation.errors import WrongUse
from evaluation.estimating.counts import (
    overdispersion,
    rate_ratio_adjusted,
    rate_ratio_robust,
    rates,
)


def frame(rows):
    return pd.DataFrame(rows, columns=["child_key", "arm", "events", "days_at_risk"])


SOME = frame([("A", "t", 1, 100), ("B", "t", 3, 100), ("C", "c", 2, 50), ("D", "c", 6, 50)])


def drawn(n=400, *, ratio=0.5, dispersion=1.0, seed=4):
    rng = np.random.default_rng(seed)
    treated = rng.random(n) < 0.5
    days = rng.integers(60, 183, n)
    spread = rng.gamma(1 / dispersion, dispersion, n) if dispersion else np.ones(n)
    age = rng.integers(10, 18, n)
    events = rng.poisson(0.02 * days * spread * np.where(treated, ratio, 1.0))
    return pd.DataFrame(
        {"arm": np.where(treated, "t", "c"), "events": events, "days_at_risk": days, "age": age}
    )


def values(found):
    return [each.value for each in found]


def test_rates_by_hand():
    found = rates(SOME, treated="t")
    # 4 events seen in 200 days; 16 expected at 8 per 100; 12 fewer in 2 children.
    assert values(found) == pytest.approx([2.0, 8.0, 0.25, -600])
    assert [each.measure for each in found] == ["rate", "rate", "rate_ratio", "difference_per_100"]
    assert [(each.children, each.events) for each in found] == [(2, 4), (2, 8), (4, 12), (4, 12)]


def test_weights_move_the_comparison_and_leave_children_without_one_out():
    weights = pd.DataFrame({"child_key": ["A", "B", "C"], "weight": [1.0, 1.0, 0.5]})
    found = rates(SOME, treated="t", weights=weights)
    assert values(found)[:2] == pytest.approx([2.0, 4.0])
    assert found.one("rate", "comparison").children == 1


@pytest.mark.parametrize(
    ("children", "why_not"),
    [
        (SOME[SOME["arm"] == "t"], "no_comparison"),
        (SOME[SOME["arm"] == "c"], "no_comparison"),
        (SOME.assign(days_at_risk=[0, 0, 50, 50], events=[0, 0, 2, 6]), "no_follow_up"),
        (SOME.assign(events=[1, 3, 0, 0]), "no_events"),
    ],
)
def test_what_cannot_be_compared_says_why(children, why_not):
    for found in (rates(children, treated="t"), rate_ratio_robust(children, treated="t")):
        ratio = found.one("rate_ratio")
        assert ratio.value is None
        # A robust ratio of children of whom one arm was never at risk has nothing to compare.
        assert ratio.why_not in (
            {why_not, "no_comparison"} if why_not == "no_follow_up" else {why_not}
        )


def test_no_events_among_the_treated_is_a_ratio_of_nought():
    some = SOME.assign(events=[0, 0, 2, 6])
    for found in (rates(some, treated="t"), rate_ratio_robust(some, treated="t")):
        ratio = found.one("rate_ratio")
        assert (ratio.value, ratio.why_not, ratio.low) == (0.0, None, None)


def test_a_column_that_is_not_there_is_named():
    with pytest.raises(WrongUse, match="days_at_risk"):
        rates(SOME.drop(columns="days_at_risk"), treated="t")


def test_robust_limits_by_hand():
    found = rate_ratio_robust(drawn(), treated="t")
    some = drawn()
    treated = some["arm"] == "t"
    squares = 0.0
    for arm in (treated, ~treated):
        events, days = some["events"][arm], some["days_at_risk"][arm]
        rest = events - events.sum() / days.sum() * days
        squares += (rest**2).sum() / events.sum() ** 2
    assert found.one("rate_ratio").se == pytest.approx(np.sqrt(squares))
    assert found.one("rate_ratio").value == pytest.approx(
        rates(some, treated="t").one("rate_ratio").value
    )


def test_children_with_many_rows_are_clusters_without_being_asked():
    some = drawn(100).assign(child_key=range(100))
    twice = pd.concat([some, some])
    once = rate_ratio_robust(some, treated="t")
    assert rate_ratio_robust(twice, treated="t").one("rate_ratio").se == pytest.approx(
        once.one("rate_ratio").se
    )
    assert rate_ratio_robust(twice, treated="t").one("rate_ratio").children == 100


def test_the_adjusted_ratio_finds_the_truth():
    found = rate_ratio_adjusted(drawn(1500), ["age"], treated="t")
    ratio = found.one("rate_ratio")
    assert ratio.low < 0.5 < ratio.high
    assert ratio.high / ratio.low < 1.5
    assert found.covariates == ("age",)
    assert (ratio.why_not, ratio.design_level) == (None, 3)


def test_covariates_go_in_while_events_allow():
    found = rate_ratio_adjusted(drawn(25), ["age"], treated="t")
    assert found.covariates == ()
    assert found.dropped[0].why == "too_few_events"


def test_a_covariate_that_separates_is_left_out():
    some = drawn(200)
    some["quiet"] = np.arange(200) < 20
    some.loc[some["quiet"], "events"] = 0
    found = rate_ratio_adjusted(some, ["age", "quiet"], treated="t")
    assert found.covariates == ("age",)
    assert found.dropped[-1].why == "separation"
    assert found.one("rate_ratio").value is not None


@pytest.mark.parametrize(
    ("children", "why_not"),
    [
        (SOME.assign(days_at_risk=0), "no_follow_up"),
        (SOME[SOME["arm"] == "t"], "no_comparison"),
        (SOME.assign(events=[0, 0, 2, 6]), "no_events"),
    ],
)
def test_a_regression_that_cannot_be_had_says_why(children, why_not):
    ratio = rate_ratio_adjusted(children, [], treated="t").one("rate_ratio")
    assert (ratio.value, ratio.why_not) == (None, why_not)


def test_spread_is_estimated_without_looking_at_arms():
    some = drawn(800, ratio=1.0, dispersion=2.0)
    found = overdispersion(some)
    assert found.one("dispersion").value == pytest.approx(2, abs=0.4)
    assert found.estimates == overdispersion(some.assign(arm="t")).estimates
    assert found.one("dispersion").method == "nb2"


def test_nobody_at_risk_has_no_spread():
    assert overdispersion(SOME.assign(days_at_risk=0)).one("mean_events").why_not == "no_follow_up"
    nothing = overdispersion(SOME.assign(events=0))
    assert nothing.one("mean_events").value == 0
    assert nothing.one("dispersion").why_not == "no_events"


@pytest.mark.parametrize("name", ["arm", "events", "days_at_risk"])
def test_two_columns_of_one_name_are_refused_in_a_sentence(name):
    twice = pd.concat([SOME, SOME[[name]]], axis=1)
    for call in (
        lambda: rates(twice, treated="t"),
        lambda: rate_ratio_robust(twice, treated="t"),
        lambda: rate_ratio_adjusted(twice, [], treated="t"),
    ):
        with pytest.raises(WrongUse, match=f"More than one column is called {name}"):
            call()


def test_keys_that_two_columns_hold_are_refused_too():
    twice = pd.concat([SOME, SOME[["child_key"]]], axis=1)
    weights = SOME[["child_key"]].assign(weight=1.0)
    for call in (
        lambda: rates(twice, treated="t"),
        lambda: rates(twice, treated="t", weights=weights),
        lambda: rate_ratio_robust(twice, treated="t"),
        lambda: rate_ratio_adjusted(twice, [], treated="t"),
    ):
        with pytest.raises(WrongUse, match="More than one column is called child_key"):
            call()
