import numpy as np
import pandas as pd
import pytest

from evaluation.errors import WrongUse
from evaluation.estimating.charts import p_chart, u_chart

EVENTS, DAYS = [9, 12, 7, 30], [3000, 3100, 2600, 3200]


def test_limits_of_a_rate_by_hand():
    found = u_chart(EVENTS, DAYS, spread="counts")
    rate = 58 / 11900
    reach = 3 * np.sqrt(rate / np.array(DAYS))
    assert found.points["centre"].tolist() == pytest.approx([100 * rate] * 4)
    assert found.points["high"].tolist() == pytest.approx(100 * (rate + reach))
    assert found.points["low"].tolist() == pytest.approx(100 * np.maximum(rate - reach, 0))
    assert found.one("centre").events == 58
    assert found.one("upper_limit").value == pytest.approx(100 * (rate + reach[-1]))


def test_a_month_with_more_children_is_no_signal_where_its_rate_is_the_same():
    days = np.array([1000] * 11 + [4000])
    assert u_chart(days // 100, days).one("points_standing_out").value == 0


def test_limits_of_a_share_by_hand_stay_within_0_and_1():
    found = p_chart([9, 10, 8, 9], [10, 10, 10, 12], spread="counts")
    share = 36 / 42
    assert found.points["high"].tolist() == [1] * 4
    assert found.points["low"].iloc[-1] == pytest.approx(
        share - 3 * np.sqrt(share * (1 - share) / 12)
    )


def test_laney_widens_by_how_much_points_move():
    events, of = np.array([300, 500, 250, 520, 280, 490, 310, 505, 270, 530]), np.full(10, 1000)
    z = (events / of - events.sum() / of.sum()) / np.sqrt(
        events.sum() / of.sum() * (1 - events.sum() / of.sum()) / of
    )
    moves = np.abs(np.diff(z)).mean() / 1.128
    plain = p_chart(events, of, spread="counts")
    laney = p_chart(events, of)  # of itself, as points move far more than by chance
    assert laney.one("sigma_z").value == pytest.approx(moves)
    assert laney.one("centre").method == "p_laney"
    assert plain.one("centre").method == "p"
    reach = [c.points["high"].iloc[0] - c.points["centre"].iloc[0] for c in (plain, laney)]
    assert reach[1] == pytest.approx(moves * reach[0])
    assert [one.trap for one in laney.beware] == ["overdispersion", "short_series"]
    assert "laney" in str(plain.beware[0].text)


def test_counts_that_vary_by_chance_keep_their_limits():
    rng = np.random.default_rng(3)
    found = u_chart(rng.poisson(30, 24), np.full(24, 3000))
    assert found.one("centre").method == "u"
    assert found.beware == ()


def test_phases_baseline_and_index_as_in_xmr():
    months = pd.period_range("2024-01", periods=8, freq="M")
    events = pd.Series([10, 12, 11, 9, 20, 22, 21, 19], index=months)
    found = u_chart(events, [1000] * 8, changes=["2024-05"])
    assert found.points.index.equals(months)
    assert found.points["centre"].iloc[[0, -1]].tolist() == pytest.approx([1.05, 2.05])
    assert found.one("centre", "phase_1").events == 42
    assert u_chart(events, [1000] * 8, baseline=4).points["centre"].eq(1.05).all()
    assert u_chart(events.tolist(), pd.Series([1000] * 8, index=months)).points.index.equals(months)


def test_no_events_at_all_is_a_quiet_chart():
    found = u_chart([0] * 12, [100] * 12)
    assert found.points[["value", "low", "high"]].eq(0).all(axis=None)
    assert found.one("points_standing_out").value == 0


@pytest.mark.parametrize(("events", "of"), [
    ([1, 2], [0, 3]), ([-1, 2], [3, 3]), ([1, 2, 3], [3, 3]), ([1, None], [3, 3]), ([1], [3]),
])  # fmt: skip
def test_what_cannot_be_charted_is_refused(events, of):
    with pytest.raises(WrongUse):
        u_chart(events, of)


def test_a_share_is_of_a_part():
    with pytest.raises(WrongUse, match="part"):
        p_chart([1, 5], [3, 4])


def test_neither_series_is_altered():
    events, of = pd.Series([1, 2], index=["a", "b"]), pd.Series([5, 6], index=["x", "y"])
    u_chart(events, of)
    assert events.index.tolist() == ["a", "b"]
    assert of.index.tolist() == ["x", "y"]
