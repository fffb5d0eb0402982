"""Every figure of Op Encompass can leave, or be withheld, and every code it bears has words."""

from datetime import date

import pandas as pd
import pytest

from analyses.encompass import figures
from analyses.encompass.review import COHORT
from analyses.relations import within
from evaluation.disclosure import PUBLIC, release
from evaluation.nouns import Estimate
from evaluation.quarters import Quarter
from evaluation.wording import ASSUMPTIONS, METHODS, REASONS
from tests.unit.analyses.encompass.telling import YEAR_23, closed, incident, snapshot

CLOSED = closed("S1", f"{YEAR_23} 2024-09-02 2024-10-28/2024-11-01 2024-12-23/2025-01-03")
QUARTER = Quarter(2024, 4)


def released(told):
    return release(
        told, PUBLIC, body="b", quarter=QUARTER, snapshot="S1", plan="p", claim_quarter=QUARTER,
        versions={}, made_on=date(2025, 4, 30),
    ).figures  # fmt: skip


@pytest.fixture(scope="module")
def told():
    """Two children a day for two years; two in three in time, one in 30 not due."""
    rows = []
    for n in range(720):
        at = pd.Timestamp("2023-04-03 21:00") + pd.Timedelta(days=n)
        hours = (11, 11, 400)[n % 3]
        for child in ("A", "B"):
            then = str(at + pd.Timedelta(hours=hours))
            outcome = "not_due" if n % 30 == 0 else None
            key = f"{child}{n % 150}"
            rows.append(incident(f"D{n}", key, str(at), then, outcome=outcome))
    given = snapshot(CLOSED, rows, first="2023Q1", quarter="2024Q4")
    return figures(given, review_on=date(2024, 6, 1), other_changes=[date(2024, 6, 20)])


def test_every_figure_leaves_rounded_or_withheld(told):
    leaving = released(told)
    assert len(leaving) == len(told)
    (year,) = [
        each
        for each in leaving
        if (each.cohort, each.outcome, each.group)
        == ("op_encompass_12_months", "before_school_opens", "all")
        and each.measure == "school_told"
    ]
    assert year.withheld is None
    assert year.low < year.value < year.high


def test_every_code_has_words(told):
    none = figures(snapshot(CLOSED, not_sent="police"))
    few = figures(snapshot(closed("S2", YEAR_23), incident("D1", "A", "2024-05-07 21:30")))
    every = [*told, *none, *few]
    assert {each.why_not for each in every if each.why_not} <= REASONS.keys()
    assert {code for each in every for code in each.unmet} <= ASSUMPTIONS.keys()
    assert {each.method for each in every if each.method} <= METHODS.keys()
    assert "changed_at_once" in {code for each in told for code in each.unmet}


def test_five_children_leave_nothing_that_points_at_them():
    rows = [
        incident(f"D{n}", f"C{n}", f"2024-09-1{n} 21:00", f"2024-09-1{n} 22:00") for n in range(5)
    ]
    leaving = released(figures(snapshot(CLOSED, rows, quarter="2024Q4")))
    told = [each for each in leaving if each.value not in (None, 0.0)]
    assert told == []
    assert all(each.children in (None, 0) for each in leaving)


def test_the_area_s_centre_is_one_number_wherever_it_is_told():
    told = [
        Estimate(
            "op_encompass", "school_told_limits", place, "op_encompass_12_months",
            "before_school_opens", unit="records", children=children, of=children,
            value=0.841, low=0.7, high=0.95,
        )
        for place, children in (("W06000018", 173), ("W06000019", 43))
    ]  # fmt: skip
    assert {each.value for each in released(told)} == {0.84}


def test_the_lines_of_the_series_leave_by_month_and_meet_before_the_review(told):
    lines = {
        measure: {e.group: e for e in told if e.measure == measure}
        for measure in ("share_fitted", "share_expected")
    }
    fitted, expected = lines["share_fitted"], lines["share_expected"]
    assert (min(fitted), max(fitted)) == ("2023-09", "2025-03")
    assert (min(expected), max(expected)) == ("2024-06", "2025-03")
    ratio = next(e for e in told if (e.measure, e.cohort) == ("rate_ratio", "op_encompass_review"))
    assert fitted["2024-11"].value / expected["2024-11"].value == pytest.approx(ratio.value)
    assert all(0 < e.low < e.value < e.high for e in (*fitted.values(), *expected.values()))
    assert {e.role for e in fitted.values()} == {"monitoring"}


def test_the_series_counts_what_the_quarters_count(told):
    """So whoever adds up the quarters has what the series tells, and no more."""
    series = next(e for e in told if e.measure == "level_ratio")
    quarters = [
        e for e in told if (e.measure, e.cohort) == ("school_told", "op_encompass_quarters")
    ]
    assert series.of == sum(e.of for e in quarters)
    assert series.events == sum(e.of - e.events for e in quarters)
    known = within(told)
    own = {c.place[3] for relation in known for c in relation.cells if c.place[1] == COHORT}
    assert {"level_ratio", "share_fitted", "share_expected", "children"} <= own
