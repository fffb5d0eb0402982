import numpy as np
import pandas as pd
import pytest
from scipy.optimize import approx_fprime
from statsmodels.miscmodels.ordinal_model import OrderedModel

from evaluation.errors import WrongUse
from evaluation.estimating._proportional import fit_ordered
from evaluation.estimating.logistic import logistic
from evaluation.estimating.ordered import ordered_logit

BANDS = ["low", "medium", "high"]


def children(n=240, seed=5, *, crossed=False):
    rng = np.random.default_rng(seed)
    arm = rng.choice(["not_referred", "referred"], n)
    age = rng.normal(14, 2, n)
    move = 0.2 * (age - 14) + rng.logistic(size=n) - 0.7 * (arm == "referred")
    if crossed:  # those referred are spread out, not moved
        move = np.where(arm == "referred", 3.5, 1) * rng.logistic(size=n)
    band = np.array(BANDS)[np.digitize(move, [-0.7, 0.9])]
    return pd.DataFrame({"arm": arm, "age": age, "band": band, "authority": rng.integers(0, 60, n)})


def fit(data, formula="band ~ arm + age", **how):
    return ordered_logit(formula, data, order=BANDS, **how)


def test_it_is_statsmodels_model_with_cutpoints_as_they_are():
    data = children()
    codes = data["band"].map({band: place for place, band in enumerate(BANDS)})
    columns = np.column_stack([data["arm"] == "referred", data["age"]]).astype(float)
    theirs = OrderedModel(codes, columns, distr="logit").fit(method="bfgs", disp=False, gtol=1e-9)
    found = fit(data)
    assert found.loglik == pytest.approx(theirs.llf)
    values, params = found.coefficients["coefficient"], np.asarray(theirs.params)
    assert values[:2].to_numpy() == pytest.approx(params[:2], rel=1e-4)
    assert found.coefficients["se"][:2].to_numpy() == pytest.approx(
        np.asarray(theirs.bse)[:2], rel=1e-3
    )
    assert values["low|medium"] == pytest.approx(params[2], rel=1e-4)
    assert values["medium|high"] == pytest.approx(params[2] + np.exp(params[3]), rel=1e-4)


def test_scores_and_information_are_the_slopes_of_the_likelihood():
    rng = np.random.default_rng(1)
    x, band, w = rng.normal(size=(40, 2)), rng.integers(0, 4, 40), rng.integers(1, 4, 40) * 1.0
    found = fit_ordered(x, band, w, bands=4)
    assert found.converged
    assert np.abs(found.scores.sum(axis=0)).max() < 1e-8

    def loglik(beta):
        cuts = np.concatenate([[-np.inf], beta[:3], [np.inf]])
        along = x @ beta[3:]
        upper, lower = cuts[band + 1] - along, cuts[band] - along
        return w @ np.log(1 / (1 + np.exp(-upper)) - 1 / (1 + np.exp(-lower)))

    assert found.loglik == pytest.approx(loglik(found.coefficients))
    bend = approx_fprime(found.coefficients, lambda beta: approx_fprime(beta, loglik, 1e-5), 1e-5)
    assert found.information == pytest.approx(-bend, rel=1e-2, abs=1e-2)


def test_two_bands_are_a_logistic_regression():
    data = children().query("band != 'medium'")
    two = fit(data)
    one = logistic("high ~ arm + age", data.assign(high=data["band"] == "high"))
    assert two.coefficients.iloc[:2].to_numpy() == pytest.approx(
        one.coefficients.iloc[1:].to_numpy(), rel=1e-6
    )
    assert [said.trap for said in two.beware] == ["empty_band"]
    assert two.lines is None
    assert two.risks("arm", "referred", "not_referred", at_or_above="high").one(
        "risk_difference"
    ).value == pytest.approx(
        one.risks("arm", "referred", "not_referred").one("risk_difference").value
    )


def test_bands_turned_round_turn_the_ratio_round():
    data = children()
    up, down = fit(data), ordered_logit("band ~ arm", data, order=BANDS[::-1])
    up = fit(data, "band ~ arm")
    assert up.one("odds_ratio").value == pytest.approx(1 / down.one("odds_ratio").value)
    assert up.one("odds_ratio").low == pytest.approx(1 / down.one("odds_ratio").high)
    assert up.one("brant").value == pytest.approx(down.one("brant").value)


def test_parallel_lines_are_found_so():
    found = fit(children())
    assert "crossed_lines" in found.one("odds_ratio", "age").met
    assert list(found.lines.by_column.index) == ["arm[T.referred]", "age"]
    assert not found.beware


