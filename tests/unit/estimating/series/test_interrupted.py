import numpy as np
import pandas as pd
import pytest

from evaluation.errors import WrongUse
from evaluation.estimating.series import interrupted_series
from evaluation.estimating.series.ar1 import ar1
from evaluation.estimating.series.hac import newey_west


def months(n=48, start=30, *, level=-0.4, slope=0.0, seed=1, days=3000):
    """Counts in months, a level that changes, and a season."""
    rng = np.random.default_rng(seed)
    time = np.arange(n)
    after = time >= start
    log_rate = -4.6 + 0.15 * np.sin(2 * np.pi * time / 12) + level * after
    events = rng.poisson(days * np.exp(log_rate + slope * after * (time - start)))
    return pd.DataFrame(
        {"period": pd.period_range("2020-01", periods=n, freq="M"), "events": events,
         "days_at_risk": days}
    )  # fmt: skip


SERIES = months()
HOW = {"interruption": "2022-07", "exposure": "days_at_risk"}


def test_a_series_without_noise_gives_back_what_it_was_made_of():
    time = np.arange(40.0)
    after = time >= 20
    rate = np.exp(-4 + 0.01 * time - 0.5 * after - 0.02 * after * (time - 20))
    frame = pd.DataFrame({"period": time.astype(int), "events": 1e6 * rate, "days": 1e6})
    found = interrupted_series(
        frame, interruption=20, exposure="days", harmonics=0, after=[0, 10], covariance="model"
    )
    assert found.one("trend_ratio").value == pytest.approx(np.exp(0.01))
    assert found.one("level_ratio").value == pytest.approx(np.exp(-0.5))
    assert found.one("slope_ratio").value == pytest.approx(np.exp(-0.02))
    assert found.one("rate_ratio", "after_0").value == pytest.approx(np.exp(-0.5))
    assert found.one("rate_ratio", "after_10").value == pytest.approx(np.exp(-0.7))
    assert found.one("counterfactual_rate", "after_10").value == pytest.approx(
        100 * np.exp(-4 + 0.3)
    )
    assert found.one("rate_difference", "after_10").value == pytest.approx(
        100 * (np.exp(-4 + 0.3 - 0.7) - np.exp(-4 + 0.3))
    )
    without = 1e6 * np.exp(-4 + 0.01 * time[20:])
    assert found.one("events_difference").value == pytest.approx(
        1e6 * rate[20:].sum() - without.sum()
    )
    assert found.periods["counterfactual"].iloc[20:].to_numpy() == pytest.approx(without / 1e4)


def test_its_lines_have_the_seasons_taken_out_and_part_by_the_effect():
    found = interrupted_series(SERIES, **HOW, after=[0, 9])
    lines, start = found.periods, found.periods["level"].ne(found.periods["expected"]).argmax()
    assert lines["level"].iloc[:start].to_numpy() == pytest.approx(lines["expected"].iloc[:start])
    for k in (0, 9):
        row, effect = lines.iloc[start + k], found.one("rate_ratio", f"after_{k}")
        assert row["level"] / row["expected"] == pytest.approx(effect.value)
        assert row["level_low"] < row["level"] < row["level_high"]
        assert row["expected_low"] < row["expected"] < row["expected_high"]
    # A straight line on the scale of logarithms, on either side.
    for line, side in (
        ("level", slice(start)),
        ("level", slice(start, None)),
        ("expected", slice(None)),
    ):
        assert np.diff(np.log(lines[line].iloc[side]), 2) == pytest.approx(0, abs=1e-9)
    plain = interrupted_series(SERIES, **HOW, harmonics=0).periods
    assert plain["level"].to_numpy() == pytest.approx(plain["fitted"])
    assert plain["expected"].to_numpy() == pytest.approx(plain["counterfactual"])


