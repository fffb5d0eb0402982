"""A formula's columns: text coded as the engine would code it, and the same columns of new rows."""

import pickle

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula

from evaluation.errors import WrongUse
from evaluation.estimating import formulas
from evaluation.estimating.counts import gee, negative_binomial, poisson, rate_ratio_robust
from evaluation.estimating.cox import Cox
from evaluation.estimating.formulas import matrices, one_column, plain, refuse_infinite
from evaluation.estimating.logistic import logistic
from evaluation.estimating.ordered import ordered_logit

DATA = pd.DataFrame(
    {
        "stop": [5.0, 8, 12, 20, 21, 30, 33, 40],
        "event": [1, 1, 0, 1, 1, 0, 1, 1],
        "area": ["Torfaen", "Newport", None, "Newport", "Torfaen", "Ébbw", "Ébbw", "Newport"],
        "age": [3, 9, 7, 8, 2, 5, 6, 4],
    }
)


@pytest.mark.parametrize(
    "formula",
    [
        "stop ~ area + age",
        "stop ~ C(area)",
        "stop ~ C(area, Treatment('Torfaen')) + age",
        "stop ~ C(area, levels=['Torfaen', 'Newport', 'Ébbw'])",
        "stop ~ I(area == 'Newport')",
        "stop ~ 0 + area:age",
    ],
)
def test_columns_are_those_of_the_text_itself(formula, monkeypatch):
    coded = matrices(formula, DATA)
    monkeypatch.setattr(formulas, "coded", lambda data, _: data)
    text = matrices(formula, DATA)
    pd.testing.assert_frame_equal(coded.right, text.right)
    pd.testing.assert_frame_equal(coded.left, text.left)
    assert coded.terms == text.terms


def test_what_only_text_can_do_is_done_with_text():
    made = matrices("stop ~ I(area < 'O')", DATA.dropna().reset_index(drop=True))
    assert made.right.iloc[:, 1].tolist() == [0, 1, 1, 0, 0, 0, 1]


def test_new_rows_may_hold_other_text_and_a_part_of_the_levels():
    fitted = Cox.from_formula("stop ~ area", DATA, event="event").fit(warn=False)
    own = fitted.predict().to_numpy()
    some = DATA.iloc[[1, 3]]
    assert fitted.predict(some).to_numpy() == pytest.approx(own[[1, 2]])
    assert np.isnan(fitted.predict(DATA)[2])


@pytest.mark.parametrize("engine", ["patsy", "formulaic"])
def test_new_rows_get_the_columns_that_the_old_ones_have(engine, monkeypatch):
    monkeypatch.setattr(statsmodels.formula.options, "formula_engine", engine)
    made = matrices("stop ~ area * age + log(age)", DATA)
    fresh = DATA.sample(frac=1, random_state=3).set_axis(list("abcdefgh"))
    again = made.spec.get_model_matrix(fresh)
    assert list(again) == list(made.right)
    assert again.index.tolist() == list("abcdefgh")
    assert again.isna().all(axis=1).tolist() == fresh["area"].isna().tolist()
    old = made.right.loc[[0]].to_numpy(dtype=float)
    assert again[fresh["stop"] == 5.0].to_numpy(dtype=float) == pytest.approx(old)
    assert made.spec.required_variables == {"area", "age"}


def test_a_flag_is_one_column_by_one_name_whether_or_not_a_value_is_missing():
    flags = pd.Series([True, False, True, True, False, False, True, False])
    whole = matrices("stop ~ flag", DATA.assign(flag=flags.astype("boolean")))
    gap = matrices("stop ~ flag", DATA.assign(flag=flags.astype("boolean").where(flags.index > 0)))
    assert (
        list(gap.right)
        == list(whole.right)
        == list(matrices("stop ~ flag", DATA.assign(flag=flags)).right)
    )
    assert gap.right.index.tolist() == [1, 2, 3, 4, 5, 6, 7]


def test_columns_with_names_that_are_no_text_are_left_in_peace():
    odd = DATA.assign(flag=True).rename(columns={"flag": 7})
    odd[7] = pd.array([1, None] * 4, dtype="Int64")
    before = odd.copy()
    assert plain(odd)[7].isna().sum() == 4
    assert matrices("stop ~ area", odd).right.shape == (7, 3)
    pd.testing.assert_frame_equal(odd, before)


def test_levels_that_no_row_has_are_forgotten_but_for_new_rows():
    areas = DATA.assign(
        area=pd.Categorical(DATA["area"], ["Ébbw", "Newport", "Torfaen", "Blaenau"])
    )
    made = matrices("stop ~ area", areas)
    assert list(made.right) == ["Intercept", "area[T.Newport]", "area[T.Torfaen]"]
    with pytest.raises(WrongUse, match="do not fit the model"):
        made.spec.get_model_matrix(areas.drop(columns="area"))


