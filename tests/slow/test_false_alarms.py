"""Do limits and tests raise false alarms as often as they say? Series and places without any change.

What longer runs measured stands beside each; the bounds here allow for few runs.
"""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from evaluation.estimating.charts import funnel, u_chart, xmr
from evaluation.estimating.series import interrupted_series

pytestmark = pytest.mark.slow

SIZE = np.array([20, 35, 50, 80, 120, 200, 300, 60, 90, 150] * 3)


def within_chance(alarms, looks, rate):
    """Fewer than so many by chance once in a thousand, and not fewer either."""
    return binom.ppf(0.0005, looks, rate) <= alarms <= binom.isf(0.0005, looks, rate)


def outside(charts):
    marks = pd.concat([chart.points["marks"] for chart in charts])
    return int(marks.str.contains("outside").sum()), len(marks)


def test_a_point_of_a_quiet_series_lies_outside_one_time_in_370():
    # 7,200 points each: XmR 0.24%, u with 10 events a month 0.28%, with 3 events 0.64%.
    rng = np.random.default_rng(1)
    days = rng.integers(2_000, 4_000, 24)
    for charts in (
        [xmr(rng.normal(50, 7, 24)) for _run in range(100)],
        [u_chart(rng.poisson(days / 300), days) for _run in range(100)],
    ):
        assert within_chance(*outside(charts), 0.0027)


def test_months_that_differ_by_more_than_chance_need_the_wider_limits():
    # Gamma shape 10, 30 events a month: 11% of points outside limits from counts, 0.7% with 'auto'.
    rng = np.random.default_rng(2)
    days = rng.integers(2_000, 4_000, 24)
    runs = [rng.poisson(days / 100 * rng.gamma(10, 1 / 10, 24)) for _run in range(60)]
    narrow, looks = outside([u_chart(run, days, spread="counts") for run in runs])
    wide, _looks = outside([u_chart(run, days) for run in runs])
    assert narrow / looks > 0.07
    assert wide / looks < 0.02


def test_a_place_like_the_others_lies_outside_as_often_as_a_funnel_says():
    # 9,000 places: 5.3% and 0.22% of proportions; 5.1% and 0.14% of ratios.
    rng = np.random.default_rng(3)
    for draw, how in (
        (lambda: rng.binomial(SIZE, 0.3), {"kind": "proportion", "target": 0.3}),
        (lambda: rng.poisson(SIZE), {"kind": "ratio"}),
    ):
        marks = np.concatenate([funnel(draw(), SIZE, **how).points["marks"] for _run in range(60)])
        assert within_chance((marks != "").sum(), len(marks), 0.05)
        assert within_chance((marks == "outside_998").sum(), len(marks), 0.002)


def test_a_funnel_with_a_spread_hardly_marks_places_that_differ_only_by_it():
    # Gamma shape 20: 39% and 20% outside the limits of chance; with 'additive' 11% and 1.6%, as
    # drawing in the outer tenths takes some true spread for outliers; without it 4% and 0.1%.
    rng = np.random.default_rng(4)
    runs = [rng.poisson(SIZE * rng.gamma(20, 1 / 20, len(SIZE))) for _run in range(40)]

    def share(**how):
        return np.mean([(funnel(r, SIZE, kind="ratio", **how).points["marks"] != "").mean() for r in runs])  # fmt: skip

    assert share() > 0.3
    assert share(spread="additive") < 0.15
    assert share(spread="additive", winsorise=0) < 0.09


def test_a_level_that_did_not_change_is_found_changed_one_time_in_twenty():
    # 250 series of 60 months, 30 events each: ar1 3% without, 7% with correlated months (0.5);
    # Newey and West 12% and 17%; the model's own 4% and 16%.
    rng = np.random.default_rng(5)
    found = []
    for _run in range(80):
        noise = np.zeros(60)
        for k in range(1, 60):
            noise[k] = 0.5 * noise[k - 1] + 0.26 * rng.normal()
        frame = pd.DataFrame({"period": range(60), "events": rng.poisson(30 * np.exp(noise))})
        found.append(
            interrupted_series(frame, interruption=36, harmonics=0).one("level_ratio").p < 0.05
        )
    assert sum(found) <= binom.isf(0.001, 80, 0.075)