def test_what_it_says_of_itself():
    found = interrupted_series(SERIES, **HOW)
    level = found.one("level_ratio")
    assert level.low < np.exp(-0.4) < level.high < 1
    assert (level.design_level, level.of, level.unit) == (2, 48, "records")
    assert level.events == SERIES["events"].sum()
    assert level.method == "interrupted_quasi_poisson_ar1"
    assert level.unmet == ("unmeasured_confounding",)
    assert (found.lag, found.harmonics) == (None, 2)
    assert 0 <= found.one("autocorrelation").value < 0.4
    assert found.beware == ()
    assert found.model.params.index.tolist() == [
        "intercept", "time", "level", "slope", "sin_1", "cos_1", "sin_2", "cos_2",
    ]  # fmt: skip
    assert found.model.bse["level"] == pytest.approx(level.se)
    assert found.one("dispersion").value == pytest.approx(
        (found.periods["residual"] ** 2).sum() / 40
    )


@pytest.mark.parametrize("times", [
    lambda p: p.astype(str), lambda p: p.dt.to_timestamp(), lambda p: p.dt.to_timestamp().dt.date,
    lambda p: p.dt.to_timestamp().dt.strftime("%Y-%m-%d"),
])  # fmt: skip
def test_time_may_be_written_in_many_ways_and_rows_stand_in_any_order(times):
    frame = SERIES.assign(period=times(SERIES["period"])).sample(frac=1, random_state=4)
    before = frame.copy()
    found = interrupted_series(frame, **HOW)
    assert found.estimates == interrupted_series(SERIES, **HOW).estimates
    pd.testing.assert_frame_equal(frame, before)


def test_quarters_and_weeks_may_be_written_in_many_ways_too():
    quarters = SERIES.assign(period=pd.period_range("2010Q1", periods=48, freq="Q"))
    how = {"interruption": "2017-07-15", "every": "quarter"}
    found = interrupted_series(quarters, **how)
    assert found.harmonics == 1
    assert found.one("rate_ratio").group == "after_17"
    texts = quarters.assign(period=quarters["period"].astype(str))
    assert interrupted_series(texts, **how).estimates == found.estimates
    weeks = SERIES.assign(period=pd.date_range("2024-01-01", periods=48, freq="7D", tz="UTC"))
    found = interrupted_series(weeks, interruption="2024-07-30", every="week")
    assert found.harmonics == 0
    assert found.one("rate_ratio").group == "after_17"


def test_a_series_that_belongs_to_no_arm_is_refused():
    both = pd.concat([SERIES.assign(area="ours"), SERIES.assign(area=None)])
    with pytest.raises(WrongUse, match="area"):
        interrupted_series(both, **HOW, arm="area", treated="ours")


def test_periods_may_be_whole_numbers_and_need_no_exposure():
    frame = pd.DataFrame({"month": range(24), "n": [9, 11] * 6 + [5, 4] * 6})
    found = interrupted_series(
        frame, interruption=12, outcome="n", time="month", harmonics=0, slope=False
    )
    assert found.one("counterfactual_rate").value == pytest.approx(10, rel=0.2)  # a month


def test_the_errors_of_neighbours_are_larger_where_neighbours_are_alike():
    rng = np.random.default_rng(2)
    ratios = []
    for _run in range(4):
        noise = np.convolve(rng.normal(size=70), np.ones(4), mode="valid")[:60]
        frame = pd.DataFrame({"period": range(60), "events": 50 + noise})
        how = {"interruption": 30, "family": "gaussian", "harmonics": 0, "slope": False}
        plain = interrupted_series(frame, covariance="model", **how)
        newey = interrupted_series(frame, lag=6, **how)
        own = interrupted_series(frame, **how)
        ratios.append(
            [
                one.one("level_difference").se / plain.one("level_difference").se
                for one in (newey, own)
            ]
        )
        assert own.one("ljung_box").p < 0.01
        assert own.one("breusch_godfrey").p < 0.01
        assert [one.trap for one in plain.beware] == ["autocorrelation"]
        assert [one.trap for one in newey.beware] == ["autocorrelation"]
        assert own.beware == ()
    assert (np.mean(ratios, axis=0) > [1.2, 1.5]).all()


