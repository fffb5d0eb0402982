"""A whole invented world: the share told in time, against a walk through its rows from day to day."""

from datetime import date, time

import pytest
from school_walk import DAY, LONDON, walk

from analyses.encompass import eligible, figures
from analyses.invented.returns import invent, snapshot_of
from evaluation.quarters import Quarter

LAST = Quarter(2024, 4)
YEAR = Quarter(2024, 1).to(LAST)


@pytest.fixture(scope="module")
def world():
    return snapshot_of(invent(seed=11), LAST)


def closed_days(world):
    """The days on which each school is closed."""
    closed = {}
    for run in world.tables["school_closures"].itertuples():
        days = (run.to_on - run.from_on).days + 1
        closed.setdefault(run.school_ref, set()).update(
            run.from_on.date() + n * DAY for n in range(days)
        )
    return closed


@pytest.mark.slow
def test_the_share_told_in_time_is_what_a_walk_through_the_rows_finds(world):
    closed, judged, in_time = closed_days(world), 0, 0
    for row in world.tables["op_encompass_incidents"].itertuples():
        at = row.incident_at.to_pydatetime().astimezone(LONDON)
        if row.outcome not in ("notified", "not_sent") or not YEAR[0].first_day <= at.date():
            continue
        opens = walk(at, closed[row.school_ref], time(8, 45), LAST.last_day)
        if opens is not None:
            judged += 1
            in_time += row.outcome == "notified" and row.notified_at < opens
    (year,) = [
        each
        for each in figures(world, review_on=date(2024, 2, 1))
        if (each.cohort, each.measure, each.outcome, each.group)
        == ("op_encompass_12_months", "school_told", "before_school_opens", "all")
    ]
    assert judged > 500
    assert (year.of, year.events) == (judged, in_time)
    assert year.low < in_time / judged < year.high


@pytest.mark.slow
def test_most_are_told_in_time_as_the_world_has_it(world):
    """78% are told on the next morning until the review, 92% from it on; some of the others before a weekend or a holiday ends, and
    some of the mornings, of what happened since six, come a day late."""
    rows = eligible(world, Quarter(2023, 1).to(LAST))
    told = rows.judged[rows.judged["outcome"] == "notified"]
    assert 0.83 <= told["in_time"].mean() <= 0.93
    steps = {step.reason: step.rows for step in rows.flow}
    assert steps["unknown_calendar"] == 0
    assert steps["told"] == sum(steps.values()) - steps["told"]
