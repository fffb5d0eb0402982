"""The kernel of Cox's model: against the definition, and where there is no maximum."""

import numpy as np
import pytest

from evaluation.errors import WrongUse
from evaluation.estimating.collinear import Collinear
from evaluation.estimating.cox import kernel, risksets
from evaluation.estimating.cox.kernel import fit
from evaluation.estimating.cox.residuals import martingale, sandwich
from evaluation.estimating.cox.risksets import Rows, joined, lay
from evaluation.estimating.limits import CannotEstimate


def awkward(seed, n=60, columns=2):
    """Ties, entry, strata, weights (some 0): all at once."""
    rng = np.random.default_rng(seed)
    stop = rng.integers(2, 9, n).astype(float)
    return Rows(
        x=rng.normal(size=(n, columns)),
        stop=stop,
        event=rng.random(n) < 0.6,
        start=np.floor(stop * rng.random(n) * 0.9),
        stratum=rng.integers(0, 3, n),
        weight=np.where(rng.random(n) < 0.1, 0.0, rng.gamma(2, 1, n)),
    )


def by_definition(rows, beta, ties):
    """The partial log-likelihood, one event time after another."""
    total = 0.0
    weight = rows.weight
    eta = rows.x @ beta - (rows.x @ beta).mean()
    r = weight * np.exp(eta)
    happens = rows.event & (weight > 0)
    for stratum in np.unique(rows.stratum):
        here = rows.stratum == stratum
        for time in np.unique(rows.stop[here & happens]):
            dead = here & happens & (rows.stop == time)
            risk = here & (rows.start < time) & (rows.stop >= time)
            d, mean = dead.sum(), weight[dead].mean()
            total += weight[dead] @ eta[dead]
            for j in range(d):
                part = j / d if ties == "efron" else 0
                total -= mean * np.log(r[risk].sum() - part * r[dead].sum())
    return total


@pytest.mark.parametrize("ties", ["efron", "breslow"])
@pytest.mark.parametrize("seed", range(4))
def test_likelihood_slope_and_information_are_those_of_the_definition(seed, ties):
    rows = awkward(seed)
    found = fit(rows, ties=ties)
    assert found.converged
    assert found.loglik == pytest.approx(by_definition(rows, found.beta, ties), rel=1e-12)
    assert found.loglik_at_zero == pytest.approx(by_definition(rows, found.beta * 0, ties))
    step = 1e-4 * np.eye(2)

    def rise(beta, along):
        up, down = (by_definition(rows, beta + sign * along, ties) for sign in (1, -1))
        return (up - down) / 2e-4

    assert [rise(found.beta, along) for along in step] == pytest.approx([0, 0], abs=1e-6)
    at_zero = [rise(found.beta * 0, along) for along in step]
    assert found.score_at_zero == pytest.approx(at_zero, rel=1e-5)
    curved = [
        [(rise(found.beta - b, a) - rise(found.beta + b, a)) / 2e-4 for a in step] for b in step
    ]
    assert found.information == pytest.approx(np.array(curved), rel=1e-3, abs=1e-3)


@pytest.mark.parametrize("seed", range(6))
def test_hazards_many_powers_of_ten_apart_keep_their_digits(seed):
    """Rows that enter and leave: differences of running sums would lose the small ones."""
    rows = awkward(seed)
    beta = np.array([60.0, -45.0])
    sets = lay(rows)
    _hazard, loglik = kernel.at(sets, beta * sets.scale, "efron")
    assert loglik == pytest.approx(by_definition(rows, beta, "efron"), rel=1e-12)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_residuals_times_weights_sum_to_nothing(ties):
    rows = awkward(7)
    found = fit(rows, ties=ties)
    assert rows.weight @ martingale(found) == pytest.approx(0, abs=1e-9)
    assert rows.weight @ kernel.score_residuals(found) == pytest.approx([0, 0], abs=1e-7)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_a_row_of_weight_0_is_as_no_row(ties):
    rows = awkward(11)
    there = rows.weight > 0
    less = Rows(
        *(
            getattr(rows, name)[there]
            for name in ("x", "stop", "event", "start", "stratum", "weight")
        )
    )
    whole, part = fit(rows, ties=ties), fit(less, ties=ties)
    assert not there.all()
    assert whole.beta == pytest.approx(part.beta, rel=1e-12)
    assert whole.information == pytest.approx(part.information)
    assert sandwich(whole, None) == pytest.approx(sandwich(part, None))
    assert martingale(whole)[there] == pytest.approx(martingale(part))


def test_a_weight_of_two_is_two_rows_by_breslows_ties():
    rows = awkward(13)
    whole = np.random.default_rng(1).integers(1, 4, len(rows.stop))
    many = np.repeat(np.arange(len(rows.stop)), whole)
    twice = Rows(
        rows.x[many], rows.stop[many], rows.event[many], rows.start[many], rows.stratum[many]
    )
    once = Rows(rows.x, rows.stop, rows.event, rows.start, rows.stratum, whole.astype(float))
    assert fit(once, ties="breslow").beta == pytest.approx(fit(twice, ties="breslow").beta)


