import numpy as np
import pandas as pd
import pytest

from evaluation.errors import WrongUse
from evaluation.estimating.intervals import acceleration, bca, percentile, without_bias
from evaluation.estimating.limits import CannotEstimate, Limits
from evaluation.estimating.resampling import resample_children


def rows(n=40, seed=1):
    rng = np.random.default_rng(seed)
    each = rng.integers(1, 5, n)
    level = rng.exponential(10, n)
    return pd.DataFrame(
        {
            "child_key": np.repeat([f"C{number:02}" for number in range(n)], each),
            "arm": np.repeat(np.where(np.arange(n) % 3 == 0, "t", "c"), each),
            "days": np.repeat(level, each) + rng.normal(0, 0.1, each.sum()),
        }
    )


def run(frame, statistic, *, seed=1, replicates=199, **options):
    rng = np.random.default_rng(seed)
    return resample_children(frame, statistic, replicates=replicates, rng=rng, **options)


def mean(frame):
    return frame["days"].mean()


def test_a_child_is_drawn_with_all_its_rows_and_a_key_of_its_own():
    seen = []

    def look(frame):
        seen.append(frame)
        return 0.0

    given = rows()
    whole = given.groupby("child_key").size()
    run(given, look, replicates=20)
    for again in seen[1:]:
        assert again["child_key"].nunique() == 40
        levels = again.groupby("child_key")["days"].agg(lambda days: days.max() - days.min())
        assert levels.max() < 1  # no child is mixed with another
        assert set(again.groupby("child_key").size()) <= set(whole)
    assert len({len(again) for again in seen}) > 5


def test_whole_children_give_a_wider_interval_than_rows():
    given = rows()
    by_row = given.assign(child_key=range(len(given)))
    one, other = run(given, mean).one(), run(by_row, mean).one()
    assert one.value == other.value
    assert one.high - one.low > 1.2 * (other.high - other.low)
    assert one.se > 1.2 * other.se


def test_many_children_are_drawn_from_an_arm_as_it_has():
    sizes = set()

    def look(frame):
        sizes.add(tuple(frame.drop_duplicates("child_key")["arm"].value_counts()[["t", "c"]]))
        return 0.0

    run(rows(), look, arm="arm", replicates=30)
    assert sizes == {(14, 26)}


def test_several_figures_by_name_and_the_same_seed():
    def both(frame):
        return {"mean": mean(frame), "rows": len(frame)}

    one, same, other = (run(rows(), both, seed=seed) for seed in (1, 1, 2))
    assert one.estimates == same.estimates != other.estimates
    assert list(one.draws) == ["mean", "rows"]
    assert one.one("rows").value == len(rows())
    shuffled = run(rows().sample(frac=1, random_state=1), both)
    assert shuffled.one("mean").low == pytest.approx(one.one("mean").low)


def test_a_figure_that_fails_too_often_has_no_limits():
    def seldom(frame):
        if len(frame) % 3 == 0:
            raise CannotEstimate("no_events")
        return mean(frame)

    found = run(rows(), seldom)
    assert found.one().why_not == "not_converged"
    assert found.one().low is None
    assert 0.4 < found.estimated["statistic"] / found.replicates < 0.9
    assert run(rows(), lambda _frame: np.nan).one().value is None


def test_progress_is_told():
    told = []
    run(rows(), mean, replicates=3, progress=lambda done, of: told.append((done, of)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_bca_of_a_skewed_mean_lies_to_the_right_of_percentiles():
    plain, mended = run(rows(), mean).one(), run(rows(), mean, interval="bca").one()
    assert mended.value == plain.value
    assert mended.low > plain.low
    assert mended.high > plain.high
    assert mended.method == "bootstrap_bca"


@pytest.mark.parametrize(
    ("frame", "options", "says"),
    [
        (rows(), {"child": "person"}, "no column person"),
        (rows().iloc[:0], {}, "none"),
        (rows().assign(arm=lambda rows: np.arange(len(rows)) % 2), {"arm": "arm"}, "one arm"),
        (rows(), {"replicates": 0}, "replicate"),
        (rows(), {"interval": "wald"}, "percentile"),
        (rows(), {"confidence": 95}, "between 0 and 1"),
    ],
)
def test_bad_use_is_refused(frame, options, says):
    with pytest.raises(WrongUse, match=says):
        run(frame, mean, **options)


def test_limits_of_symmetric_draws_need_no_mending():
    draws = np.concatenate([np.linspace(-3, 3, 999), [np.nan]])
    assert bca(draws, 0.0) == pytest.approx(percentile(draws))
    assert np.isnan(percentile(np.array([np.nan]))).all()


def test_bias_moves_both_limits_and_acceleration_stretches_them():
    draws = np.linspace(-3, 3, 999)
    low, high = percentile(draws)
    assert bca(draws, 0.5).low > low
    assert bca(draws, 0.5).high > high
    stretched = bca(draws, 0.0, acceleration=0.1)
    assert stretched.low > low
    assert stretched.high > high
    assert bca(draws, 99.0).high == 3  # beyond all draws: the outermost


def test_acceleration_counts_groups_by_their_size():
    x = np.array([1.0, 2, 3, 10])
    one = acceleration((x.sum() - x) / 3, [0] * 4)
    influence = x - x.mean()
    assert one == pytest.approx((influence**3).sum() / (6 * (influence**2).sum() ** 1.5))
    assert acceleration(np.full(4, 2.0), [0] * 4) == 0
    assert acceleration(np.array([np.nan, 1.0]), [0, 1]) == 0


@pytest.mark.parametrize("interval", ["percentile", "bca"])
def test_of_one_child_there_is_a_value_and_no_limits(interval):
    alone = rows().query("child_key == 'C01'")
    figure = run(alone, mean, interval=interval).one("statistic")
    assert figure.value == pytest.approx(alone["days"].mean())
    assert (figure.low, figure.high, figure.se) == (None, None, None)
    assert figure.why_not == "too_few_children"


@pytest.mark.parametrize("name", ["child_key", "arm"])
def test_two_columns_of_one_name_are_refused_in_a_sentence(name):
    twice = pd.concat([rows(), rows()[[name]]], axis=1)
    with pytest.raises(WrongUse, match=f"More than one column is called {name}"):
        run(twice, lambda _: 0.0, arm="arm")


@pytest.mark.parametrize(
    ("draws", "told"),
    [
        ([0.4], 0.4),  # no bias
        ([0.5], 0.4**2 / 0.5),  # all of it
        ([0.9], np.sqrt(0.4 * 0.2)),  # all of it would pass the lower limit, 0.2
        ([0.1], np.sqrt(0.4 * 1.4)),  # and here the upper one
    ],
)
def test_the_bias_that_is_taken_off_goes_at_most_half_way_to_a_limit(draws, told):
    assert without_bias(0.4, np.array(draws), Limits(0.2, 1.4)) == pytest.approx(told)


def test_limits_that_do_not_hold_the_ratio_still_hold_what_is_told():
    for ratio in (0.1, 2.0):
        assert 0.2 <= without_bias(ratio, np.array([0.5]), Limits(0.2, 1.4)) <= 1.4
    assert without_bias(0.4, np.array([2.0]), Limits(0.0, 1.4)) == pytest.approx(0.08)
