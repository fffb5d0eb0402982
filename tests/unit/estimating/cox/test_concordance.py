"""Concordance against the counting of all pairs."""

import numpy as np
import pytest

from evaluation.estimating.cox.concordance import concordance


def pairs(x, stop, event, start, stratum, w):
    good = bad = tied = 0.0
    for i in np.flatnonzero(event):
        for j in range(len(x)):
            later = stop[j] > stop[i] or (stop[j] == stop[i] and not event[j])
            if i == j or stratum[i] != stratum[j] or not later or start[j] >= stop[i]:
                continue
            weight = w[i] * w[j]
            good += weight * (x[i] > x[j])
            bad += weight * (x[i] < x[j])
            tied += weight * (x[i] == x[j])
    return good, bad, tied


@pytest.mark.parametrize("seed", range(5))
def test_it_counts_the_pairs(seed):
    rng = np.random.default_rng(seed)
    n = 40
    stop = rng.integers(1, 9, n).astype(float)
    rows = {
        "start": np.floor(stop * rng.random(n)),
        "stratum": rng.integers(0, 3, n),
        "weight": rng.random(n),
    }
    rows["start"] = np.minimum(rows["start"], stop - 1)
    x, event = rng.integers(0, 6, n) / 7, rng.random(n) < 0.6
    found = concordance(x, stop, event, **rows)
    good, bad, tied = pairs(x, stop, event, rows["start"], rows["stratum"], rows["weight"])
    assert (found.concordant, found.discordant, found.tied_x) == pytest.approx((good, bad, tied))
    assert found.value == pytest.approx((good + tied / 2) / (good + bad + tied))
    assert found.se > 0


def test_where_nothing_can_be_compared_there_is_none():
    found = concordance(np.array([1.0, 2.0]), np.array([3.0, 3.0]), np.ones(2, dtype=bool))
    assert np.isnan(found.value)
    assert np.isnan(found.se)
