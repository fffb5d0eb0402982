"""The figures of Op Encompass: by hand where few, and at the edges."""

from datetime import date

import pandas as pd
import pytest

from analyses.encompass import Eligible, eligible, figures
from analyses.encompass.shares import share
from evaluation.estimating.proportions import wilson
from evaluation.quarters import Quarter
from tests.unit.analyses.encompass.telling import TORFAEN, YEAR_23, closed, incident, snapshot

CLOSED = closed("S1", f"{YEAR_23} 2024-09-02 2024-10-28/2024-11-01 2024-12-23/2025-01-03")
TORFAEN_CLOSED = closed("T1", f"{YEAR_23} 2024-09-02", provider="torfaen", place=TORFAEN)
YEAR, QUARTER = "op_encompass_12_months", "op_encompass_quarter"


def weekly(count, *, told, begins="2024-01-09", prefix="", **more):
    """A child a week, at 21:00 of a Tuesday; `told(n)` hours later, or not at all."""
    rows = []
    for n in range(count):
        at = pd.Timestamp(begins) + pd.Timedelta(weeks=n, hours=21)
        hours = told(n)
        then = None if hours is None else str(at + pd.Timedelta(hours=hours))
        rows.append(incident(f"{prefix}D{n}", f"{prefix}C{n}", str(at), then, **more))
    return rows


def one(told, measure, cohort=YEAR, group="all", outcome=None):
    asked = [
        each
        for each in told
        if (each.cohort, each.measure, each.group) == (cohort, measure, group)
        and (outcome is None or each.outcome == outcome)
    ]
    (found,) = asked
    return found


def test_the_denominator_is_what_was_due_and_not_what_was_sent():
    """Of 8 judged, 4 in time, 2 late, 2 not sent; 1 of no known school counts at the least."""
    told = snapshot(
        CLOSED,
        weekly(4, told=lambda _n: 11),
        weekly(2, told=lambda _n: 36, prefix="L"),
        weekly(2, told=lambda _n: None, prefix="N"),
        incident("X1", "X", "2024-02-06 21:00", outcome="no_school", school=None),
        incident("Y1", "Y", "2024-02-06 21:00", outcome="not_due"),
    )
    found = figures(told)
    exact = one(found, "school_told", outcome="before_school_opens")
    assert (exact.value, exact.of, exact.children, exact.events) == (4 / 8, 8, 8, 4)
    assert exact.with_events == 4
    assert exact.low < 0.5 < exact.high
    least = one(found, "school_told", outcome="before_school_opens_at_least")
    assert (least.value, least.of, least.role) == (4 / 9, 9, "sensitivity")
    shares = {g: one(found, "notification", group=g) for g in ("notified", "not_sent", "no_school")}
    assert {group: each.value for group, each in shares.items()} == {
        "notified": 6 / 9,
        "not_sent": 2 / 9,
        "no_school": 1 / 9,
    }
    assert "process_only" in exact.unmet


def test_hours_count_those_never_told_as_untold():
    """Hours 11, 11, 11, 11, 36, 36, never, never: half within 12 and 24, three quarters in 48."""
    told = snapshot(
        CLOSED,
        weekly(4, told=lambda _n: 11),
        weekly(2, told=lambda _n: 36, prefix="L"),
        weekly(2, told=lambda _n: None, prefix="N"),
    )
    found = figures(told)
    within = {
        hours: one(found, "anyone_told", outcome=f"within_{hours}_hours").value
        for hours in (12, 24, 48, 72)
    }
    assert within == pytest.approx({12: 0.5, 24: 0.5, 48: 0.75, 72: 0.75})
    median = one(found, "median_hours_until_told")
    assert (median.value, median.why_not) == (None, "too_few_children")


def test_a_median_needs_twenty_children_and_to_be_reached():
    found = figures(snapshot(CLOSED, weekly(25, told=lambda n: 10 + n % 3)))
    assert one(found, "median_hours_until_told").value == 11
    found = figures(snapshot(CLOSED, weekly(25, told=lambda n: 10 if n < 5 else None)))
    assert one(found, "median_hours_until_told").why_not == "not_reached"


