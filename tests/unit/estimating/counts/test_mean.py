"""The closed form gives the limits of the model that it stands in for."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.estimating.counts import limits_of_mean, poisson


def of_the_model(counts, confidence):
    fit = poisson("heads ~ 1", pd.DataFrame({"heads": counts}), errors="HC1", confidence=confidence)
    ends = fit.model.coefficients.set_index("term").loc["Intercept", ["low", "high"]]
    return tuple(np.exp(ends.to_numpy(dtype=float)))


@pytest.mark.parametrize("many", [3, 4, 7, 39, 40, 41, 400])
@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
def test_the_limits_are_those_of_the_poisson_model_with_robust_errors(many, confidence):
    counts = np.random.default_rng(many).negative_binomial(2, 0.1, many)
    assert tuple(limits_of_mean(counts, confidence=confidence)) == pytest.approx(
        of_the_model(counts, confidence), rel=1e-9
    )


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(0, 60), min_size=3, max_size=60).filter(any))
def test_they_are_so_for_any_counts(counts):
    assert tuple(limits_of_mean(counts)) == pytest.approx(of_the_model(counts, 0.95), rel=1e-7)


@pytest.mark.parametrize("counts", [[], [4], [3, 4], [0, 0, 0]])
def test_where_there_is_no_spread_to_see_there_are_no_limits(counts):
    assert all(math.isnan(end) for end in limits_of_mean(counts))
