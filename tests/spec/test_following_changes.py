"""Rows that begin late, are split, recur or are cut to a window. Time zero is 1 March 2025."""

import pandas as pd
import pytest

from evaluation.errors import WrongUse
from evaluation.following import (
    at_risk_table,
    first_only,
    recurring,
    split,
    windowed,
)
from tests.spec.small_tables import (
    cohort,
    day,
    episodes,
    followed,
    rows,
    spells,
)


class TestDelayedEntry:
    """A case that was open already when observation began, on day 6."""

    def seen(self, *happened, entered=6, last_day=20):
        children = cohort(A=last_day).children.assign(at_risk_from=pd.Timestamp(day(entered)))
        return at_risk_table(children, episodes(*happened))

    def test_is_at_risk_from_the_day_on_which_an_event_could_be_seen(self):
        assert rows(self.seen()) == [(5, 20, 0, "data_end")]

    def test_an_event_before_it_is_left_out_and_counted_and_on_its_day_counts(self):
        at_risk = self.seen((3, 3), (6, 6))
        assert rows(at_risk) == [(5, 6, 1, "event"), (6, 20, 0, "data_end")]
        assert at_risk.changed["before_entry"] == 1
        assert at_risk.changed["days_before_entry"] == at_risk.changed["days_removed"] == 5
        assert at_risk.changed["children_entered_late"] == 1

    def test_missing_when_observation_began(self):
        at_risk = self.seen((3, 9))
        assert rows(at_risk) == [(8, 20, 0, "data_end")]
        assert (at_risk.changed["days_before_entry"], at_risk.changed["days_removed"]) == (5, 8)

    @pytest.mark.parametrize("entered", [-40, 0, 1, None])
    def test_observed_from_the_beginning(self, entered):
        at_risk = self.seen(entered=entered)
        assert rows(at_risk) == [(0, 20, 0, "data_end")]
        assert at_risk.changed["children_entered_late"] == 0

    def test_observed_only_after_follow_up_ended(self):
        at_risk = self.seen(entered=21)
        assert rows(at_risk) == []
        assert at_risk.changed["children_never_at_risk"] == 1


class TestChangeOfState:
    """Rows are split where something becomes different, and nobody's earlier time counts as later."""

    def states(self, *changes, happened=((5, 8),), **more):
        frame = spells(*[("A", one) for one in changes], names=["on"]).assign(**more)
        at_risk = split(followed(episodes(*happened)), frame, into="referred")
        names = ["start", "stop", "events", "ended_by", "referred"]
        return list(at_risk.rows[names].itertuples(index=False, name=None)), at_risk.changed

    def test_before_the_end_of_the_day_0_and_after_it_1(self):
        found, changed = self.states(12)
        assert found == [
            (0, 5, 1, "event", 0),
            (7, 12, 0, "changed", 0),
            (12, 20, 0, "data_end", 1),
        ]
        assert (changed["referred_children"], changed["referred_days_before"]) == (1, 10)

    def test_an_event_on_the_day_belongs_to_what_came_before(self):
        assert self.states(5)[0] == [(0, 5, 1, "event", 0), (7, 20, 0, "data_end", 1)]

    def test_a_change_on_a_day_not_at_risk_holds_on_the_next_day_that_is(self):
        assert self.states(6)[0] == [(0, 5, 1, "event", 0), (7, 20, 0, "data_end", 1)]

    def test_a_change_before_time_zero_holds_throughout(self):
        assert self.states(-3, happened=())[0] == [(0, 20, 0, "data_end", 1)]

    def test_a_service_that_begins_and_ends(self):
        found, _ = self.states(4, 9, happened=(), value=[1, 0])
        assert found == [
            (0, 4, 0, "changed", 0),
            (4, 9, 0, "changed", 1),
            (9, 20, 0, "data_end", 0),
        ]

    def test_a_child_that_never_changed_stays_as_it_was(self):
        found, changed = self.states(None)
        assert {row[-1] for row in found} == {0}
        assert changed["referred_children"] == 0

    def test_two_states_on_one_day_are_refused(self):
        with pytest.raises(WrongUse, match="two states"):
            self.states(4, 4, value=[1, 2])

    def test_a_column_is_not_written_over(self):
        with pytest.raises(WrongUse, match="already"):
            split(followed(episodes()), spells(("A", 3), names=["on"]), into="arm")


