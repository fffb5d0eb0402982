"""What a quarter's release holds: every figure, in the order in which it is told."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from typing import TypeAlias

from analyses import encompass, return_interviews, services
from analyses.cohorts import discussed
from analyses.monitoring import figures as by_month
from analyses.monitoring import other_changes, review_on
from analyses.outcomes import OUTCOMES
from analyses.plan import Plan
from analyses.quarterly import completeness, monitoring, re_missing, referred_now
from analyses.stamping import stamped
from analyses.time_away import time_away
from evaluation.errors import MissingTable
from evaluation.following import follow
from evaluation.nouns import DatedEvent, Estimate, Provider, Snapshot
from schemas import FORMS

Progress: TypeAlias = Callable[[int, int], None]


def estimates(
    snapshot: Snapshot,
    plan: Plan,
    providers: Mapping[str, Provider],
    *,
    contracts: Iterable[services.Contract] = (),
    events: Iterable[DatedEvent] = (),
    progress: Progress | None = None,
    registered: Plan | None = None,
) -> tuple[Estimate, ...]:
    """All the figures of the quarter of `snapshot`, each with its doubt; none is rounded yet.

    Completeness comes first, and what could be seen at all before what was seen. A question
    whose returns have not come has its figures, with `why_not` 'no_return' and no value. The
    same snapshot and plan give the same figures. `progress(done, of)` is told of the bootstrap.

    `contracts` and `events` are the body's: what a service is paid, without which it has no
    costs; and what happened on a day, such as the review around which the series of Op Encompass
    is made. The sensitivity analyses are not here: beside the main ratio, one without a single
    child would tell of that child (see `analyses.sensitivity`).

    What departs from the plan that was registered is exploratory (see `stamped`): the project's
    own, unless `registered` is given, as a simulation with fewer draws may do for its own.
    """
    figures = completeness.figures(snapshot, providers)
    owed = {form for provider in providers.values() for form in provider.forms}
    came = {form for _provider, form, _quarter in snapshot.arrived}
    figures += described(snapshot, contracts, tuple(events), forms=owed | came)
    try:
        cohort = discussed(snapshot, plan)
        at_risk = follow(cohort, OUTCOMES[plan.outcome], snapshot, away=time_away(snapshot))
    except MissingTable:
        figures += monitoring.no_before_after() + re_missing.no_figures(plan)
    else:
        figures += monitoring.before_after(cohort, at_risk)
        figures += re_missing.figures(cohort, at_risk, snapshot, plan, progress=progress)
    figures += referred_now.figures(snapshot, plan)
    return stamped(map(levelled, figures), plan, registered)


def levelled(estimate: Estimate) -> Estimate:
    """The figure with its design level: 1 where it names none, since then it describes what is there.

    Whether a return has come is no figure about children, and has none.
    """
    if estimate.design_level is not None or estimate.unit == "returns":
        return estimate
    return replace(estimate, design_level=1)


def described(
    snapshot: Snapshot,
    contracts: Iterable[services.Contract],
    events: tuple[DatedEvent, ...],
    *,
    forms: Collection[str] = FORMS.keys(),
) -> list[Estimate]:
    """What was done and for whom: the sections that compare no children with others.

    Nothing is said of a service whose form is not among these `forms`: the body has none like it.
    """
    until = snapshot.quarter.last_day
    own = tuple(each for each in services.SERVICES if each.form in forms)
    return [
        *services.referral_figures(snapshot, own),
        *services.risk_figures(snapshot, own),
        *(services.session_figures(snapshot) if services.sessions.FORM in forms else ()),
        *services.cost_figures(snapshot, contracts),
        *return_interviews.figures(snapshot),
        *encompass.figures(
            snapshot,
            review_on=review_on(events, encompass.SECTION, until=until),
            other_changes=other_changes(events, encompass.SECTION, until=until),
        ),
        *by_month(snapshot, own),
    ]
