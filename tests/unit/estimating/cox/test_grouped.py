"""Counts by pattern and day give what the rows give, or stand back where they are no shorter."""

import numpy as np
import pytest

from evaluation.estimating.cox import kernel
from evaluation.estimating.cox.grouped import group
from evaluation.estimating.cox.risksets import Rows, lay

COUNT = 3000


@pytest.fixture
def rng():
    return np.random.default_rng(11)


@pytest.fixture
def rows(rng):
    """Whole days to 60, three columns of few values, a third of them censored."""

    def made(*, entry=False, strata=0, weights=(), part=1):
        x = np.column_stack([rng.integers(0, 2, (COUNT, 2)), rng.integers(0, 3, COUNT)]).astype(
            float
        )
        stop = np.ceil(np.minimum(rng.exponential(40 / np.exp(x @ [0.5, -0.3, 0.2])), 60))
        start = np.floor(stop * rng.uniform(0, 1, COUNT) * rng.integers(0, 2, COUNT))
        return Rows(
            x,
            stop / part,
            (rng.random(COUNT) < 0.7) & (stop < 60),
            start=np.minimum(start, stop - 1) / part if entry else None,
            stratum=rng.integers(5, 5 + strata, COUNT) if strata else None,
            weight=rng.choice(weights, COUNT) if weights else None,
        )

    return made


def by_rows(rows, ties):
    """The same fit with the shorter way closed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "group", lambda _: None)
        return kernel.fit(rows, ties=ties)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
@pytest.mark.parametrize(
    "case",
    [
        {},
        {"entry": True},
        {"strata": 3},
        {"entry": True, "strata": 2},
        {"weights": (1, 2, 3)},
        {"entry": True, "strata": 2, "weights": (0, 0.5, 1.7)},
        {"entry": True, "part": 7},
    ],
    ids=str,
)
def test_counts_are_all_that_the_likelihood_needs(rows, case, ties):
    given = rows(**case)
    assert group(given) is not None
    short, long = kernel.fit(given, ties=ties), by_rows(given, ties)
    for name in ("beta", "information", "loglik", "loglik_at_zero", "information_at_zero"):
        assert getattr(short, name) == pytest.approx(getattr(long, name), rel=1e-11)
    assert short.score_at_zero == pytest.approx(long.score_at_zero, rel=1e-9, abs=1e-9)


def test_cells_are_the_moments_with_events_of_each_stratum(rows):
    given = rows(strata=4)
    short, long = group(given), lay(given)
    for name in ("times", "strata", "deaths", "mean_weight"):
        assert getattr(short, name).tolist() == getattr(long, name).tolist()


def test_a_stratum_without_events_has_no_cells(rows):
    given = rows(strata=2)
    quiet = Rows(given.x, given.stop, given.event & (given.stratum == 5), stratum=given.stratum)
    assert set(group(quiet).strata) == {5}
    assert kernel.fit(quiet).beta == pytest.approx(by_rows(quiet, "efron").beta, rel=1e-11)


def test_a_continuous_covariate_takes_the_way_of_rows(rows, rng):
    given = rows()
    assert group(Rows(rng.standard_normal((COUNT, 1)), given.stop, given.event)) is None


def test_many_days_take_the_way_of_rows(rows, rng):
    given = rows()
    assert group(Rows(given.x, rng.uniform(0, 1, COUNT), given.event)) is None


def test_rows_that_share_their_mixed_sum_only_are_not_taken_for_one(rows, monkeypatch):
    given = rows()

    class Blind:
        def standard_normal(self, size):
            return np.zeros(size)

    monkeypatch.setattr(np.random, "default_rng", lambda seed: Blind())
    assert group(given) is None


def test_a_fit_from_counts_lays_the_rows_out_when_residuals_are_asked_for(rows):
    given = rows(entry=True)
    short, long = kernel.fit(given), by_rows(given, "efron")
    assert kernel.score_residuals(short) == pytest.approx(
        kernel.score_residuals(long), rel=1e-9, abs=1e-11
    )
