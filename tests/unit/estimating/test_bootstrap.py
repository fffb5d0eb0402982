from functools import partial

import numpy as np
import pandas as pd
import pytest

from evaluation.errors import WrongUse
from evaluation.estimating import bootstrap
from evaluation.estimating.aipw import aipw
from evaluation.estimating.batched import fit_many
from evaluation.estimating.bootstrap import whole_child
from evaluation.estimating.counts import rates
from evaluation.estimating.intervals import acceleration, bca
from evaluation.estimating.ipw import ipw
from evaluation.estimating.survival import kaplan_meier
from evaluation.estimating.weighting import propensity


def children(n=160, *, ratio=1.0, seed=2):
    rng = np.random.default_rng(seed)
    prior = rng.poisson(4, n)
    treated = rng.random(n) < 1 / (1 + np.exp(-0.3 * (prior - 4)))
    rate = 0.02 * np.exp(0.15 * (prior - 4)) * np.where(treated, ratio, 1) * rng.gamma(1, 1, n)
    days_to_first = np.minimum(np.ceil(rng.exponential(1 / rate)), 182)
    return pd.DataFrame(
        {
            "child_key": [f"C{number:03}" for number in range(n)],
            "arm": np.where(treated, "t", "c"),
            "prior": prior,
            "events": rng.poisson(rate * 182),
            "days_at_risk": rng.integers(150, 183, n),
            "days_to_first": days_to_first.astype("int64"),
            "any_event": (days_to_first < 182).astype("int64"),
        }
    )


def run(some, *, seed=1, replicates=199, **options):
    weights = propensity(some, ["prior"], treated="t")
    options = {"counts": {182: some}, "times": some, "at": [90, 181], "bias": "kept"} | options
    return whole_child(weights, rng=np.random.default_rng(seed), replicates=replicates, **options)


def test_values_are_those_of_the_plain_estimators():
    some = children()
    weights = propensity(some, ["prior"], treated="t")
    found = run(some)
    plain = rates(some, treated="t", weights=weights.children)
    assert found.one("rate", "treated", 182).value == pytest.approx(
        plain.one("rate", "treated").value
    )
    assert found.one("rate_ratio", "contrast", 182).value == pytest.approx(
        plain.one("rate_ratio").value
    )
    assert found.one("difference_per_100", "contrast", 182).value == pytest.approx(
        plain.one("difference_per_100").value
    )
    assert found.one("unadjusted_rate_ratio", "contrast", 182).value == pytest.approx(
        rates(some, treated="t").one("rate_ratio").value
    )
    others = some.merge(weights.children[["child_key", "weight"]]).query("arm == 'c'")
    curve = kaplan_meier(
        others["days_to_first"], others["any_event"], weights=others["weight"], at=[90]
    )
    assert found.one("risk", "comparison", 90).value == pytest.approx(
        1 - curve.one("survival").value
    )


def test_a_slow_bootstrap_written_out_gives_the_same_interval():
    some = children(80)
    found = run(some, replicates=20)
    # The same draws, one replicate at a time, each child written out as often as it was drawn.
    rng = np.random.default_rng(1)
    treated = (some["arm"] == "t").to_numpy()
    times = np.empty((20, len(some)), dtype=int)
    for arm in (treated, ~treated):
        times[:, arm] = rng.multinomial(arm.sum(), np.full(arm.sum(), 1 / arm.sum()), size=20)
    ratios = []
    for row in times:
        again = some.loc[some.index.repeat(row)].reset_index(drop=True)
        again["child_key"] = again.index
        weights = propensity(again, ["prior"], treated="t").children
        ratios.append(rates(again, treated="t", weights=weights).one("rate_ratio").value)
    low, high = np.quantile(ratios, [0.025, 0.975], method="weibull")
    figure = found.one("rate_ratio", "contrast", 182)
    assert (figure.low, figure.high) == pytest.approx((low, high), rel=1e-6)


def test_the_same_seed_gives_the_same_figures_and_another_does_not():
    some = children()
    one, same, other = run(some), run(some), run(some, seed=2)
    assert one.estimates == same.estimates
    pd.testing.assert_frame_equal(one.draws, same.draws)
    assert not one.table["low"].equals(other.table["low"])