def test_the_order_and_the_place_of_covariates_are_of_no_account():
    rows = awkward(17)
    other = np.random.default_rng(2).permutation(len(rows.stop))
    moved = Rows(
        rows.x[other] * [1e4, 1e-4] + [1e6, -1e-2],
        rows.stop[other] * 7,
        rows.event[other],
        rows.start[other] * 7,
        rows.stratum[other],
        rows.weight[other],
    )
    assert fit(moved).beta * [1e4, 1e-4] == pytest.approx(fit(rows).beta, rel=1e-8)


def test_the_long_way_for_small_data_and_the_short_way_for_large_agree(monkeypatch):
    rows = awkward(18, n=300)
    long = fit(rows)
    assert long.sets.table is not None
    monkeypatch.setattr(risksets, "SMALL", 0)
    short = fit(rows)
    assert short.sets.table is None
    assert short.beta == pytest.approx(long.beta, rel=1e-10)
    assert short.information == pytest.approx(long.information, rel=1e-10)
    assert kernel.score_residuals(short) == pytest.approx(kernel.score_residuals(long), abs=1e-8)
    assert martingale(short) == pytest.approx(martingale(long), abs=1e-8)


def test_times_that_only_rounding_tells_apart_are_one():
    start, stop = joined(np.array([0.0, 0.3]), np.array([0.1 + 0.2, 0.7]))
    assert stop[0] == start[1]
    whole = np.array([1e15, 1e15 + 1])
    assert joined(None, whole)[1].tolist() == whole.tolist()


def test_no_event_is_nothing_to_estimate():
    x, stop = np.arange(3.0)[:, None], np.arange(1.0, 4)
    with pytest.raises(CannotEstimate) as raised:
        fit(Rows(x, stop, np.zeros(3, dtype=bool)))
    assert raised.value.why_not == "no_events"
    with pytest.raises(CannotEstimate):
        fit(Rows(x, stop, np.array([True, False, False]), weight=np.array([0.0, 1, 1])))


def test_a_start_at_the_stop_is_refused():
    rows = Rows(np.arange(2.0)[:, None], np.array([1.0, 2]), np.ones(2, dtype=bool))
    with pytest.raises(WrongUse, match="1 row starts at its stop"):
        lay(Rows(rows.x, rows.stop, rows.event, start=np.array([0.0, 2])))


@pytest.mark.parametrize(
    ("extra", "says"),
    [
        (lambda x, _t: x[:, 0] - 3 * x[:, 1], "c is made up of a \\+ b"),
        (lambda x, _t: np.full(len(x), 5.0), "c is the same for all who are compared"),
        (lambda x, _t: 2 * x[:, 1] + 7, "c is made up of b"),
    ],
)
def test_columns_without_an_effect_of_their_own_are_named(extra, says):
    rng = np.random.default_rng(19)
    x, stop = rng.normal(size=(50, 2)), np.arange(1.0, 51)
    wide = np.column_stack([x, extra(x, stop)])
    with pytest.raises(Collinear, match=says):
        fit(Rows(wide, stop, np.ones(50, dtype=bool)), names=("a", "b", "c"))


def test_what_is_the_same_at_each_event_is_named_though_it_changes_in_time():
    rng = np.random.default_rng(23)
    begin = np.repeat(np.arange(6.0), 20)
    x = np.column_stack([rng.normal(size=120), begin])
    rows = Rows(x, begin + 1, rng.random(120) < 0.3, start=begin)
    with pytest.raises(Collinear) as raised:
        fit(rows)
    assert raised.value.which == {1: ()}


def test_coefficients_without_end_are_told_and_the_others_stand():
    rng = np.random.default_rng(29)
    stop, event = np.arange(1.0, 61), rng.random(60) < 0.5
    x = rng.normal(size=(60, 1))
    never = np.where(event, 0.0, rng.integers(0, 2, 60))
    found = fit(Rows(np.column_stack([x, never]), stop, event))
    assert (found.endless, found.converged) == ((1,), False)
    without = never == 0
    alone = fit(Rows(x[without], stop[without], event[without]))
    assert found.beta[0] == pytest.approx(alone.beta[0], abs=1e-6)


def test_a_wholly_ordered_covariate_has_no_end():
    stop = np.random.default_rng(31).exponential(1, 40)
    found = fit(Rows(-stop[:, None], stop, np.ones(40, dtype=bool)))
    assert (found.endless, found.converged) == ((0,), False)


def test_a_strong_effect_is_no_separation():
    rng = np.random.default_rng(37)
    x = rng.normal(size=(400, 1))
    stop = rng.exponential(1, 400) * np.exp(-6 * x[:, 0])
    found = fit(Rows(x, stop, np.ones(400, dtype=bool)))
    assert found.converged
    assert found.beta[0] == pytest.approx(6, abs=1)
