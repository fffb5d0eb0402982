import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.stats import norm

from evaluation.errors import WrongUse
from evaluation.estimating.counts import gee, negative_binomial, poisson


def drawn(clusters=12, size=20, *, alike=0.4, seed=1, ratio=1.0):
    rng = np.random.default_rng(seed)
    place = np.repeat(np.arange(clusters), size)
    t = (np.arange(clusters) % 2)[place]
    mean = 2 * np.exp(rng.normal(0, alike, clusters))[place] * np.where(t, ratio, 1.0)
    return pd.DataFrame(
        {"place": place, "t": t, "x": rng.normal(0, 1, len(place)), "y": rng.poisson(mean)}
    )


SOME = drawn()


@pytest.mark.parametrize(
    ("covariance", "errors"), [("robust", "robust"), ("bias_reduced", "bias_reduced")]
)
@pytest.mark.parametrize("family", ["poisson", "binomial"])
def test_errors_are_statsmodels_ones(covariance, errors, family):
    data = SOME.assign(y=np.minimum(SOME["y"], 1)) if family == "binomial" else SOME
    theirs = sm.GEE(
        data["y"],
        sm.add_constant(data[["t", "x"]]),
        groups=data["place"],
        family=getattr(sm.families, family.capitalize())(),
    ).fit(cov_type=covariance, ctol=1e-12)
    ours = gee(
        "y ~ t + x", data, cluster="place", family=family, correlation="independence", errors=errors
    ).model
    assert ours.params.to_numpy() == pytest.approx(theirs.params.to_numpy(), rel=1e-6)
    assert ours.bse.to_numpy() == pytest.approx(theirs.bse.to_numpy(), rel=1e-5)


def test_errors_are_those_of_few_clusters_without_being_asked():
    few, many = gee("y ~ t", SOME, cluster="place"), gee("y ~ t", drawn(50, 6), cluster="place")
    assert (few.model.errors, few.model.df) == ("bias_reduced", 10)
    assert [str(one.text) for one in few.beware if one.trap == "few_clusters"] == [
        "Only 12 clusters."
    ]
    assert (many.model.errors, many.model.df) == ("robust", None)
    assert "few_clusters" not in [one.trap for one in many.beware]


def test_rows_of_a_cluster_need_not_stand_together():
    mixed = SOME.sample(frac=1, random_state=3)
    one, other = (gee("y ~ t + x", data, cluster="place").model for data in (SOME, mixed))
    assert one.params.to_numpy() == pytest.approx(other.params.to_numpy())
    assert one.bse.to_numpy() == pytest.approx(other.bse.to_numpy())


def test_a_negative_binomial_among_independent_rows_is_the_regression():
    ours = gee(
        "y ~ t + x", SOME, cluster="place", family="negative_binomial", correlation="independence"
    ).model
    whole = negative_binomial("y ~ t + x", SOME).model
    assert ours.params.to_numpy() == pytest.approx(whole.params.to_numpy(), rel=1e-6)
    assert ours.alpha == pytest.approx(whole.alpha)


def test_clusters_of_one_row_have_no_correlation():
    found = gee("y ~ x", SOME, cluster=np.arange(len(SOME)))
    assert found.one("working_correlation").value == 0
    again = poisson("y ~ x", SOME).model
    assert found.model.bse["x"] == pytest.approx(again.bse["x"], rel=1e-6)


def test_a_cluster_that_alone_tells_a_coefficient_leaves_no_error():
    alone = SOME.assign(t=(SOME["place"] == 3).astype(int))
    one = gee("y ~ t", alone, cluster="place").one("rate_ratio")
    assert one.value is not None
    assert (one.se, one.low, one.p) == (None, None, None)


@pytest.mark.parametrize("family", ["poisson", "binomial"])
def test_an_arm_without_events_is_separation(family):
    data = SOME.assign(y=np.minimum(SOME["y"], 1) * SOME["t"])
    one = gee("y ~ t", data, cluster="place", family=family).estimates[0]
    assert (one.value, one.why_not) == (None, "separation")


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ({"family": "normal"}, "normal"),
        ({"correlation": "ar1"}, "ar1"),
        ({"errors": "HC0"}, "HC0"),
        ({"family": "binomial"}, "0 or 1"),
        ({"cluster": "nowhere"}, "nowhere"),
    ],
)
def test_bad_use_is_refused_in_words(asked, word):
    with pytest.raises(WrongUse, match=word):
        gee("y ~ t", SOME, **{"cluster": "place", **asked})


@pytest.mark.slow
def test_six_authorities_do_not_find_what_is_not_there():
    """Trap (d): rows as independent find an effect of nothing every third time."""
    wrong = {"default": 0, "naive": 0}
    for seed in range(40):
        data = drawn(6, 20, alike=0.3, seed=seed)
        wrong["default"] += gee("y ~ t", data, cluster="place").one("rate_ratio").p < 0.05
        model = poisson("y ~ t", data, errors="model").model
        wrong["naive"] += 2 * norm.sf(abs(model.params["t"] / model.bse["t"])) < 0.05
    assert wrong["naive"] >= 8
    assert wrong["default"] <= 4
