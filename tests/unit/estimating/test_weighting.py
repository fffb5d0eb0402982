import numpy as np
import pandas as pd
import pytest

from evaluation.errors import WrongUse
from evaluation.estimating.balance import balance
from evaluation.estimating.counts import poisson
from evaluation.estimating.cox import Cox
from evaluation.estimating.design import Dropped
from evaluation.estimating.ipw import ipw
from evaluation.estimating.limits import CannotEstimate
from evaluation.estimating.weighting import propensity


def children(n=200, seed=1):
    rng = np.random.default_rng(seed)
    episodes = rng.poisson(4, n)
    treated = rng.random(n) < 1 / (1 + np.exp(-0.4 * (episodes - 4)))
    return pd.DataFrame(
        {
            "child_key": [f"C{number:03}" for number in range(n)],
            "arm": np.where(treated, "referred", "not_referred"),
            "episodes": episodes,
            "age": rng.integers(10, 18, n),
            "sex": pd.array(rng.choice(["female", "male"], n), dtype="str"),
            "authority": pd.array(rng.choice(list("ABCDE"), n), dtype="str"),
        }
    )


def test_the_treated_weigh_one_and_the_others_their_odds():
    weighted = propensity(children(), ["episodes"], treated="referred").children
    treated = weighted["arm"] == "referred"
    assert (weighted.loc[treated, "weight"] == 1).all()
    others = weighted[~treated]
    assert others["weight"].tolist() == pytest.approx(others["score"] / (1 - others["score"]))


def test_weights_make_the_comparison_like_the_treated():
    found = propensity(children(), ["episodes", "age", "sex"], treated="referred")
    assert found.largest_imbalance_before > 0.4
    assert found.largest_imbalance_after < found.largest_imbalance_before / 2
    assert 0 < found.effective_share < 1
    assert found.effective_sample_size < (found.children["arm"] == "not_referred").sum()


def test_covariates_go_in_while_events_allow():
    some = children(60)
    smaller = some["arm"].value_counts().min()
    names = ["episodes", "sex", "authority", "age"]
    found = propensity(some, names, treated="referred", fewest_in_level=1)
    assert found.model.params.size <= smaller / 10
    assert found.covariates == ("episodes",)
    assert found.dropped == tuple(
        Dropped(name, "too_few_events") for name in ("sex", "authority", "age")
    )
    # ... and balance is still shown for those that did not go in.
    assert {"age", "sex=male", "authority=A"} <= set(found.balance["covariate"])


def test_one_too_wide_is_passed_over_and_a_narrower_one_goes_in():
    found = propensity(
        children(100), ["authority", "episodes"], treated="referred", events_per_parameter=15
    )
    assert found.covariates == ("episodes",)


def test_a_constant_and_a_copy_are_left_out_and_said():
    some = children().assign(constant=1, same="x", copy=lambda c: 2 * c["age"])
    found = propensity(some, ["constant", "same", "age", "copy"], treated="referred")
    assert found.covariates == ("age",)
    assert found.dropped == (
        Dropped("constant", "constant"),
        Dropped("same", "constant"),
        Dropped("copy", "collinear"),
    )


def test_where_a_covariate_separates_the_arms_the_last_one_is_taken_out():
    some = children()
    some["marker"] = np.where(some["arm"] == "referred", 5.0, 1.0)
    found = propensity(some, ["episodes", "marker"], treated="referred")
    assert found.covariates == ("episodes",)
    assert found.dropped == (Dropped("marker", "separation"),)
    assert np.isfinite(found.children["weight"]).all()


def test_levels_with_few_children_stand_together():
    some = children()
    some.loc[some.index[:4], "authority"] = "Z"
    some.loc[some.index[4:8], "authority"] = "Y"
    found = propensity(some, ["authority"], treated="referred")
    assert found.pooled == ("authority=Y", "authority=Z")
    assert not any("Z" in column for column in found.design)


def test_a_missing_text_is_a_level_and_a_missing_number_has_a_flag():
    some = children()
    some.loc[::5, "sex"] = None
    some["age"] = some["age"].astype("Int64")
    some.loc[::4, "age"] = pd.NA
    found = propensity(some, ["sex", "age"], treated="referred")
    assert {"sex=missing", "age", "age=missing"} <= set(found.design)
    assert np.isfinite(found.design.to_numpy()).all()


