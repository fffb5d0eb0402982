"""What time at risk is, told in small tables. Time zero is 1 March 2025: day 5 is 6 March.

Each case reads: what happened to one child -> its (start, stop] rows.
"""

from datetime import date, timedelta

import pandas as pd
import pytest

from evaluation.errors import MissingTable, WrongUse
from evaluation.following import (
    at_risk_table,
    first_only,
    follow,
    history,
    merge_episodes,
    recurring,
    split,
    windowed,
)
from evaluation.language import Text
from evaluation.nouns import Cohort, Outcome, Snapshot
from evaluation.quarters import Quarter

ZERO = date(2025, 3, 1)


def day(number):
    return None if pd.isna(number) else ZERO + timedelta(days=int(number))


def cohort(**last_days):
    """Children, each with the last day of its follow-up: cohort(A=20)."""
    children = pd.DataFrame(
        {
            "child_key": list(last_days),
            "arm": "referred",
            "time_zero": pd.Timestamp(ZERO),
            "followed_to": pd.to_datetime([day(number) for number in last_days.values()]),
            "ended_by": "data_end",
        }
    )
    return Cohort("spec", children, flow=(), data_end=day(20), snapshot="s")


def spells(*rows, names):
    frame = pd.DataFrame(rows, columns=["child_key", *names])
    return frame.assign(**{name: pd.to_datetime(frame[name].map(day)) for name in names})


def episodes(*rows):
    """Episodes of child A: (reported on day, returned on day)."""
    frame = spells(*[("A", *row) for row in rows], names=["started_on", "ended_on"])
    return frame.assign(event_ref=[f"E{number}" for number in range(len(frame))])


def outcome(events):
    return Outcome(
        name="re_missing",
        title=Text("Missing"),
        phrase=Text("missing"),
        better="fewer",
        grain="episode",
        windows_days=(90,),
        events=lambda snapshot: events,
        needs=("missing_episodes",),
    )


def snapshot(missing_episodes=()):
    tables = {"missing_episodes": missing_episodes}
    return Snapshot("s", Quarter(2025, 1), tables, frozenset(), ())


def followed(events, *, away=(), last_day=20):
    spell = spells(*[("A", *row) for row in away], names=["from_on", "to_on"])
    return follow(cohort(A=last_day), outcome(events), snapshot(), away=spell)


def rows(at_risk, *, of="A"):
    one = at_risk.rows[at_risk.rows["child_key"] == of]
    columns = ["start", "stop", "events", "ended_by"]
    return list(one[columns].itertuples(index=False, name=None))


TABLES = {
    # what: (episodes, spells away, rows)
    "nothing happens": ([], [], [(0, 20, 0, "data_end")]),
    "missing from day 5 to day 8: days 6 and 7 are not at risk, day 8 is": (
        [(5, 8)],
        [],
        [(0, 5, 1, "event"), (7, 20, 0, "data_end")],
    ),
    "missing overnight takes no whole day away": (
        [(5, 6)],
        [],
        [(0, 5, 1, "event"), (5, 20, 0, "data_end")],
    ),
    "two episodes on one day are two events": (
        [(5, 5), (5, 6)],
        [],
        [(0, 5, 2, "event"), (5, 20, 0, "data_end")],
    ),
    "back on day 8 and gone again on day 8": (
        [(5, 8), (8, 10)],
        [],
        [(0, 5, 1, "event"), (7, 8, 1, "event"), (9, 20, 0, "data_end")],
    ),
    "episodes that overlap are one": (
        [(5, 9), (7, 12)],
        [],
        [(0, 5, 1, "event"), (11, 20, 0, "data_end")],
    ),
    "day 0 is history": ([(0, 1)], [], [(0, 20, 0, "data_end")]),
    "missing at time zero: at risk from the day of return": (
        [(-3, 4)],
        [],
        [(3, 20, 0, "data_end")],
    ),
    "never back: at risk until the day it went": (
        [(5, None)],
        [],
        [(0, 5, 1, "event")],
    ),
    "reported again without a return: it must have been back": (
        [(5, None), (9, 10)],
        [],
        [(0, 5, 1, "event"), (8, 9, 1, "event"), (9, 20, 0, "data_end")],
    ),
    "back after follow-up ended": ([(18, 40)], [], [(0, 18, 1, "event")]),
    "an event on the last day counts": ([(20, 21)], [], [(0, 20, 1, "data_end")]),
    "an event after the last day does not": ([(21, 22)], [], [(0, 20, 0, "data_end")]),
    "away from day 5 to day 8": (
        [],
        [(5, 8)],
        [(0, 5, 0, "not_at_risk"), (7, 20, 0, "data_end")],
    ),
    "away, and it goes on": ([], [(15, None)], [(0, 15, 0, "not_at_risk")]),
    "away and missing overlap": (
        [(5, 8)],
        [(7, 12)],
        [(0, 5, 1, "event"), (11, 20, 0, "data_end")],
    ),
    "reported missing in the middle of time away: not counted": (
        [(6, 7)],
        [(4, 10)],
        [(0, 4, 0, "not_at_risk"), (9, 20, 0, "data_end")],
    ),
    "reported missing on the day it went away, or came back: counted": (
        [(4, 4), (10, 11)],
        [(4, 10)],
        [(0, 4, 1, "event"), (9, 10, 1, "event"), (10, 20, 0, "data_end")],
    ),
    "away for all of it: no row": ([], [(-9, None)], []),
}