def test_one_fault_has_one_sentence_in_every_room():
    said = []
    for call in (
        lambda formula: poisson(formula, DATA),
        lambda formula: Cox.from_formula(formula, DATA, event="event"),
    ):
        for formula in ("age", "stop ~ height", "area ~ age", "stop ~ age + I(1 / (age - 9))"):
            with pytest.raises(WrongUse) as refused, np.errstate(divide="ignore"):
                call(formula)
            said.append(str(refused.value))
    assert said[:4] == said[4:]
    assert len(set(said)) == 4


def test_two_columns_are_no_outcome():
    with pytest.raises(WrongUse, match="one column of numbers"):
        one_column(pd.DataFrame({"a": [1], "b": [2]}), "a + b ~ c")


def test_only_the_columns_that_are_infinite_are_named():
    with pytest.raises(WrongUse, match="infinite values: b\\. "):
        refuse_infinite(pd.DataFrame({"a": [1.0, 2], "b": [0, np.inf]}))


MODELS = {
    "poisson": poisson,
    "negative_binomial": negative_binomial,
    "gee": lambda formula, data: gee(formula, data, family="poisson"),
    "logistic": logistic,
    "ordered": ordered_logit,
    "cox": lambda formula, data: Cox.from_formula(formula, data, event="again"),
}
FORMULA = "again ~ center(age) + area"


def some(n=80):
    rng = np.random.default_rng(1)
    return pd.DataFrame(
        {
            "child_key": np.arange(n) // 2,
            "again": rng.integers(0, 2, n),
            "age": rng.integers(8, 18, n),
            "area": rng.choice(["Newport", "Torfaen"], n),
        }
    )


@pytest.mark.parametrize("engine", ["patsy", "formulaic"])
@pytest.mark.parametrize("model", ["poisson", "negative_binomial", "gee"])
def test_a_model_out_of_a_pickle_predicts_the_same(model, engine, monkeypatch):
    monkeypatch.setattr(statsmodels.formula.options, "formula_engine", engine)
    found = MODELS[model](FORMULA, some())
    again = pickle.loads(pickle.dumps(found))
    assert again.estimates == found.estimates
    new = some().iloc[:5].assign(age=12)  # what `center` takes off is that of the old rows
    pd.testing.assert_series_equal(again.model.predict(new), found.model.predict(new))


@pytest.mark.parametrize(("model", "also"), [("logistic", {}), ("ordered", {"at_or_above": 1})])
def test_a_model_of_odds_out_of_a_pickle_tells_the_same_risks(model, also):
    found = MODELS[model](FORMULA, some())
    again = pickle.loads(pickle.dumps(found))
    asked = ("area", "Newport", "Torfaen")
    assert again.risks(*asked, **also).estimates == found.risks(*asked, **also).estimates


def test_a_robust_ratio_goes_through_a_pickle():
    arms = some().assign(arm=some()["area"], events=some()["again"], days_at_risk=90)
    found = rate_ratio_robust(arms, treated="Newport")
    assert pickle.loads(pickle.dumps(found)).estimates == found.estimates


def test_a_pickle_holds_no_column_that_the_formula_does_not_name():
    spec = poisson("again ~ age", some().assign(secret="hush")).model.spec
    assert b"hush" not in pickle.dumps(spec)


@pytest.mark.parametrize("engine", ["patsy", "formulaic"])
@pytest.mark.parametrize("model", MODELS)
class TestAFormulaThatCannotBeFollowed:
    @pytest.fixture(autouse=True)
    def _engine(self, engine, monkeypatch):
        monkeypatch.setattr(statsmodels.formula.options, "formula_engine", engine)

    def refused(self, model, formula, data, told):
        with pytest.raises(WrongUse, match=told):
            MODELS[model](formula, data)

    def test_an_unknown_column_is_named_beside_those_that_are_there(self, model):
        told = "names arm, and there is no such column. There are: again, age, area, child_key"
        self.refused(model, "again ~ arm", some(), told)
        self.refused(model, "gone ~ age", some(), "no (such )?column.* There are: again, age")

    def test_no_row_is_said(self, model):
        self.refused(model, FORMULA, some().iloc[:0], "No row is left")
        self.refused(model, FORMULA, some().assign(age=np.nan), "No row is left")

    def test_a_name_that_two_columns_have(self, model):
        twice = pd.concat([some(), some()[["age"]]], axis=1)
        self.refused(model, FORMULA, twice, "More than one column is called age")
        others = pd.concat(
            [some().assign(other=1.0)] + 2 * [some()[["area"]].set_axis(["other"], axis=1)], axis=1
        )
        MODELS[model](FORMULA, others)  # nobody asks for it

    def test_words_of_r(self, model):
        self.refused(model, "Surv(age, again) ~ area", some(), r"Surv\(\) is R's.*event=")
        self.refused(model, "again ~ age + strata(area)", some(), r"strata\(\) is R's.*strata=")


def test_new_rows_without_a_column_or_with_two():
    model = poisson("again ~ age", some()).model
    with pytest.raises(WrongUse, match=r"no column age\. There are: again, area, child_key"):
        model.predict(some().drop(columns="age"))
    with pytest.raises(WrongUse, match="More than one column is called age"):
        model.predict(pd.concat([some(), some()[["age"]]], axis=1))