def test_without_covariates_every_comparison_child_weighs_the_same():
    found = propensity(children(), [], treated="referred")
    others = found.children[found.children["arm"] == "not_referred"]
    assert others["weight"].tolist() == pytest.approx([others["weight"].iloc[0]] * len(others))
    assert found.effective_sample_size == pytest.approx(len(others))
    assert found.largest_imbalance_after == 0


@pytest.mark.parametrize("arm", ["referred", "not_referred"])
def test_an_empty_arm_cannot_be_weighted(arm):
    some = children()
    with pytest.raises(CannotEstimate) as raised:
        propensity(some[some["arm"] == arm], ["age"], treated="referred")
    assert raised.value.why_not == "no_comparison"


def test_the_order_of_rows_changes_nothing():
    some = children()
    names = ["episodes", "sex", "authority"]
    one = propensity(some, names, treated="referred")
    other = propensity(some.sample(frac=1, random_state=3), names, treated="referred")
    assert list(one.design) == list(other.design)
    paired = one.children.merge(other.children, on="child_key")
    assert paired["score_x"].tolist() == pytest.approx(paired["score_y"].tolist())


def test_the_frame_given_is_not_altered():
    some = children()
    before = some.copy()
    propensity(some, ["episodes", "sex"], treated="referred")
    pd.testing.assert_frame_equal(some, before)


def test_balance_by_hand():
    columns = pd.DataFrame({"age": [12.0, 14, 16, 10, 12, 17], "flag": [1.0, 1, 0, 1, 0, 0]})
    treated = np.array([True, True, True, False, False, False])
    table = balance(columns, treated, np.array([1, 1, 1, 0, 1, 1.0])).set_index("covariate")
    assert table.loc["age", "smd_before"] == pytest.approx((14 - 13) / 2)
    assert table.loc["age", "smd_after"] == pytest.approx((14 - 14.5) / 2)
    assert table.loc["age", "variance_ratio_before"] == pytest.approx(4 / 13)
    assert table.loc["age", "variance_ratio_after"] == pytest.approx(4 / 12.5)
    assert table.loc["flag", "smd_before"] == pytest.approx((1 / 3) / np.sqrt(2 / 9))
    assert np.isnan(table.loc["flag", "variance_ratio_before"])


def test_balance_for_all_is_over_both_spreads():
    columns = pd.DataFrame({"age": [12.0, 14, 16, 10, 12, 17]})
    treated = np.array([True, True, True, False, False, False])
    table = balance(columns, treated, np.array([1, 1, 2, 1, 0, 1.0]), estimand="ate").iloc[0]
    assert table["smd_before"] == pytest.approx(1 / np.sqrt((4 + 13) / 2))
    assert table["smd_after"] == pytest.approx((14.5 - 13.5) / np.sqrt((4 + 13) / 2))


def test_rounding_is_no_spread():
    columns = pd.DataFrame({"days": [100 / 3, 100 / 3 + 7e-15, 100 / 3, 100 / 3, 100 / 3]})
    treated = np.array([True, True, True, False, False])
    row = balance(columns, treated, np.ones(5)).iloc[0]
    assert row.drop("covariate").isna().all()
    columns.loc[3:, "days"] = [4.0, 9.0]
    row = balance(columns, treated, np.ones(5)).iloc[0]
    assert row["smd_before"] == pytest.approx((100 / 3 - 6.5) / np.sqrt(12.5 / 2))
    assert np.isnan(row["variance_ratio_before"])


def test_a_place_that_nobody_treated_is_of_is_seen():
    place = np.repeat([0.0, 1.0, 0.0], [40, 20, 20])
    row = balance(pd.DataFrame({"place": place}), np.arange(80) < 40, np.ones(80)).iloc[0]
    assert row["smd_after"] == pytest.approx(-0.5 / np.sqrt(0.25 / 2))
    assert row["by_chance"] < 1e-6


