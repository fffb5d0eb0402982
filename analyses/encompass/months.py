"""The share told in time, month by month and quarter by quarter, as a control chart."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pandas as pd

from analyses.encompass.clocks import IN_TIME, PROCESS_ONLY, figure, school_told
from analyses.encompass.eligible import Eligible
from analyses.encompass.incidents import FORM
from analyses.encompass.places import limits
from analyses.snapshots import covered
from evaluation.estimating.charts import Chart, p_chart
from evaluation.nouns import Estimate, Snapshot
from evaluation.quarters import Quarter

Every = Literal["month", "quarter"]


def by_time(found: Eligible, snapshot: Snapshot, every: Every) -> pd.DataFrame:
    """Rows judged and told in time in each month or quarter, in the order of time.

    One row is one month ('2024-05') or quarter ('2024Q1'): came (whether its return has), of,
    in_time, late, and period, its first day.
    """
    came = covered(snapshot, FORM)
    names = _names(found.judged["on"], every)
    rows = []
    for first, name in _periods(found.quarters, every):
        own = found.judged[names == name]
        counts = {"of": len(own), "in_time": int(own["in_time"].sum())}
        is_told = Quarter.of(first.date()) in came
        rows.append({"name": name, "period": first, "came": is_told, **counts})
    table = pd.DataFrame(rows, columns=["name", "period", "came", "of", "in_time"])
    return table.assign(late=table["of"] - table["in_time"]).set_index("name")


def chart_of_time(counts: pd.DataFrame) -> Chart | None:
    """A p-chart of the periods with rows; None of fewer than two.

    Where periods move more than chance moves them, its limits are widened (Laney).
    """
    points = counts[counts["came"] & (counts["of"] > 0)]
    if len(points) < 2:
        return None
    return p_chart(points["in_time"], points["of"], better="more")


def figures(found: Eligible, snapshot: Snapshot, *, every: Every) -> list[Estimate]:
    """The share of each period, and the limits of the chart at its point.

    A month of holidays leaves more time to tell a school in, and looks better for it: compare it
    with the same month of another year. `group` is the month or quarter, the cohort 'op_encompass_months' or 'op_encompass_quarters'.
    A period whose return has not come has no value, and is no point of the chart.
    """
    counts = by_time(found, snapshot, every)
    chart = chart_of_time(counts)
    names = _names(found.judged["on"], every)
    told = []
    for name, counted in counts.iterrows():
        own = found.judged[names == name]
        cohort = f"op_encompass_{every}s"
        share = school_told(found, own, cohort=cohort, group=str(name), limits=False)
        share = replace(share, role="monitoring")
        if not counted["came"]:
            share = replace(
                share, children=None, of=None, events=None, with_events=None,
                without_events=None, largest_child_events=None, largest_child_rest=None,
                value=None, why_not="no_return",
            )  # fmt: skip
        told += [share, limits(share, chart, str(name))]
    return told


def no_figures(quarter: Quarter, why_not: str) -> list[Estimate]:
    """The quarter, and its months, where nothing can be said."""
    return [
        figure(
            measure="school_told", group=name, cohort=f"op_encompass_{every}s", outcome=IN_TIME,
            unit="records", role="monitoring", why_not=why_not, unmet=(PROCESS_ONLY,),
        )
        for every in ("month", "quarter")
        for _first, name in _periods((quarter,), every)
    ]  # fmt: skip


def _periods(quarters: tuple[Quarter, ...], every: Every) -> list[tuple[pd.Timestamp, str]]:
    if every == "quarter":
        return [(pd.Timestamp(quarter.first_day), str(quarter)) for quarter in quarters]
    months = pd.period_range(quarters[0].first_day, quarters[-1].last_day, freq="M")
    return [(month.start_time, str(month)) for month in months]


def _names(days: pd.Series, every: Every) -> pd.Series:
    names = [str(Quarter.of(day.date())) if every == "quarter" else f"{day:%Y-%m}" for day in days]
    return pd.Series(names, index=days.index, dtype="str")