@pytest.fixture(scope="module")
def all_rows():
    """Every case of the table, each as one child of the same cohort."""
    happened = [(what, *row) for what, case in TABLES.items() for row in case[0]]
    away = [(what, *row) for what, case in TABLES.items() for row in case[1]]
    events = spells(*happened, names=["started_on", "ended_on"]).assign(event_ref="E1")
    return follow(
        cohort(**dict.fromkeys(TABLES, 20)),
        outcome(events),
        snapshot(),
        away=spells(*away, names=["from_on", "to_on"]),
    )


@pytest.mark.parametrize("what", TABLES)
def test_what_happened_becomes_these_rows(all_rows, what):
    assert rows(all_rows, of=what) == TABLES[what][2]


def test_overlap_is_decided_by_the_clock_where_there_is_one():
    # Back at 09:00 and reported again at 11:00 on day 8: two. At 08:00: one.
    def events(again_at):
        frame = episodes((5, 8), (8, 10))
        return frame.assign(
            started_at=pd.to_datetime(["2025-03-06 22:00", f"2025-03-09 {again_at}"], utc=True),
            ended_at=pd.to_datetime(["2025-03-09 09:00", "2025-03-11 09:00"], utc=True),
        )

    assert rows(followed(events("11:00")))[1] == (7, 8, 1, "event")
    assert rows(followed(events("08:00"))) == [(0, 5, 1, "event"), (9, 20, 0, "data_end")]


def test_every_episode_is_accounted_for():
    happened = episodes((-9, -8), (0, 1), (3, 5), (4, 6), (9, None), (12, 13), (15, 15), (25, 26))
    changed = followed(happened, away=[(14, 17)]).changed
    assert changed == {
        "episodes": 8,
        "merged": 1,
        "unclosed": 1,
        "before_time_zero": 2,
        "before_entry": 0,
        "after_follow_up": 1,
        "while_away": 1,
        "counted": 3,
        "days_followed": 20,
        "days_removed": 6,  # 4 and 5; 10 and 11; 15 and 16
        "days_before_entry": 0,
        "children_entered_late": 0,
        "children_not_followed": 0,
        "children_never_at_risk": 0,
    }


def test_a_child_without_follow_up_has_no_rows_and_is_counted():
    at_risk = follow(cohort(A=0, B=3), outcome(episodes()), snapshot(), away=None)
    assert at_risk.rows["child_key"].tolist() == ["B"]
    assert at_risk.changed["children_not_followed"] == 1


def test_no_return_of_time_away_is_not_the_same_as_no_time_away():
    assert follow(cohort(A=5), outcome(episodes()), snapshot(), away=None).away_removed is False
    assert followed(episodes(), away=[]).away_removed is True


