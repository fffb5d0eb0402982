import itertools
import math

import numpy as np
import pandas as pd
import pytest

from evaluation.errors import WrongUse
from evaluation.estimating.firth import fit_logistic, profile
from evaluation.estimating.logistic import logistic
from evaluation.estimating.two_by_two import odds_ratio


def children(n=240, seed=3):
    rng = np.random.default_rng(seed)
    data = pd.DataFrame(
        {
            "arm": rng.choice(["not_referred", "referred"], n),
            "age": rng.integers(10, 18, n),
            "authority": rng.integers(0, 60, n),
        }
    )
    logit = 0.2 * (data["age"] - 14) + 0.6 * (data["arm"] == "referred")
    return data.assign(again=(rng.random(n) < 1 / (1 + np.exp(-logit))).astype(int))


def two_by_two(a, b, c, d):
    """a, b of the first arm with and without the event; c, d of the second."""
    return pd.DataFrame(
        {
            "again": np.repeat([1, 0, 1, 0], [a, b, c, d]),
            "arm": np.repeat(["b", "b", "a", "a"], [a, b, c, d]),
        }
    )


def test_without_covariates_it_is_the_table_s_own_ratio_and_risks():
    found = logistic("again ~ arm", two_by_two(30, 20, 15, 40))
    assert found.one("odds_ratio").value == pytest.approx(odds_ratio(30, 50, 15, 55).one().value)
    assert found.one("odds_ratio").se == pytest.approx(math.sqrt(1 / 30 + 1 / 20 + 1 / 15 + 1 / 40))
    risks = found.risks("arm", "b", "a")
    assert risks.one("risk", "b").value == pytest.approx(0.6)
    difference = risks.one("risk_difference")
    assert difference.value == pytest.approx(30 / 50 - 15 / 55)
    assert difference.se == pytest.approx(math.sqrt(0.6 * 0.4 / 50 + 15 * 40 / 55**3))
    assert risks.one("risk_ratio").value == pytest.approx((30 / 50) / (15 / 55))
    assert risks.one("risk_ratio").se == pytest.approx(math.sqrt(20 / 30 / 50 + 40 / 15 / 55))


def test_the_slope_is_nothing_at_the_estimate():
    data = children()
    found = logistic("again ~ arm + age", data)
    x = np.column_stack([np.ones(len(data)), data["arm"] == "referred", data["age"]]).astype(float)
    left = data["again"] - 1 / (1 + np.exp(-(x @ found.coefficients["coefficient"])))
    assert np.abs(x.T @ left).max() < 1e-8
    assert found.model.llf == pytest.approx(found.loglik)


def test_a_figure_tells_what_was_looked_for():
    one = logistic("again ~ arm + age", children()).one("odds_ratio", "arm[T.referred]")
    assert (one.children, one.method, one.design_level) == (240, "logistic", 3)
    assert set(one.met) == {"few_events", "separation"}
    assert one.unmet == ("unmeasured_confounding",)
    assert logistic("again ~ arm", children()).one("odds_ratio").design_level == 1


def test_order_and_index_of_rows_and_types_of_columns_change_nothing():
    data = children()
    found = logistic("again ~ arm + age", data)
    mixed = data.sample(frac=1, random_state=1).assign(
        again=lambda rows: rows["again"].astype("boolean"),
        arm=lambda rows: rows["arm"].astype("category"),
        age=lambda rows: rows["age"].astype("Int64"),
    )
    before = mixed.copy()
    again = logistic("again ~ arm + age", mixed)
    assert again.coefficients.to_numpy() == pytest.approx(found.coefficients.to_numpy(), rel=1e-8)
    pd.testing.assert_frame_equal(mixed, before)
    risks = again.risks("arm", "referred", "not_referred").one("risk_difference")
    assert risks.value == pytest.approx(
        found.risks("arm", "referred", "not_referred").one("risk_difference").value
    )


def test_a_weight_of_two_is_two_children():
    data = children(60)
    twice = logistic("again ~ age", pd.concat([data, data]), cluster=list(range(60)) * 2)
    weighted = logistic("again ~ age", data.assign(w=2), weights="w", cluster=range(60))
    assert weighted.coefficients["coefficient"].to_numpy() == pytest.approx(
        twice.coefficients["coefficient"].to_numpy()
    )
    plain = logistic("again ~ age", data.assign(w=2), weights="w")
    both = logistic("again ~ age", pd.concat([data, data], ignore_index=True))
    assert plain.coefficients.to_numpy() == pytest.approx(both.coefficients.to_numpy())
    assert plain.one().children == both.one().children == 120


def test_weights_of_sampling_make_robust_errors():
    data = children()
    halves = logistic("again ~ age", data, weights=np.full(len(data), 0.5), errors="HC0")
    rows = logistic("again ~ age", data, cluster=np.arange(len(data)), errors="HC0")
    assert halves.one().se == pytest.approx(rows.one().se)
    assert halves.one().method == "logistic_clustered"


def test_a_child_with_several_rows_is_a_cluster_unasked():
    data = pd.concat([children(80), children(80)]).assign(child_key=list(range(80)) * 2)
    found = logistic("again ~ age", data)
    assert found.by == "child_key"
    assert found.one().children == 80
    assert found.one().se == pytest.approx(
        math.sqrt(2) * logistic("again ~ age", data, cluster=range(160)).one().se, rel=0.02
    )


