"""Who is in the comparison, from which day, and who is left out: small tables in, a sentence out.

Every child here has three episodes in July 2023 and is discussed on 1 August 2023, unless the
test says otherwise; returns came for every quarter from April 2023 to March 2025.
"""

import pandas as pd

from analyses.cohorts import discussed, later_referrals
from analyses.plan import read_plan
from evaluation.nouns import Cohort
from tests.unit.analyses.making import believed, child, episodes, meeting, referral

JULY = "2023-07-01 2023-07-10 2023-07-20"


def told(cohort: Cohort) -> str:
    """The flow as a sentence; steps that concern nobody are left out."""
    return ", ".join(f"{step.children} {step.reason}" for step in cohort.flow if step.children)


def cohort_of(*rows, **returns) -> Cohort:
    return discussed(believed(*rows, **returns), read_plan())


def only(cohort: Cohort) -> pd.Series:
    (row,) = (row for _, row in cohort.children.iterrows())
    return row


def test_the_arms_are_what_the_meeting_decided():
    cohort = cohort_of(
        child("ann"), episodes("ann", JULY), meeting("ann", "2023-08-01", "refer_st_giles"),
        child("bob"), episodes("bob", JULY), meeting("bob", "2023-08-01", "no_referral"),
    )  # fmt: skip
    assert told(cohort) == "2 discussed, 1 referred, 1 not_referred"
    assert cohort.children.set_index("child_key")["arm"].to_dict() == {
        "ann": "referred",
        "bob": "not_referred",
    }


def test_time_zero_is_the_first_meeting_with_three_episodes_in_the_ninety_days_before():
    cohort = cohort_of(
        child("ann"),
        episodes("ann", "2023-07-01 2023-07-10 2023-08-05"),
        meeting("ann", "2023-08-01"),
        meeting("ann", "2023-08-08"),
        meeting("ann", "2023-08-15", "refer_st_giles"),
    )
    assert told(cohort) == "1 discussed, 1 not_referred"
    assert only(cohort)["time_zero"] == pd.Timestamp("2023-08-08")


def test_the_ninety_days_hold_the_ninetieth_day_before_and_not_the_day_of_the_meeting():
    rows = child("ann"), meeting("ann", "2023-08-01")
    ninety_days = episodes("ann", "2023-05-03 2023-07-10 2023-07-20")
    ninety_one = episodes("ann", "2023-05-02 2023-07-10 2023-07-20")
    that_day = episodes("ann", "2023-07-10 2023-07-20 2023-08-01")
    assert told(cohort_of(*rows, ninety_days)) == "1 discussed, 1 not_referred"
    assert told(cohort_of(*rows, ninety_one)) == "1 discussed, 1 never_met_trigger"
    assert told(cohort_of(*rows, that_day)) == "1 discussed, 1 never_met_trigger"


def test_a_child_who_never_met_the_trigger_is_counted_and_left_out():
    cohort = cohort_of(
        child("ann"), episodes("ann", "2023-07-01 2023-07-10"), meeting("ann", "2023-08-01")
    )
    assert told(cohort) == "1 discussed, 1 never_met_trigger"


def test_a_child_is_followed_to_the_end_of_the_month_in_which_it_turns_eighteen():
    rows = episodes("ann", JULY), meeting("ann", "2023-08-01")
    row = only(cohort_of(child("ann", "2005-09"), *rows))
    assert (row["followed_to"], row["ended_by"]) == (pd.Timestamp("2023-09-30"), "turned_18")
    assert row["age"] == 17
    assert told(cohort_of(child("ann", "2005-07"), *rows)) == "1 discussed, 1 not_a_child"


def test_a_child_who_is_not_in_the_childrens_return_is_left_out():
    cohort = cohort_of(episodes("ann", JULY), meeting("ann", "2023-08-01"))
    assert told(cohort) == "1 discussed, 1 not_a_child"


def test_whoever_was_referred_before_is_left_out_whoever_referred_and_whatever_became_of_it():
    rows = child("ann"), episodes("ann", JULY), meeting("ann", "2023-08-01", "refer_st_giles")
    from_school = referral("ann", "2023-05-10", "declined", source="education")
    that_day = referral("ann", "2023-08-01")
    earlier_meeting = meeting("ann", "2023-04-11", "refer_st_giles")
    assert told(cohort_of(*rows, from_school)) == "1 discussed, 1 already_referred"
    assert told(cohort_of(*rows, earlier_meeting)) == "1 discussed, 1 already_referred"
    assert told(cohort_of(*rows, that_day)) == "1 discussed, 1 referred"


def test_whoever_is_already_supported_is_left_out():
    rows = child("ann"), episodes("ann", JULY)
    now = meeting("ann", "2023-08-01", "already_supported")
    before = meeting("ann", "2023-05-02", "already_supported") + meeting("ann", "2023-08-01")
    after = meeting("ann", "2023-08-01") + meeting("ann", "2023-08-08", "already_supported")
    assert told(cohort_of(*rows, now)) == "1 discussed, 1 already_referred"
    assert told(cohort_of(*rows, before)) == "1 discussed, 1 already_referred"
    assert told(cohort_of(*rows, after)) == "1 discussed, 1 not_referred"


