"""From when to when a referral can be seen."""

import pandas as pd

from analyses.services.seen import seen
from analyses.services.service import ST_GILES
from tests.unit.analyses.services.making import believed, case


def one(*rows, **options):
    (row,) = seen(believed(*rows, **options), ST_GILES).to_dict("records")
    return row


def test_a_referral_told_in_its_own_quarter_is_in_view_from_its_first_day():
    row = one(case("ann", "2024-05-01"))
    assert row["day_0"] == -1
    assert (row["seen_from"], row["seen_to"]) == (
        pd.Timestamp("2024-04-01"),
        pd.Timestamp("2025-03-31"),
    )
    assert one(case("ann", "2024-04-01"))["day_0"] == -1


def test_one_that_began_before_the_first_return_is_in_view_from_the_first_day_of_that():
    assert one(case("ann", "2023-03-31", told="2023Q1"))["day_0"] == 0
    assert one(case("ann", "2023-03-22", told="2023Q1"))["day_0"] == 9


def test_after_a_gap_only_the_returns_since_count():
    rows = case("ann", "2024-05-01") + case("bob", "2024-05-01", told="2024Q1")
    row = one(rows, not_sent="st_giles_referrals/2024Q2")
    assert (row["child_key"], row["seen_from"]) == ("ann", pd.Timestamp("2024-10-01"))


def test_what_later_returns_leave_out_was_last_seen_in_the_quarter_that_told_it():
    assert one(case("ann", "2024-05-01", told="2024Q1 2024Q2"))["seen_to"] == pd.Timestamp(
        "2024-09-30"
    )


def test_it_ends_when_it_is_declined_or_closed():
    assert one(case("ann", "2024-05-01", decision="declined", decided_on="2024-05-04"))[
        "ended_on"
    ] == pd.Timestamp("2024-05-04")
    assert one(case("ann", "2024-05-01", closed_on="2024-06-01"))["ended_on"] == pd.Timestamp(
        "2024-06-01"
    )
    assert pd.isna(one(case("ann", "2024-05-01"))["ended_on"])


def test_without_the_quarters_return_there_is_nothing_and_with_a_nil_return_no_row():
    assert seen(believed(not_sent="st_giles_referrals/2024Q4"), ST_GILES) is None
    assert seen(believed(not_sent="st_giles_referrals"), ST_GILES) is None
    assert len(seen(believed(), ST_GILES)) == 0