def test_newey_and_west_are_asked_for_by_a_lag_or_by_name():
    by_lag = interrupted_series(SERIES, **HOW, lag=3)
    by_name = interrupted_series(SERIES, **HOW, covariance="hac")
    assert by_lag.estimates == by_name.estimates
    assert (by_lag.lag, by_name.lag) == (3, 3)
    assert by_lag.one("level_ratio").method == "interrupted_quasi_poisson_hac"


def test_alike_periods_are_found_as_alike_as_they_are():
    rng = np.random.default_rng(4)
    design = np.column_stack([np.ones(400), np.arange(400), np.arange(400) >= 200]).astype(float)
    noise = np.zeros(400)
    for k in range(1, 400):
        noise[k] = 0.6 * noise[k - 1] + rng.normal()
    residual = noise - design @ np.linalg.lstsq(design, noise)[0]
    covariance, rho = ar1(design, residual, np.arange(400), np.ones(400), scale=None)
    assert rho == pytest.approx(0.6, abs=0.08)
    # Of generalised least squares' truth: R = rho^|i - j| / (1 - rho^2).
    bread = np.linalg.inv(design.T @ design)
    apart = np.abs(np.subtract.outer(np.arange(400), np.arange(400)))
    truth = bread @ design.T @ (0.6**apart / (1 - 0.36)) @ design @ bread
    assert np.sqrt(np.diag(covariance)) == pytest.approx(np.sqrt(np.diag(truth)), rel=0.15)


def test_periods_that_are_not_alike_have_the_models_own_errors():
    rows = np.arange(20)
    residual = np.where(rows % 2, 1.0, -1.0)  # less alike than by chance
    covariance, rho = ar1(np.ones((20, 1)), residual, rows, np.ones(20), scale=None)
    assert rho == 0
    assert covariance[0, 0] == pytest.approx(20 / 19 / 20)


def test_white_errors_are_those_of_each_period_by_itself():
    scores = np.random.default_rng(3).normal(size=(20, 2))
    white = newey_west(np.eye(2), scores, np.arange(20), lag=0)
    assert white == pytest.approx(scores.T @ scores)


def test_a_comparison_series_takes_its_own_change_out():
    other = months(level=-0.4, seed=7, days=6000)
    both = pd.concat([SERIES.assign(area="ours"), other.assign(area="theirs")])
    found = interrupted_series(both, **HOW, arm="area", treated="ours", slope=False)
    level = found.one("level_ratio")
    assert level.low < 1 < level.high  # both fell alike
    assert level.design_level == 3
    assert found.one("ljung_box", "comparison").p is not None
    alone = interrupted_series(SERIES, **HOW, slope=False).one("level_ratio")
    assert alone.high < 1
    turned = interrupted_series(both, **HOW, arm="area", treated="theirs", slope=False)
    assert turned.one("level_ratio").value == pytest.approx(1 / level.value)
    assert turned.one("level_ratio").se == pytest.approx(level.se)


def test_months_that_come_in_are_left_out():
    frame = SERIES.copy()
    frame.loc[30:32, "events"] = 500
    found = interrupted_series(frame, **HOW, phase_in=3, after=[3, 17])
    assert found.one("level_ratio").of == 45
    assert found.one("rate_ratio", "after_17").value < 1
    assert found.periods.index.tolist() == [*range(30), *range(33, 48)]


def test_a_month_without_a_return_is_not_a_month_without_events():
    frame = SERIES.astype({"events": "Int64"})
    frame.loc[[5, 40], "events"] = pd.NA
    found = interrupted_series(frame, **HOW)
    assert found.one("level_ratio").of == 46
    assert [one.trap for one in found.beware] == ["returns_missing"]
    assert "returns_missing" in found.one("level_ratio").unmet
    assert found.one("level_ratio") == (
        interrupted_series(frame, **HOW, after=[0]).one("level_ratio")
    )


def test_a_gap_keeps_its_place_in_the_covariance():
    scores = np.array([[1.0], [2.0], [3.0]])
    gap = newey_west(np.eye(1), scores, np.array([0, 1, 3]), lag=1)
    # Of neighbours only the first two stand next to each other.
    assert gap[0, 0] == pytest.approx(14 + 2 * 0.5 * 2)


