"""Open access at Positive Futures: what was held and how many heads were counted, area by area.

Nobody who comes is identified. Heads are not children: one who comes to ten sessions is ten
attendances. So nothing here is joined to a child, divided by children, or set beside outcomes.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from analyses.snapshots import authorities, covered, newest
from evaluation.estimating.charts import u_chart
from evaluation.estimating.counts import limits_of_mean
from evaluation.estimating.proportions import wilson
from evaluation.nouns import Estimate, Snapshot
from evaluation.quarters import Quarter

FORM = "positive_futures_sessions"
SECTION = "positive_futures_sessions"
MEASURES = (
    "sessions_held", "sessions_cancelled", "attendances", "attendances_per_session",
    "first_attendances", "minutes",
)  # fmt: skip
CHART = "attendances_per_session_limits"

THREE_SIGMA = 0.9973
"""What three standard deviations on either side hold, of a normal law."""

_FEWEST_SESSIONS = 3
"""With fewer there is no spread between sessions, and so no limits."""

_figure = partial(Estimate, SECTION, unit="records", role="monitoring", design_level=1)


def figures(snapshot: Snapshot) -> list[Estimate]:
    """Sessions by month, by authority over twelve months, and by month within each authority.

    Cohorts 'sessions_by_month' (`group` '2024-05'), 'sessions_12_months' ('all', then the
    authorities in code-list order) and 'sessions_by_month_and_authority' ('2024-05/W06000018';
    the last twelve months). All are of records: a session, or an attendance.

        sessions_held            sessions that took place
        sessions_cancelled       the share cancelled, of all told of
        attendances              heads counted
        attendances_per_session  of sessions held; limits allow for sessions that differ more
                                 than chance would make them
        first_attendances        of those who came, the share who came for the first time, at
                                 the sessions whose count of them is not blank; each of
                                 these (`events`) is a child of its own
        minutes                  minutes of the sessions held

    Where heads are counted they are `events`, so that a figure of 1 to 7 of them, who may be as
    many children, does not leave; of sessions and minutes nobody can be found in a few.

    By month there is also 'attendances_per_session_limits': the centre and the control limits
    (three standard deviations, widened where months move by more than chance) at its point.
    A month whose return has not come has no value, which is not 0. An authority in a year with
    such a month is stamped 'returns_missing'; of a year whose last return has not come nothing
    is told but its months.
    """
    rows = snapshot.tables.get(FORM)
    quarters = covered(snapshot, FORM)
    year = (snapshot.quarter - 3).to(snapshot.quarter)
    if rows is None or not quarters:
        return _no_year(snapshot) + _no_months(snapshot)
    sessions = newest(rows, "session_ref")
    if snapshot.quarter not in quarters:
        return _no_year(snapshot) + by_month(sessions, snapshot)
    told_of = sessions["held_on"].map(lambda day: Quarter.of(day.date()))
    unmet = () if set(year) <= set(quarters) else ("returns_missing",)
    recent = sessions[told_of.isin(list(year))]
    told = _placed(activity(recent), "sessions_12_months", "all", unmet)
    for place in authorities(snapshot):
        here = recent[recent["local_authority"] == place]
        told += _placed(activity(here), "sessions_12_months", place, unmet)
    return told + by_month(sessions, snapshot)


def activity(sessions: pd.DataFrame) -> list[Estimate]:
    """The six figures of some sessions, a row each; not yet placed in a cohort."""
    held = sessions[sessions["cancelled"] != "yes"]
    heads = held["attendances"].to_numpy(dtype=int)
    cancelled = len(sessions) - len(held)
    (share,) = wilson(cancelled, len(sessions))
    counted = held[held["first_attendances"].notna()]
    of_those = int(counted["attendances"].sum())
    first = int(counted["first_attendances"].sum())
    (new,) = wilson(first, of_those)
    minutes = float(held["minutes"].to_numpy(dtype=float).sum())
    return [
        _figure("sessions_held", value=float(len(held))),
        _of_records(share, "sessions_cancelled"),
        _figure("attendances", events=int(heads.sum()), value=float(heads.sum())),
        per_session(heads),
        # Attendances of one head are not independent: a share without limits.
        replace(
            _of_records(new, "first_attendances"),
            events=first if of_those else None,
            low=None,
            high=None,
            method="",
        ),
        _figure("minutes", value=minutes),
    ]


def per_session(heads: np.ndarray) -> Estimate:
    """Heads per session, by a Poisson model whose errors do not believe in Poisson."""
    bare = _figure(
        "attendances_per_session", of=len(heads), events=int(heads.sum()), method="poisson_robust"
    )
    if not len(heads):
        return replace(bare, why_not="no_events")
    mean = float(heads.mean())
    if len(heads) < _FEWEST_SESSIONS or not heads.any():
        return replace(bare, value=mean)
    ends = limits_of_mean(heads)
    return replace(bare, value=mean, low=ends.low, high=ends.high)


def by_month(sessions: pd.DataFrame, snapshot: Snapshot) -> list[Estimate]:
    """The figures of each month since the first return, and of the last twelve by authority."""
    quarters = covered(snapshot, FORM)
    month = sessions["held_on"].dt.strftime("%Y-%m")
    periods = pd.period_range(quarters[0].first_day, snapshot.quarter.last_day, freq="M")
    came = {str(each): Quarter.of(each.start_time.date()) in quarters for each in periods}
    own = {name: sessions[month == name] for name in came}
    told: list[Estimate] = []
    for name, is_there in came.items():
        told += _of_month(own[name], "sessions_by_month", name, came=is_there)
    told += _limits(own, came)
    recent = list(came.items())[-12:]  # of each authority the twelve months alone
    for place in authorities(snapshot):
        for name, is_there in recent:
            here = own[name][own[name]["local_authority"] == place]
            told += _of_month(
                here, "sessions_by_month_and_authority", f"{name}/{place}", came=is_there
            )
    return told


def _limits(own: dict[str, pd.DataFrame], came: dict[str, bool]) -> list[Estimate]:
    """The u-chart's centre and limits at each month's point."""
    held = {name: rows[rows["cancelled"] != "yes"] for name, rows in own.items() if came[name]}
    points = pd.DataFrame(
        {
            "heads": {name: int(rows["attendances"].sum()) for name, rows in held.items()},
            "sessions": {name: len(rows) for name, rows in held.items()},
        }
    )
    points = points[points["sessions"] > 0]
    chart = u_chart(points["heads"], points["sessions"], per=1.0) if len(points) > 1 else None
    figure = partial(_figure, CHART, cohort="sessions_by_month", confidence=THREE_SIGMA)
    at_points = {} if chart is None else chart.points.to_dict("index")
    told = []
    for name in own:
        if chart is None or name not in at_points:
            none_held = "no_events" if name in held and held[name].empty else "no_comparison"
            told.append(figure(group=name, why_not=none_held if came[name] else "no_return"))
            continue
        at = at_points[name]
        told.append(
            figure(
                group=name,
                of=int(points["sessions"][name]),
                value=float(at["centre"]),
                low=float(at["low"]),
                high=float(at["high"]),
                method=next(one.method for one in chart if one.measure == "centre"),
            )
        )
    return told


def _of_month(sessions: pd.DataFrame, cohort: str, group: str, *, came: bool) -> list[Estimate]:
    if came:
        return _placed(activity(sessions), cohort, group, ())
    return [_figure(measure, group, cohort=cohort, why_not="no_return") for measure in MEASURES]


def _no_year(snapshot: Snapshot) -> list[Estimate]:
    """The figures of the twelve months where their last return has not come."""
    return [
        _figure(measure, place, cohort="sessions_12_months", why_not="no_return")
        for place in ("all", *authorities(snapshot))
        for measure in MEASURES
    ]


def _no_months(snapshot: Snapshot) -> list[Estimate]:
    """The quarter's months where no return ever came."""
    first, last = snapshot.quarter.first_day, snapshot.quarter.last_day
    return [
        _figure(measure, str(month), cohort="sessions_by_month", why_not="no_return")
        for month in pd.period_range(first, last, freq="M")
        for measure in (*MEASURES, CHART)
    ]


def _of_records(share: Estimate, measure: str) -> Estimate:
    """A share of records: no child stands behind it."""
    return _figure(
        measure,
        of=share.of,
        value=share.value,
        low=share.low,
        high=share.high,
        method=share.method,
        why_not=share.why_not,
    )


def _placed(
    told: list[Estimate], cohort: str, group: str, unmet: tuple[str, ...]
) -> list[Estimate]:
    return [replace(one, cohort=cohort, group=group, unmet=unmet) for one in told]
