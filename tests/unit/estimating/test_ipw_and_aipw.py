import numpy as np
import pandas as pd
import pytest

from evaluation.errors import WrongUse
from evaluation.estimating.aipw import aipw, regression_adjustment
from evaluation.estimating.counts import rates
from evaluation.estimating.ipw import ipw
from evaluation.estimating.weighting import propensity


def children(n=400, seed=1, *, ratio=0.6, referral=0.4):
    rng = np.random.default_rng(seed)
    prior = rng.poisson(3, n)
    treated = rng.random(n) < 1 / (1 + np.exp(-referral * (prior - 3)))
    days = rng.integers(60, 183, n)
    rate = 0.02 * np.exp(0.3 * (prior - 3)) * np.where(treated, ratio, 1)
    events = rng.poisson(rate * days)
    return pd.DataFrame(
        {
            "child_key": [f"C{number:03}" for number in range(n)],
            "arm": np.where(treated, "t", "c"),
            "prior": prior,
            "noise": rng.normal(size=n),
            "events": events,
            "days_at_risk": days,
            "any": (events > 0).astype(int),
            "score": 10 + 2 * prior - 3 * treated + rng.normal(0, 1, n),
        }
    )


SOME = children()
ALIKE = propensity(SOME, ["prior"], treated="t")
FOR_ALL = propensity(SOME, ["prior"], treated="t", estimand="ate")


def test_weighted_rates_are_those_of_the_rates():
    found = ipw(ALIKE, SOME, "events", kind="rate")
    plain = rates(SOME, treated="t", weights=ALIKE.children)
    for group in ("treated", "comparison"):
        assert found.one("rate", group).value == pytest.approx(plain.one("rate", group).value)
    assert found.one("rate_ratio").value == pytest.approx(plain.one("rate_ratio").value)


def test_the_figures_say_what_they_are():
    found = ipw(FOR_ALL, SOME, "any", kind="risk")
    assert [(row.measure, row.group) for row in found] == [
        ("risk", "treated"),
        ("risk", "comparison"),
        ("risk_difference", "contrast"),
        ("risk_ratio", "contrast"),
    ]
    ratio = found.one("risk_ratio")
    assert ratio.method == "ate_weights"
    assert ratio.design_level == 3
    assert ratio.children == len(SOME)
    assert ratio.events == SOME["any"].sum()
    assert ratio.low < ratio.value < ratio.high
    assert "unmeasured_confounding" in ratio.unmet
    assert ratio.value == pytest.approx(
        found.one("risk", "treated").value / found.one("risk", "comparison").value
    )


def test_stabilised_weights_change_no_figure():
    again = propensity(SOME, ["prior"], treated="t", estimand="ate", stabilised=True)
    for compare in (ipw, aipw, regression_adjustment):
        one, other = compare(FOR_ALL, SOME, "score"), compare(again, SOME, "score")
        assert [row.value for row in one] == pytest.approx([row.value for row in other])
        assert [row.se for row in one] == pytest.approx([row.se for row in other])


def test_overlap_weights_leave_no_difference_in_the_covariates():
    found = propensity(SOME, ["prior", "noise"], treated="t", estimand="ato")
    assert found.largest_imbalance_before > 0.3
    assert found.largest_imbalance_after < 1e-6
    assert "imbalance" in found.met


MANY = children(12_000)


class TestDoublyRobust:
    """Right if either model is: of 12,000 children the bias shows, and chance does not."""

    def bias(self, scores, outcomes, estimand="att"):
        alike = propensity(MANY, scores, treated="t", estimand=estimand)
        found = aipw(alike, MANY, "events", kind="rate", covariates=outcomes)
        return np.log(found.one("rate_ratio").value / 0.6)

    @pytest.mark.parametrize("estimand", ["att", "ate"])
    @pytest.mark.parametrize(("scores", "outcomes"), [(["prior"], []), ([], ["prior"])])
    def test_with_one_model_wrong(self, scores, outcomes, estimand):
        assert abs(self.bias(scores, outcomes, estimand)) < 0.05

    def test_with_both_wrong(self):
        assert self.bias([], []) > 0.2


def test_normalised_with_nothing_in_the_model_is_the_weighted_rate():
    plain = ipw(ALIKE, SOME, "events", kind="rate").one("rate_ratio")
    same = aipw(ALIKE, SOME, "events", kind="rate", covariates=[], normalised=True)
    assert same.one("rate_ratio").value == pytest.approx(plain.value)


