"""`Cox` as its user meets it: as a statsmodels model, from a formula or from columns."""

import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
from statsmodels.base.model import LikelihoodModel
from statsmodels.duration.hazard_regression import PHReg

from evaluation.errors import WrongUse
from evaluation.estimating.collinear import Collinear
from evaluation.estimating.cox import Cox, CoxResults, EstimationWarning
from evaluation.estimating.limits import CannotEstimate


@pytest.fixture
def rows():
    rng = np.random.default_rng(41)
    n = 120
    return pd.DataFrame(
        {
            "days": rng.permutation(n) + 1.0,
            "again": rng.integers(0, 2, n),
            "age": rng.normal(10, 3, n),
            "boy": rng.integers(0, 2, n).astype(bool),
            "area": rng.choice(["north", "south", "west"], n),
            "year": rng.integers(2, 5, n),
            "child": rng.integers(0, 40, n),
        },
        index=np.arange(n) * 3 + 7,
    )


def test_it_is_a_statsmodels_model_with_the_numbers_of_phreg(rows):
    model = Cox.from_formula("days ~ age + area", rows, event="again")
    fitted = model.fit()
    theirs = PHReg.from_formula("days ~ age + area", rows, status="again", ties="efron").fit()
    assert isinstance(model, LikelihoodModel)
    assert fitted.params.index.tolist() == ["area[T.south]", "area[T.west]", "age"]
    assert fitted.params.to_numpy() == pytest.approx(np.asarray(theirs.params), rel=1e-6)
    assert fitted.bse.to_numpy() == pytest.approx(np.asarray(theirs.bse), rel=1e-5)
    assert fitted.llf == pytest.approx(theirs.llf)
    assert fitted.conf_int().to_numpy() == pytest.approx(theirs.conf_int(), abs=1e-4)
    assert fitted.pvalues["age"] == pytest.approx(theirs.pvalues[2], rel=1e-4)
    assert fitted.cov_params().loc["age", "age"] == pytest.approx(fitted.bse["age"] ** 2)
    assert fitted.tvalues["age"] == pytest.approx(fitted.params["age"] / fitted.bse["age"])
    joint = fitted.wald_test("age = 0, area[T.south] = 0", scalar=True)
    assert joint.df_denom == 2
    alone = fitted.t_test("age = 0")
    assert float(alone.pvalue) == pytest.approx(fitted.pvalues["age"])
    text = str(fitted.summary())
    assert "area[T.south]" in text
    assert "Log-likelihood" in text


def test_columns_and_formula_give_the_same(rows):
    by_formula = Cox.from_formula("days ~ age + year", rows, event="again").fit()
    for exog in (rows[["age", "year"]], rows[["age", "year"]].to_numpy().tolist()):
        by_columns = Cox(rows["days"], exog, event=rows["again"]).fit()
        assert by_columns.params.to_numpy() == pytest.approx(by_formula.params.to_numpy())
    assert by_columns.params.index.tolist() == ["x1", "x2"]


def test_one_column_is_taken_as_well(rows):
    for exog in (rows["age"], rows["age"].to_numpy(), rows[["boy"]]):
        assert len(Cox(rows["days"], exog, event=rows["again"]).fit().params) == 1


@pytest.mark.parametrize(
    ("formula", "terms"),
    [
        ("days ~ area", ["area[T.south]", "area[T.west]"]),
        ("days ~ 0 + area", ["area[T.south]", "area[T.west]"]),
        ("days ~ area - 1", ["area[T.south]", "area[T.west]"]),
        (
            "days ~ C(area, Treatment('west'))",
            [
                "C(area, Treatment('west'))[T.north]",
                "C(area, Treatment('west'))[T.south]",
            ],
        ),
        ("days ~ boy", ["boy[T.True]"]),
        ("days ~ np.log(age + 20)", ["np.log(age + 20)"]),
    ],
)
def test_a_factor_is_compared_with_the_level_that_the_formula_says(formula, terms, rows):
    assert Cox.from_formula(formula, rows, event="again").fit().params.index.tolist() == terms


