"""A change of definition counts where the comparison looks, and nowhere else."""

import pandas as pd
import pytest

from analyses.plan import read_plan
from analyses.recording import definition_changed
from tests.unit.analyses.making import believed, episode

PLAN = read_plan()
CHANGED = ("definition_changed",)


def seen(*rows, followed_to="2024-12-31", days=182):
    starts = pd.DataFrame(
        {"child_key": ["ann"], "time_zero": ["2023-06-06"], "followed_to": [followed_to]}
    ).astype({"time_zero": "datetime64[us]", "followed_to": "datetime64[us]"})
    told = believed(episode("ann", "2023-05-20"), *rows)
    return definition_changed(starts, told, PLAN, days=days)


@pytest.mark.parametrize(
    ("day", "found"),
    [
        ("2022-06-05", ()),  # 366 days before
        ("2022-06-06", CHANGED),
        ("2023-06-07", CHANGED),
        ("2023-12-05", CHANGED),  # day 182
        ("2023-12-06", ()),
    ],
)
def test_from_the_year_before_to_the_end_of_the_window(day, found):
    assert seen(episode("ann", day, definition="local")) == found


def test_a_longer_window_sees_more_and_follow_up_may_end_before_it():
    late = episode("ann", "2024-02-01", definition="local")
    assert seen(late, days=365) == CHANGED
    assert seen(late, days=365, followed_to="2024-01-31") == ()


def test_what_others_were_recorded_by_and_blanks_change_nothing():
    assert seen(episode("bob", "2023-06-20", definition="local")) == ()
    assert seen(episode("ann", "2023-06-20", definition=None)) == ()


def test_two_children_each_of_one_definition_are_not_alike():
    starts = pd.DataFrame(
        {"child_key": ["ann", "bob"], "time_zero": ["2023-06-06", "2024-03-05"]}
    ).astype({"time_zero": "datetime64[us]"})
    starts["followed_to"] = pd.Timestamp("2024-12-31")
    told = believed(episode("ann", "2023-05-20"), episode("bob", "2024-02-20", definition="local"))
    assert definition_changed(starts, told, PLAN, days=182) == CHANGED


def test_an_episode_told_anew_is_of_the_definition_told_last():
    first = episode("ann", "2023-06-20", definition="local")
    again = episode("ann", "2023-06-20", quarter="2023Q2")
    assert seen(first) == CHANGED
    assert seen(first, again) == ()
