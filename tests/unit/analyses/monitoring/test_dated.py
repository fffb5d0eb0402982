"""Dated events: which review is meant, and what else changed."""

from datetime import date

from analyses.monitoring import other_changes, review_on
from evaluation.language import Text
from evaluation.nouns import DatedEvent

UNTIL = date(2025, 12, 31)


def event(on, kind, *about):
    return DatedEvent(date.fromisoformat(on), kind, Text("It"), about)


EVENTS = (
    event("2025-11-07", "other", "op_encompass"),
    event("2025-03-01", "review", "op_encompass"),
    event("2025-06-01", "review", "op_encompass"),
    event("2025-01-01", "review", "referrals"),
    event("2025-05-01", "staffing"),  # about everything
    event("2026-01-01", "definition", "op_encompass"),
)


def test_the_first_review_is_the_one_and_all_else_are_other_changes():
    assert review_on(EVENTS, "op_encompass", until=UNTIL) == date(2025, 3, 1)
    assert other_changes(EVENTS, "op_encompass", until=UNTIL) == (
        date(2025, 5, 1),
        date(2025, 6, 1),
        date(2025, 11, 7),
    )


def test_without_a_review_there_is_no_date_and_what_comes_later_has_not_happened():
    assert review_on(EVENTS, "costs", until=UNTIL) is None
    assert review_on(EVENTS, "op_encompass", until=date(2025, 2, 28)) is None
    assert other_changes(EVENTS, "costs", until=UNTIL) == (date(2025, 5, 1),)