def test_crossed_lines_are_warned_of_and_named():
    found = fit(children(crossed=True))
    one = found.one("odds_ratio", "arm[T.referred]")
    assert "crossed_lines" in one.unmet
    (said,) = (said for said in found.beware if said.trap == "crossed_lines")
    assert "from cut to cut for arm[T.referred]" in str(said.text)
    assert found.one("brant").p < 0.05


def test_a_check_that_cannot_be_made_is_not_held_to_be_met():
    data = children().assign(rare=lambda rows: (rows.index < 5).astype(int))
    data.loc[:4, "band"] = ["low", "medium", "medium", "low", "low"]
    found = fit(data, "band ~ rare")
    assert found.lines is None
    assert "crossed_lines" in found.one("odds_ratio").unmet
    assert found.one("odds_ratio").value is not None


def test_a_separated_column_has_no_value_and_the_others_have():
    data = children().assign(rare=lambda rows: (rows.index < 8).astype(int))
    data.loc[:7, "band"] = "high"
    found = fit(data, "band ~ rare + age")
    rare = found.one("odds_ratio", "rare")
    assert (rare.value, rare.why_not) == (None, "separation")
    assert "separation" in rare.unmet
    alone = fit(data.iloc[8:], "band ~ age").one("odds_ratio", "age")
    assert found.one("odds_ratio", "age").value == pytest.approx(alone.value, rel=1e-5)
    assert "separated on rare" in str(found.beware[0].text)


def test_shares_at_or_above_a_band_are_those_that_there_are():
    data = children()
    found = fit(data, "band ~ arm")
    told = found.risks("arm", "referred", "not_referred", at_or_above="medium")
    share = (data["band"] != "low").groupby(data["arm"]).mean()
    assert told.one("risk", "referred").value == pytest.approx(share["referred"], abs=0.03)
    assert told.one("risk_difference").value < 0
    with pytest.raises(WrongUse, match="low, medium, high"):
        found.risks("arm", "referred", "not_referred", at_or_above="low")


def test_a_weight_of_two_is_two_children_and_no_row_order_matters():
    data = children(80)
    twice = fit(pd.concat([data, data]).sample(frac=1, random_state=1))
    weighted = fit(data, weights=np.full(80, 2))
    assert weighted.coefficients.to_numpy() == pytest.approx(twice.coefficients.to_numpy())
    assert weighted.one("brant").value == pytest.approx(twice.one("brant").value)
    assert weighted.one("odds_ratio", "age").children == 160


def test_clusters_widen_what_they_make_alike():
    data = children(80)
    apart = fit(pd.concat([data, data]))
    together = fit(pd.concat([data, data]), cluster=list(range(80)) * 2, errors="HC0")
    assert together.one("odds_ratio", "age").se > 1.2 * apart.one("odds_ratio", "age").se
    assert together.one("odds_ratio", "age").method == "ordered_logit_clustered"
    assert together.one("brant").value < apart.one("brant").value


def test_words_without_an_order_are_refused():
    with pytest.raises(WrongUse, match="no order"):
        ordered_logit("band ~ age", children())
    with pytest.raises(WrongUse, match="no order"):
        ordered_logit("band ~ age", children().astype({"band": "category"}))
    with pytest.raises(WrongUse, match="have another"):
        ordered_logit("band ~ age", children(), order=["low", "high"])


def test_order_comes_from_categories_or_numbers():
    data = children()
    named = fit(data)
    for band in (
        pd.Categorical(data["band"], BANDS, ordered=True),
        data["band"].map({"low": 1, "medium": 3, "high": 10}),
    ):
        found = ordered_logit("band ~ arm + age", data.assign(band=band))
        assert found.coefficients.to_numpy() == pytest.approx(named.coefficients.to_numpy())


def test_missing_bands_are_left_out_and_counted():
    data = children()
    gaps = data.assign(band=data["band"].where(data.index >= 9))
    found = fit(gaps)
    assert "9" in str(found.beware[0].text)
    assert found.one("odds_ratio", "age").value == pytest.approx(
        fit(data.iloc[9:]).one("odds_ratio", "age").value
    )


def test_one_band_is_nothing_to_compare():
    with pytest.raises(WrongUse, match="one band"):
        fit(children().query("band == 'low'"))
    with pytest.raises(WrongUse, match="one cluster"):
        fit(children(), cluster=np.zeros(240))
