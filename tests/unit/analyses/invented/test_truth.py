import numpy as np
import pandas as pd
import pytest

from analyses.invented.process import Lives
from analyses.invented.truth import counted, marginal_rate_ratio
from analyses.invented.world import World

WORLD = World(episodes_per_year=0.5)


def lives_of(*episodes):
    rows = pd.DataFrame(episodes, columns=["child", "day", "back"])
    nothing = pd.DataFrame()
    return Lives(rows, nothing, nothing, nothing)


def start(*, day=100, last=10_000):
    return pd.DataFrame({"child": [7], "day": [day], "last": [last]})


@pytest.mark.parametrize(
    ("episodes", "last", "events", "days_at_risk"),
    [
        pytest.param([], 10_000, 0, 10, id="nothing happens"),
        pytest.param([(7, 103, 103)], 10_000, 1, 10, id="back on the same day"),
        pytest.param([(7, 103, 104)], 10_000, 1, 10, id="a night is no whole day"),
        pytest.param([(7, 103, 106)], 10_000, 1, 8, id="two whole days away"),
        pytest.param([(7, 100, 102)], 10_000, 0, 9, id="missing at time zero is history"),
        pytest.param([(7, 110, 115), (7, 111, 112)], 10_000, 1, 10, id="the window ends"),
        pytest.param([(7, 104, 120)], 105, 1, 4, id="follow-up ends while missing"),
        pytest.param([(8, 103, 106)], 10_000, 0, 10, id="another child"),
    ],
)
def test_days_at_risk_are_those_not_missing_from_end_to_end(episodes, last, events, days_at_risk):
    counts = counted(lives_of(*episodes), start(last=last), days=10)
    assert counts.to_dict("records") == [{"events": events, "days_at_risk": days_at_risk}]


def test_without_an_effect_the_truth_is_one():
    truth = marginal_rate_ratio(1.0, days=182, children=2_000, seed=5, world=WORLD)
    assert truth.ratio == pytest.approx(1, abs=1e-12)
    assert truth.difference_per_100 == pytest.approx(0, abs=1e-9)
    assert truth.children > 20


def test_an_effect_makes_fewer_episodes_and_the_error_says_how_sure():
    truth = marginal_rate_ratio(0.4, days=182, children=2_000, seed=5, world=WORLD)
    assert np.log(truth.ratio) < -3 * truth.monte_carlo_error < 0
    assert truth.difference_per_100 < 0


def test_the_blocks_in_which_it_is_simulated_are_told():
    told = []
    marginal_rate_ratio(
        1.0, days=90, children=500, seed=1, progress=lambda done, of: told.append((done, of))
    )
    assert told == [(500, 500)]
