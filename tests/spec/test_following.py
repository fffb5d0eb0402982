"""What time at risk is, told in small tables. Time zero is 1 March 2025: day 5 is 6 March.

Each case reads: what happened to one child -> its (start, stop] rows.
"""

import pandas as pd
import pytest

from evaluation.errors import MissingTable, WrongUse
from evaluation.following import (
    at_risk_table,
    follow,
    history,
    merge_episodes,
)
from evaluation.nouns import Cohort
from tests.spec.small_tables import (
    cohort,
    day,
    episodes,
    followed,
    outcome,
    rows,
    snapshot,
    spells,
)

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