def test_chance_between_arms_is_that_of_arms_drawn_at_random():
    rng = np.random.default_rng(5)
    column = np.concatenate([np.zeros(190), np.ones(10)])  # as few as a rare level has
    weight = np.where(np.arange(200) < 90, 1.0, rng.gamma(2, size=200))
    treated = np.arange(200) < 90
    told = pd.DataFrame({str(draw): rng.permutation(column) for draw in range(1500)})
    by_chance = balance(told, treated, weight)["by_chance"]
    for share, within in ((0.5, 0.05), (0.2, 0.04), (0.05, 0.02), (0.01, 0.008)):
        assert (by_chance < share).mean() == pytest.approx(share, abs=within)


class TestFarApart:
    """Arms of 60, with a level of five children, and a place."""

    def arms(self, **columns):
        keys = np.arange(120)
        arm = np.where(keys < 60, "referred", "not")
        return pd.DataFrame({"child_key": keys, "arm": arm, **columns})

    def largest(self, frame, *names):
        found = propensity(frame, names, treated="referred", fewest_in_level=20)
        return found.largest_imbalance_after, found.largest_imbalance_beyond_chance

    def test_few_children_of_a_rare_level_are_chance(self):
        rare = np.where(np.isin(np.arange(120), [0, 60, 61, 62, 63, 64]), "rare", "usual")
        after, beyond = self.largest(self.arms(kind=rare), "kind")
        assert after > 0.4
        assert beyond == 0

    def test_a_place_of_one_arm_is_not(self):
        place = np.where((np.arange(120) >= 60) & (np.arange(120) < 80), "far", "near")
        after, beyond = self.largest(self.arms(place=place), "place")
        assert after == beyond > 0.5

    def test_what_was_left_out_and_differs_is_not(self):
        rng = np.random.default_rng(1)
        episodes = rng.poisson(3, 120) + 2.0 * (np.arange(120) < 60)
        frame = self.arms(episodes=episodes)
        found = propensity(frame, ["episodes"], treated="referred", events_per_parameter=60)
        assert found.covariates == ()
        assert found.largest_imbalance_beyond_chance > 0.5

    def test_the_more_columns_the_more_chance_makes(self):
        rng = np.random.default_rng(2)
        x = rng.normal(size=120)
        x[:60] += 0.45 + x[60:].mean() - x[:60].mean()  # once in 70 draws
        others = {f"other_{place}": rng.normal(size=120) for place in range(9)}
        frame = self.arms(x=x, **others)

        def beyond(names):
            found = propensity(frame, names, treated="referred", events_per_parameter=60)
            return found.largest_imbalance_beyond_chance

        assert beyond(["x"]) > 0.25
        assert beyond(["x", *others]) == 0

    def test_without_covariates_there_is_none(self):
        assert self.largest(self.arms()) == (0, 0)


class TestWhatIsTold:
    def test_figures_of_balance_overlap_and_weights(self):
        found = propensity(children(), ["episodes", "age"], treated="referred")
        assert found.one("smd_before", "episodes").value == found.balance["smd_before"].iloc[0]
        worth = found.one("effective_children", "comparison")
        assert (worth.value, worth.of) == (
            found.effective_sample_size,
            (~found.is_treated).sum(),
        )
        assert found.one("effective_children", "treated").value == found.is_treated.sum()
        weight = found.children.loc[~found.is_treated, "weight"]
        assert found.one("largest_weight_share", "comparison").value == pytest.approx(
            weight.max() / weight.sum()
        )
        assert found.one("weights_truncated", "comparison").children == 0

    def test_truncated_weights_are_counted(self):
        found = propensity(children(), ["episodes"], treated="referred", truncate=0.9)
        told = found.one("weights_truncated", "comparison")
        assert 0 < told.value <= 0.1
        whole = propensity(children(), ["episodes"], treated="referred")
        assert found.effective_sample_size > whole.effective_sample_size

    def test_arms_that_hardly_meet(self):
        some = children()
        some["episodes"] = some["episodes"] + 3.0 * (some["arm"] == "referred")
        found = propensity(some, ["episodes"], treated="referred")
        assert {"no_overlap", "imbalance", "few_children"} <= {one.trap for one in found.beware}
        assert set(found.unmet) & set(found.met) == set()
        assert "no child of the other arm" in str(found)

    def test_arms_that_are_alike(self):
        some = children(600).assign(episodes=lambda some: np.tile([1, 2, 3, 4], 150))
        found = propensity(some, ["episodes"], treated="referred")
        assert found.beware == ()
        assert found.unmet == ("unmeasured_confounding",)

    def test_covariates_left_out(self):
        found = propensity(children(60), ["episodes", "authority"], treated="referred")
        assert "covariates_left_out" in found.unmet
        assert "authority" in str(found)