def test_limits_allow_for_families():
    rows = pd.DataFrame({"child_key": range(80), "family": [n // 4 for n in range(80)]})
    alike = pd.Series([n // 4 % 2 == 0 for n in range(80)])  # families of four fare alike
    by_family = share(rows, alike)
    alone = share(rows.assign(family=range(80)), alike)
    width = {name: each["high"] - each["low"] for name, each in
             {"family": by_family, "alone": alone}.items()}  # fmt: skip
    assert by_family["value"] == alone["value"] == 0.5
    assert 1.8 < width["family"] / width["alone"] < 2.5  # the root of four, and Student's t
    plain = wilson(40, 80).one()
    assert width["alone"] == pytest.approx(plain.high - plain.low, rel=0.03)


def test_where_all_fared_alike_limits_are_of_families():
    rows = pd.DataFrame({"child_key": range(40), "family": [n // 4 for n in range(40)]})
    all_of_them = share(rows, pd.Series([True] * 40))
    expected = wilson(10, 10).one()
    assert (all_of_them["low"], all_of_them["high"]) == (expected.low, 1.0)
    none = share(rows, pd.Series([False] * 40))
    assert (none["low"], none["value"]) == (0.0, 0.0)


def test_one_child_with_forty_incidents_has_no_limits():
    rows = [
        incident(f"D{n}", "A", str(pd.Timestamp("2024-01-09 21:00") + pd.Timedelta(days=n)), None)
        for n in range(40)
    ]
    share_of = one(figures(snapshot(CLOSED, rows)), "school_told", outcome="before_school_opens")
    assert (share_of.children, share_of.of, share_of.value) == (1, 40, 0.0)
    assert share_of.low is share_of.high is None


def test_five_children_in_a_quarter_have_counts_but_no_shares():
    rows = weekly(5, told=lambda n: 11 if n else None, begins="2025-01-14")
    found = figures(snapshot(CLOSED, rows, quarter="2024Q4"))
    share_of = one(found, "school_told", QUARTER, outcome="before_school_opens")
    assert (share_of.value, share_of.why_not) == (None, "too_few_children")
    assert one(found, "rows", QUARTER, "told").value == 5
    assert one(found, "school_told", outcome="before_school_opens").value == 0.8


def test_no_return_is_said_and_a_nil_return_is_nothing_to_count():
    for told in (snapshot(CLOSED, not_sent="police"), snapshot(CLOSED, not_sent="police/2024Q3")):
        found = figures(told)
        assert {each.why_not for each in found} == {"no_return"}
        assert all(each.value is None for each in found)
    found = figures(snapshot(CLOSED))
    assert one(found, "rows", group="told").value == 0
    assert one(found, "school_told", outcome="before_school_opens").why_not == "no_events"
    assert one(found, "anyone_told", outcome="within_24_hours").why_not == "no_events"


def test_without_closures_the_first_clock_stands_and_the_second_goes():
    rows = weekly(25, told=lambda _n: 11)
    found = figures(snapshot(rows, not_sent="newport"))
    assert one(found, "school_told", outcome="before_school_opens").why_not == "no_return"
    assert one(found, "school_told", outcome="before_school_opens_at_least").value is None
    within = one(found, "anyone_told", outcome="within_12_hours")
    assert within.value == 1
    assert within.unmet == ("process_only", "returns_missing")
    other = closed("S2", YEAR_23)
    found = figures(snapshot(other, rows))
    assert one(found, "school_told", outcome="before_school_opens").why_not == "calendars_unknown"


def test_a_missing_return_within_the_year_is_stamped():
    rows = weekly(40, told=lambda n: 11 if n % 4 else None)
    found = figures(snapshot(CLOSED, rows, not_sent="police/2024Q2"))
    assert "returns_missing" in one(found, "school_told", outcome="before_school_opens").unmet
    month = one(found, "school_told", "op_encompass_months", "2024-08")
    assert (month.value, month.of, month.why_not) == (None, None, "no_return")


def test_authorities_keep_the_order_of_their_list_and_share_the_area_s_centre():
    told = snapshot(
        CLOSED,
        TORFAEN_CLOSED,
        weekly(30, told=lambda n: 11 if n % 3 else None),
        weekly(20, told=lambda _n: 11, prefix="T", school="T1", place=TORFAEN),
        providers=("newport", "torfaen"),
    )
    found = figures(told)
    places = [e.group for e in found if (e.cohort, e.measure) == (YEAR, "school_told_limits")]
    assert places == [f"W060000{n}" for n in (18, 19, 20, 21, 22)] + ["other"]
    newport = one(found, "school_told_limits", group="W06000022")
    torfaen = one(found, "school_told_limits", group=TORFAEN)
    assert newport.value == torfaen.value == pytest.approx(40 / 50)
    assert newport.events is newport.with_events is None  # they would tell of the point itself
    assert newport.low == pytest.approx(0.8 - 3 * (0.8 * 0.2 / 30) ** 0.5)
    assert torfaen.high == 1
    assert one(found, "school_told", group=TORFAEN).value == 1
    assert one(found, "school_told", group="W06000018").why_not == "no_events"


def test_one_authority_alone_has_nothing_to_lie_beside():
    found = figures(snapshot(CLOSED, weekly(30, told=lambda n: 11 if n % 3 else None)))
    assert one(found, "school_told_limits", group="W06000022").why_not == "no_comparison"


def test_the_review_is_told_only_of_a_date_and_of_enough_months():
    rows = [
        *weekly(60, told=lambda n: 11 if n % 2 else None, begins="2023-09-05"),
        *weekly(60, told=lambda n: 11 if n % 4 else None, begins="2024-01-02", prefix="R"),
    ]
    told = snapshot(closed("S1", f"{YEAR_23} 2024-09-02 2024-10-28/2024-11-01 2024-12-23/2025-01-03"),
                    rows, first="2023Q2", quarter="2024Q4")  # fmt: skip
    assert not [e for e in figures(told) if e.cohort == "op_encompass_review"]
    found = {
        e.measure: e
        for e in figures(told, review_on=date(2024, 6, 12))
        if e.cohort == "op_encompass_review" and e.group == "contrast"
    }
    assert {e.design_level for e in found.values()} == {2}
    assert found["level_ratio"].low < found["level_ratio"].value < found["level_ratio"].high
    assert found["rate_ratio"].outcome == "school_not_told_in_time"
    assert "process_only" in found["rate_ratio"].unmet
    early = figures(told, review_on=date(2023, 11, 1))
    ratios = [e for e in early if e.cohort == "op_encompass_review" and e.group == "contrast"]
    assert {e.why_not for e in ratios} == {"few_periods"}


def test_every_place_is_claimed_once():
    rows = weekly(40, told=lambda n: 11 if n % 3 else None, begins="2023-10-03")
    found = figures(snapshot(CLOSED, rows, quarter="2024Q4"), review_on=date(2024, 6, 1))
    places = [(e.cohort, e.outcome, e.measure, e.group, e.days) for e in found]
    assert len(set(places)) == len(places)
    assert {e.section for e in found} == {"op_encompass"}
    assert all((e.value is None) == (e.why_not is not None) for e in found)


def test_the_cohort_is_a_value():
    found = eligible(snapshot(CLOSED), Quarter(2024, 1).to(Quarter(2024, 3)))
    assert isinstance(found, Eligible)
    assert found.snapshot == "S1"
