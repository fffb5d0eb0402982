"""Open access: heads by authority, by month, and by both; each of a few may be a child."""

from __future__ import annotations

from analyses.relations.told import Told
from evaluation.disclosure import Relation, at_most

SECTION = "positive_futures_sessions"
YEAR, MONTHS, BOTH = (
    "sessions_12_months",
    "sessions_by_month",
    "sessions_by_month_and_authority",
)
EVENTS = "events"


def relations(told: Told) -> list[Relation]:
    """Of the section 'positive_futures_sessions': of all who came, and of those who came first."""
    found: list[Relation] = []
    for measure in ("attendances", "first_attendances"):
        year = {each.group: each for each in told.all(SECTION, measure, cohort=YEAR)}
        months = {each.group: each for each in told.all(SECTION, measure, cohort=MONTHS)}
        both = {each.group: each for each in told.all(SECTION, measure, cohort=BOTH)}
        whole = year.pop("all", None)
        within = dict.fromkeys(name.split("/")[0] for name in both)
        found += told.total(whole, year.values(), EVENTS)
        found += told.total(whole, [months[name] for name in within if name in months], EVENTS)
        for name in within:
            own = [each for group, each in both.items() if group.split("/")[0] == name]
            found += told.total(months.get(name), own, EVENTS)
        for place, total in year.items():
            own = [each for group, each in both.items() if group.split("/")[1] == place]
            found += told.total(total, own, EVENTS)
    for heads in told.all(SECTION, "attendances"):
        fields = {"cohort": heads.cohort, "group": heads.group}
        found += told.alike([heads, told.one(SECTION, "attendances_per_session", **fields)], EVENTS)
        first = told.one(SECTION, "first_attendances", **fields)
        if first is not None:
            found.append(at_most(told.cell(first, "of"), told.cell(heads, EVENTS)))
    return found
