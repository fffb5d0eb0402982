from datetime import date

import numpy as np
import pandas as pd
import pytest

from analyses.invented.filling import moment
from analyses.invented.world import NEVER, QUARTERS, Days, chance
from evaluation.quarters import Quarter

DAYS = Days.of(QUARTERS)


def test_the_world_begins_a_year_before_the_first_quarter_and_ends_with_the_last():
    assert (DAYS.start, DAYS.on(DAYS.days - 1)) == (date(2022, 4, 1), date(2025, 3, 31))


def test_the_meeting_is_every_tuesday_from_the_first_quarter_on():
    assert DAYS.on(DAYS.meetings[0]) == date(2023, 4, 4)
    assert {DAYS.on(day).weekday() for day in DAYS.meetings} == {1}
    assert len(DAYS.meetings) == 104


def test_quarters_that_do_not_follow_each_other_make_no_world():
    with pytest.raises(AssertionError):
        Days.of((Quarter(2023, 1), Quarter(2023, 3)))


def test_a_day_that_never_comes_has_no_date():
    dates = DAYS.calendar(np.array([0, NEVER]))
    assert dates[0] == np.datetime64("2022-04-01")
    assert np.isnat(dates[1])


def test_each_part_of_the_world_has_chances_of_its_own():
    assert chance((1,), "going").random() == chance((1,), "going").random()
    assert chance((1,), "going").random() != chance((1,), "details").random()


@pytest.mark.parametrize(
    ("wall", "at", "on"),
    [
        pytest.param("2022-07-01 00:30", "2022-06-30 23:30", "2022-07-01", id="summer"),
        pytest.param("2023-03-26 01:30", "2023-03-26 01:00", "2023-03-26", id="no such hour"),
        pytest.param("2022-10-30 01:30", "2022-10-30 00:30", "2022-10-30", id="first of two"),
    ],
)
def test_a_moment_is_kept_in_utc_with_its_local_day(wall, at, on):
    minutes = (pd.Timestamp(wall) - pd.Timestamp(DAYS.start)) / pd.Timedelta(minutes=1)
    columns = moment("reported", pd.Series([minutes, np.nan]), DAYS)
    assert columns["reported_at"].tolist() == [pd.Timestamp(at, tz="UTC"), pd.NaT]
    assert columns["reported_on"].tolist() == [pd.Timestamp(on), pd.NaT]
