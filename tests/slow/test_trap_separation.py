"""Trap (h) of methods.md: forty children, a true log odds ratio of 1.5, often an empty cell."""

import math

import numpy as np
import pandas as pd
import pytest

from evaluation.estimating.logistic import logistic


@pytest.mark.slow
def test_no_draw_gives_a_wild_estimate_in_silence():
    """There: 10% separated, 94% of them silent, mean 2.46, and 1.61 with Firth's penalty."""
    rng = np.random.default_rng(40)
    told, held, apart = [], 0, 0
    for _draw in range(250):
        x = rng.integers(0, 2, 40)
        y = (rng.random(40) < 1 / (1 + np.exp(-(-2.0 + 1.5 * x)))).astype(int)
        if not 0 < y.sum() < 40:
            continue
        found = logistic("y ~ x", pd.DataFrame({"x": x, "y": y}))
        one = found.one()
        is_apart = (pd.crosstab(x, y).to_numpy() == 0).any()
        assert found.penalised == is_apart
        assert ("separation" in one.unmet) == is_apart
        assert any(said.trap == "separation" for said in found.beware) == is_apart
        assert abs(math.log(one.value)) < 5
        told.append(math.log(one.value))
        held += one.low <= math.exp(1.5) <= one.high
        apart += is_apart
    assert 0.05 < apart / len(told) < 0.2
    assert np.mean(told) == pytest.approx(1.61, abs=0.15)
    assert held / len(told) > 0.92
