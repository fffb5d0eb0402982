"""The figures of the monthly series: one a month, since the first return that came."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial

import pandas as pd

from analyses.by_child import events_of
from analyses.monitoring.series import SECTION
from analyses.outcomes import OUTCOMES
from analyses.services.service import Service
from analyses.snapshots import covered, newest, table
from evaluation.following import merge_episodes
from evaluation.nouns import Estimate, Snapshot
from evaluation.quarters import Quarter

CHILD_TO = 18
"""Children are known up to the end of the month of this birthday."""

_figure = partial(Estimate, SECTION, role="monitoring")
_missing = partial(_figure, outcome="re_missing")


def told_months(snapshot: Snapshot, *forms: str) -> dict[str, bool]:
    """Each month since the first return, and whether the returns of all the forms cover it.

    Where no return of one of them ever came there is but the snapshot's first month, which is
    not covered. Months before the first return are left out though it may carry earlier rows:
    it carries them only for what was still known, so that they would look like quieter times.
    """
    came = [covered(snapshot, form) for form in forms]
    if not all(came):
        return {str(snapshot.quarter.first_day)[:7]: False}
    begins = max(quarters[0] for quarters in came)
    months = pd.period_range(begins.first_day, snapshot.quarter.last_day, freq="M")
    return {
        str(month): all(Quarter.of(month.start_time.date()) in quarters for quarters in came)
        for month in months
    }


def episodes_by_month(snapshot: Snapshot) -> list[Estimate]:
    """Missing episodes that began in each month, of all children: measure 'episodes'.

    `group` is the month, as everywhere in monitoring. Episodes that overlap are one, as
    everywhere. A month whose return has not come has no value. The first month of another
    recording definition bears 'definition_changed' (see `definition_changes`).
    """
    months = told_months(snapshot, "missing_episodes")
    if not any(months.values()):
        return [_missing("episodes", group=m, unit="episodes", why_not="no_return") for m in months]
    merged = merge_episodes(OUTCOMES["re_missing"].events(snapshot))
    changed = definition_changes(snapshot, months)
    return [
        _counted(
            _missing("episodes", group=month, unit="episodes", unmet=changed.get(month, ())),
            own,
        )
        for month, own in _by_month(merged, "started_on", months)
    ]


def children_missing(by_month: Iterable[Estimate]) -> list[Estimate]:
    """Distinct children with an episode that began in the month, from the figures of episodes.

    Measure 'children_missing'.
    """
    return [
        replace(
            figure,
            measure="children_missing",
            unit="children",
            events=None,
            with_events=None,
            largest_child_events=None,
            value=None if figure.children is None else float(figure.children),
        )
        for figure in by_month
    ]


def of_children_known(snapshot: Snapshot) -> list[Estimate]:
    """Episodes and missing children of each month, over the children known all through it.

        episodes_per_100_child_days   `children` are those known, `events` their episodes; the
                                      child-days are those children times the days of the month
        share_missing                 the share of them (`of`) with an episode in the month

    Known are children in the children's return of the month's quarter whose episodes are on
    record from its first day, who can be observed beyond its last day, and whose 18th birthday is in no
    earlier month. Episodes of others are not counted here, so that above and below the line
    stand the same children. Days missing or away are not taken out ('time_not_at_risk').

    The number known grows with what services get to know. Where it does, a rate falls though no
    child goes missing less: read it beside the count of episodes.
    """
    months = told_months(snapshot, "missing_episodes", "children")
    rate = partial(_missing, "episodes_per_100_child_days", unit="children", design_level=1)
    share = partial(_missing, "share_missing", unit="children", design_level=1)
    if not any(months.values()):
        return [
            figure(group=month, why_not="no_return") for month in months for figure in (rate, share)
        ]
    merged = merge_episodes(OUTCOMES["re_missing"].events(snapshot))
    changed = definition_changes(snapshot, months)
    told: list[Estimate] = []
    for month, begun in _by_month(merged, "started_on", months):
        period = pd.Period(month, freq="M")
        known = frozenset() if begun is None else children_known(snapshot, period)
        if begun is None or not known:
            why_not = "no_return" if begun is None else "no_events"
            told += [figure(group=month, why_not=why_not) for figure in (rate, share)]
            continue
        own = begun[begun["child_key"].isin(known)]
        children = own["child_key"].nunique()
        unmet = changed.get(month, ())
        told += [
            rate(
                group=month,
                children=len(known),
                **events_of(own["child_key"]),
                value=100 * len(own) / (len(known) * period.days_in_month),
                unmet=("time_not_at_risk", *unmet),
            ),
            share(
                group=month,
                children=children,
                of=len(known),
                value=children / len(known),
                unmet=unmet,
            ),
        ]
    return told


def children_known(snapshot: Snapshot, month: pd.Period) -> frozenset[str]:
    """The children known all through a month whose return of children has come."""
    rows = table(snapshot, "children")
    rows = rows[rows["quarter"] == str(Quarter.of(month.start_time.date()))]
    first, last = month.start_time, month.end_time.normalize()
    turns = rows["birth_month"] + pd.DateOffset(years=CHILD_TO) + pd.offsets.MonthEnd(0)
    known = (rows["history_from"] <= first) & (turns >= last) & ~(rows["followed_to"] <= last)
    return frozenset(rows.loc[known, "child_key"])


def of_service(snapshot: Snapshot, service: Service) -> list[Estimate]:
    """Referrals made to a service and first sessions at it in each month, as last told.

    Measures 'referrals_made' and 'first_sessions'; the cohort is the service's name. `children`
    are the distinct children, who may be referred twice.
    """
    return [
        each
        for measure, day in (
            ("referrals_made", "referred_on"),
            ("first_sessions", "first_session_on"),
        )
        for each in _records(
            snapshot, service.form, "referral_ref", day=day, measure=measure, cohort=service.name
        )
    ]


def assessments(snapshot: Snapshot) -> list[Estimate]:
    """Exploitation assessments made in each month, with whichever tool: measure 'assessments'."""
    return _records(
        snapshot,
        "exploitation_assessments",
        "assessment_ref",
        day="assessed_on",
        measure="assessments",
    )


def definition_changes(
    snapshot: Snapshot, months: Mapping[str, bool]
) -> dict[str, tuple[str, ...]]:
    """The months from which most episodes are recorded by another definition than before.

    Each has ('definition_changed',): from it on a chart's limits begin anew. Months without
    episodes, or whose return has not come, say nothing. Where two definitions are as common,
    the earlier one stays.
    """
    told = newest(table(snapshot, "missing_episodes"), "episode_ref")
    changed: dict[str, tuple[str, ...]] = {}
    before: str | None = None
    for month, own in _by_month(told, "reported_on", months):
        if own is None or own["definition"].dropna().empty:
            continue
        commonest = own["definition"].mode()
        now = before if before in set(commonest) else str(commonest.iloc[0])
        if before is not None and now != before:
            changed[month] = ("definition_changed",)
        before = now
    return changed


def _records(
    snapshot: Snapshot,
    form: str,
    key: str,
    *,
    day: str,
    measure: str,
    cohort: str | None = None,
) -> list[Estimate]:
    """How many records of a form have their `day` in each month."""
    months = told_months(snapshot, form)
    figure = partial(_figure, measure, cohort=cohort, unit="records", design_level=1)
    if not any(months.values()):
        return [figure(group=month, why_not="no_return") for month in months]
    rows = newest(table(snapshot, form), key)
    return [_counted(figure(group=month), own) for month, own in _by_month(rows, day, months)]


def _by_month(
    rows: pd.DataFrame, day: str, months: Mapping[str, bool]
) -> list[tuple[str, pd.DataFrame | None]]:
    """The rows of each month; None for one whose return has not come."""
    month_of = rows[day].dt.strftime("%Y-%m")
    return [(month, rows[month_of == month] if came else None) for month, came in months.items()]


def _counted(figure: Estimate, rows: pd.DataFrame | None) -> Estimate:
    if rows is None:
        return replace(figure, why_not="no_return", unmet=())
    return replace(
        figure,
        **events_of(rows["child_key"]),
        children=rows["child_key"].nunique(),
        value=float(len(rows)),
    )
