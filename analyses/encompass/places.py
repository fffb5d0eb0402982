"""Each authority beside what its number of incidents leaves to chance; never ranked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from analyses.encompass.clocks import IN_TIME, PROCESS_ONLY, figure, school_told
from analyses.encompass.eligible import Eligible
from evaluation.estimating.charts import Chart, p_chart
from evaluation.nouns import Estimate


def chart_of_places(found: Eligible, area: Sequence[str]) -> Chart | None:
    """A p-chart whose points are the area's authorities, in order; None of fewer than two.

    Points have no order in time, so that only its limits are meant: its rules for runs are not.
    """
    counts = _counts(found, area)
    counts = counts[counts["of"] > 0]
    if len(counts) < 2:
        return None
    return p_chart(counts["in_time"], counts["of"], spread="counts", better="more")


def figures(found: Eligible, cohort: str, area: Sequence[str]) -> list[Estimate]:
    """The share told in time for each authority, and the limits that the whole area sets.

    `group` is the authority's code, in the order of `area`. 'school_told' has its own
    interval; 'school_told_limits' has the area's share for its value, and for its limits three
    standard deviations of as many rows as the authority has: within them, it need not differ
    from the rest.
    """
    chart = chart_of_places(found, area)
    told = []
    for place in area:
        here = replace(found, due=found.due[found.due["local_authority"] == place])
        share = school_told(here, here.judged, cohort=cohort, group=place)
        told += [share, limits(share, chart, place)]
    return told


def no_figures(cohort: str, why_not: str, area: Sequence[str]) -> list[Estimate]:
    """The share of each authority where nothing can be said."""
    return [
        figure(
            measure="school_told", group=place, cohort=cohort, outcome=IN_TIME, unit="records",
            why_not=why_not, unmet=(PROCESS_ONLY,),
        )
        for place in area
    ]  # fmt: skip


def limits(share: Estimate, chart: Chart | None, point: str) -> Estimate:
    """The limits of a chart at one of its points, of as many rows as the share.

    They say nothing of the point itself and carry no events, so that they may leave where the
    share may not.
    """
    nothing: dict[str, Any] = dict.fromkeys(
        (
            "events",
            "with_events",
            "without_events",
            "largest_child_events",
            "largest_child_rest",
            "value",
            "low",
            "high",
        )
    )
    bare = replace(share, measure="school_told_limits", method="p", **nothing)
    if share.value is None:
        return bare
    if chart is None:
        return replace(bare, why_not="no_comparison")
    value, low, high = (float(chart.points[name].loc[point]) for name in ("centre", "low", "high"))
    return replace(
        bare,
        value=value,
        low=low,
        high=high,
        confidence=THREE_SIGMA,
        method=next(one.method for one in chart if one.measure == "centre"),
    )


THREE_SIGMA = 0.9973
"""What three standard deviations on either side hold, of a normal law."""


def _counts(found: Eligible, area: Sequence[str]) -> pd.DataFrame:
    """Rows judged and in time, an authority a row, in order."""
    by = found.judged.groupby("local_authority")["in_time"].agg(["sum", "size"])
    by = by.reindex(list(area), fill_value=0)
    return by.set_axis(["in_time", "of"], axis=1)
