"""The two clocks: told before the school next opened, and hours from the incident until told."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd

from analyses.by_child import part_of_records
from analyses.encompass.eligible import Eligible
from analyses.encompass.incidents import TOLD
from analyses.encompass.shares import share
from evaluation.estimating.survival import kaplan_meier
from evaluation.nouns import Estimate
from schemas._codes import codes

SECTION = "op_encompass"
PROCESS_ONLY = "process_only"
"""What no figure here may be read for: what became of the children."""

IN_TIME = "before_school_opens"

HOURS = (12, 24, 48, 72)
FEWEST_FOR_MEDIAN = 20
"""Children behind a median, below which it would point at one of them."""

figure = partial(Estimate, SECTION)


def flow(found: Eligible, cohort: str) -> list[Estimate]:
    """How many rows were told of, and how many were left out for which reason.

    Measure 'rows'; `group` is the reason; `children` distinct children, `events` and the value
    the rows, of which a child may have several.
    """
    return [
        figure(
            measure="rows",
            group=step.reason,
            cohort=cohort,
            unit="records",
            children=step.children,
            events=step.rows,
            with_events=step.children,
            largest_child_events=step.most,
            value=float(step.rows),
        )
        for step in found.flow
    ]


def notifications(found: Eligible, cohort: str) -> list[Estimate]:
    """What became of each notification that was due: the share of each outcome, in code-list order."""
    return [
        figure(
            measure="notification",
            group=outcome,
            cohort=cohort,
            unmet=weak(found),
            **share(found.due, found.due["outcome"] == outcome),
        )
        for outcome in outcomes()
    ]


def outcomes() -> list[str]:
    """What may become of a notification that was due, in code-list order."""
    return [one.code for one in codes("notification_outcome").codes if one.code != "not_due"]


def before_school(found: Eligible, cohort: str, *, nine: Eligible | None = None) -> list[Estimate]:
    """The share of judged rows whose school was told before it next opened.

    Measure 'school_told'; the `outcome` says by which rule:

        before_school_opens            of the rows that can be judged
        before_school_opens_at_least   of these and of those without a known school or calendar,
                                       none of which counts as told in time: no share could be
                                       lower, whatever is not known (sensitivity)
        before_nine                    had school days begun at 09:00 (sensitivity), from `nine`
    """
    known_of = found.due[~found.due["state"].isin(["authority", "not_open_yet"])]
    told = [
        school_told(found, found.judged, cohort=cohort),
        replace(
            school_told(found, known_of, cohort=cohort, outcome="before_school_opens_at_least"),
            role="sensitivity",
            unmet=weak(found, needs_calendar=False),
        ),
    ]
    if nine is not None:
        later = school_told(nine, nine.judged, cohort=cohort, outcome="before_nine")
        told.append(replace(later, role="sensitivity"))
    return told


def school_told(
    found: Eligible,
    rows: pd.DataFrame,
    *,
    cohort: str,
    group: str = "all",
    outcome: str = IN_TIME,
    limits: bool = True,
) -> Estimate:
    """The share of `rows`, which are some of those found, whose school was told in time."""
    told = figure(
        measure="school_told",
        outcome=outcome,
        cohort=cohort,
        group=group,
        unmet=weak(found),
        **share(rows, rows["in_time"], limits=limits),
    )
    if rows["state"].eq("judged").any():
        return told
    return replace(told, value=None, low=None, high=None, why_not=why_not_judged(found))


def hours(found: Eligible, cohort: str) -> list[Estimate]:
    """How soon the school or the authority was told, of all rows that were due.

    Kaplan-Meier on hours: a row of which nobody was told stays untold for ever, up to the end of
    the quarter of its return, when all rows leave that had not been told by then. Measure
    'anyone_told' with outcome 'within_12_hours' and so on; 'median_hours_until_told', where it is
    reached and at least 20 children are behind it. Errors allow for rows of one family.
    """
    due = found.due[found.due["followed_hours"] >= 0]
    common: dict[str, Any] = {
        "cohort": cohort,
        "unit": "records",
        "children": due["child_key"].nunique(),
        "of": len(due),
        "design_level": 1,
        "unmet": weak(found, needs_calendar=False),
        "method": "kaplan_meier_by_family",
    }
    if due.empty:
        common["why_not"] = "no_events"
        return [
            *(figure(measure="anyone_told", outcome=_within(each), **common) for each in HOURS),
            figure(measure="median_hours_until_told", **common),
        ]
    happened = due["outcome"].isin(TOLD) & (due["hours"] <= due["followed_hours"])
    curve = kaplan_meier(
        due["hours"].where(happened, due["followed_hours"]),
        happened,
        at=HOURS,
        cluster=due["family"],
    )
    told = []
    for each in HOURS:
        untold = curve.one("survival", days=each)
        by_then = happened & (due["hours"] <= each)
        told.append(
            figure(
                measure="anyone_told",
                outcome=_within(each),
                **part_of_records(due["child_key"], by_then.astype("int64")),
                **common,
                **_turned(untold),
            )
        )
    median = curve.one("median_days")
    few = common["children"] < FEWEST_FOR_MEDIAN
    told.append(
        figure(
            measure="median_hours_until_told",
            **part_of_records(due["child_key"], happened.astype("int64")),
            value=None if few else median.value,
            low=None if few else median.low,
            high=None if few else median.high,
            why_not="too_few_children" if few else median.why_not,
            **common,
        )
    )
    return told


def weak(found: Eligible, *, needs_calendar: bool = True) -> tuple[str, ...]:
    """What to distrust in every figure of these incidents."""
    unknown = needs_calendar and (found.due["state"] == "unknown_calendar").any()
    return (
        PROCESS_ONLY,
        *(() if found.whole else ("returns_missing",)),
        *(("calendars_unknown",) if unknown else ()),
    )


def no_figures(cohort: str, why_not: str) -> list[Estimate]:
    """The figures of both clocks where nothing can be said."""
    none = partial(figure, cohort=cohort, unit="records", why_not=why_not, unmet=(PROCESS_ONLY,))
    return [
        none(measure="rows", group="told"),
        *(none(measure="notification", group=outcome) for outcome in outcomes()),
        none(measure="school_told", outcome=IN_TIME),
        *(none(measure="anyone_told", outcome=_within(each)) for each in HOURS),
        none(measure="median_hours_until_told"),
    ]


def why_not_judged(found: Eligible) -> str:
    """Why no row could be judged, where none could."""
    if not (found.due["state"] == "unknown_calendar").any():
        return "no_events"
    return "calendars_unknown" if found.closures_came else "no_return"


def _within(hours: int) -> str:
    return f"within_{hours}_hours"


def _turned(untold: Estimate) -> dict[str, Any]:
    """The share told, from the share still untold."""
    value, low, high = (
        None if each is None else 1 - each for each in (untold.value, untold.high, untold.low)
    )
    return {"value": value, "low": low, "high": high, "why_not": untold.why_not}
