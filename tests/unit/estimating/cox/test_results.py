"""What is asked of a fit of Cox's model: predictions, baseline, residuals, tests."""

import numpy as np
import pandas as pd
import pytest

from evaluation.errors import WrongUse
from evaluation.estimating.cox import Cox, hazard_ratios


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(43)
    n = 150
    age = rng.normal(10, 3, n)
    return pd.DataFrame(
        {
            "days": np.ceil(rng.exponential(40, n) * np.exp(-0.1 * (age - 10))),
            "again": rng.integers(0, 2, n),
            "age": age,
            "area": rng.choice(["north", "south"], n),
            "year": rng.integers(2, 5, n),
            "child": rng.integers(0, 50, n),
        },
        index=np.arange(n) * 2 + 5,
    )


@pytest.fixture(scope="module")
def fitted(rows):
    return Cox.from_formula("days ~ age + area", rows, event="again").fit()


@pytest.fixture(scope="module")
def stratified(rows):
    return Cox.from_formula("days ~ age", rows, event="again", strata=["area", "year"]).fit()


def test_the_log_hazard_ratio_is_against_covariates_of_0(fitted):
    new = pd.DataFrame({"age": [0.0, 4.0], "area": ["north", "south"]}, index=["a", "b"])
    lined = fitted.predict(new)
    assert lined.to_dict() == pytest.approx(
        {"a": 0.0, "b": 4 * fitted.params["age"] + fitted.params["area[T.south]"]}
    )
    assert fitted.predict(new, which="hr").tolist() == pytest.approx(np.exp(lined).tolist())


def test_survival_is_that_of_the_cumulative_hazard_at_each_time(fitted):
    new = pd.DataFrame({"age": [8.0, 12.0], "area": ["north", "south"]})
    hazard = fitted.predict(new, which="cumhaz", times=[0, 10, 30])
    survival = fitted.predict(new, which="surv", times=[0, 10, 30])
    curve = fitted.baseline()
    at_30 = curve.loc[curve["time"] <= 30, "hazard"].sum()
    assert hazard.columns.tolist() == [0, 10, 30]
    assert hazard[0].tolist() == [0, 0]
    assert hazard[30].to_numpy() == pytest.approx(at_30 * fitted.predict(new, which="hr"))
    assert survival.to_numpy() == pytest.approx(np.exp(-hazard.to_numpy()))


def test_expected_events_of_the_own_rows_leave_the_martingale_residuals(rows, fitted):
    own = fitted.predict(which="cumhaz", times=rows["days"].to_numpy()[:, None])
    efron = fitted.martingale_residuals
    breslow = Cox.from_formula("days ~ age + area", rows, event="again", ties="breslow").fit()
    at_stop = breslow.predict(which="cumhaz", times=rows["days"].to_numpy()[:, None])
    assert (rows["again"] - at_stop[0]).to_numpy() == pytest.approx(
        breslow.martingale_residuals.to_numpy()
    )
    assert np.corrcoef(rows["again"] - own[0], efron)[0, 1] > 0.999
    assert efron.sum() == pytest.approx(0, abs=1e-9)


def test_a_row_that_lacks_a_value_is_predicted_as_missing(fitted):
    new = pd.DataFrame({"age": [8.0, None], "area": ["north", "south"]}, index=[4, 9])
    assert fitted.predict(new).isna().tolist() == [False, True]
    assert fitted.predict(new, which="surv", times=[9])[9].isna().tolist() == [False, True]


def test_strata_have_baselines_of_their_own(rows, stratified):
    curve = stratified.baseline()
    assert set(curve["stratum"]) == set(zip(rows["area"], rows["year"], strict=True))
    new = rows.head(3)
    by_name = stratified.predict(new, which="cumhaz", times=[25], strata=["area", "year"])
    label = (rows["area"].iloc[0], rows["year"].iloc[0])
    by_label = stratified.predict(new.head(1), which="cumhaz", times=[25], strata=label)
    assert by_label.iloc[0, 0] == by_name.iloc[0, 0]
    own = stratified.predict(which="cumhaz", times=[25])
    assert own.head(3).to_numpy() == pytest.approx(by_name.to_numpy())
    one = curve[[stratum == label for stratum in curve["stratum"]]]
    grown = one.loc[one["time"] <= 25, "cumulative_hazard"].max()
    ratio = np.exp(stratified.params["age"] * rows["age"].iloc[0])
    assert own.iloc[0, 0] == pytest.approx(grown * ratio)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"which": "risk"}, "Ask for “lhr”"),
        ({"which": "surv"}, "by which times"),
        ({"which": "surv", "times": [3]}, "in which ones"),
        ({"which": "surv", "times": [3], "strata": ("east", 2)}, "known to the model"),
    ],
)
def test_predictions_that_cannot_be_made_are_refused(asked, says, rows, stratified):
    with pytest.raises(WrongUse, match=says):
        stratified.predict(rows.head(2), **asked)


