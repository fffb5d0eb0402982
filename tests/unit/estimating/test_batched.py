import numpy as np
import pytest
import statsmodels.api as sm

from evaluation.estimating.batched import fit_many


def drawn(n=120, replicates=40, seed=5):
    rng = np.random.default_rng(seed)
    design = np.column_stack(
        [
            np.ones(n),
            rng.poisson(4, n),
            rng.integers(10, 18, n),
            rng.random(n) < 0.4,
            1e4 * rng.random(n),
        ]
    ).astype(float)
    outcome = (rng.random(n) < 1 / (1 + np.exp(-0.5 * (design[:, 1] - 4)))).astype(float)
    weights = rng.multinomial(n, np.full(n, 1 / n), size=replicates).astype(float)
    return design, outcome, weights


def test_each_fit_is_what_statsmodels_gives():
    design, outcome, weights = drawn()
    together = fit_many(design, outcome, weights)
    assert together.converged.all()
    for row, weight in enumerate(weights):
        model = sm.GLM(outcome, design, family=sm.families.Binomial(), freq_weights=weight)
        alone = model.fit(tol=1e-12, tol_criterion="params", maxiter=100)
        assert together.coefficients[row] == pytest.approx(alone.params, rel=1e-8, abs=1e-10)
        scores = alone.predict(design)
        assert np.abs(together.fitted[row] - scores).max() < 1e-8


def test_a_level_that_nobody_drawn_has_does_not_stop_the_others():
    design, outcome, _weights = drawn()
    weights = np.vstack([np.ones(len(design)), (design[:, 3] == 0).astype(float)])
    found = fit_many(design, outcome, weights)
    assert found.converged.all()
    without = np.delete(design, 3, axis=1)[design[:, 3] == 0]
    alone = sm.GLM(outcome[design[:, 3] == 0], without, family=sm.families.Binomial()).fit(
        tol=1e-12, tol_criterion="params"
    )
    assert found.fitted[1, design[:, 3] == 0] == pytest.approx(alone.fittedvalues, abs=1e-8)


def test_columns_that_are_one_among_those_drawn_are_solved_all_the_same():
    # Only children of one level were drawn, and the level is then the intercept once more.
    level = np.array([1.0, 1, 1, 1, 0, 0, 0, 0])
    outcome = np.array([1.0, 0, 0, 0, 1, 1, 0, 0])
    found = fit_many(np.column_stack([np.ones(8), level]), outcome, level[np.newaxis, :])
    assert found.converged.all()
    assert found.fitted[0, level == 1] == pytest.approx(0.25, abs=1e-8)


def test_separated_arms_are_said_and_their_probabilities_have_a_limit():
    level = np.array([1, 1, 1, 0, 0, 0, 0, 0.0])
    outcome = np.array([1, 1, 1, 1, 0, 1, 0, 0.0])
    found = fit_many(np.column_stack([np.ones(8), level]), outcome, np.ones((1, 8)))
    assert found.converged.all()
    assert found.separated.all()
    assert found.fitted[0, level == 1] == pytest.approx(1, abs=1e-6)
    assert found.fitted[0, level == 0] == pytest.approx(2 / 5, abs=1e-6)


def test_a_fit_that_was_given_no_time_is_not_believed():
    design, outcome, weights = drawn(replicates=3)
    assert not fit_many(design, outcome, weights, rounds=1).converged.any()


def test_each_poisson_fit_is_what_statsmodels_gives():
    design, _outcome, weights = drawn()
    rng = np.random.default_rng(8)
    days = rng.integers(0, 180, len(design)).astype(float)
    counts = rng.poisson(0.03 * np.exp(0.2 * (design[:, 1] - 4)) * days).astype(float)
    together = fit_many(design, counts, weights, family="poisson", exposure=days)
    assert together.converged.all()
    assert not together.separated.any()
    there = days > 0
    for row in range(5):
        model = sm.GLM(
            counts[there],
            design[there],
            family=sm.families.Poisson(),
            exposure=days[there],
            freq_weights=weights[row, there],
        )
        alone = model.fit(tol=1e-12, tol_criterion="params", maxiter=100)
        assert together.coefficients[row] == pytest.approx(alone.params, rel=1e-7, abs=1e-9)
        rates = np.exp(design @ alone.params)
        assert together.fitted[row] == pytest.approx(rates, rel=1e-7)


def test_a_level_without_events_has_a_rate_of_none():
    level = np.array([1.0, 1, 1, 0, 0, 0])
    counts = np.array([0.0, 0, 0, 2, 1, 3])
    found = fit_many(
        np.column_stack([np.ones(6), level]), counts, np.ones((1, 6)), family="poisson"
    )
    assert found.converged.all()
    assert found.separated.all()
    assert found.fitted[0] == pytest.approx([0, 0, 0, 2, 2, 2], abs=1e-6)


def test_a_poisson_fit_far_from_its_start_arrives():
    x = np.linspace(0, 12, 60)
    found = fit_many(
        np.column_stack([np.ones(60), x]),
        np.round(np.exp(x)),
        np.ones((2, 60)),
        family="poisson",
    )
    assert found.converged.all()
    assert found.coefficients[0] == pytest.approx([0, 1], abs=1e-3)