def test_a_function_of_the_callers_is_found(rows):
    def double(values):
        return 2 * values

    halved = Cox.from_formula("days ~ double(age)", rows, event="again").fit().params
    assert 2 * halved["double(age)"] == pytest.approx(
        Cox.from_formula("days ~ age", rows, event="again").fit().params["age"]
    )


def test_pandas_own_types_are_taken(rows):
    odd = rows.assign(
        age=rows["age"].round().astype("Int64"),
        boy=rows["boy"].astype("boolean"),
        area=rows["area"].astype("string").astype("category").cat.add_categories(["nowhere"]),
        again=rows["again"].astype("boolean"),
    )
    odd.loc[7, "age"] = pd.NA
    odd.loc[10, "boy"] = pd.NA
    fitted = Cox.from_formula("days ~ age + boy + area", odd, event="again").fit(warn=False)
    plain = rows.assign(age=rows["age"].round()).drop(index=[7, 10])
    same = Cox.from_formula("days ~ age + boy + area", plain, event="again").fit()
    assert fitted.n_missing == 2
    assert fitted.params.to_dict() == pytest.approx(same.params.to_dict())


def test_missing_values_take_all_of_the_row_with_them_and_are_told(rows):
    holes = rows.astype({"again": float})
    holes.iloc[0, holes.columns.get_loc("age")] = np.nan
    holes.iloc[1, holes.columns.get_loc("again")] = np.nan
    holes.iloc[2, holes.columns.get_loc("days")] = np.nan
    holes.iloc[3, holes.columns.get_loc("child")] = np.nan
    with pytest.warns(EstimationWarning, match="4 rows of 120 lack a value"):
        fitted = Cox.from_formula(
            "days ~ age", holes, event="again", cluster="child", strata=["area"]
        ).fit()
    whole = Cox.from_formula(
        "days ~ age", rows.iloc[4:], event="again", cluster="child", strata=["area"]
    ).fit()
    assert fitted.params["age"] == pytest.approx(whole.params["age"])
    assert fitted.bse["age"] == pytest.approx(whole.bse["age"])
    assert fitted.martingale_residuals.index.tolist() == rows.index[4:].tolist()


def test_nothing_given_is_altered(rows):
    before = rows.copy()
    Cox.from_formula("days ~ age + area", rows, event="again", cluster="child").fit()
    Cox(rows["days"], rows[["age"]], event=rows["again"], weights=rows["year"]).fit()
    pd.testing.assert_frame_equal(rows, before)


def test_errors_are_robust_where_rows_belong_together_or_weigh_fractions(rows):
    def kind(**roles):
        fit_as = {"cov_type": roles.pop("cov_type")} if "cov_type" in roles else {}
        return Cox.from_formula("days ~ age", rows, event="again", **roles).fit(**fit_as).cov_type

    assert kind() == "nonrobust"
    assert kind(weights="year") == "nonrobust"
    assert kind(weights=rows["year"] / 2) == "robust"
    assert kind(cluster="child") == "robust"
    assert kind(cluster="child", cov_type="nonrobust") == "nonrobust"
    assert kind(cov_type="robust") == "robust"
    with pytest.raises(WrongUse, match="nonrobust"):
        kind(cov_type="HC3")


def test_roles_are_names_or_values(rows):
    by_name = Cox.from_formula(
        "days ~ age", rows, event="again", strata=["area", "year"], cluster="child", weights="year"
    ).fit()
    by_value = Cox.from_formula(
        "days ~ age",
        rows,
        event=rows["again"].to_numpy(),
        strata=rows[["area", "year"]],
        cluster=rows["child"].tolist(),
        weights=rows["year"],
    ).fit()
    assert by_name.bse["age"] == by_value.bse["age"]


