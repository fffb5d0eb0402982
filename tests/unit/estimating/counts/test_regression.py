import numpy as np
import pandas as pd
import pytest

from evaluation.errors import WrongUse
from evaluation.estimating._statsmodels import NegativeBinomial
from evaluation.estimating.counts import negative_binomial, poisson
from evaluation.estimating.counts.nb2 import nb2


def drawn(n=300, *, alpha=1.0, seed=2):
    rng = np.random.default_rng(seed)
    made = pd.DataFrame(
        {
            "child_key": [f"c{i}" for i in range(n)],
            "t": rng.integers(0, 2, n),
            "age": rng.normal(14, 2, n),
            "area": rng.choice(["Torfaen", "Newport", "Gwent"], n),
            "days": rng.integers(10, 100, n),
        }
    )
    spread = rng.gamma(1 / alpha, alpha, n) if alpha else 1.0
    made["y"] = rng.poisson(0.03 * made["days"] * np.exp(-0.5 * made["t"]) * spread)
    return made


SOME = drawn()


class TestTheTop:
    def test_the_gradient_is_nought_there_by_statsmodels_own_reckoning(self):
        model = negative_binomial("y ~ t + age", SOME, days="days").model
        columns = np.column_stack([np.ones(len(SOME)), SOME["t"], SOME["age"]])
        theirs = NegativeBinomial(SOME["y"], columns, exposure=SOME["days"])
        theirs._transparams = False  # else the last is taken for the logarithm of alpha
        at = np.append(model.params, model.alpha)
        assert np.abs(theirs.score(at)).max() < 1e-5
        assert model.loglik == pytest.approx(theirs.loglike(at))
        errors = np.sqrt(np.diag(np.linalg.inv(-theirs.hessian(at))))
        assert [*model.bse, model.alpha_se] == pytest.approx(errors, rel=1e-4)

    def test_counts_without_spread_get_a_spread_of_nought(self):
        counts = np.array([2, 1, 2, 2, 1, 2, 3, 2.0] * 10)
        one = np.ones(80)
        fit = nb2(counts, one[:, None], days=one, weights=one, dispersion=None)
        assert (fit.dispersion, fit.reached) == (0, True)
        assert np.exp(fit.coefficients[0]) == pytest.approx(counts.mean())

    @pytest.mark.parametrize("alpha", [1e-3, 0.3, 30.0])
    def test_a_spread_of_any_size_is_found(self, alpha):
        some = drawn(3000, alpha=alpha, seed=9)
        model = negative_binomial("y ~ t", some, days="days").model
        assert model.alpha == pytest.approx(alpha, rel=0.25, abs=0.05)

    def test_units_do_not_matter(self):
        plain = poisson("y ~ t + age", SOME, days="days").model
        scaled = SOME.assign(age=1e6 * SOME["age"] + 1e9, days=SOME["days"] / 1e8)
        other = poisson("y ~ t + age", scaled, days="days").model
        assert other.params["t"] == pytest.approx(plain.params["t"], rel=1e-6)
        assert other.bse["age"] * 1e6 == pytest.approx(plain.bse["age"], rel=1e-6)


class TestRows:
    def test_a_weight_of_two_is_two_rows(self):
        weighted = SOME.assign(n=np.arange(len(SOME)) % 3)
        rows = SOME.loc[SOME.index.repeat(weighted["n"])]
        for model in (poisson, negative_binomial):
            one = model("y ~ t + age", weighted, days="days", weights="n").model
            other = model("y ~ t + age", rows, days="days").model
            assert one.params.to_numpy() == pytest.approx(other.params.to_numpy(), rel=1e-7)
            assert one.loglik == pytest.approx(other.loglik)

    def test_cells_of_equal_rows_give_what_the_rows_give(self):
        some = drawn(2000).assign(days=30, y=lambda d: np.minimum(d["y"], 9))
        cells = some.groupby(["t", "y"], as_index=False).size()
        by_row = negative_binomial("y ~ t", some, errors="model").model
        by_cell = negative_binomial("y ~ t", cells, weights="size", errors="model").model
        assert by_cell.bse.to_numpy() == pytest.approx(by_row.bse.to_numpy())
        assert by_cell.alpha == pytest.approx(by_row.alpha)

    def test_order_index_and_types_do_not_matter(self):
        plain = negative_binomial("y ~ t + area", SOME, days="days").model.params
        other = SOME.sample(frac=1, random_state=1).set_index("child_key", drop=False)
        other = other.assign(
            y=other["y"].astype("Int64"),
            t=other["t"].astype("Int8"),
            area=pd.Categorical(other["area"], [*sorted(set(other["area"])), "Nowhere"]),
        )
        again = negative_binomial("y ~ t + area", other, days=list(other["days"])).model.params
        assert again.to_numpy() == pytest.approx(plain.to_numpy(), rel=1e-8)
        assert list(again.index) == list(plain.index)

    def test_what_came_in_is_not_altered(self):
        some = SOME.copy()
        negative_binomial("y ~ t + area", some, days="days")
        pd.testing.assert_frame_equal(some, SOME)

    def test_rows_that_lack_something_are_left_out_aloud(self):
        gaps = SOME.assign(
            age=SOME["age"].where(SOME.index > 4),
            area=SOME["area"].where(SOME.index < 290),
            days=SOME["days"].astype(float).where(SOME.index != 100),
        )
        found = poisson("y ~ t + age + area", gaps, days="days")
        whole = gaps.dropna()
        assert found.model.rows == len(whole) == 284
        assert (found.beware[0].trap, "16 rows of 300" in str(found.beware[0].text)) == (
            "missing_values",
            True,
        )
        again = poisson("y ~ t + age + area", whole, days="days").model.params
        assert found.model.params.to_numpy() == pytest.approx(again.to_numpy())

    def test_a_child_never_at_risk_is_left_out_aloud(self):
        idle = SOME.assign(
            days=SOME["days"].where(SOME.index > 2, 0), y=SOME["y"].where(SOME.index > 2, 0)
        )
        found = poisson("y ~ t", idle, days="days")
        assert found.model.rows == 297
        assert found.beware[0].trap == "time_not_at_risk"

    def test_new_rows_are_predicted(self):
        model = poisson("y ~ t * log(age) + area", SOME, days="days").model
        again = model.predict(SOME.iloc[:7], days=1) * SOME["days"].iloc[:7]
        assert again.to_numpy() == pytest.approx(model.fitted[:7])