def test_new_data_must_have_the_columns_and_levels_of_the_model(rows, fitted):
    with pytest.raises(WrongUse, match="do not fit the model"):
        fitted.predict(rows[["age"]].head(2))
    with pytest.raises(WrongUse, match="do not fit the model"):
        fitted.predict(rows.head(2).assign(area="east"))
    plain = Cox(rows["days"], rows[["age", "year"]], event=rows["again"]).fit()
    swapped = plain.predict(rows[["year", "age"]].head(2))
    assert swapped.tolist() == plain.predict(rows[["age", "year"]].head(2).to_numpy()).tolist()
    with pytest.raises(WrongUse, match="2 columns, the new data have 1"):
        plain.predict(rows[["age"]])


def test_residuals_carry_the_index_of_their_rows(rows, fitted):
    assert fitted.martingale_residuals.index.equals(rows.index)
    assert fitted.deviance_residuals.index.equals(rows.index)
    assert fitted.score_residuals.columns.tolist() == fitted.params.index.tolist()
    assert len(fitted.schoenfeld_residuals) == rows["again"].sum()
    assert set(fitted.scaled_schoenfeld_residuals.index) == set(rows.index[rows["again"] == 1])
    assert fitted.schoenfeld_residuals.sum().to_numpy() == pytest.approx([0, 0], abs=1e-8)


def test_dfbeta_is_about_what_leaving_a_row_out_does(rows, fitted):
    label = fitted.dfbeta["age"].abs().idxmax()
    without = Cox.from_formula("days ~ age + area", rows.drop(index=label), event="again").fit()
    change = fitted.params["age"] - without.params["age"]
    assert fitted.dfbeta.loc[label, "age"] == pytest.approx(change, rel=0.2)


def test_the_tests_of_all_coefficients_agree_where_the_data_are_many(fitted):
    tests = [fitted.likelihood_ratio_test(), fitted.score_test(), fitted.wald()]
    assert [test.df for test in tests] == [2, 2, 2]
    values = [test.statistic for test in tests]
    assert max(values) / min(values) < 1.2
    assert fitted.llr == pytest.approx(2 * (fitted.llf - fitted.llnull))
    by_term = fitted.wald_test_terms()
    assert by_term.loc["age", "p"] == pytest.approx(fitted.pvalues["age"])


def test_changing_hazards_are_found_and_steady_ones_are_not():
    rng = np.random.default_rng(47)
    n = 600
    arm = rng.integers(0, 2, n)
    steady = rng.exponential(1, n) * np.exp(-0.5 * arm)
    crossing = np.where(arm == 1, rng.weibull(3, n), rng.weibull(0.7, n))
    for time, proportional in ((steady, True), (crossing, False)):
        data = pd.DataFrame({"time": time, "arm": arm, "event": 1})
        fitted = Cox.from_formula("time ~ arm", data, event="event").fit()
        for transform in ("km", "identity", "rank", "log"):
            p = fitted.proportional_hazards_test(transform).loc["arm", "p"]
            assert (p > 0.05) == proportional
    with pytest.raises(WrongUse, match="“km”, “identity”, “rank” or “log”"):
        fitted.proportional_hazards_test("sqrt")


def test_a_transform_of_ones_own_is_taken(fitted):
    own = fitted.proportional_hazards_test(lambda times: times)
    assert own["chisq"].tolist() == pytest.approx(
        fitted.proportional_hazards_test("identity")["chisq"].tolist()
    )


def test_a_test_that_cannot_be_made_is_missing_and_not_passed():
    """The first at risk has the first event alone: the Kaplan-Meier estimate is 0 ever after."""
    rng = np.random.default_rng(61)
    start = np.append(0.0, rng.integers(1, 9, 60))
    data = pd.DataFrame(
        {"start": start, "stop": start + rng.integers(1, 9, 61), "x": rng.normal(size=61)}
    )
    data.loc[0, "stop"] = 1.0
    data["event"] = data.index % 2 == 0
    fitted = Cox.from_formula("stop ~ x", data, event="event", start="start").fit()
    assert fitted.proportional_hazards_test()["p"].isna().all()
    assert fitted.proportional_hazards_test("identity")["p"].notna().all()
    assert "non_proportional_hazards" in hazard_ratios(fitted).one().unmet