def test_progress_is_told_to_the_end():
    told = []
    run(children(), replicates=600, progress=lambda done, of: told.append((done, of)))
    assert told == [(250, 600), (500, 600), (600, 600)]


def test_limits_hold_the_value_and_the_differences_are_of_the_arms():
    figures = run(children(ratio=0.5)).table
    assert (figures["low"] < figures["value"]).all()
    assert (figures["value"] < figures["high"]).all()
    value = figures.set_index(["measure", "group", "days"])["value"]
    assert value["risk_difference", "contrast", 90] == pytest.approx(
        value["risk", "treated", 90] - value["risk", "comparison", 90]
    )


def test_a_child_drawn_with_all_its_events_widens_the_interval():
    some = children()
    one_child = some.index[some["arm"] == "t"][0]
    heavy = some.copy()
    heavy.loc[one_child, "events"] += 150

    def width(children):
        figure = run(children).one("rate", "treated", 182)
        return figure.high / figure.low

    assert width(heavy) > 1.5 * width(some)


def test_the_bias_that_the_draws_show_is_taken_off_ratios_alone():
    kept, removed = (
        run(children(60), bias=bias, doubly_robust=True) for bias in ("kept", "removed")
    )
    for measure in ("rate_ratio", "doubly_robust_rate_ratio"):
        before, after = (found.one(measure, "contrast", 182) for found in (kept, removed))
        drawn = np.log(kept.draws[measure, "contrast", 182]).mean()
        assert np.log(after.value) == pytest.approx(2 * np.log(before.value) - drawn)
        assert after.value != pytest.approx(before.value, rel=1e-4)
        assert (after.low, after.high) == (before.low, before.high)
    # The unadjusted ratio is what anyone can divide by hand.
    same = ("rate", "difference_per_100", "unadjusted_rate_ratio", "risk", "risk_difference")
    assert [one for one in kept if one.measure in same] == [
        one for one in removed if one.measure in same
    ]


def test_a_ratio_never_stands_at_the_end_of_its_interval_for_the_bias_taken_off_it():
    rng = np.random.default_rng(58)  # arms that hardly meet: the draws lie far above the ratio
    treated = np.arange(28) < 14
    prior = rng.normal(size=28) + 1.6 * treated
    events = rng.poisson(np.exp(0.8 * prior * rng.gamma(1, 1, 28)).clip(0, 20))
    some = pd.DataFrame(
        {"child_key": range(28), "arm": np.where(treated, "t", "c"), "prior": prior,
         "events": events, "days_at_risk": 90.0}
    )  # fmt: skip
    weights = propensity(some, ["prior"], treated="t", events_per_parameter=2)
    kept, removed = (
        whole_child(
            weights, counts={90: some}, rng=np.random.default_rng(1), replicates=199, bias=bias
        )
        for bias in ("kept", "removed")
    )
    plain, told = (found.one("rate_ratio", "contrast", 90) for found in (kept, removed))
    drawn = np.log(kept.draws["rate_ratio", "contrast", 90]).mean()
    assert 2 * np.log(plain.value) - drawn < np.log(plain.low)  # all of it would pass the limit
    assert told.low < told.value < plain.value
    assert told.value == pytest.approx(np.sqrt(plain.value * plain.low))


def test_a_child_without_a_propensity_or_outside_a_window_does_not_count():
    some = children()
    stranger = some.iloc[[0]].assign(child_key="stranger", events=10_000)
    weights = propensity(some, ["prior"], treated="t")
    half = pd.concat([some.iloc[:80], stranger])
    found = whole_child(
        weights, counts={182: half}, rng=np.random.default_rng(1), replicates=50, bias="kept"
    )
    plain = rates(some.iloc[:80], treated="t", weights=weights.children)
    assert found.one("rate_ratio", "contrast", 182).value == pytest.approx(
        plain.one("rate_ratio").value
    )


