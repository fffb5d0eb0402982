"""Op Encompass: was a child's school told of domestic abuse before it next opened, and how soon?

    school_days   when a school next opens
    incidents     each child at each incident, and whether the school was told in time
    eligible      which of them a share is of, and the flow of exclusions
    clocks        both clocks, and what became of the notifications
    places        authorities, each beside what chance leaves room for
    months        months and quarters as a control chart
    review        around a dated review
    repeats       children at another incident within a stated time

Every figure is of the process. What became of the children is not estimated: no return tells it,
and no study known to us has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time

from analyses.encompass import clocks, months, places, repeats, review
from analyses.encompass.clocks import SECTION as SECTION
from analyses.encompass.eligible import Eligible as Eligible
from analyses.encompass.eligible import eligible as eligible
from analyses.encompass.incidents import FORM
from analyses.encompass.incidents import incidents as incidents
from analyses.encompass.school_days import SCHOOL_DAY_BEGINS as SCHOOL_DAY_BEGINS
from analyses.snapshots import authorities, covered
from evaluation.nouns import Estimate, Snapshot

YEAR, QUARTER = "op_encompass_12_months", "op_encompass_quarter"
FEWEST_IN_A_QUARTER = 20
"""Children behind the figures of a quarter alone, below which the year has to do."""


def figures(
    snapshot: Snapshot,
    *,
    review_on: date | None = None,
    other_changes: Sequence[date] = (),
    begins: time = SCHOOL_DAY_BEGINS,
) -> list[Estimate]:
    """All figures of the section 'op_encompass'.

    Of the twelve months up to the snapshot's quarter, and of that quarter where 20 children or
    more are behind it; by authority; by month and quarter since the first return; another
    incident within 182 days; and, where a review's date is given, the months around it.
    `other_changes` are the days of whatever else changed (definitions, staffing).

    Where the quarter's return of incidents has not come every figure says so, whatever came
    before.
    """
    came = covered(snapshot, FORM)
    if snapshot.quarter not in came:
        return no_figures(snapshot, with_review=review_on is not None)
    rows = incidents(snapshot, begins=begins)
    nine = incidents(snapshot, begins=time(9))
    told: list[Estimate] = []
    for cohort, quarters in (
        (YEAR, (snapshot.quarter - 3).to(snapshot.quarter)),
        (QUARTER, (snapshot.quarter,)),
    ):
        found = eligible(snapshot, quarters, rows=rows)
        at_nine = eligible(snapshot, quarters, rows=nine)
        own = clocks.flow(found, cohort)
        own += clocks.notifications(found, cohort)
        own += clocks.before_school(found, cohort, nine=at_nine)
        own += clocks.hours(found, cohort)
        few = found.due["child_key"].nunique() < FEWEST_IN_A_QUARTER
        told += [_too_few(one) for one in own] if cohort == QUARTER and few else own
        if cohort == YEAR:
            told += places.figures(found, cohort, authorities(snapshot))
    ever = eligible(snapshot, came[0].to(snapshot.quarter), rows=rows)
    told += months.figures(ever, snapshot, every="month")
    told += months.figures(ever, snapshot, every="quarter")
    if review_on is not None:
        told += review.figures(ever, snapshot, review_on, other_changes=other_changes)
    return told + repeats.figures(rows, snapshot)


def no_figures(snapshot: Snapshot, *, with_review: bool) -> list[Estimate]:
    """Every figure, of a snapshot in whose quarter no return of incidents has come."""
    told = clocks.no_figures(YEAR, "no_return") + clocks.no_figures(QUARTER, "no_return")
    told += places.no_figures(YEAR, "no_return", authorities(snapshot))
    told += months.no_figures(snapshot.quarter, "no_return")
    told += review.no_figures("no_return") if with_review else []
    return told + repeats.no_figures("no_return")


def _too_few(one: Estimate) -> Estimate:
    """The figure without its value, unless it is a plain count."""
    if one.measure == "rows" or one.value is None:
        return one
    return replace(one, value=None, low=None, high=None, se=None, why_not="too_few_children")
