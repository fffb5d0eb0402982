"""Waits: who still waits counts, who was declined never will, who came late counts from then on."""

import numpy as np
import pandas as pd
import pytest

from analyses.services import waiting
from analyses.services.seen import seen
from analyses.services.service import ST_GILES
from evaluation.estimating.survival import kaplan_meier
from evaluation.quarters import Quarter
from tests.unit.analyses.services.making import believed, by, case, of


def told(*rows, **options):
    return by(waiting.figures(believed(*rows, **options), ST_GILES), "outcome", "measure", "days")


def after(day: str, days: int) -> str:
    return str((pd.Timestamp(day) + pd.Timedelta(days=days)).date())


def children(count: int, day: str = "2024-05-01", **facts):
    return [row for each in range(count) for row in case(f"c{each}", day, **facts)]


def test_shares_within_days_are_of_all_referred_the_declined_too():
    rows = (
        case("ann", "2024-05-01", decided_on="2024-05-08", first_session_on="2024-05-15"),
        case("bob", "2024-05-01", decided_on="2024-05-09", decision="declined"),
        *(
            case(f"c{each}", "2024-05-01", decided_on="2024-05-04", first_session_on="2024-06-30")
            for each in range(8)
        ),
    )
    found = told(*rows)
    assert found["decision", "had_within", 7].value == pytest.approx(0.9)
    assert found["decision", "had_within", 14].value == pytest.approx(1.0)
    session = found["first_session", "had_within", 14]
    assert (session.children, session.of, session.value) == (1, 10, pytest.approx(0.1))
    assert found["first_session", "ended_first", None].value == 1


def test_who_still_waits_counts_for_as_long_as_they_have():
    rows = (
        *children(10, "2025-03-01", decided_on="2025-03-06", first_session_on="2025-03-11"),
        *(
            case(f"d{each}", "2025-03-24", decision="waiting", decided_on=None)
            for each in range(10)
        ),
    )
    found = told(*rows)
    # Ten were watched for seven days only: of the others all had a session by day 14.
    assert found["first_session", "had_within", 14].value == pytest.approx(1.0)
    assert found["decision", "still_waiting", None].value == 10
    assert found["decision", "had_within", 7].value == pytest.approx(0.5)


def test_a_day_that_too_few_could_be_followed_for_has_no_share():
    found = told(*children(9, first_session_on="2024-05-03"))
    assert found["first_session", "had_within", 7].why_not == "too_few_children"
    assert found["first_session", "had_within", 7].value is None
    recent = told(*children(12, "2025-03-20", decision="waiting", decided_on=None))
    assert recent["decision", "had_within", 30].why_not == "no_follow_up"
    assert recent["decision", "had_within", 7].value == 0.0


def test_a_median_needs_twenty_children_who_had_it():
    assert (
        told(*children(19, decided_on="2024-05-06"))["decision", "median_wait_days", None].value
        is None
    )
    found = told(*children(20, decided_on="2024-05-06"))["decision", "median_wait_days", None]
    assert (found.value, found.children, found.why_not) == (5.0, 20, None)


def test_where_most_are_declined_the_median_wait_for_a_session_is_never_reached():
    rows = [
        *children(20, first_session_on="2024-05-11"),
        *(case(f"d{each}", "2024-05-01", decision="declined") for each in range(25)),
    ]
    median = told(*rows)["first_session", "median_wait_days", None]
    assert (median.value, median.why_not) == (None, "not_reached")


def test_a_referral_older_than_the_returns_counts_only_from_when_it_came_into_view():
    seen_from_start = [
        row
        for each in range(10)
        for row in case(
            f"n{each}", "2023-04-03", told="2023Q1", decision="waiting", decided_on=None
        )
    ]
    # Sixty-one days old when the first return came, and decided twenty days later.
    survivors = [
        row
        for each in range(10)
        for row in case(f"s{each}", "2023-01-30", told="2023Q1", decided_on="2023-04-20")
    ]
    found = told(seen_from_start, survivors, quarter="2023Q1")
    assert found["decision", "late_into_view", None].value == 10
    within = found["decision", "had_within", 30]
    assert (within.value, within.of) == (0.0, 20)  # nobody seen in the first 30 days was decided
    assert "truncation" in within.unmet


def test_what_was_over_when_the_returns_began_is_not_counted():
    over = case("ann", "2023-01-30", told="2023Q1", decided_on="2023-02-03")
    found = told(over, quarter="2023Q1")
    assert found["decision", "had_within", 30].of == 0
    assert found["first_session", "still_waiting", None].value == 1


def test_delayed_entry_takes_the_bias_of_open_cases_away():
    rng = np.random.default_rng(3)
    began = pd.Timestamp(Quarter(2023, 1).first_day)
    rows = []
    for each, day in enumerate(rng.integers(-200, 90, 900)):
        referred = began + pd.Timedelta(days=int(day))
        wait = int(np.ceil(rng.exponential(60 / np.log(2))))
        decided = referred + pd.Timedelta(days=wait)
        if decided < began:
            continue  # in no return
        is_over = decided <= pd.Timestamp("2023-06-30")
        facts = (
            {"decided_on": str(decided.date())}
            if is_over
            else {"decision": "waiting", "decided_on": None}
        )
        if is_over:  # and closed at once, so that only those that waited are in the return
            facts["closed_on"] = str(decided.date())
        rows += case(f"c{each}", str(referred.date()), told="2023Q1", **facts)
    found = told(rows, quarter="2023Q1")["decision", "median_wait_days", None]
    assert found.value == pytest.approx(60, rel=0.15)
    assert found.low < 60 < found.high
    referrals = seen(believed(rows, quarter="2023Q1"), ST_GILES)
    laid = waiting.waits(referrals, "decision", pd.Timestamp("2023-06-30"))
    naive = kaplan_meier(laid["days"], laid["kind"] == "decision").one("median_days")
    assert naive.low > 75  # as if their first days had been watched


@pytest.mark.parametrize("not_sent", ["st_giles_referrals", "st_giles_referrals/2024Q4"])
def test_without_the_quarters_return_every_figure_says_so(not_sent):
    rows = children(10, first_session_on="2024-05-03")
    none, some = told(*rows, not_sent=not_sent), told(*rows)
    assert none.keys() == some.keys()
    assert {figure.why_not for figure in none.values()} == {"no_return"}


def test_nobody_referred_gives_reasons_and_counts_of_none():
    found = told()
    assert {f.why_not for f in of(found.values(), measure="had_within")} == {"no_follow_up"}
    assert {f.why_not for f in of(found.values(), measure="median_wait_days")} == {
        "too_few_children"
    }
    assert {f.value for f in of(found.values(), measure="still_waiting")} == {0.0}