def test_short_series_few_events_and_other_changes_are_warned_of():
    short = interrupted_series(SERIES.iloc[24:], **HOW, harmonics=0)
    assert [one.trap for one in short.beware] == ["short_series"]
    assert "short_series" in short.one("level_ratio").unmet
    rare = interrupted_series(months(days=60), **HOW)
    assert [one.trap for one in rare.beware] == ["few_events"]
    other = interrupted_series(SERIES, **HOW, other_changes=["2022-08-15", "2021-01-01"])
    assert [one.trap for one in other.beware] == ["changed_at_once"]
    assert interrupted_series(SERIES, **HOW, other_changes=["2021-01-01"]).beware == ()


def test_no_events_on_a_side_has_no_ratio():
    frame = SERIES.assign(events=np.where(SERIES.index < 30, SERIES["events"], 0))
    found = interrupted_series(frame, **HOW)
    assert {one.why_not for one in found} == {"no_events"}
    assert all(one.value is None for one in found)
    assert found.model is None


def test_a_negative_binomial_without_extra_spread_is_a_poisson():
    even = pd.DataFrame({"period": range(24), "events": [10, 11, 10, 9] * 6})
    how = {"interruption": 12, "harmonics": 0}
    nb = interrupted_series(even, family="negative_binomial", **how).one("level_ratio")
    plain = interrupted_series(even, family="poisson", **how).one("level_ratio")
    assert (nb.value, nb.se) == pytest.approx((plain.value, plain.se))


def test_seasons_are_as_many_as_the_years_bear():
    assert interrupted_series(SERIES.iloc[10:], **HOW).harmonics == 2
    assert interrupted_series(SERIES.iloc[18:], **HOW).harmonics == 1
    assert interrupted_series(SERIES.iloc[25:], **HOW).harmonics == 0
    with pytest.raises(WrongUse, match="harmonics"):
        interrupted_series(SERIES.iloc[18:], **HOW, harmonics=2)


@pytest.mark.parametrize("wrong", [
    {"interruption": "2020-01"}, {"interruption": "2030-01"}, {"interruption": "2023-12"},
    {"interruption": "2020-02"}, {"outcome": "missing"}, {"exposure": "nothing"}, {"lag": 48},
    {"lag": -1}, {"after": [18]}, {"after": [-1]}, {"family": "normal"}, {"every": "day"},
    {"family": "gaussian"}, {"arm": "period"}, {"treated": "x"}, {"confidence": 1.5},
    {"arm": "days_at_risk", "treated": 3000}, {"covariance": "HAC"},
    {"covariance": "ar1", "lag": 3},
])  # fmt: skip
def test_a_series_that_cannot_be_read_is_refused(wrong):
    with pytest.raises(WrongUse):
        interrupted_series(SERIES, **{**HOW, **wrong})


@pytest.mark.parametrize("change", [
    lambda f: pd.concat([f, f.iloc[:1]]),
    lambda f: f.assign(events=-f["events"]),
    lambda f: f.assign(days_at_risk=0),
    lambda f: f.assign(events=None),
    lambda f: f.assign(period=None),
    lambda f: f.assign(period="never"),
    lambda f: f.assign(events="many"),
    lambda f: f.assign(events=np.inf),
    lambda f: f.assign(days_at_risk=None),
])  # fmt: skip
def test_rows_that_cannot_be_are_refused(change):
    with pytest.raises(WrongUse):
        interrupted_series(change(SERIES), **HOW)


def test_times_whose_month_may_be_their_day_are_refused():
    written = SERIES["period"].dt.strftime("01/%m/%Y")
    with pytest.raises(WrongUse, match="2025-04-01"):
        interrupted_series(SERIES.assign(period=written), **HOW)
    with pytest.raises(WrongUse, match="2025-04-01"):
        interrupted_series(SERIES, **{**HOW, "interruption": "01/07/2022"})


def test_two_columns_of_one_name_are_refused_in_a_sentence():
    twice = pd.concat([SERIES, SERIES[["events"]]], axis=1)
    with pytest.raises(WrongUse, match="More than one column is called events"):
        interrupted_series(twice, **HOW)
