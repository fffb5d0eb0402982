"""A formula's columns: text coded as the engine would code it, and the same columns of new rows."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula

from evaluation.errors import WrongUse
from evaluation.estimating import formulas
from evaluation.estimating.counts import poisson
from evaluation.estimating.cox import Cox
from evaluation.estimating.formulas import matrices, one_column, plain, refuse_infinite

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
