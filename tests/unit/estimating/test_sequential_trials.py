"""A small world: each week a child has events at a rate that rises after events, is given the
service at some weeks at which it had one lately, and has `effect` times as many from then on."""

import numpy as np
import pandas as pd
import pytest

from evaluation.errors import WrongUse
from evaluation.estimating.censoring_weights import censoring_weights
from evaluation.estimating.sequential_trials import sequential_trials
from evaluation.estimating.weighting import propensity

WEEKS, BEGIN, WINDOW = 30, 4, 84


def live(children, effect, *, rng, never=False, chance=0.35):
    """Events of each week, and the week at whose start each was given it (or WEEKS)."""
    base = 0.15 * rng.gamma(2, 0.5, children)
    luck, given = rng.random((WEEKS, children)), rng.random((WEEKS, children))
    events, on = np.zeros((children, WEEKS)), np.full(children, WEEKS)
    for week in range(WEEKS):
        lately = events[:, max(0, week - 2) : week].sum(axis=1)
        if week >= BEGIN and not never:
            asked = (lately > 0) & (on == WEEKS) & (given[week] < chance + 0.1 * (lately > 1))
            on[asked] = week
        rate = base * (1 + 1.0 * lately) * np.where(on <= week, effect, 1)
        events[:, week] = luck[week] < 1 - np.exp(-rate)
    return events, on