class TestRecurring:
    """What models of recurring events are given."""

    def test_number_and_gap(self):
        # A gap is counted from the first day at risk after the event before; time away within
        # a gap does not stop its clock.
        at_risk = recurring(followed(episodes((5, 8), (15, 15)), away=[(10, 12)]))
        names = ["start", "stop", "event", "enum", "gap_start", "gap_stop"]
        assert list(at_risk.rows[names].itertuples(index=False, name=None)) == [
            (0, 5, 1, 1, 0, 5),
            (7, 10, 0, 2, 0, 3),
            (11, 15, 1, 2, 4, 8),
            (15, 20, 0, 3, 0, 5),
        ]

    def test_several_events_on_a_day_are_one_and_are_counted(self):
        at_risk = recurring(followed(episodes((5, 5), (5, 6))))
        assert at_risk.rows["event"].tolist() == [1, 0]
        assert at_risk.rows["enum"].tolist() == [1, 2]
        assert at_risk.rows["events"].tolist() == [2, 0]
        assert at_risk.changed["events_on_a_day_that_had_one"] == 1

    def test_the_last_stratum_pools_those_who_came_as_far(self):
        at_risk = recurring(followed(episodes((3, 3), (6, 6), (9, 9))), most=2)
        assert at_risk.rows["enum"].tolist() == [1, 2, 2, 2]
        with pytest.raises(WrongUse, match="last stratum"):
            recurring(at_risk, most=0)

    def test_the_first_event_alone(self):
        at_risk = first_only(followed(episodes((3, 3), (6, 6))))
        assert rows(at_risk) == [(0, 3, 1, "event")]
        assert at_risk.changed["events_after_the_first"] == 1
        assert at_risk.changed["days_after_the_first"] == 17


class TestWindow:
    """The same child, seen through a window of so many days."""

    happened = ((5, 8), (12, 13))

    def seen(self, days, *, last_day=20, complete_only=False):
        at_risk = followed(episodes(*self.happened), last_day=last_day)
        frame = windowed(at_risk, cohort(A=last_day), days=days, complete_only=complete_only)
        return frame.to_dict("records")

    def test_days_and_events_within_it(self):
        assert self.seen(10) == [
            {
                "child_key": "A",
                "arm": "referred",
                "events": 1,
                "days_at_risk": 8,  # 10 without days 6 and 7
                "any_event": 1,
                "first_event_day": 5,
                "followed_days": 10,
                "days_to_first": 5,
                "ended_by": "window",
            }
        ]

    def test_keys_may_be_numbers(self):
        numbered = cohort(A=20)
        numbered.children["child_key"] = [7]
        at_risk = at_risk_table(numbered.children, episodes(*self.happened).assign(child_key=7))
        (child,) = windowed(at_risk, numbered, days=10, complete_only=False).to_dict("records")
        assert (child["child_key"], child["events"], child["days_at_risk"]) == (7, 1, 8)

    def test_an_event_on_its_last_day_counts_and_on_the_next_does_not(self):
        assert self.seen(5)[0]["events"] == 1
        (child,) = self.seen(4)
        assert (child["events"], child["any_event"], child["days_to_first"]) == (0, 0, 4)
        assert child["first_event_day"] is None

    def test_a_window_that_was_not_completed_says_why(self):
        (child,) = self.seen(30, last_day=15)
        assert (child["followed_days"], child["ended_by"]) == (15, "data_end")

    def test_only_children_whose_window_is_complete_when_the_data_end(self):
        # The data end on day 20. That this child left on day 15 does not matter for a window of 20.
        assert len(self.seen(20, last_day=15, complete_only=True)) == 1
        assert self.seen(21, last_day=15, complete_only=True) == []
