from datetime import date

import pytest

from analyses.outcomes import re_missing
from analyses.snapshots import covered, newest, run_end, table
from evaluation.errors import MissingTable
from evaluation.quarters import Quarter
from tests.unit.analyses.making import believed, episode

Q1, Q2, Q3, Q4 = Quarter(2023, 1).to(Quarter(2023, 4))


def test_a_table_that_nobody_sent_is_missing_not_empty():
    snapshot = believed(not_sent="meeting_decisions")
    assert table(snapshot, "children").empty
    with pytest.raises(MissingTable, match="meeting_decisions"):
        table(snapshot, "meeting_decisions")


def test_an_episode_told_in_two_returns_is_told_by_the_newer():
    open_then = episode("ann", "2023-06-30", hours=None, quarter="2023Q1")
    closed_now = episode("ann", "2023-06-30", hours=30, quarter="2023Q2")
    snapshot = believed(closed_now, open_then)
    (told,) = newest(table(snapshot, "missing_episodes"), "episode_ref").to_dict("records")
    assert told["quarter"] == "2023Q2"
    (event,) = re_missing.events(snapshot).to_dict("records")
    assert event["event_ref"] == "police/ann-2023-06-30"
    assert str(event["ended_on"].date()) == "2023-07-01"


def test_two_providers_may_use_one_reference():
    snapshot = believed(episode("ann", "2023-06-30"), episode("bob", "2023-06-30"))
    rows = snapshot.tables["missing_episodes"].assign(
        episode_ref="M1", provider=["one_police", "other_police"]
    )
    assert len(newest(rows, "episode_ref")) == 2


def test_a_quarter_is_covered_when_all_who_have_ever_sent_the_form_sent_it():
    snapshot = believed(quarter="2023Q4", not_sent="missing_episodes/2023Q3")
    assert covered(snapshot, "missing_episodes") == (Q1, Q2, Q4)
    assert covered(believed(not_sent="away_spells"), "away_spells") == ()


def test_a_second_provider_owes_from_its_own_first_quarter_on():
    snapshot = believed(quarter="2023Q4")
    arrived = {*snapshot.arrived, ("other_police", "missing_episodes", Q2)}
    both = type(snapshot)("S2", Q4, snapshot.tables, frozenset(arrived), ())
    assert covered(both, "missing_episodes") == (Q1, Q2)


def test_a_run_ends_where_the_next_quarter_has_not_come():
    assert run_end((Q1, Q2, Q4), Q1) == date(2023, 9, 30)
    assert run_end((Q1, Q2, Q4), Q4) == date(2024, 3, 31)
    assert run_end((Q1, Q2, Q4), Q3) is None