class TestNoInterval:
    """Resampling cannot see the doubt in a zero, nor lean on replicates that failed."""

    def why_not(self, some, measure, group, days, **options):
        figure = run(some, **options).one(measure, group, days)
        assert (figure.low, figure.high, figure.se) == (None, None, None)
        return figure.why_not

    def test_where_an_arm_has_no_events(self):
        some = children()
        some.loc[some["arm"] == "t", ["events", "any_event"]] = 0
        assert self.why_not(some, "rate", "treated", 182) == "no_events"
        assert self.why_not(some, "rate_ratio", "contrast", 182) == "no_events"
        assert self.why_not(some, "risk", "treated", 181) == "no_events"
        assert run(some).one("rate_ratio", "contrast", 182).value == 0
        assert run(some).one("rate", "comparison", 182).why_not is None

    def test_where_an_arm_has_nobody_without(self):
        some = children().assign(any_event=1)
        assert self.why_not(some, "risk", "treated", 182, at=[182]) == "too_few_children"

    def test_where_more_than_one_replicate_in_twenty_has_none(self):
        some = children()
        others = some["arm"] == "c"
        some.loc[others, "events"] = 0
        some.loc[some.index[others][0], "events"] = 3  # drawn in two replicates of three
        assert self.why_not(some, "rate_ratio", "contrast", 182) == "no_events"
        found = run(some)
        assert 0.5 < found.estimated["rate_ratio", "contrast", 182] / 199 < 0.8
        assert found.one("rate_ratio").value is not None

    def test_where_the_propensity_could_not_be_fitted_again(self, monkeypatch):
        monkeypatch.setattr(bootstrap, "fit_many", partial(fit_many, rounds=1))
        some = children()
        assert self.why_not(some, "rate_ratio", "contrast", 182) == "not_converged"
        assert self.why_not(some, "risk_difference", "contrast", 90) == "not_converged"
        found = run(some)
        assert found.not_converged == found.replicates
        # The unadjusted ratio has no use for it.
        assert found.one("unadjusted_rate_ratio", "contrast", 182).why_not is None

    def test_where_nobody_is_followed_so_long(self):
        assert self.why_not(children(), "risk", "treated", 200, at=[200]) == "no_follow_up"

    def test_where_nobody_is_in_the_window(self):
        some = children()
        nobody = {"counts": {365: some.iloc[:0]}}
        assert self.why_not(some, "rate_ratio", "contrast", 365, **nobody) == "no_follow_up"


def test_the_recipe_of_the_weights_is_kept_in_each_replicate():
    some = children(80)
    weights = propensity(
        some, ["prior"], treated="t", estimand="ate", stabilised=True, truncate=0.9
    )
    found = whole_child(
        weights,
        counts={182: some},
        rng=np.random.default_rng(1),
        replicates=6,
        doubly_robust=True,
        bias="kept",
    )
    assert found.one("rate_ratio").value == pytest.approx(
        ipw(weights, some, "events", kind="rate").one("rate_ratio").value
    )
    assert found.one("rate_ratio").method == "ate_weights_bootstrap"
    treated = (some["arm"] == "t").to_numpy()
    rng = np.random.default_rng(1)
    times = np.empty((6, len(some)), dtype=int)
    for arm in (treated, ~treated):
        times[:, arm] = rng.multinomial(arm.sum(), np.full(arm.sum(), 1 / arm.sum()), size=6)
    for replicate, row in enumerate(times):
        again = some.loc[some.index.repeat(row)].reset_index(drop=True)
        again["child_key"] = again.index
        alike = propensity(
            again, ["prior"], treated="t", estimand="ate", stabilised=True, truncate=0.9
        )
        one = ipw(alike, again, "events", kind="rate").one("rate_ratio").value
        assert found.draws["rate_ratio", "contrast", 182][replicate] == pytest.approx(one, rel=1e-6)
        both = aipw(alike, again, "events", kind="rate", normalised=True).one("rate_ratio").value
        drawn = found.draws["doubly_robust_rate_ratio", "contrast", 182][replicate]
        assert drawn == pytest.approx(both, rel=1e-6)


def test_doubly_robust_is_the_normalised_estimate_on_those_treated():
    some = children()
    weights = propensity(some, ["prior"], treated="t")
    found = run(some, doubly_robust=True, replicates=50).one("doubly_robust_rate_ratio")
    plain = aipw(weights, some, "events", kind="rate", normalised=True).one("rate_ratio")
    assert found.value == pytest.approx(plain.value)
    assert found.low < found.value < found.high
    assert found.method == "aipw_att_bootstrap"