@pytest.mark.parametrize(
    ("formula", "roles", "says"),
    [
        ("age", {}, "left of a ~"),
        ("days ~ 1", {}, "names no covariate"),
        ("days ~ height", {}, "names height, and there is no such column. There are: again, age"),
        ("area ~ age", {}, "must be one column of numbers"),
        ("days ~ age", {"event": "gone"}, "no column gone"),
        ("days ~ age", {"strata": ["gone"]}, "no column gone"),
        ("days ~ age", {"ties": "exact"}, "“efron” or by “breslow”"),
        ("days ~ np.log(age - age)", {}, "infinite values: np.log\\(age - age\\)"),
    ],
)
def test_wrong_calls_are_refused_with_the_reason(formula, roles, says, rows):
    with pytest.raises(WrongUse, match=says), np.errstate(divide="ignore"):
        Cox.from_formula(formula, rows, **{"event": "again", **roles}).fit()


def test_columns_that_are_no_numbers_want_a_formula(rows):
    with pytest.raises(WrongUse, match="hold no numbers: area"):
        Cox(rows["days"], rows[["age", "area"]], event=rows["again"])
    with pytest.raises(WrongUse, match="120 values for 119 rows"):
        Cox(rows["days"], rows[["age"]].iloc[1:], event=rows["again"])


def test_what_cannot_be_estimated_is_said(rows):
    with pytest.raises(CannotEstimate):
        Cox.from_formula("days ~ age", rows.assign(again=0), event="again").fit()
    with pytest.raises(Collinear, match="month is made up of age"):
        Cox.from_formula(
            "days ~ age + month", rows.assign(month=rows["age"] * 12), event="again"
        ).fit()
    with pytest.raises(Collinear, match="year is the same for all"):
        Cox.from_formula("days ~ age + year", rows, event="again", strata="year").fit()


def test_traps_are_warned_of(rows):
    def warned(formula="days ~ age", data=rows, **roles):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            fitted = Cox.from_formula(formula, data, event="again", **roles).fit()
        assert all(one.category is EstimationWarning for one in caught)
        assert all(one.filename == __file__ for one in caught)
        return fitted, " ".join(str(one.message) for one in caught)

    assert warned()[1] == ""
    assert "Only 3 clusters" in warned(cluster="year")[1]
    assert "with fewer than 5 each" in warned(data=rows.head(6))[1]
    never = np.where(rows["again"] == 1, 0, rows["boy"])
    fitted, text = warned("days ~ age + never", rows.assign(never=never))
    assert "Separated on never" in text
    assert (fitted.endless, fitted.converged) == (("never",), False)


def test_a_fit_can_be_kept_in_a_pickle(rows):
    fitted = Cox.from_formula("days ~ age + area", rows, event="again").fit()
    again = pickle.loads(pickle.dumps(fitted))
    assert again.params.to_dict() == fitted.params.to_dict()
    assert again.predict(rows.head(2)).tolist() == fitted.predict(rows.head(2)).tolist()


def test_likelihood_score_and_hessian_can_be_asked_for_anywhere(rows):
    model = Cox.from_formula("days ~ age + year", rows, event="again", strata="area")
    fitted = model.fit()
    assert isinstance(fitted._results, CoxResults)
    assert model.loglike(fitted.params) == pytest.approx(fitted.llf)
    assert model.score(fitted.params) == pytest.approx([0, 0], abs=1e-8)
    there = np.array([0.1, -0.2])
    step = np.array([1e-5, 0])
    slope = (model.loglike(there + step) - model.loglike(there - step)) / 2e-5
    assert model.score(there)[0] == pytest.approx(slope, rel=1e-6)
    curve = (model.score(there + step) - model.score(there - step)) / 2e-5
    assert model.hessian(there)[0] == pytest.approx(curve, rel=1e-5)
    assert np.linalg.inv(model.information(fitted.params)) == pytest.approx(fitted.cov_naive)
