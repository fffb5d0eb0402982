"""Sequential trials: every eligible meeting of a child, and when it was referred after all."""

from dataclasses import replace

import pandas as pd
import pytest

from analyses.plan import read_plan
from analyses.quarterly import referred_now
from analyses.trials import numbered, sequential_trials
from analyses.unreferred import unreferred
from evaluation.wording import ASSUMPTIONS, METHODS, REASONS
from tests.unit.analyses.making import believed, child, episode, episodes, meeting, referral

PLAN = replace(read_plan(), bootstrap_replicates=19)
SPIKE = "2023-05-20 2023-05-25 2023-06-01"


def met(*rows, **returns):
    return sequential_trials(believed(child("A"), episodes("A", SPIKE), *rows, **returns), PLAN)


def told(found):
    return [
        (row.time_zero.strftime("%m-%d"), row.arm, row.referred_on)
        for row in found.trials.itertuples()
    ]


def test_a_child_is_in_a_trial_at_each_meeting_until_it_is_referred():
    found = met(meeting("A", "2023-06-06"), meeting("A", "2023-06-13"),
                meeting("A", "2023-06-20", "refer_st_giles"), meeting("A", "2023-06-27"))  # fmt: skip
    later = pd.Timestamp("2023-06-20")
    assert told(found)[:2] == [("06-06", "not_referred", later), ("06-13", "not_referred", later)]
    assert told(found)[2][:2] == ("06-20", "referred")
    assert pd.isna(told(found)[2][2])
    assert len(found.trials) == 3
    flow = {step.reason: step.children for step in found.flow}
    assert (flow["meetings"], flow["already_referred"], flow["referred"]) == (4, 1, 1)
    assert found.flow_children["not_referred"] == 1


def test_a_meeting_at_which_the_trigger_is_not_met_any_more_begins_no_trial():
    found = met(meeting("A", "2023-06-06"), meeting("A", "2023-10-03"))
    assert [day for day, _arm, _on in told(found)] == ["06-06"]


@pytest.mark.parametrize(
    "later",
    [
        pytest.param(referral("A", "2023-06-22", quarter="2023Q1"), id="as the service tells"),
        pytest.param(meeting("A", "2023-06-22", "already_supported"), id="as a meeting notes"),
    ],
)
def test_a_referral_that_no_meeting_decided_ends_the_comparison_too(later):
    found = met(meeting("A", "2023-06-06"), later)
    assert told(found) == [("06-06", "not_referred", pd.Timestamp("2023-06-22"))]
    outside = found.moments[found.moments["censored"] == 1]
    assert outside[["kind", "by"]].to_numpy().tolist() == [
        ["otherwise", pd.Timestamp("2023-06-22")]
    ]


def test_a_child_taken_on_that_day_but_not_by_the_meeting_is_in_neither_arm():
    found = met(meeting("A", "2023-06-06"), referral("A", "2023-06-06"))
    assert found.trials.empty
    assert {step.reason: step.children for step in found.flow}["referred_that_day"] == 1


def test_covariates_are_those_of_each_meeting():
    found = met(meeting("A", "2023-06-06"), episode("A", "2023-06-10", risk_first="high"),
                meeting("A", "2023-06-13"))  # fmt: skip
    columns = ["episodes_90", "days_since_last", "risk_last"]
    assert found.trials[columns].to_numpy().tolist() == [[3, 5, "medium"], [4, 3, "high"]]


def test_moments_know_only_what_was_known_and_end_with_the_referral():
    found = met(meeting("A", "2023-06-06"), meeting("A", "2023-06-20", "refer_st_giles"),
                episode("A", "2023-06-21"))  # fmt: skip
    decided = found.moments[found.moments["kind"] == "at_trigger"]
    assert decided["censored"].tolist() == [0, 1]
    assert decided["episodes_90"].tolist() == [3, 3]
    assert found.moments["by"].max() == pd.Timestamp("2023-06-20")


def test_a_trial_is_complete_only_where_referrals_are_told_so_long():
    found = met(meeting("A", "2023-06-06"), not_sent="meeting_decisions/2023Q3")
    assert found.trials["told_to"].tolist() == [pd.Timestamp("2023-09-30")]
    assert referred_now.complete(found, 182).empty
    assert len(referred_now.complete(met(meeting("A", "2023-06-06")), 182)) == 1


def test_days_at_risk_of_a_later_trial_begin_at_its_own_day_0():
    rows = [meeting("A", "2023-06-06"), episode("A", "2023-06-10"), meeting("A", "2023-06-13"),
            episode("A", "2023-06-15")]  # fmt: skip
    snapshot = believed(child("A"), episodes("A", SPIKE), *rows)
    found = sequential_trials(snapshot, PLAN)
    at_risk = referred_now.followed(found, "re_missing", snapshot)
    laid = referred_now.trial_rows(found, at_risk)
    events = laid[laid["events"] > 0]
    assert events[["trial", "stop"]].to_numpy().tolist() == [
        ["A/2023-06-06", 4], ["A/2023-06-06", 9], ["A/2023-06-13", 2],
    ]  # fmt: skip


