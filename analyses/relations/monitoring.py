"""Monthly series and return interviews: one month told by several, months in their quarter."""

from __future__ import annotations

from analyses.relations.encompass import quarter_of
from analyses.relations.told import Told
from evaluation.disclosure import Relation, at_most, nested, sums

SECTION = "monitoring"


def relations(told: Told) -> list[Relation]:
    """Of sections 'monitoring' and 'return_interviews', and between the series and the caseload."""
    return [*_missing(told), *_records(told), *_interviews(told), *_before_after(told)]


def _missing(told: Told) -> list[Relation]:
    found: list[Relation] = []
    for episodes in told.all(SECTION, "episodes"):
        month = episodes.group
        children, rate, share = (
            told.one(SECTION, measure, group=month)
            for measure in ("children_missing", "episodes_per_100_child_days", "share_missing")
        )
        found += told.alike([episodes, children])
        found.append(at_most(told.cell(episodes), told.cell(episodes, "events")))
        if rate is not None and share is not None:
            # What is between them is children whom the children's return does not tell of.
            found.append(at_most(told.cell(rate, "events"), told.cell(episodes, "events")))
            found.append(at_most(told.cell(share), told.cell(episodes)))
            found.append(at_most(told.cell(share), told.cell(rate, "events")))
            found.append(sums(told.cell(rate), told.cell(share, "of")))
    return found


def _records(told: Told) -> list[Relation]:
    """A child may be in several records; new referrals of a quarter are those of its months."""
    found = [
        at_most(told.cell(figure), told.cell(figure, "events"))
        for measure in ("referrals_made", "first_sessions", "assessments")
        for figure in told.all(SECTION, measure)
    ]
    for new in told.all("caseload", "new"):
        service = str(new.cohort).removesuffix("_caseload")
        months = [
            each
            for each in told.all(SECTION, "referrals_made", cohort=service)
            if quarter_of(each.group) == new.group
        ]
        found += told.total(new, months, "events")
        found += [at_most(told.cell(each), told.cell(new)) for each in months]
    return found


def _interviews(told: Told) -> list[Relation]:
    section = "return_interviews"
    found: list[Relation] = []
    for offered in told.all(section, "interview_offered"):
        done, in_time = (
            told.one(section, measure, group=offered.group)
            for measure in ("interview_done", "interview_done_in_time")
        )
        one = [offered, done, in_time]
        found += told.alike(one) + told.alike(one, "of") + told.chain(one, "events")
        found.append(nested(told.cell(offered, "events"), told.cell(offered, "of")))
    return found


def _before_after(told: Told) -> list[Relation]:
    return told.alike(told.all(SECTION, "before_after"))
