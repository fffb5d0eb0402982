"""Hazard ratios as figures: what stands in them, and what is said beside them."""

import numpy as np
import pandas as pd
import pytest

from evaluation.errors import WrongUse
from evaluation.estimating.cox import Cox, cox, hazard_ratios


@pytest.fixture
def rows():
    rng = np.random.default_rng(53)
    n = 200
    arm = np.where(rng.random(n) < 0.5, "offered", "not")
    return pd.DataFrame(
        {
            "days": np.ceil(rng.exponential(60, n) * np.where(arm == "offered", 1.5, 1)),
            "again": (rng.random(n) < 0.6).astype(int),
            "arm": arm,
            "age": rng.normal(10, 3, n),
            "child": rng.integers(0, 80, n),
        }
    )


def test_a_ratio_is_the_exponential_of_its_coefficient(rows):
    found = cox("days ~ arm", rows, event="again", confidence=0.9)
    ratio = found.one("hazard_ratio", "arm[T.offered]")
    fitted = found.model
    assert ratio.value == pytest.approx(np.exp(fitted.params.iloc[0]))
    assert (ratio.low, ratio.high) == pytest.approx(
        tuple(np.exp(fitted.conf_int(0.1).to_numpy()[0]))
    )
    assert (ratio.se, ratio.p) == (fitted.bse.iloc[0], fitted.pvalues.iloc[0])
    assert (ratio.method, ratio.confidence, ratio.events) == ("cox_efron", 0.9, rows["again"].sum())
    assert (ratio.unit, ratio.children, ratio.with_events) == ("records", 200, rows["again"].sum())
    assert ratio.met == ("few_events", "non_proportional_hazards", "separation")
    assert (ratio.unmet, ratio.why_not, ratio.section) == (("unmeasured_confounding",), None, "")


def test_children_are_counted_once(rows):
    by_cluster = cox("days ~ arm", rows, event="again", cluster="child").one()
    told = cox("days ~ arm", rows, event="again", children="child").one()
    for one in (by_cluster, told):
        assert (one.unit, one.children) == ("children", rows["child"].nunique())
        assert one.with_events == rows.loc[rows["again"] == 1, "child"].nunique()
    assert "few_clusters" in by_cluster.met
    assert by_cluster.se != told.se


def test_an_adjusted_or_weighted_ratio_stands_higher_on_the_scale(rows):
    def level(formula, **roles):
        return cox(formula, rows, event="again", **roles).estimates[0].design_level

    assert level("days ~ arm") == 1
    assert level("days ~ arm + age") == 3
    assert level("days ~ arm", weights=np.full(200, 0.5)) == 3


def test_a_ratio_without_end_is_missing_and_the_others_stand(rows):
    never = np.where(rows["again"] == 1, "no", np.where(rows["age"] > 10, "yes", "no"))
    found = cox("days ~ age + never", rows.assign(never=never), event="again")
    lost, kept = found.one(group="never[T.yes]"), found.one(group="age")
    assert (lost.value, lost.low, lost.high, lost.se, lost.p) == (None,) * 5
    assert lost.why_not == "separation"
    assert lost.unmet == (
        "non_proportional_hazards",
        "separation",
        "unmeasured_confounding",
    )  # the first cannot be checked
    assert kept.value is not None
    assert "separation" in kept.met
    assert [one.trap for one in found.beware] == ["separation"]


def test_few_events_and_few_clusters_are_unmet(rows):
    found = cox("days ~ arm", rows.head(6), event="again", cluster=np.arange(6) // 2)
    assert {"few_events", "few_clusters"} <= set(found.one().unmet)
    assert {"few_events", "few_clusters"} <= {one.trap for one in found.beware}


def test_hazards_that_are_not_proportional_are_unmet():
    rng = np.random.default_rng(59)
    arm = rng.integers(0, 2, 500)
    time = np.where(arm == 1, rng.weibull(3, 500), rng.weibull(0.7, 500))
    data = pd.DataFrame({"time": time, "arm": arm, "event": True})
    found = cox("time ~ arm", data, event="event")
    assert found.one().unmet == ("non_proportional_hazards", "unmeasured_confounding")
    assert "seems to change with time: arm" in str(found.beware[0].text)


def test_rows_left_out_are_told_and_not_counted(rows):
    holes = rows.astype({"child": float})
    holes.loc[:4, "age"] = np.nan
    found = cox("days ~ age", holes, event="again", children="child")
    assert str(found.beware[0].text).startswith("5 rows of 200 lack a value")
    assert found.one().children == holes.loc[5:, "child"].nunique()


def test_a_fit_of_ones_own_gives_its_ratios(rows):
    fitted = Cox.from_formula("days ~ arm", rows, event="again", ties="breslow").fit()
    one = hazard_ratios(fitted, children=rows["child"]).one()
    assert (one.method, one.children) == ("cox_breslow", rows["child"].nunique())


def test_a_confidence_beyond_1_is_refused(rows):
    with pytest.raises(WrongUse, match="between 0 and 1"):
        cox("days ~ arm", rows, event="again", confidence=95)


def test_the_frame_is_printed(rows):
    assert "hazard_ratio" in str(cox("days ~ arm", rows, event="again"))
