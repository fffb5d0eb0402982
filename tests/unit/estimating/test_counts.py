import numpy as np
import pandas as pd
import pytest

from evaluation.estimating import _statsmodels
from evaluation.estimating.counts import negative_binomial, overdispersion, rates
from evaluation.estimating.nb2 import _is_optimum as is_optimum
from evaluation.estimating.nb2 import _without_dispersion as without_dispersion
from evaluation.estimating.nb2 import nb2


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


def test_rates_by_hand():
    found = rates(SOME, treated="t")
    assert (found.treated, found.comparison, found.ratio) == pytest.approx((2.0, 8.0, 0.25))
    # 4 events seen in 200 days; 16 expected at 8 per 100; 12 fewer in 2 children.
    assert found.difference_per_100 == pytest.approx(-600)


def test_weights_move_the_comparison_and_leave_children_without_one_out():
    weights = pd.DataFrame({"child_key": ["A", "B", "C"], "weight": [1.0, 1.0, 0.5]})
    found = rates(SOME, treated="t", weights=weights)
    assert (found.treated, found.comparison) == pytest.approx((2.0, 4.0))


@pytest.mark.parametrize(
    ("children", "why_not"),
    [
        (SOME[SOME["arm"] == "t"], "no_comparison"),
        (SOME[SOME["arm"] == "c"], "no_comparison"),
        (SOME.assign(days_at_risk=[0, 0, 50, 50]), "no_follow_up"),
        (SOME.assign(events=[1, 3, 0, 0]), "no_events"),
    ],
)
def test_what_cannot_be_compared_says_why(children, why_not):
    found = rates(children, treated="t")
    assert found.why_not == why_not
    assert np.isnan(found.ratio)


def test_no_events_among_the_treated_is_a_ratio_of_nought():
    found = rates(SOME.assign(events=[0, 0, 2, 6]), treated="t")
    assert (found.ratio, found.why_not) == (0.0, None)


class TestNb2:
    def test_it_stands_on_the_top_of_the_likelihood(self):
        some = drawn()
        design = pd.DataFrame({"intercept": 1.0, "treated": (some["arm"] == "t").astype(float)})
        fit = nb2(some["events"], design, days=some["days_at_risk"])
        top = np.append(fit.coefficients["coefficient"], fit.dispersion)
        slope = fit.model.model.score(top)
        assert np.abs(slope).max() < 1e-6
        assert fit.coefficients["coefficient"][1] == pytest.approx(np.log(0.5), abs=0.3)
        assert fit.dispersion == pytest.approx(1, abs=0.3)

    def test_counts_without_spread_get_a_dispersion_of_nought(self):
        counts = np.array([2, 1, 2, 2, 1, 2, 3, 2] * 10)
        fit = nb2(counts, pd.DataFrame({"intercept": np.ones(80)}))
        assert fit.dispersion == 0
        assert np.exp(fit.coefficients["coefficient"][0]) == pytest.approx(counts.mean())

    def test_a_model_that_cannot_be_fitted_is_no_model(self):
        design = pd.DataFrame({"intercept": np.ones(6), "again": np.ones(6)})
        assert nb2([0, 1, 2, 5, 0, 9], design) is None

    def test_a_place_beside_the_top_is_not_believed(self):
        counts, design = np.array([0, 1, 2, 5, 0, 9.0]), np.ones((6, 1))
        model = _statsmodels.NegativeBinomial(counts, design)
        fitted = model.fit(disp=False)
        top = nb2(counts, pd.DataFrame(design, columns=["intercept"]))
        errors = np.asarray(fitted.bse)
        best = np.append(top.coefficients["coefficient"], top.dispersion)
        assert is_optimum(model, best, errors)
        assert not is_optimum(model, best + np.array([0.01, 0]), errors)
        assert not is_optimum(model, best * np.nan, errors)

    def test_spread_is_not_denied_where_it_could_not_be_fitted(self):
        intercept = pd.DataFrame({"intercept": np.ones(6)})
        assert without_dispersion(np.array([0, 1, 2, 5, 0, 9.0]), intercept, None) is None


def test_the_adjusted_ratio_finds_the_truth():
    found = negative_binomial(drawn(1500), ["age"], treated="t")
    assert found.low < 0.5 < found.high
    assert found.high / found.low < 1.5
    assert found.covariates == ("age",)
    assert found.why_not is None


def test_covariates_go_in_while_events_allow():
    found = negative_binomial(drawn(25), ["age"], treated="t")
    assert found.covariates == ()
    assert found.dropped[0].why == "too_few_events"


@pytest.mark.parametrize(
    ("children", "why_not"),
    [
        (SOME.assign(days_at_risk=0), "no_follow_up"),
        (SOME[SOME["arm"] == "t"], "no_comparison"),
        (SOME.assign(events=[0, 0, 2, 6]), "no_events"),
    ],
)
def test_a_regression_that_cannot_be_had_says_why(children, why_not):
    found = negative_binomial(children, [], treated="t")
    assert found.why_not == why_not
    assert np.isnan(found.rate_ratio)


def test_spread_is_estimated_without_looking_at_arms():
    some = drawn(800, ratio=1.0, dispersion=2.0)
    found = overdispersion(some)
    assert found.dispersion == pytest.approx(2, abs=0.4)
    assert found == overdispersion(some.assign(arm="t"))
    assert found.method == "likelihood"


def test_nobody_at_risk_has_no_spread():
    assert np.isnan(overdispersion(SOME.assign(days_at_risk=0)).mean_events)
    nothing = overdispersion(SOME.assign(events=0))
    assert nothing.mean_events == 0
    assert np.isnan(nothing.dispersion)
