"""The funnel, its reasons, waiting, endings and caseload of each service."""

from __future__ import annotations

from analyses.relations.told import Item, Told
from analyses.services.funnel import STAGES
from evaluation.disclosure import Relation, at_most, balanced, nested, sums
from evaluation.quarters import Quarter


def relations(told: Told) -> list[Relation]:
    """Of sections 'referrals', 'waiting', 'endings' and 'caseload'."""
    return [
        *(
            each
            for cohort in told.cohorts("referrals", "referred")
            for each in _funnel(told, cohort)
        ),
        *(
            each
            for cohort in told.cohorts("referrals", "accepted")
            for each in _in_time(told, cohort)
        ),
        *(
            each
            for cohort in told.cohorts("waiting", "had_within")
            for each in _waiting(told, cohort)
        ),
        *(each for cohort in told.cohorts("endings", "ended") for each in _endings(told, cohort)),
        *(each for cohort in told.cohorts("caseload", "new") for each in _caseload(told, cohort)),
    ]


def _funnel(told: Told, cohort: str | None) -> list[Relation]:
    stages = {name: told.one("referrals", name, cohort=cohort) for name in STAGES}
    referred, accepted = stages["referred"], stages["accepted"]
    if referred is None or accepted is None:
        return []
    whole = told.cell(referred)
    declined = told.one("referrals", "declined", cohort=cohort)
    closed = told.one("referrals", "closed", cohort=cohort)
    found = [sums(told.cell(referred, "of"), whole)]
    found += told.alike([referred, *stages.values(), declined, closed], "of")
    found += told.chain(stages.values())
    for went_on in told.all("referrals", "went_on", cohort=cohort):
        stage = stages[went_on.group]
        before = stages[STAGES[STAGES.index(went_on.group) - 1]]
        if stage is not None and before is not None:
            found.append(sums(told.cell(stage), told.cell(went_on)))
            found.append(sums(told.cell(before), told.cell(went_on, "of")))
    if declined is not None:
        found.append(nested(told.cell(declined), whole, told.cell(accepted)))
        reasons = told.all("referrals", "declined_because", cohort=cohort)
        found += told.total(declined, reasons)
        found += [sums(told.cell(declined), told.cell(reason, "of")) for reason in reasons]
    if closed is not None:
        found.append(nested(told.cell(closed), told.cell(accepted)))
        reasons = told.all("referrals", "closed_because", cohort=cohort)
        found += told.total(closed, reasons)
        found += [sums(told.cell(closed), told.cell(reason, "of")) for reason in reasons]
        planned = told.one("referrals", "closed_because", cohort=cohort, group="planned")
        through = stages["closed_as_planned"]
        if planned is not None and through is not None:
            found.append(nested(told.cell(through), told.cell(planned)))
    return found


def _in_time(told: Told, cohort: str | None) -> list[Relation]:
    stages = [told.one("referrals", name, cohort=cohort, days=90) for name in STAGES[1:4]]
    return told.alike(stages, "of") + told.chain(stages)


def _waiting(told: Told, cohort: str | None) -> list[Relation]:
    found = []
    for outcome in dict.fromkeys(
        each.outcome for each in told.all("waiting", "had_within", cohort=cohort)
    ):
        within = sorted(
            told.all("waiting", "had_within", cohort=cohort, outcome=outcome),
            key=_longest_first,
        )
        median, still, ended = (
            told.one("waiting", measure, cohort=cohort, outcome=outcome)
            for measure in ("median_wait_days", "still_waiting", "ended_first")
        )
        found += told.chain([median, *within]) + told.alike([median, *within], "of")
        if median is not None and still is not None and ended is not None:
            ends = (told.cell(each) for each in (median, still, ended))
            found.append(sums(told.cell(median, "of"), *ends))
    return found + told.alike(told.all("waiting", "median_wait_days", cohort=cohort), "of")


def _endings(told: Told, cohort: str | None) -> list[Relation]:
    ended = told.all("endings", "ended", cohort=cohort)
    counted = told.one("endings", "sessions_counted", cohort=cohort)
    found = told.alike([counted, *ended], "of")
    for outcome in dict.fromkeys(each.outcome for each in ended):
        own = sorted((each for each in ended if each.outcome == outcome), key=_longest_first)
        found += told.chain(own)
    for days in dict.fromkeys(each.days for each in ended):
        at_day = [each for each in ended if each.days == days]
        first, *others = (told.cell(each) for each in at_day)
        found.append(nested(first, told.cell(at_day[0], "of"), *others))
    attended = told.one("endings", "sessions_attended", cohort=cohort)
    return found + told.chain([counted, attended])


def _caseload(told: Told, cohort: str | None) -> list[Relation]:
    """Open at the start and new make up declined, closed and open at the end, where all add up."""
    held = {
        (measure, figure.group): told.cell(figure, "events")
        for measure in ("open_at_start", "new", "declined", "closed", "open_at_end")
        for figure in told.all("caseload", measure, cohort=cohort)
    }
    found = [at_most(cell._replace(what="children"), cell) for cell in held.values()]
    for quarter in dict.fromkeys(group for _measure, group in held):
        start, new, declined, closed, end = (
            held[measure, quarter]
            for measure in ("open_at_start", "new", "declined", "closed", "open_at_end")
        )
        found.append(balanced((start, new), (declined, closed, end)))
        before = held.get(("open_at_end", str(Quarter.parse(quarter) - 1)))
        if before is not None:
            found += [
                sums(start, before),
                sums(start._replace(what="children"), before._replace(what="children")),
            ]
    return found


def _longest_first(figure: Item) -> int:
    return -(figure.days or 0)