def test_weights_known_or_estimated():
    known, estimated = (
        ipw(FOR_ALL, SOME, "score", weights=weights).one("mean_difference")
        for weights in ("known", "estimated")
    )
    assert known.value == estimated.value
    assert estimated.se < 0.8 * known.se


class TestNothingToTell:
    def test_an_arm_without_events(self):
        some = SOME.assign(events=SOME["events"].where(SOME["arm"] == "c", 0))
        for compare in (ipw, aipw):
            ratio = compare(ALIKE, some, "events", kind="rate").one("rate_ratio")
            assert (ratio.low, ratio.high) == (None, None)
            assert ratio.why_not == "no_events"

    def test_a_comparison_without_events_has_no_ratio(self):
        some = SOME.assign(any=SOME["any"].where(SOME["arm"] == "t", 0))
        ratio = ipw(ALIKE, some, "any", kind="risk").one("risk_ratio")
        assert (ratio.value, ratio.why_not) == (None, "no_events")

    def test_an_arm_nobody_of_whom_was_at_risk(self):
        some = SOME.assign(days_at_risk=SOME["days_at_risk"].where(SOME["arm"] == "c", 0))
        for compare in (ipw, aipw):
            rate = compare(ALIKE, some, "events", kind="rate").one("rate", "treated")
            assert (rate.value, rate.why_not) == (None, "no_follow_up")

    def test_no_estimate_holds_nan(self):
        some = SOME.assign(events=0)
        for row in ipw(ALIKE, some, "events", kind="rate"):
            numbers = (row.value, row.low, row.high, row.se, row.p)
            assert not any(number is not None and np.isnan(number) for number in numbers)


def test_a_column_that_says_nothing_in_one_arm_is_left_out_there_and_said():
    some = SOME.assign(only=np.where(SOME["arm"] == "t", 0, SOME["prior"] % 2))
    found = aipw(ALIKE, some, "score", covariates=["prior", "only"])
    assert [each.trap for each in found.beware][-1] == "collinear"
    assert "collinear" in found.one("mean_difference").unmet
    assert found.model.outcome_models[0].collinear == ("only",)
    assert found.model.outcome_models[1].collinear == ()


def test_children_without_an_outcome_row_help_with_the_weights_only():
    half = SOME.iloc[::2]
    found = ipw(ALIKE, half, "score").one("mean", "comparison")
    weighted = half.merge(ALIKE.children[["child_key", "weight"]]).query("arm == 'c'")
    assert found.value == pytest.approx(np.average(weighted["score"], weights=weighted["weight"]))
    assert found.children == len(weighted)


@pytest.mark.parametrize(
    ("frame", "options", "says"),
    [
        (SOME.drop(columns="score"), {}, "no column score"),
        (SOME.assign(score=SOME["score"].where(SOME.index > 2)), {}, "3 children have no score"),
        (pd.concat([SOME, SOME.head(1)]), {}, "one row a child"),
        (SOME, {"kind": "risk"}, "did not"),
        (SOME, {"kind": "ratio"}, "'mean'"),
        (SOME.assign(score=-1), {"kind": "rate"}, "fewer than none"),
        (SOME.assign(child_key="x"), {}, "keys agree"),
    ],
)
def test_bad_outcomes_are_refused(frame, options, says):
    with pytest.raises(WrongUse, match=says):
        ipw(ALIKE, frame, "score", **options)


def test_whole_numbers_flags_and_nullable_columns_are_read():
    some = SOME.assign(any=SOME["any"] == 1, events=SOME["events"].astype("Int64"))
    some.index = some.index + 1000
    before = some.copy()
    one = ipw(ALIKE, some, "any", kind="risk").one("risk_difference")
    assert one == ipw(ALIKE, SOME, "any", kind="risk").one("risk_difference")
    assert aipw(ALIKE, some, "events", kind="rate").one("rate_ratio").value == pytest.approx(
        aipw(ALIKE, SOME, "events", kind="rate").one("rate_ratio").value
    )
    pd.testing.assert_frame_equal(some, before)


@pytest.mark.parametrize(("kind", "column"), [("risk", "outcome"), ("rate", "days_at_risk")])
def test_words_for_an_outcome_or_days_are_refused(kind, column):
    frame = children().rename(columns={"any": "outcome"})
    alike = propensity(frame, ["prior"], treated="t")
    with pytest.raises(WrongUse, match=column):
        ipw(alike, frame.assign(**{column: "yes"}), "outcome", kind=kind)