def test_whoever_is_referred_elsewhere_at_that_meeting_is_left_out_of_either_arm():
    rows = child("ann"), episodes("ann", JULY), meeting("ann", "2023-08-01", "refer_other")
    also_here = meeting("ann", "2023-08-01", "refer_st_giles")
    assert told(cohort_of(*rows)) == "1 discussed, 1 referred_elsewhere"
    assert told(cohort_of(*rows, also_here)) == "1 discussed, 1 referred_elsewhere"


def test_a_year_of_history_is_needed():
    rows = episodes("ann", JULY), meeting("ann", "2023-08-01")
    a_year = child("ann", history_from="2022-08-01")
    a_day_less = child("ann", history_from="2022-08-02")
    assert told(cohort_of(a_year, *rows)) == "1 discussed, 1 not_referred"
    assert told(cohort_of(a_day_less, *rows)) == "1 discussed, 1 short_history"


def test_a_quarter_without_a_return_breaks_the_history_of_those_who_come_within_a_year_of_it():
    rows = (
        child("ann"), episodes("ann", "2024-04-01 2024-04-10 2024-04-20"), meeting("ann", "2024-05-07"),
        child("bob"), episodes("bob", "2024-10-01 2024-10-10 2024-10-20"), meeting("bob", "2024-11-05"),
    )  # fmt: skip
    assert told(cohort_of(*rows)) == "2 discussed, 2 not_referred"
    cohort = cohort_of(*rows, not_sent="missing_episodes/2023Q2")
    assert told(cohort) == "2 discussed, 1 short_history, 1 not_referred"


def test_follow_up_ends_where_the_returns_stop_though_later_ones_came():
    cohort = cohort_of(
        child("ann"), episodes("ann", JULY), meeting("ann", "2023-08-01"),
        not_sent="missing_episodes/2024Q1",
    )  # fmt: skip
    row = only(cohort)
    assert (row["followed_to"], row["ended_by"]) == (pd.Timestamp("2024-03-31"), "data_end")
    assert str(cohort.data_end) == "2025-03-31"


def test_follow_up_ends_the_day_before_the_child_can_no_longer_be_observed():
    moved = child("ann", followed_to="2023-12-01", followed_to_reason="moved")
    row = only(cohort_of(moved, episodes("ann", JULY), meeting("ann", "2023-08-01")))
    assert (row["followed_to"], row["ended_by"]) == (pd.Timestamp("2023-11-30"), "left")


def test_whoever_cannot_be_followed_for_a_day_is_left_out_and_counted():
    rows = episodes("ann", JULY), meeting("ann", "2023-08-01")
    gone = child("ann", followed_to="2023-07-25", followed_to_reason="moved")
    assert told(cohort_of(gone, *rows)) == "1 discussed, 1 no_follow_up"
    the_day_itself = cohort_of(
        child("ann"),
        episodes("ann", "2025-01-01 2025-01-10 2025-01-20"),
        meeting("ann", "2025-03-31"),
    )
    assert told(the_day_itself) == "1 discussed, 1 no_follow_up"


def test_an_excluded_child_is_not_taken_in_at_a_later_meeting():
    cohort = cohort_of(
        child("ann", history_from="2022-08-05"),
        episodes("ann", JULY),
        meeting("ann", "2023-08-01"),
        meeting("ann", "2023-08-08", "refer_st_giles"),
    )
    assert told(cohort) == "1 discussed, 1 short_history"


def test_each_child_is_counted_once_for_the_first_reason_that_holds():
    cohort = cohort_of(
        child("ann", "2005-07", history_from="2023-07-01"),
        episodes("ann", JULY),
        meeting("ann", "2023-08-01", "refer_other"),
        referral("ann", "2023-05-10"),
        child("bob"),
        meeting("bob", "2023-08-01"),
    )
    assert told(cohort) == "2 discussed, 1 never_met_trigger, 1 not_a_child"
    assert [step.reason for step in cohort.flow] == [
        "discussed", "never_met_trigger", "not_a_child", "already_referred", "referred_elsewhere",
        "short_history", "no_follow_up", "referred", "not_referred",
    ]  # fmt: skip


def test_a_child_who_is_referred_at_a_later_meeting_stays_in_the_comparison_arm_and_is_known():
    snapshot = believed(
        child("ann"),
        episodes("ann", JULY),
        meeting("ann", "2023-08-01"),
        meeting("ann", "2023-09-05", "refer_st_giles"),
        meeting("ann", "2023-10-03", "refer_st_giles"),
    )
    cohort = discussed(snapshot, read_plan())
    assert told(cohort) == "1 discussed, 1 not_referred"
    assert later_referrals(cohort, snapshot).to_dict() == {"ann": pd.Timestamp("2023-09-05")}
