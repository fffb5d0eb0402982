"""Open access: sessions and heads, never children; and a month without a return is not an empty one."""

import numpy as np

from analyses.services import sessions
from tests.unit.analyses.services.making import believed, by, of, session


def told(*rows, **options):
    return sessions.figures(believed(*rows, **options))


def test_sessions_are_counted_by_month_and_place_and_no_child_is():
    found = told(
        session("1", "2024-05-02", 10),
        session("2", "2024-05-09", 20, first_attendances=5),
        session("3", "2024-05-16", 0, cancelled="yes", minutes=0),
        session("4", "2024-05-02", 6, place="W06000018", first_attendances=None, minutes=90),
    )
    year = by(of(found, cohort="sessions_12_months"), "group", "measure")
    assert [group for group, measure in year if measure == "minutes"] == [
        "all", "W06000018", "W06000019", "W06000020", "W06000021", "W06000022", "other",
    ]  # fmt: skip
    assert year["all", "sessions_held"].value == 3
    assert year["all", "sessions_cancelled"].value == 0.25
    assert year["all", "attendances"].value == 36
    assert year["all", "attendances_per_session"].value == 12
    assert year["all", "minutes"].value == 210
    assert (year["all", "first_attendances"].value, year["all", "first_attendances"].of) == (
        5 / 30,
        30,
    )
    assert year["W06000018", "first_attendances"].value is None  # nobody counted them
    month = by(of(found, cohort="sessions_by_month_and_authority"), "group", "measure")
    assert month["2024-05/W06000022", "attendances"].value == 30
    assert month["2024-06/W06000022", "sessions_held"].value == 0
    assert {f.unit for f in found} == {"records"}
    assert {f.children for f in found} == {None}


def test_a_month_whose_return_has_not_come_is_not_a_month_without_sessions():
    found = told(
        session("1", "2024-05-02", 10),
        session("2", "2024-11-02", 10),
        not_sent="positive_futures_sessions/2024Q2",
    )
    months = by(of(found, cohort="sessions_by_month"), "group", "measure")
    assert months["2024-08", "sessions_held"].why_not == "no_return"
    assert months["2024-12", "sessions_held"].value == 0
    assert months["2024-12", "attendances_per_session"].why_not == "no_events"
    assert months["2024-08", sessions.CHART].why_not == "no_return"
    assert months["2024-12", sessions.CHART].why_not == "no_events"
    year = of(found, cohort="sessions_12_months")
    assert {f.unmet for f in year} == {("returns_missing",)}


def test_limits_are_wider_where_sessions_differ_more_than_chance():
    steady = sessions.per_session(np.array([20, 21, 19, 20] * 10))
    wild = sessions.per_session(np.array([0, 40, 5, 35] * 10))
    assert steady.value == wild.value == 20
    assert steady.high - steady.low < 0.6
    assert wild.high - wild.low > 8
    assert sessions.per_session(np.array([3, 4])).low is None


def test_the_chart_widens_its_limits_where_months_move_by_more_than_chance():
    rows = [
        session(f"{year}-{month}-{day}", f"{year}-{month:02}-{day:02}", 10 + 25 * (month % 2))
        for year, months in ((2023, range(4, 13)), (2024, range(1, 13)))
        for month in months
        for day in (2, 9, 16)
    ]
    chart = of(told(*rows), measure=sessions.CHART)
    points = [f for f in chart if f.value is not None]
    assert {f.method for f in points} == {"u_laney"}
    assert all(f.low <= f.value <= f.high for f in points)
    assert points[0].confidence == sessions.THREE_SIGMA


def test_without_any_return_nothing_is_told():
    found = told(session("1", "2024-05-02", 10), not_sent="positive_futures_sessions")
    assert {(f.why_not, f.value) for f in found} == {("no_return", None)}
    assert {f.group for f in of(found, cohort="sessions_by_month")} == {
        "2025-01", "2025-02", "2025-03",
    }  # fmt: skip


def test_without_the_quarters_own_return_the_year_is_not_told_and_its_months_are_a_gap():
    found = told(session("1", "2024-05-02", 10), not_sent="positive_futures_sessions/2024Q4")
    year = of(found, cohort="sessions_12_months")
    assert {(f.why_not, f.value) for f in year} == {("no_return", None)}
    months = by(of(found, cohort="sessions_by_month"), "group", "measure")
    assert months["2024-05", "attendances"].value == 10
    assert months["2025-01", "attendances"].why_not == "no_return"


def test_a_nil_return_is_no_sessions():
    year = by(of(told(), cohort="sessions_12_months", group="all"), "measure")
    assert year["sessions_held"].value == 0
    assert year["sessions_cancelled"].why_not == "no_events"