@pytest.mark.parametrize(
    ("spoilt", "says"),
    [
        (lambda some: some.drop(columns="age"), "no column age"),
        (lambda some: some.assign(arm=some["arm"].where(some.index > 1)), "2 children have no arm"),
        (lambda some: pd.concat([some, some.head(3)]), "3 children have more than one row"),
    ],
)
def test_frames_that_are_no_row_a_child_are_refused(spoilt, says):
    with pytest.raises(WrongUse, match=says):
        propensity(spoilt(children()), ["age"], treated="referred")


def test_any_kind_of_arm_and_covariate_is_read():
    some = children()
    other = some.assign(
        arm=(some["arm"] == "referred").astype(int),
        sex=some["sex"].astype("category"),
        old=some["age"] > 14,
        episodes=some["episodes"].astype("Int64"),
    )
    other.index = other.index * 3 + 7
    one = propensity(
        some.assign(old=other["old"].to_numpy() * 1), ["episodes", "sex", "old"], treated="referred"
    )
    same = propensity(other, ["episodes", "sex", "old"], treated=1)
    assert one.children["weight"].tolist() == pytest.approx(same.children["weight"].tolist())


def test_the_weights_feed_other_estimators():
    """A weighted Poisson model of arm alone is the weighted rate ratio, error and all."""
    rng = np.random.default_rng(4)
    some = children().assign(days=lambda some: rng.integers(30, 180, len(some)))
    some["events"] = rng.poisson(0.02 * some["days"] * (1 + some["episodes"] / 4))
    some["again"] = (some["events"] > 0).astype(int)
    alike = propensity(some, ["episodes"], treated="referred")
    rows = some.merge(alike.children[["child_key", "weight"]], on="child_key")
    model = poisson("events ~ arm", rows, days="days", weights="weight", cluster="child_key")
    ratio = ipw(alike, some, "events", kind="rate", days="days", weights="known").one("rate_ratio")
    theirs = model.one("rate_ratio")
    assert (theirs.value, theirs.se) == pytest.approx((ratio.value, ratio.se))
    hazard = Cox.from_formula(
        "days ~ arm", rows, event="again", weights="weight", cluster="child_key"
    ).fit(warn=False)
    plain = Cox.from_formula("days ~ arm", rows, event="again").fit(warn=False)
    assert hazard.params.iloc[0] != pytest.approx(plain.params.iloc[0], rel=1e-3)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"child_key": [None, *"BCD"]}, "1 row has no child_key"),
        ({"child_key": [None, None, *"CD"]}, "2 rows have no child_key"),
        ({"child_key": list("AACD")}, "1 child has more than one row"),
        ({"child_key": list("AACC")}, "2 children have more than one row"),
        ({"arm": ["t", "c", "c", None]}, "1 child has no arm"),
    ],
)
def test_rows_that_are_no_one_child_in_an_arm_are_counted_in_a_sentence(given, told):
    some = pd.DataFrame({"child_key": list("ABCD"), "arm": ["t", "c", "t", "c"]}).assign(**given)
    with pytest.raises(WrongUse, match=told):
        propensity(some, [], treated="t")


@pytest.mark.parametrize("name", ["child_key", "arm", "episodes"])
def test_two_columns_of_one_name_are_refused_in_a_sentence(name):
    some = children(40)
    with pytest.raises(WrongUse, match=f"More than one column is called {name}"):
        propensity(pd.concat([some, some[[name]]], axis=1), ["episodes"], treated="referred")
