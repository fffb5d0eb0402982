import pandas as pd
import pytest

from analyses.return_interviews import ended, figures
from tests.unit.analyses.making import believed, episode


def interview(key, day, how, hours=None):
    """An episode that begins at noon of a day and ends five hours later; interviewed after so many."""
    back = pd.Timestamp(f"{day} 17:00", tz="UTC")
    at = None if hours is None else back + pd.Timedelta(hours=hours)
    return episode(key, day, interview=how, interview_at=at)


ROWS = [
    *interview("A", "2023-04-01", "done", 10), *interview("A", "2023-04-10", "done", 72),
    *interview("B", "2023-04-02", "done", 73), *interview("C", "2023-04-03", "declined"),
    *interview("D", "2023-04-04", "offered"), *interview("E", "2023-04-05", "not_offered"),
    *interview("F", "2023-04-06", "not_due"), *episode("G", "2023-04-07", hours=None),
]  # fmt: skip


def told(snapshot, **more):
    return {(one.measure, one.group): one for one in figures(snapshot, **more)}


def test_shares_are_of_episodes_that_ended_and_for_which_an_interview_was_due():
    found = told(believed(ROWS))
    counts = {measure: (one.events, one.of, one.children, one.with_events)
              for (measure, quarter), one in found.items() if quarter == "2023Q1"}  # fmt: skip
    assert counts == {
        "interview_offered": (5, 6, 5, 4), "interview_done": (3, 6, 5, 2),
        "interview_done_in_time": (2, 6, 5, 1),
    }  # fmt: skip


def test_the_benchmark_can_be_set_and_is_reached_on_the_hour():
    assert told(believed(ROWS), within_hours=73)["interview_done_in_time", "2023Q1"].events == 3
    assert told(believed(ROWS), within_hours=71)["interview_done_in_time", "2023Q1"].events == 1


def test_an_episode_counts_in_the_quarter_in_which_the_child_came_back():
    found = ended(believed(episode("A", "2023-06-30", hours=20)))
    assert found["quarter"].tolist() == ["2023Q2"]


def test_limits_allow_for_children_with_several_episodes():
    many = [row for key in range(20) for day in range(1, 6)
            for row in interview(f"{key:02}", f"2023-04-0{day}", "done" if key % 2 else "not_offered",
                                 1 if key % 2 else None)]  # fmt: skip
    one = told(believed(many))["interview_done", "2023Q1"]
    assert one.value == 0.5
    # Ten of twenty children, not fifty of a hundred episodes.
    assert one.low == pytest.approx(1 - one.high)
    assert one.high - one.low > 0.4


def test_a_return_that_has_not_come_is_no_share():
    found = told(believed(ROWS, not_sent="missing_episodes/2023Q2"))
    assert found["interview_done", "2023Q2"].why_not == "no_return"
    assert {one.why_not for one in figures(believed(not_sent="missing_episodes"))} == {"no_return"}


def test_a_quarter_without_episodes_has_a_reason_and_all_or_none_has_no_limits():
    found = told(believed(interview("A", "2023-04-01", "done", 1)))
    assert found["interview_done", "2023Q2"].why_not == "no_events"
    one = found["interview_done", "2023Q1"]
    assert (one.value, one.low) == (1, None)
