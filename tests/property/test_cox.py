"""What must not change the answer of Cox's model, and what must change it in a known way."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from evaluation.errors import WrongUse
from evaluation.estimating.cox import kernel
from evaluation.estimating.cox.model import Cox
from evaluation.estimating.limits import CannotEstimate

TIES = st.sampled_from(["efron", "breslow"])


@st.composite
def histories(draw):
    """Children with one to three (start, stop] rows, ties, late entry, strata, odd weights."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    children = draw(st.integers(15, 40))
    longest = draw(st.sampled_from([6, 30, 400]))  # the fewer days, the more ties
    rows = []
    for child in range(children):
        start = int(rng.integers(0, 3))
        x, z, stratum = rng.integers(0, 2), rng.normal(), rng.integers(0, 2)
        for _ in range(rng.integers(1, 4)):
            stop = start + int(rng.integers(1, longest))
            row = (child, start, stop, int(rng.random() < 0.6), x, round(z, 2), stratum)
            rows.append((*row, rng.choice([0.5, 1, 2.5])))
            start = stop + int(rng.integers(0, 3))
    names = ["child", "start", "stop", "event", "x", "z", "stratum", "weight"]
    frame = pd.DataFrame(rows, columns=names).astype({"start": float, "stop": float})
    assume(frame["event"].sum() >= 8)
    return frame


def fitted(rows, *, ties="efron", cluster="child", strata="stratum", weights=None, by=("x", "z")):
    """Its fit, where there is a finite one."""
    try:
        found = Cox(
            rows["stop"],
            rows[list(by)],
            event=rows["event"],
            start=rows["start"],
            strata=None if strata is None else rows[strata],
            cluster=None if cluster is None else rows[cluster],
            weights=None if weights is None else rows[weights],
            ties=ties,
        ).fit(warn=False)
    except (CannotEstimate, WrongUse):
        assume(False)
    assume(found.converged and np.abs(found.params).max() < 5)
    return found


def same(one, other, *, errors=True, near=1e-7):
    assert one.params.to_numpy() == pytest.approx(other.params.to_numpy(), rel=near, abs=near)
    if errors:
        assert one.bse.to_numpy() == pytest.approx(other.bse.to_numpy(), rel=near, abs=near)
        assert one.cov_naive == pytest.approx(other.cov_naive, rel=near, abs=near)
        assert one.llf == pytest.approx(other.llf, rel=near)
        assert one.llnull == pytest.approx(other.llnull, rel=near)


@settings(max_examples=15, deadline=None)
@given(histories(), TIES, st.data())
def test_a_row_cut_in_pieces_changes_nothing(rows, ties, data):
    share = data.draw(st.lists(st.floats(0, 1), min_size=len(rows), max_size=len(rows)))
    cut = np.floor(rows["start"] + share * (rows["stop"] - rows["start"]))
    cuts = (cut > rows["start"]) & (cut < rows["stop"])
    first = rows[cuts].assign(stop=cut[cuts], event=0)
    pieces = pd.concat([first, rows.assign(start=rows["start"].mask(cuts, cut))])
    for weights in (None, "weight"):
        whole = fitted(rows, ties=ties, weights=weights)
        same(fitted(pieces, ties=ties, weights=weights), whole)


@settings(max_examples=10, deadline=None)
@given(histories(), TIES, st.sampled_from(["seven", "days to years", "cube", "rank", "log"]))
def test_only_the_order_of_times_counts(rows, ties, change):
    moments = np.unique(rows[["start", "stop"]].to_numpy())
    changes = {
        "seven": lambda t: t * 7,
        "days to years": lambda t: t / 365.25,
        "cube": lambda t: (t + 1) ** 3,
        "rank": lambda t: np.searchsorted(moments, t).astype(float),
        "log": np.log1p,
    }
    told = {name: changes[change](rows[name].to_numpy()) for name in ("start", "stop")}
    same(fitted(rows.assign(**told), ties=ties), fitted(rows, ties=ties))


@settings(max_examples=10, deadline=None)
@given(histories(), TIES, st.integers(0, 2**32 - 1))
def test_the_order_of_rows_and_their_labels_count_for_nothing(rows, ties, seed):
    rng = np.random.default_rng(seed)
    other = rows.sample(frac=1, random_state=rng).assign(
        child=lambda frame: "child " + frame["child"].astype(str),
        stratum=lambda frame: frame["stratum"].map({0: "north", 1: "south"}),
    )
    same(
        fitted(other, ties=ties, weights="weight"),
        fitted(rows, ties=ties, weights="weight"),
    )


