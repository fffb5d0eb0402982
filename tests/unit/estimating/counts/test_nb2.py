import numpy as np
import pytest
from scipy.stats import nbinom, poisson

from evaluation.estimating.counts.nb2 import nb2, spread_slopes


def awkward(seed):
    """Few rows or many, days at risk from alike to e^6 apart, spread from none to huge."""
    rng = np.random.default_rng(seed)
    n = int(rng.choice([6, 20, 100]))
    kinds = [
        rng.normal(0, 1, n),
        rng.random(n) < 0.3,
        rng.normal(50, 1e-2, n),
        rng.exponential(99, n),
    ]
    columns = np.column_stack([np.ones(n), *(kinds[i] for i in rng.permutation(4)[:2])]).astype(
        float
    )
    days = np.exp(rng.normal(3, rng.choice([0.1, 2, 6]), n))
    alpha = rng.choice([0, 0.1, 1, 10])
    mean = np.clip(rng.choice([0.001, 0.05, 1, 50]) * days, 0, 1e5)
    count = rng.poisson(mean * (rng.gamma(1 / alpha, alpha, n) if alpha else 1)).astype(float)
    return count, columns, days, rng.choice([1.0, 2, 3], n)


@pytest.mark.parametrize("seed", [*range(25), 144, 198, 579])
def test_no_other_spread_fits_better(seed):
    count, columns, days, weights = awkward(seed)

    def likelihood(fit, alpha):
        made = nbinom.logpmf(count, 1 / alpha, 1 / (1 + alpha * fit.mean)) if alpha else None
        return float((weights * (poisson.logpmf(count, fit.mean) if made is None else made)).sum())

    best = nb2(count, columns, days=days, weights=weights, dispersion=None)
    assert best.reached == bool(count.any())
    if not (best.reached and best.known.all()):
        return
    assert best.loglik == pytest.approx(likelihood(best, best.dispersion), rel=1e-6, abs=1e-6)
    for alpha in (best.dispersion / 2, 2 * best.dispersion, 1e-4, 0.1, 5):
        other = nb2(count, columns, days=days, weights=weights, dispersion=alpha)
        assert likelihood(other, alpha) <= likelihood(best, best.dispersion) + 1e-6 * abs(
            best.loglik
        )


@pytest.mark.parametrize("alpha", [1e-4, 0.02, 3.0])
def test_slopes_of_the_spread_are_those_of_differences(alpha):
    """Small counts by sums and series, great ones by gamma functions."""
    count, mean = np.array([0, 1, 7, 1999, 2001, 9000.0]), np.array([0.1, 2, 5, 2500, 1500, 9100.0])
    step = alpha * 1e-4

    def at(place):
        return nbinom.logpmf(count, 1 / place, 1 / (1 + place * mean))

    first, second = spread_slopes(count, mean, alpha)
    above, below = (
        spread_slopes(count, mean, alpha + step),
        spread_slopes(count, mean, alpha - step),
    )
    assert first == pytest.approx(
        (at(alpha + step) - at(alpha - step)) / (2 * step), rel=1e-4, abs=2e-3
    )
    assert second == pytest.approx((above[0] - below[0]) / (2 * step), rel=1e-4, abs=1e-6)
