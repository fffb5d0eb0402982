"""Op Encompass: rows and why they were left out, authorities, months in quarters, hours."""

from __future__ import annotations

from datetime import date

from analyses.encompass.review import COHORT, LINES, MEASURES
from analyses.relations.told import Item, Told
from evaluation.disclosure import Relation, at_most, sums
from evaluation.quarters import Quarter

SECTION = "op_encompass"
JUDGED = "before_school_opens"


def relations(told: Told) -> list[Relation]:
    """Of the section 'op_encompass'."""
    found: list[Relation] = []
    for cohort in told.cohorts(SECTION, "rows"):
        found += _rows(told, cohort)
        found += _places(told, cohort)
        found += _hours(told, cohort)
    found += _limits(told)
    found += _months(told)
    found += _review(told)
    found += told.alike(
        [
            *told.all(SECTION, "children", cohort="op_encompass_repeats"),
            *told.all(SECTION, "another_incident", cohort="op_encompass_repeats"),
            *told.all(SECTION, "further_incidents", cohort="op_encompass_repeats"),
        ]
    )
    return found


def _rows(told: Told, cohort: str | None) -> list[Relation]:
    rows = {each.group: each for each in told.all(SECTION, "rows", cohort=cohort)}
    whole = rows.pop("told", None)
    if whole is None or not rows:
        return []
    found = told.total(whole, rows.values(), "events")
    found += _distinct(told, whole, list(rows.values()))
    outcomes = told.all(SECTION, "notification", cohort=cohort)
    found += told.alike(outcomes, "of") + told.alike(outcomes)
    if outcomes:
        of = told.cell(outcomes[0], "of")
        found.append(sums(of, *(told.cell(each, "events") for each in outcomes)))
        due = [each for group, each in rows.items() if group != "not_due"]
        found.append(sums(of, *(told.cell(each, "events") for each in due)))
    everyone = told.one(SECTION, "school_told", cohort=cohort, outcome=JUDGED, group="all")
    if everyone is not None and "judged" in rows:
        found.append(sums(told.cell(rows["judged"], "events"), told.cell(everyone, "of")))
        found.append(sums(told.cell(rows["judged"]), told.cell(everyone)))
        for outcome, groups in (
            (f"{JUDGED}_at_least", ("judged", "no_school", "unknown_calendar")),
            ("before_nine", ("judged",)),
        ):
            other = told.one(SECTION, "school_told", cohort=cohort, outcome=outcome, group="all")
            parts = [rows[group] for group in groups if group in rows]
            found += told.total(other, parts, "events", of="of")
    return found


def _places(told: Told, cohort: str | None) -> list[Relation]:
    shares = told.all(SECTION, "school_told", cohort=cohort, outcome=JUDGED)
    whole = next((each for each in shares if each.group == "all"), None)
    places = [each for each in shares if each.group != "all"]
    if whole is None or not places:
        return []
    return [
        *told.total(whole, places, "of"),
        *told.total(whole, places, "events"),
        *_distinct(told, whole, places),
    ]


def _hours(told: Told, cohort: str | None) -> list[Relation]:
    by_then = told.all(SECTION, "anyone_told", cohort=cohort)
    within = sorted(by_then, key=lambda each: -int(str(each.outcome).split("_")[1]))
    median = told.all(SECTION, "median_hours_until_told", cohort=cohort)
    one = [*median, *within]
    return told.alike(one, "of") + told.alike(one) + told.chain(one, "events")


def _limits(told: Told) -> list[Relation]:
    """A chart's limits are told with the counts of their point."""
    found: list[Relation] = []
    for limits in told.all(SECTION, "school_told_limits"):
        share = told.one(
            SECTION, "school_told", cohort=limits.cohort, outcome=limits.outcome, group=limits.group
        )
        found += told.alike([share, limits]) + told.alike([share, limits], "of")
    return found


def _months(told: Told) -> list[Relation]:
    months, quarters = (
        {
            each.group: each
            for each in told.all(SECTION, "school_told", cohort=f"op_encompass_{every}s")
        }
        for every in ("month", "quarter")
    )
    found: list[Relation] = []
    for name, whole in quarters.items():
        own = [each for month, each in months.items() if quarter_of(month) == name]
        found += told.total(whole, own, "of") + told.total(whole, own, "events")
        found += _distinct(told, whole, own)
    for cohort, number in (("op_encompass_12_months", 4), ("op_encompass_quarter", 1)):
        year = told.one(SECTION, "school_told", cohort=cohort, outcome=JUDGED, group="all")
        last = list(quarters.values())[-number:]
        found += told.total(year, last, "of") + told.total(year, last, "events")
    return found


def _review(told: Told) -> list[Relation]:
    """The series around a review is of all quarters' rows, and counts those not told in time."""
    own = [
        each
        for measure in (*MEASURES, *LINES)
        for each in told.all(SECTION, measure, cohort=COHORT)
        if each.of is not None
    ]
    quarters = told.all(SECTION, "school_told", cohort="op_encompass_quarters")
    if not own or not quarters:
        return []
    whole, sides = own[0], told.all(SECTION, "children", cohort=COHORT)
    of, late = told.cell(whole, "of"), told.cell(whole, "events")
    return [
        *(
            relation
            for count in ("children", "of", "events")
            for relation in told.alike(own, count)
        ),
        sums(of, *(told.cell(each, "of") for each in quarters)),
        sums(of, late, *(told.cell(each, "events") for each in quarters)),
        *_distinct(told, whole, quarters),
        *(_distinct(told, whole, sides) if sides else ()),
    ]


def _distinct(told: Told, whole: Item, parts: list[Item]) -> list[Relation]:
    """Children who may stand in several parts: each part is at most the whole, and that their sum."""
    cells = [told.cell(part) for part in parts]
    return [at_most(told.cell(whole), *cells), *(at_most(cell, told.cell(whole)) for cell in cells)]


def quarter_of(month: str) -> str:
    """The quarter of a month written '2024-05'."""
    return str(Quarter.of(date.fromisoformat(f"{month}-01")))