def test_bca_mends_by_leaving_out_each_child_propensity_refitted():
    some = children(30)
    found = run(some, interval="bca", replicates=199)
    weights = propensity(some, ["prior"], treated="t")
    without = [
        rates(rest, treated="t", weights=propensity(rest, ["prior"], treated="t").children)
        .one("rate_ratio")
        .value
        for rest in (some.drop(index=one) for one in some.index)
    ]
    draws = found.draws["rate_ratio", "contrast", 182].to_numpy()
    speed = acceleration(np.array(without), weights.is_treated.astype(int))
    figure = found.one("rate_ratio")
    assert (figure.low, figure.high) == pytest.approx(
        bca(draws, figure.value, acceleration=speed), rel=1e-6
    )
    assert figure.method == "att_weights_bootstrap_bca"
    assert figure.low != run(some, replicates=199).one("rate_ratio").low


def test_the_figures_say_what_is_behind_them():
    some = children()
    found = run(some)
    ratio = found.one("rate_ratio")
    assert (ratio.children, ratio.events) == (len(some), some["events"].sum())
    assert ratio.se == pytest.approx(np.log(found.draws["rate_ratio", "contrast", 182]).std())
    assert (ratio.design_level, found.one("unadjusted_rate_ratio").design_level) == (3, 1)
    risk = found.one("risk", "treated", 90)
    own = some[some["arm"] == "t"]
    early = (own["any_event"] == 1) & (own["days_to_first"] <= 90)
    assert (risk.children, risk.events) == (len(own), early.sum())


def test_a_separated_replicate_is_counted_and_used():
    some = children(60)
    # One comparison child alone holds the level: every replicate without it is separated.
    some["prior"] = 0.0
    some.loc[some.index[some["arm"] == "c"][0], "prior"] = 1.0
    some.loc[some.index[some["arm"] == "t"][:6], "prior"] = 1.0
    found = run(some)
    assert found.separated > 0.2 * found.replicates
    assert found.not_converged == 0
    assert found.estimated.min() == found.replicates


def test_a_bootstrap_of_nothing_is_refused():
    with pytest.raises(WrongUse, match="replicate"):
        run(children(), replicates=0)


def test_a_figure_that_was_not_asked_for_is_no_figure():
    with pytest.raises(WrongUse, match="days=17"):
        run(children()).one("risk", "treated", 17)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"events": "yes"}, "Counts must be numbers"),
        ({"events": np.nan}, "Counts must be whole numbers of 0 or more"),
        ({"events": -1}, "Counts must be whole numbers of 0 or more"),
        ({"days_at_risk": "long"}, "Days at risk must be numbers"),
        ({"days_at_risk": np.inf}, "Days at risk must be numbers of 0 or more"),
        ({"days_at_risk": -90}, "Days at risk must be numbers of 0 or more"),
        ({"days_to_first": np.nan}, "Days at risk must be numbers of 0 or more"),
        ({"any_event": 2}, "any_event must hold 0 or 1"),
    ],
)
def test_counts_and_days_that_are_none_are_refused_in_a_sentence(changed, told):
    some = children(40)
    (name, value), *_ = changed.items()
    wrong = some.assign(**{name: some[name].astype(object)})
    wrong.loc[3, name] = value
    weights = propensity(some, [], treated="t")
    with pytest.raises(WrongUse, match=told):
        whole_child(weights, counts={182: wrong}, times=wrong, rng=np.random.default_rng(1))


@pytest.mark.parametrize("name", ["child_key", "events", "days_at_risk", "days_to_first"])
def test_a_column_that_is_not_there_or_stands_twice_is_named(name):
    some = children(40)
    weights = propensity(some, [], treated="t")
    wrong = some.drop(columns=name)
    with pytest.raises(WrongUse, match=f"no column {name}"):
        whole_child(weights, counts={182: wrong}, times=wrong, rng=np.random.default_rng(1))
    twice = pd.concat([some, some[[name]]], axis=1)
    with pytest.raises(WrongUse, match=f"More than one column is called {name}"):
        whole_child(weights, counts={182: twice}, times=twice, rng=np.random.default_rng(1))
