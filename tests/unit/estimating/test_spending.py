"""Alpha spending: the published boundaries, and the chance that any of them is passed."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm

from evaluation.errors import WrongUse
from evaluation.estimating.spending import at_look, looks, spent
from evaluation.nouns import Estimate


@pytest.mark.parametrize(
    ("count", "published"),
    [
        (1, [1.960]),
        (2, [2.963, 1.969]),
        (3, [3.710, 2.511, 1.993]),
        (4, [4.333, 2.963, 2.359, 2.014]),
        (5, [4.877, 3.357, 2.680, 2.290, 2.031]),
    ],
)
def test_equally_spaced_looks_have_the_published_boundaries(count, published):
    """Lan & DeMets (1983) and programs after it (ld98, gsDesign), two-sided 0.05."""
    made = looks([number / count for number in range(1, count + 1)])
    assert [round(look.boundary, 3) for look in made] == published


@pytest.mark.parametrize(
    ("shares", "alpha"), [([0.3, 0.45, 1], 0.05), ([0.5, 1], 0.1), ([0.2, 0.9, 1.0], 0.05)]
)
def test_the_chance_of_passing_any_boundary_is_alpha_by_another_integral(shares, alpha):
    """The looks' statistics are jointly normal with correlation sqrt(earlier / later)."""
    made = looks(shares, alpha=alpha)
    correlation = np.sqrt(np.minimum.outer(shares, shares) / np.maximum.outer(shares, shares))
    bounds = np.array([look.boundary for look in made])
    stays = multivariate_normal(cov=correlation, seed=1, abseps=1e-6, maxpts=2_000_000).cdf(
        bounds, lower_limit=-bounds
    )
    assert 1 - stays == pytest.approx(alpha, abs=2e-5)
    assert made[-1].spent == pytest.approx(alpha)


def test_the_error_is_held_in_simulated_looks():
    rng = np.random.default_rng(20250401)
    shares = np.array([0.35, 0.6, 1.0])
    steps = rng.normal(scale=np.sqrt(np.diff(shares, prepend=0)), size=(200_000, 3))
    z = steps.cumsum(axis=1) / np.sqrt(shares)
    bounds = np.array([look.boundary for look in looks(shares)])
    high = (z > bounds).any(axis=1).mean()
    assert high == pytest.approx(0.025, abs=4 * np.sqrt(0.025 / 200_000))


def test_later_looks_leave_earlier_boundaries_as_they_were():
    assert looks([0.4, 0.7, 1])[:2] == looks([0.4, 0.7])


def test_a_last_look_with_less_than_was_planned_spends_what_is_left():
    short = looks([0.5, 0.8], spent_at=[0.5, 1])
    assert short[-1].spent == pytest.approx(0.05)
    assert 1.9 < short[-1].boundary < looks([0.5, 0.8])[-1].boundary


def test_a_very_early_look_asks_for_more_than_any_figure_gives():
    look = looks([0.05])[0]
    assert look.boundary == pytest.approx(norm.isf(look.spent / 2))
    assert look.boundary > 9


@pytest.mark.parametrize("shares", [[0.5, 0.5], [0.5, 0.4], [0], [-1], [0.5, 1.2], [float("nan")]])
def test_shares_that_do_not_rise_from_0_to_1_are_refused(shares):
    with pytest.raises(WrongUse):
        looks(shares)


@pytest.mark.parametrize("alpha", [0, 1, float("nan")])
def test_an_alpha_that_is_none_is_refused(alpha):
    with pytest.raises(WrongUse):
        spent(0.5, alpha=alpha)


def test_an_interval_at_a_look_leaves_1_out_exactly_where_the_boundary_is_passed():
    look = looks([0.5])[0]
    for z, out in ((look.boundary - 0.01, False), (look.boundary + 0.01, True)):
        ratio = Estimate("", "rate_ratio", value=np.exp(-0.2 * z), se=0.2)
        assert (at_look(ratio, look, on_log=True).high < 1) == out
        gap = Estimate("", "difference", value=-3 * z, se=3.0)
        assert (at_look(gap, look, on_log=False).high < 0) == out


def test_a_figure_without_a_value_keeps_its_reason_and_one_without_an_error_is_refused():
    look = looks([0.5])[0]
    none = at_look(Estimate("", "rate_ratio", why_not="no_events"), look, on_log=True)
    assert (none.value, none.low, none.why_not) == (None, None, "no_events")
    with pytest.raises(WrongUse):
        at_look(Estimate("", "rate_ratio", value=0.5), look, on_log=True)