@settings(max_examples=10, deadline=None)
@given(histories(), TIES, st.integers(-3, 900))
def test_a_stratum_whose_clock_is_set_otherwise_changes_nothing(rows, ties, shift):
    moved = {name: rows[name] + shift * rows["stratum"] for name in ("start", "stop")}
    same(fitted(rows.assign(**moved), ties=ties), fitted(rows, ties=ties))


@settings(max_examples=10, deadline=None)
@given(histories())
def test_a_weight_of_2_is_two_rows_by_breslow(rows):
    rows = rows.assign(twice=np.where(rows["z"] > 0, 2.0, 1.0))
    doubled = pd.concat([rows, rows[rows["twice"] == 2]])
    one = fitted(rows, ties="breslow", weights="twice")
    other = fitted(doubled, ties="breslow")
    # With clusters the errors agree as well: a child is the same child, however it is written.
    same(one, other)


@settings(max_examples=10, deadline=None)
@given(histories())
def test_a_weight_of_2_is_two_rows_by_efron_where_those_with_events_are_not_weighed(rows):
    # R's convention, and ours: Efron's ties give each tied row its own turn and mean weight, so
    # a weighted event is one turn with a weight, two rows are two turns.
    rows = rows.assign(twice=np.where((rows["z"] > 0) & (rows["event"] == 0), 2.0, 1.0))
    doubled = pd.concat([rows, rows[rows["twice"] == 2]])
    same(fitted(rows, weights="twice"), fitted(doubled))


@settings(max_examples=10, deadline=None)
@given(histories())
def test_a_weight_of_2_for_all_is_two_of_each_row_for_the_coefficients_without_ties(rows):
    # Each event at a moment of its own; two copies of an event are then tied with each other,
    # so that Efron's method sees a tie of two and Breslow's does not.
    order = np.argsort(np.argsort(rows["stop"], kind="stable")).to_numpy()
    apart = rows.assign(stop=rows["stop"] + order / (2 * len(rows)), weight=2.0)
    doubled = pd.concat([apart, apart])
    weighed = {ties: fitted(apart, ties=ties, weights="weight") for ties in ("efron", "breslow")}
    same(weighed["efron"], weighed["breslow"])
    same(weighed["breslow"], fitted(doubled, ties="breslow"))
    same(weighed["efron"], fitted(apart), errors=False)


@settings(max_examples=10, deadline=None)
@given(histories(), TIES, st.booleans())
def test_counts_by_pattern_and_day_are_all_that_is_needed(rows, ties, weighed):
    rows = rows.assign(z=np.sign(rows["z"]))
    weights = "weight" if weighed else None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("evaluation.estimating.cox.grouped.CELLS_A_ROW", 1000)
        tried = fitted(rows, ties=ties, weights=weights)
        assert kernel.group(tried.model.rows) is not None
        assert tried.kernel.laid is None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "group", lambda _: None)
        same(fitted(rows, ties=ties, weights=weights), tried, near=1e-9)


@settings(max_examples=10, deadline=None)
@given(histories(), TIES, st.floats(-40, 40), st.floats(0.01, 50))
def test_a_covariate_may_be_shifted_and_scaled(rows, ties, shift, scale):
    one, other = (
        fitted(rows, ties=ties),
        fitted(rows.assign(z=rows["z"] * scale + shift), ties=ties),
    )
    assert other.params["z"] * scale == pytest.approx(one.params["z"], rel=1e-6, abs=1e-6)
    assert other.params["x"] == pytest.approx(one.params["x"], rel=1e-6, abs=1e-6)
    assert other.bse["z"] * scale == pytest.approx(one.bse["z"], rel=1e-6)
    assert other.llf == pytest.approx(one.llf, rel=1e-9)


@settings(max_examples=10, deadline=None)
@given(histories(), TIES)
def test_rows_that_end_before_any_event_say_nothing_of_the_coefficients(rows, ties):
    first = rows.loc[rows["event"] == 1, "stop"].min()
    early = rows[(rows["stop"] < first)]
    extra = rows.head(5).assign(start=rows["start"].min() - 2, stop=first - 0.5, event=0)
    more = pd.concat([rows, extra[extra["start"] < extra["stop"]]])
    same(fitted(more, ties=ties), fitted(rows, ties=ties))
    same(fitted(rows.drop(early.index), ties=ties), fitted(rows, ties=ties))