def test_the_record_begins_with_the_history_and_ends_with_the_referral():
    rows = [meeting("A", "2023-06-06"), episode("A", "2023-06-10"),
            meeting("A", "2023-06-20", "refer_st_giles"), episode("A", "2023-06-21")]  # fmt: skip
    snapshot = believed(child("A"), episodes("A", SPIKE), *rows)
    record = unreferred("re_missing", snapshot, PLAN)
    learnt = record[record["learnt"]]
    first, last = numbered(pd.Series(pd.to_datetime(["2023-06-06", "2023-06-20"])))
    assert (learnt["start"].min(), learnt["stop"].max()) == (first, last)
    assert record["start"].min() <= first - PLAN.history_days
    assert (record["events"].sum(), learnt["events"].sum()) == (4, 1)
    assert not record.isna().to_numpy().any()


def test_a_birthday_changes_the_age_and_not_the_days():
    snapshot = believed(child("A"), episodes("A", SPIKE), meeting("A", "2023-06-06"))
    record = unreferred("re_missing", snapshot, PLAN)
    assert record["age"].iloc[-1] > record["age"].iloc[0]
    assert (record["stop"] > record["start"]).all()
    assert record["age"].diff().dropna().round(6).isin([0.0, 0.1]).all()


def pairs(count):
    for number in range(count):
        for arm in ("no_referral", "refer_st_giles"):
            key = f"{number:03}-{arm}"
            again = " ".join(f"2023-07-{day:02}" for day in range(3, 3 + 3 * (number % 4), 3))
            yield from child(key, ("2010-02", "2008-11", "2011-07")[number % 3])
            yield from episodes(key, f"{SPIKE} {again}")
            yield from meeting(key, "2023-06-06", arm)


@pytest.mark.slow
def test_where_nobody_is_referred_later_it_is_the_comparison_of_first_meetings():
    figures = referred_now.figures(believed(pairs(40)), PLAN)
    found = {(one.measure, one.group, one.days): one for one in figures}
    ratio = found["rate_ratio", "contrast", 182]
    rates = [
        found["episodes_per_100_child_days", arm, 182].value for arm in ("referred", "not_referred")
    ]
    # Rates are as estimated; from the ratio the bias is taken that its draws show.
    assert rates[0] / rates[1] == pytest.approx(1, rel=0.05)
    assert ratio.low < 1 < ratio.high
    assert (ratio.cohort, ratio.role, ratio.design_level, ratio.children) == (
        "referred_now", referred_now.role(PLAN), 3, 80,
    )  # fmt: skip
    assert found["referred_later", "not_referred", 182].value == 0
    assert found["children", "referred", None].value == 40


EDGES = {
    "no children": ((), {}),
    "five children": ((*pairs(2), *child("X"), *episodes("X", SPIKE), *meeting("X", "2023-06-06")), {}),
    "no comparator": (
        tuple(row for row in pairs(35) if "refer_st_giles" in str(row[1]["child_key"])), {},
    ),
    "no return of referrals": (tuple(pairs(2)), {"not_sent": "st_giles_referrals"}),
    "no return of meetings": (tuple(pairs(2)), {"not_sent": "meeting_decisions"}),
}  # fmt: skip


@pytest.mark.parametrize("edge", EDGES)
def test_what_cannot_be_told_has_a_reason_and_no_number(edge):
    rows, returns = EDGES[edge]
    figures = referred_now.figures(believed(rows, **returns), PLAN)
    ratios = [one for one in figures if one.measure == "rate_ratio"]
    assert [one.days for one in ratios] == [182, 90, 365]
    for one in ratios:
        assert one.value is None
        assert one.why_not in REASONS
        assert one.method in METHODS
        assert set(one.unmet) <= ASSUMPTIONS.keys()
    if returns:
        assert {one.why_not for one in ratios} == {"no_return"}


def test_one_child_with_forty_episodes_does_not_break_it():
    often = " ".join(f"2023-{month:02}-{day:02}" for month in (7, 8) for day in range(1, 21))
    rows = [
        *pairs(40),
        *child("Z"),
        *episodes("Z", f"{SPIKE} {often}"),
        *meeting("Z", "2023-06-06"),
    ]
    figures = referred_now.figures(believed(rows), PLAN)
    ratio = next(one for one in figures if one.measure == "rate_ratio" and one.days == 182)
    assert ratio.value is not None
    assert ratio.low <= ratio.value <= ratio.high