def told(events, on):
    """The frames that the estimator takes: a trial at each week with an event lately."""
    children = range(len(events))
    lately = np.array([[row[max(0, w - 2) : w].sum() for w in range(WEEKS + 1)] for row in events])
    before = np.array([[row[:w].sum() / max(w, 1) for w in range(WEEKS + 1)] for row in events])
    last = WEEKS - WINDOW // 7
    starts = [
        (c, w) for c in children for w in range(BEGIN, last + 1) if lately[c, w] and on[c] >= w
    ]
    trials = pd.DataFrame(starts, columns=["child_key", "week"])
    now = (trials["week"] == on[trials["child_key"]]).to_numpy()
    given = np.where(now | (on[trials["child_key"]] == WEEKS), np.nan, on[trials["child_key"]])
    trials = trials.assign(
        trial=range(len(trials)),
        arm=np.where(now, "now", "not"),
        zero=7 * trials["week"],
        censored_on=7 * (given - trials["week"]),
        lately=[lately[c, w] for c, w in starts],
    )
    rows = pd.DataFrame(
        [
            (t, 7 * k, 7 * k + 7, int(events[c, w + k]))
            for t, (c, w) in enumerate(starts)
            for k in range(WINDOW // 7)
        ],
        columns=["trial", "start", "stop", "events"],
    )
    states = pd.DataFrame(
        [
            (t, k, lately[c, w + k], before[c, w + k])
            for t, (c, w) in enumerate(starts)
            for k in range(WINDOW // 7 + 1)
        ],
        columns=["trial", "number", "lately", "before"],
    )
    moments = pd.DataFrame(
        [(c, 7 * w, int(on[c] == w), lately[c, w]) for c in children for w in range(BEGIN, WEEKS)
         if lately[c, w] and on[c] >= w],
        columns=["child_key", "day", "censored", "lately"],
    )  # fmt: skip
    course = pd.DataFrame(
        [(c, w, events[c, w] if w < min(on[c], WEEKS) else np.nan, 7.0, lately[c, w], before[c, w])
         for c in children for w in range(BEGIN, min(on[c], WEEKS) + 1)],
        columns=["child_key", "number", "events", "days_at_risk", "lately", "before"],
    )  # fmt: skip
    return trials, rows, states, moments, course


def find(frames, *, replicates=9, **more):
    trials, rows, states, moments, course = frames
    alike = propensity(trials.assign(child_key=trials["trial"]), ["lately"], treated="now")
    staying = censoring_weights(moments, ["lately"])
    return sequential_trials(
        trials, rows, states=states, course=course, alike={WINDOW: alike}, staying=staying,
        replicates=replicates, rng=np.random.default_rng(1), **more,
    )  # fmt: skip


def truth(effect, *, children=60_000):
    """The same children from the week at which they were given it, given it and never given it."""
    now, on = live(children, effect, rng=np.random.default_rng(2))
    never, _none = live(children, effect, rng=np.random.default_rng(2), never=True)
    treated = np.flatnonzero((on >= BEGIN) & (on <= WEEKS - WINDOW // 7))
    window = on[treated, np.newaxis] + np.arange(WINDOW // 7)
    at = treated[:, np.newaxis], window
    return now[at].sum() / never[at].sum()


@pytest.fixture(scope="module")
def large():
    events, on = live(6_000, 0.5, rng=np.random.default_rng(7))
    return told(events, on)


def test_now_over_never_is_found_where_most_are_given_it_later(large):
    found = find(large)
    assert found.one("censored").value > 0.3
    for measure in ("rate_ratio", "weighted_rate_ratio", "modelled_rate_ratio"):
        assert found.one(measure).value == pytest.approx(truth(0.5), rel=0.07)


def test_without_weights_or_model_the_censored_comparison_is_wrong(large):
    trials, rows, states, moments, course = large
    nobody = moments.assign(censored=0)
    chance = find((trials, rows, states[["trial", "number"]], nobody, course))
    assert chance.one("weighted_rate_ratio").value > 1.15 * truth(0.5)


def test_a_wrong_model_is_mended_by_the_weights(large):
    trials, rows, states, moments, course = large
    found = find((trials, rows, states[["trial", "number"]], moments, course))
    assert abs(np.log(found.one("modelled_rate_ratio").value / truth(0.5))) > 0.1
    assert found.one("rate_ratio").value == pytest.approx(truth(0.5), rel=0.07)


def test_wrong_weights_are_mended_by_the_model(large):
    trials, rows, states, moments, course = large
    found = find((trials, rows, states, moments.assign(censored=0), course))
    assert found.one("rate_ratio").value == pytest.approx(truth(0.5), rel=0.07)


@pytest.fixture(scope="module")
def small():
    events, on = live(150, 1.0, rng=np.random.default_rng(3))
    return told(events, on)


def test_limits_hold_the_figure_and_widen_nothing_twice(small):
    found = find(small, replicates=49)
    ratio = found.one("rate_ratio")
    assert ratio.low < ratio.value < ratio.high
    assert ratio.children == small[0]["child_key"].nunique()
    assert found.one("rate", "treated").value > 0
    assert found.draws.shape == (49, 6)
    assert find(small, replicates=49).one("rate_ratio") == ratio


def test_truncated_weights_are_told(small):
    whole, cut = find(small), find(small, truncate=0.9)
    assert whole.one("weights_truncated").value == 0
    share = cut.one("weights_truncated")
    assert 0 < share.value <= 0.1 + 1 / share.of  # the quantile lies between two weights
    assert (
        cut.one("weight_of_staying", "largest").value
        < whole.one("weight_of_staying", "largest").value
    )


def test_the_order_of_rows_changes_nothing(small):
    mixed = [frame.sample(frac=1, random_state=4) for frame in small]
    assert find(mixed).one("rate_ratio").value == pytest.approx(find(small).one("rate_ratio").value)


def test_no_events_are_a_reason_and_no_number(small):
    trials, rows, states, moments, course = small
    found = find((trials, rows.assign(events=0), states, moments, course))
    assert found.one("rate_ratio").why_not == "no_events"
    assert found.one("rate_ratio").value is None


def test_what_is_not_there_is_refused(small):
    trials, rows, states, moments, course = small
    for frames in (
        (trials, rows, states.assign(lately=np.nan), moments, course),
        (trials, rows, states, moments, course.drop(columns="lately")),
        (trials, rows.drop(columns="stop"), states, moments, course),
    ):
        with pytest.raises(WrongUse):
            find(frames)