def test_a_return_that_never_came_is_not_a_child_without_events():
    with pytest.raises(MissingTable, match="missing_episodes"):
        follow(cohort(A=5), outcome(episodes()), snapshot(missing_episodes=None), away=None)


def test_a_child_stands_in_a_cohort_once():
    twice = cohort(A=5)
    twice = Cohort("spec", pd.concat([twice.children] * 2), (), twice.data_end, "s")
    with pytest.raises(WrongUse, match="twice"):
        follow(twice, outcome(episodes()), snapshot(), away=None)


def test_an_event_without_a_day_is_refused():
    with pytest.raises(WrongUse, match="no day"):
        followed(episodes((None, 5)))


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


class TestPlainFrames:
    """The door for an evaluator without a cohort, an outcome or a snapshot."""

    children = pd.DataFrame(
        {"child_key": [7], "time_zero": ["2025-03-01"], "followed_to": ["2025-03-21"]}
    )

    def test_the_least_that_must_be_known(self):
        arrests = pd.DataFrame({"child_key": [7, 8], "started_on": ["2025-03-06", "2025-03-06"]})
        at_risk = at_risk_table(self.children, arrests)
        assert rows(at_risk, of="7") == [(0, 5, 1, "event"), (5, 20, 0, "followed_to")]
        assert set(at_risk.rows["arm"]) == {"all"}
        assert at_risk.away_removed is False

    @pytest.mark.parametrize(
        ("wrong", "says"),
        [
            ({"time_zero": [0]}, "numbers where days"),
            ({"time_zero": ["soon"]}, "not a day"),
            ({"followed_to": [None]}, "no end of follow-up"),
        ],
    )
    def test_what_is_not_a_day_is_refused(self, wrong, says):
        with pytest.raises(WrongUse, match=says):
            at_risk_table(self.children.assign(**wrong), episodes())

    def test_a_child_stands_there_once_and_with_a_time_zero(self):
        with pytest.raises(WrongUse, match="twice"):
            at_risk_table(pd.concat([self.children] * 2), episodes())
        with pytest.raises(WrongUse, match="no column time_zero"):
            at_risk_table(self.children.drop(columns="time_zero"), episodes())


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


def test_overlapping_episodes_become_one_that_keeps_the_first_reference():
    merged = merge_episodes(episodes((5, 9), (7, 12), (12, 13), (20, None)))
    assert merged["event_ref"].tolist() == ["E0", "E2", "E3"]
    assert merged["episodes"].tolist() == [2, 1, 1]
    assert merged["ended_on"].tolist()[:2] == [pd.Timestamp(day(12)), pd.Timestamp(day(13))]
    assert merged["ended_on"].isna().tolist() == [False, False, True]


def test_history_looks_back_from_the_day_before():
    moments = pd.DataFrame(
        {"child_key": ["A", "A", "B"], "on": pd.to_datetime([day(100), day(0), day(100)])}
    )
    known = history(
        episodes((100, 101), (99, 100), (70, 71), (10, 11), (9, 10)),
        moments,
        lookbacks_days=[30, 90],
    )
    # Day 100 itself is not history; days 70 to 99 are 30 days back, days 10 to 99 are 90.
    assert known["on"].tolist() == [pd.Timestamp(day(n)) for n in (0, 100, 100)]
    assert known[["child_key", "episodes_30", "episodes_90"]].to_numpy().tolist() == [
        ["A", 0, 0],
        ["A", 2, 3],
        ["B", 0, 0],
    ]
    assert known["days_since_last"].tolist() == [pd.NA, 1, pd.NA]
    assert known["last_ref"].tolist()[1] == "E1"
    assert known["last_ref"].isna().tolist() == [True, False, True]


@pytest.mark.parametrize("column", ["time_zero", "followed_to"])
def test_a_day_whose_month_may_be_its_day_is_refused(column):
    children = pd.DataFrame(
        {"child_key": ["A"], "time_zero": ["2025-03-01"], "followed_to": ["2025-06-21"]}
    )
    none = pd.DataFrame({"child_key": [], "started_on": []})
    with pytest.raises(WrongUse, match="2025-03-31"):
        at_risk_table(children.assign(**{column: "03/04/2025"}), none)