class TestErrors:
    def test_spread_does_not_make_poisson_sure_of_itself(self):
        naive = poisson("y ~ t", SOME, days="days", errors="model")
        found = poisson("y ~ t", SOME, days="days")
        assert found.one("pearson_dispersion").value > 1.5
        assert found.one("rate_ratio").se > 1.3 * naive.one("rate_ratio").se
        assert str(naive.beware[0].text).endswith("Poisson intervals too narrow.")
        assert naive.beware[0].trap == found.beware[0].trap == "overdispersion"

    @pytest.mark.parametrize("model", [poisson, negative_binomial])
    def test_a_childs_rows_are_a_cluster_without_being_asked(self, model):
        once = model("y ~ t", SOME, days="days", errors="HC0").one("rate_ratio")
        twice = model("y ~ t", pd.concat([SOME, SOME]), days="days").one("rate_ratio")
        assert twice.se == pytest.approx(once.se)
        assert twice.children == 300

    def test_rows_taken_as_independent_are_warned_of(self):
        twice = pd.concat([SOME, SOME])
        found = poisson("y ~ t", twice, days="days", errors="model")
        assert "clustering" in [one.trap for one in found.beware]

    def test_few_clusters_widen_limits_and_are_warned_of(self):
        place = np.arange(300) % 6
        found = poisson("y ~ t", SOME, days="days", cluster=place)
        one = found.one("rate_ratio")
        assert str(found.beware[-1].text) == "Only 6 clusters."
        assert (np.log(one.high) - np.log(one.value)) / one.se == pytest.approx(2.776445)
        assert "few_clusters" in one.unmet
        assert one.children == 300

    def test_one_cluster_has_no_limits(self):
        one = poisson("y ~ t", SOME, days="days", cluster=np.zeros(300)).one("rate_ratio")
        assert one.value is not None
        assert (one.low, one.high, one.p) == (None, None, None)

    def test_the_test_of_several_terms(self):
        model = poisson("y ~ t + area", SOME, days="days").model
        statistic, df, _p = model.wald(["t"])
        assert statistic == pytest.approx((model.params["t"] / model.bse["t"]) ** 2)
        assert model.wald(["area[T.Newport]", "area[T.Torfaen]"])[1] == 2
        assert df == 1


class TestWhatCannotBeHad:
    @pytest.mark.parametrize("model", [poisson, negative_binomial])
    def test_a_group_without_events_is_missing_and_the_others_are_right(self, model):
        quiet = SOME.assign(y=SOME["y"].where(SOME["area"] != "Newport", 0))
        found = model("y ~ t + area", quiet, days="days")
        without = model("y ~ t + area", quiet[quiet["area"] != "Newport"], days="days")
        missing = found.one(group="area[T.Newport]")
        assert (missing.value, missing.why_not) == (None, "separation")
        for group in ("t", "area[T.Torfaen]"):
            one, other = found.one(group=group), without.one(group=group)
            assert (one.value, one.se) == pytest.approx((other.value, other.se))

    @pytest.mark.parametrize("model", [poisson, negative_binomial])
    def test_no_events_at_all(self, model):
        found = model("y ~ t", SOME.assign(y=0), days="days")
        assert found.one("rate_ratio").why_not == "no_events"
        assert found.one("rate_ratio").value is None

    def test_one_child(self):
        found = poisson("y ~ 1", SOME.iloc[:1].assign(y=3), days="days")
        assert found.model.params["Intercept"] == pytest.approx(np.log(3 / SOME["days"][0]))
        with pytest.raises(WrongUse, match="t"):
            poisson("y ~ t", SOME.iloc[:1], days="days")

    @pytest.mark.parametrize(
        ("formula", "changed", "word"),
        [
            ("y ~ t + nowhere", {}, "nowhere"),
            ("t + age", {}, "left of a ~"),
            ("y ~ t +", {}, "does not go"),
            ("y ~ t + twice", {"twice": 2 * SOME["t"] + 1}, "twice"),
            ("y ~ t", {"y": SOME["y"] + 0.5}, "whole numbers"),
            ("y ~ t", {"y": SOME["y"] - 100}, "whole numbers"),
            ("y ~ t", {"days": -SOME["days"]}, "Days at risk"),
            ("y ~ t", {"days": 0}, "no day at risk"),
            ("y ~ log(zero)", {"zero": 0.0}, "infinite values: log"),
            ("area ~ t", {}, "one column of numbers"),
        ],
    )
    @pytest.mark.filterwarnings("ignore:divide by zero")
    def test_bad_use_is_refused_in_words(self, formula, changed, word):
        with pytest.raises(WrongUse, match=word):
            poisson(formula, SOME.assign(**changed), days="days")

    def test_values_must_be_one_a_row(self):
        with pytest.raises(WrongUse, match="3 values"):
            poisson("y ~ t", SOME, days=[1, 2, 3])
        with pytest.raises(WrongUse, match="HC0"):
            poisson("y ~ t", SOME, errors="white")
