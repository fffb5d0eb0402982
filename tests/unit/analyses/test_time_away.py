import pandas as pd
import pytest

from analyses.time_away import time_away, told_throughout
from tests.unit.analyses.making import away, believed


def spells(*rows, **options):
    told = time_away(believed(*rows, **options))
    return [
        (row.child_key, str(row.from_on.date()), None if pd.isna(row.to_on) else str(row.to_on.date()))
        for row in told.itertuples()
    ]  # fmt: skip


def test_no_return_is_not_no_time_away():
    assert time_away(believed(not_sent="away_spells")) is None
    assert spells() == []


def test_a_spell_told_in_two_returns_is_one_as_the_newer_tells_it():
    rows = away("ann", "2023-06-20", None) + away(
        "ann", "2023-06-20", "2023-07-09", quarter="2023Q2"
    )
    assert spells(rows) == [("ann", "2023-06-20", "2023-07-09")]


def test_a_child_may_be_away_twice():
    rows = away("ann", "2023-06-20", "2023-06-25") + away("ann", "2023-09-01", "2023-09-03")
    assert len(spells(rows)) == 2


def test_a_spell_goes_on_until_the_next_return_is_silent_about_it():
    rows = away("ann", "2023-06-20", None)
    assert spells(rows, quarter="2023Q1") == [("ann", "2023-06-20", None)]
    assert spells(rows, quarter="2023Q2") == [("ann", "2023-06-20", "2023-06-30")]
    assert spells(rows, quarter="2023Q2", not_sent="away_spells/2023Q2") == [
        ("ann", "2023-06-20", None)
    ]
    told_again = rows + away("ann", "2023-06-20", None, quarter="2023Q2")
    assert spells(told_again, quarter="2023Q2") == [("ann", "2023-06-20", None)]


@pytest.mark.parametrize(
    ("not_sent", "throughout"),
    [
        ("", True),
        ("away_spells", False),
        ("away_spells/2023Q2", False),
        ("away_spells/2023Q2 missing_episodes/2023Q2", True),
    ],
)
def test_time_away_is_told_throughout_if_for_every_quarter_that_has_episodes(not_sent, throughout):
    assert told_throughout(believed(not_sent=not_sent)) is throughout
