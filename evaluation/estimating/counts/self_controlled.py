"""Self-controlled case series: a child's time after an exposure beside the child's other time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from evaluation.errors import WrongUse
from evaluation.estimating.counts._fitted import ratios, warned
from evaluation.estimating.counts._periods import cut, days_of, happened, windows
from evaluation.estimating.counts.within import WithinErrors, fit_within, informative
from evaluation.estimating.found import Beware, Found
from evaluation.estimating.table import CHILD, Table
from evaluation.language import _

_AT_THE_END = 0.05
"""A share of children above this whose last event is on their last day is more than chance."""


@dataclass(frozen=True, kw_only=True)
class CaseSeries(Found):
    """The relative incidences, and the intervals behind them.

    One row of `intervals` is one (start, stop] in which nothing changes: child_key, days,
    events, exposed, and the place among the cuts of each band. `outside` counts the events that
    lie in no child's observed time.
    """

    intervals: pd.DataFrame
    outside: int = 0


def case_series(
    children: pd.DataFrame,
    events: pd.DataFrame,
    exposures: pd.DataFrame,
    *,
    risk: Sequence[tuple[int, int]],
    before: int = 28,
    bands: Mapping[str, Sequence[Any]] | None = None,
    since: Mapping[str, str] | None = None,
    seasons: bool = False,
    errors: WithinErrors | None = None,
    confidence: float = 0.95,
) -> CaseSeries:
    """Relative incidence in days after an exposure (a referral), within each child.

        children   child_key, start, stop: observed from the day after start to stop, a row a period
        events     child_key, day: a row an event
        exposures  child_key, day: a row an exposure; a child may have none or several

    Days are whole numbers (of age, of the calendar) or dates, the same for all. `risk` are pairs
    of days since exposure, both ends included: (0, 27) is four weeks from its day on. `before` is
    the number of days just before it that stand by themselves: a referral follows a spike, and
    with the spike in the baseline every service would seem to work. It is 28 unless told;
    0 leaves it out, and is warned of. All other days are the baseline. Where windows overlap, the
    later exposure counts, and 'after' goes before 'before'. `bands` names cuts that everyone
    shares: {'age': (547,)} parts the days up to and with 547 from those after; with
    since={'age': 'born'} they are counted from that column of `children`. `seasons` has the
    quarters of the year apart, where days are dates.

    Figures: 'rate_ratio' of 'before_28_1', 'after_0_27', 'age_after_547', 'season_2' and so on.
    `children` counts those with an event. A window without an event is missing ('separation').
    Errors are as in `within_child`: robust and clustered by child if any child has two events.
    The method takes for granted that an event changes neither the chance of exposure (that is
    what `before` is for) nor the end of observation: many events on children's last days are
    warned of.

    >>> days = pd.DataFrame({"child_key": list("ABC"), "start": 0, "stop": 365})
    >>> events = pd.DataFrame({"child_key": list("AABBC"), "day": [95, 300, 40, 210, 130]})
    >>> referred = pd.DataFrame({"child_key": list("ABC"), "day": [90, 200, 120]})
    >>> found = case_series(days, events, referred, risk=[(0, 27)])
    >>> round(found.one("rate_ratio", "after_0_27").value, 2)
    16.55

    Raises WrongUse where a column is missing, a day is not whole, a child's periods overlap or
    end before they start, or windows are out of order.
    Source: Farrington (1995), Biometrics 51:228; Whitaker et al. (2006), Stat Med 25:1768;
    before: Petersen, Douglas & Whitaker (2016), BMJ 354:i4515.
    """
    about, bands, since = windows(risk, before), dict(bands or {}), dict(since or {})
    unknown = sorted(set(since) - set(bands))
    if unknown:
        raise WrongUse(_("There are no bands {bands}.", bands=", ".join(unknown)))
    intervals = cut(children, exposures, about=about, bands=bands, since=since, seasons=seasons)
    counts, outside = happened(intervals, events)
    intervals = intervals.assign(events=counts)
    columns = {
        label: intervals["exposed"] == label
        for label in about.labels
        if (intervals["exposed"] == label).any()
    }
    for name, cuts in bands.items():
        for place, edge in enumerate(sorted(cuts), start=1):
            columns[f"{name}_after_{_written(edge)}"] = intervals[name] == place
    if seasons:
        first = int(intervals["season"].min())
        for quarter in sorted(set(intervals["season"]) - {first}):
            columns[f"season_{quarter}"] = intervals["season"] == quarter
    child = np.asarray(pd.factorize(intervals[CHILD])[0], dtype=np.intp)
    table = Table(
        outcome=intervals["events"].to_numpy(dtype=float),
        columns=pd.DataFrame(columns, index=intervals.index, dtype=float),
        days=intervals["days"].to_numpy(dtype=float),
        weights=np.ones(len(intervals)),
        cluster=child,
        by=CHILD,
        children=int(child.max()) + 1,
    )
    model, tells, reason = fit_within(table, groups=child, errors=errors, confidence=confidence)
    told = informative(table, tells)
    found = ratios(model, told, method=f"case_series_{model.errors}", level=2, why_not=reason)
    return CaseSeries(
        estimates=tuple(replace(one, of=table.children) for one in found),
        model=model,
        beware=(
            *warned(model, told),
            *_beware(children, events, before=before, outside=outside),
        ),
        intervals=intervals,
        outside=outside,
    )


def _beware(
    children: pd.DataFrame, events: pd.DataFrame, *, before: int, outside: int
) -> tuple[Beware, ...]:
    said = []
    if not before:
        spike = _("Referral follows a spike; falls are expected without any service.")
        said.append(Beware("regression_to_the_mean", spike))
    if outside:
        out = _("{events} events lie outside the time observed and are left out.", events=outside)
        said.append(Beware("outside_observation", out))
    last = pd.DataFrame({CHILD: children[CHILD], "day": days_of(children["stop"])})
    when = pd.DataFrame({CHILD: events[CHILD], "day": days_of(events["day"])})
    at_end = int(when.merge(last, on=[CHILD, "day"])[CHILD].nunique())
    if at_end > max(1, _AT_THE_END * when[CHILD].nunique()):
        ended = _(
            "{children} children have an event on their last day observed: "
            "events may have ended it.",
            children=at_end,
        )
        said.append(Beware("event_ends_observation", ended))
    return tuple(said)


def _written(edge: Any) -> str:
    return str(edge.date()) if isinstance(edge, pd.Timestamp) else str(edge)