def test_few_clusters_are_warned_of_and_limits_are_students():
    found = logistic("again ~ age", children().assign(g=lambda rows: rows["age"]), cluster="g")
    assert "few_clusters" in found.one().unmet
    assert found.df == 6
    with pytest.raises(WrongUse, match="one cluster"):
        logistic("again ~ age", children(), cluster=np.zeros(240))


def test_missing_rows_are_left_out_and_counted():
    data = children()
    gaps = data.assign(age=data["age"].where(data.index >= 7))
    found = logistic("again ~ arm + age", gaps)
    assert found.one("odds_ratio", "age").children == 233
    assert "7" in str(found.beware[0].text)
    whole = logistic("again ~ arm + age", data.iloc[7:])
    assert found.one("odds_ratio", "age").value == pytest.approx(whole.one(group="age").value)


@pytest.mark.parametrize(
    "cells", [c for c in itertools.product((0, 3, 9), repeat=4) if c[0] + c[1] and c[2] + c[3]]
)
def test_no_table_gives_a_wild_estimate_in_silence(cells):
    found = logistic("again ~ arm", two_by_two(*cells))
    one = found.one("odds_ratio")
    if cells[0] + cells[2] == 0 or cells[1] + cells[3] == 0:
        assert one.why_not in {"no_events", "no_variation"}
        assert found.risks("arm", "b", "a").one("risk_ratio").why_not == one.why_not
        return
    a, b, c, d = cells
    half = 0.5 if 0 in cells else 0.0
    assert one.value == pytest.approx((a + half) * (d + half) / (b + half) / (c + half))
    assert one.low < one.value < one.high
    assert ("separation" in one.unmet) == found.penalised == (0 in cells)
    assert ("separation" in {said.trap for said in found.beware}) == (0 in cells)
    risk = found.risks("arm", "b", "a").one("risk", "b")
    assert risk.value == pytest.approx((a + half) / (a + b + 2 * half))
    assert 0 < risk.low < risk.value < risk.high < 1


def test_only_the_separated_term_is_said_to_be():
    data = children().assign(rare=lambda rows: (rows.index < 6).astype(int))
    data.loc[:5, "again"] = 1
    found = logistic("again ~ age + rare", data)
    assert "separation" in found.one("odds_ratio", "rare").unmet
    assert "separation" not in found.one("odds_ratio", "age").unmet
    assert "Separated on rare; penalised estimate." in [str(said.text) for said in found.beware]
    plain = logistic("again ~ age + rare", data, penalised=False)
    assert plain.one("odds_ratio", "rare").why_not == "separation"
    without = logistic("again ~ age", data.iloc[6:])
    assert plain.one("odds_ratio", "age").value == pytest.approx(without.one().value, rel=1e-6)


def test_separation_makes_no_clustered_error_small():
    data = pd.DataFrame({"x": np.linspace(-2, 2, 50), "g": np.arange(50) // 5})
    data["y"] = (data["x"] > 0).astype(int)
    alone, clustered = logistic("y ~ x", data), logistic("y ~ x", data, cluster="g")
    assert clustered.one().se >= alone.one().se
    assert clustered.one().high >= alone.one().high
    assert clustered.one().p >= alone.one().p


def test_few_events_are_warned_of():
    found = logistic("again ~ arm + age", children().assign(again=lambda r: (r.index < 9) * 1))
    assert "few_events" in found.one(group="age").unmet
    assert any(said.trap == "few_events" for said in found.beware)


def test_firth_s_penalty_adds_half_a_child_to_each_cell():
    x = np.column_stack([np.ones(20), np.repeat([0, 1], 10)]).astype(float)
    y = np.repeat([0, 1, 0, 1], [7, 3, 4, 6]).astype(float)
    fit = fit_logistic(x, y, penalised=True)
    assert fit.coefficients[1] == pytest.approx(math.log(6.5 * 7.5 / 4.5 / 3.5))


def test_profiled_limits_without_penalty_are_those_of_the_likelihood():
    """The limits of a share's odds: where twice the fall of the likelihood is 3.84."""
    x, y = np.ones((20, 1)), np.repeat([0.0, 1.0], [14, 6])
    pair = np.vstack([np.column_stack([x, 0 * x]), np.column_stack([x, x])])
    found = profile(pair, np.concatenate([y, y]), term=1, penalised=False)
    assert found.low == pytest.approx(-found.high, rel=1e-6)
    assert found.p == pytest.approx(1)


@pytest.mark.parametrize(
    ("formula", "how"),
    [
        ("again ~ nothing", {}),
        ("again ~ age + twice", {}),
        ("arm ~ age", {}),
        ("age ~ arm", {}),
        ("again ~ age", {"weights": np.full(240, -1.0)}),
        ("again ~ age", {"weights": [1, 2]}),
        ("again ~ age", {"cluster": "nothing"}),
        ("again ~ age", {"confidence": 95}),
    ],
)
def test_what_cannot_be_meant_is_refused(formula, how):
    with pytest.raises(WrongUse):
        logistic(formula, children().assign(twice=lambda rows: 2 * rows["age"]), **how)


def test_risks_are_of_columns_and_levels_that_there_are():
    found = logistic("again ~ arm + age", children())
    for column, level in (("authority", 1), ("arm", "nobody"), ("age", "old")):
        with pytest.raises(WrongUse):
            found.risks(column, level, "not_referred" if column == "arm" else 12)
    assert found.risks("age", 16, 12).one("risk_difference").value > 0
