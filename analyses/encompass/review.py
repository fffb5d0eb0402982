"""Around a dated review: the share not told in time before and after, month by month.

A change of the process, seen in one area alone: level 2 of 5. Nothing is said of what became of
the children.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from analyses.by_child import part_of_records
from analyses.encompass.clocks import PROCESS_ONLY, figure, weak
from analyses.encompass.eligible import Eligible
from analyses.encompass.months import by_time
from evaluation.estimating.series import Interrupted, interrupted_series
from evaluation.estimating.series.traps import FEWEST_PERIODS
from evaluation.nouns import Estimate, Snapshot

COHORT = "op_encompass_review"
OUTCOME = "school_not_told_in_time"
MEASURES = ("trend_ratio", "level_ratio", "slope_ratio", "rate_ratio")
LINES = ("share_fitted", "share_expected")
FEWEST_FOR_SEASONS = 36
"""Months of a series from which waves of a year are told from a trend and a change."""

_OPENS_WITHIN = (1, 4)
"""Days within which a school opens: on the next one, or after a weekend and a bank holiday."""

MONTHS_ON = 5
"""The effect is told for the sixth month after as well: further on, the trend before, drawn on and
on, foretells more than there are incidents."""


def around(
    found: Eligible,
    snapshot: Snapshot,
    review: date,
    *,
    other_changes: Sequence[date] = (),
    closures: bool = True,
    **how: Any,
) -> Interrupted | None:
    """The interrupted series of rows whose school was not told in time, as shares of those judged.

    Those not told are counted rather than those told, because they are the fewer: a ratio of two
    shares near one can say little, and a model of logarithms would foretell more than all.
    A school that is closed for weeks is told in time however late it is told, so that months of
    holidays look better. With `closures` the exposure is not the rows but how many of them would
    not be told in time, did nothing count but how soon each school opened again (indirect
    standardisation): seasons as waves do it far worse, because in two or three years they can
    hardly be told from a trend and a change of level, and are left to series of three years.
    tests/slow/test_encompass_review.py measures both.

    The month of the review is left out, unless it was on the month's first day. None where fewer
    than 8 months on either side have rows: a trend would be mostly chance. `how` changes the
    series in other ways, as `interrupted_series` has them.
    """
    counts = by_time(found, snapshot, "month")
    counts = counts.assign(as_usual=_as_usual(found.judged, counts.index) if closures else 1.0)
    months = counts[counts["of"] > 0].assign(
        period=lambda rows: rows["period"].dt.to_period("M"),
        late=lambda rows: rows["late"].astype(float).where(rows["came"]),
    )
    begins = pd.Period(review, freq="M")
    phase_in = int(review.day > 1)
    told = months[months["came"]]["period"]
    if min((told < begins).sum(), (told >= begins + phase_in).sum()) < FEWEST_PERIODS:
        return None
    months["exposure"] = months["of"] * months["as_usual"]
    usual: dict[str, Any] = {
        "phase_in": phase_in,
        "after": [MONTHS_ON],
        "per": float(months["exposure"].sum() / months["of"].sum()),
        "harmonics": None if len(counts) >= FEWEST_FOR_SEASONS else 0,
    }
    return interrupted_series(
        months,
        interruption=begins,
        outcome="late",
        exposure="exposure",
        other_changes=[pd.Period(change, freq="M") for change in other_changes],
        **usual | how,
    )


def _as_usual(judged: pd.DataFrame, months: pd.Index) -> pd.Series:
    """For each month ('2024-05') the share that would not be told in time, had nothing changed.

    That of all rows whose schools opened as soon: on the next day, after a weekend, or later. Half
    a row of each kind is added, so that no share is 0.
    """
    late = 1 - judged["in_time"].astype("int64")
    soon = pd.cut(judged["opens_in"], [-1, *_OPENS_WITHIN, np.inf], labels=False)
    rows = late.groupby(soon).agg(["sum", "size"])
    shares = soon.map((rows["sum"] + 0.5) / (rows["size"] + 1))
    return shares.groupby(judged["on"].dt.strftime("%Y-%m")).mean().reindex(months)


def figures(
    found: Eligible, snapshot: Snapshot, review: date, *, other_changes: Sequence[date] = ()
) -> list[Estimate]:
    """What changed with the review, as ratios of the share not told in time.

    'children' has the distinct children before and after it. Of the others `group` is 'contrast':
    'trend_ratio' a month before it, 'level_ratio' at once, 'slope_ratio' the change of the trend,
    and 'rate_ratio' both together in the sixth month. Without enough months they bear why_not
    'few_periods'.

    Where the series can be made, 'share_fitted' and 'share_expected' are its lines, a month each
    (`group`, '2024-05'), were schools closed as long in every month: the share not told in time as it was fitted,
    and, from the review on, as the trend before would have had it.
    """
    judged = found.judged
    after = judged["on"] >= pd.Timestamp(review)
    sides = {"before": judged[~after], "after": judged[after]}
    told = [
        figure(measure="children", cohort=COHORT, group=side, children=own, value=float(own))
        for side, rows in sides.items()
        for own in [rows["child_key"].nunique()]
    ]
    common = fields(found)
    series = around(found, snapshot, review, other_changes=other_changes)
    if series is None:
        none = Estimate(
            measure="", group="contrast", design_level=2, unmet=weak(found),
            why_not="few_periods", **common,
        )  # fmt: skip
        return told + [replace(none, measure=measure) for measure in MEASURES]
    ratios = [
        replace(one, group="contrast", unmet=(*weak(found), *one.unmet), **common)
        for one in series
        if one.measure in MEASURES
    ]
    return told + ratios + _lines(series, review, ratios[0])


def fields(found: Eligible) -> dict[str, Any]:
    """What all figures of the series bear: where they belong, and the rows that they come from."""
    judged = found.judged
    late = 1 - judged["in_time"].astype("int64")
    return {
        "section": "op_encompass",
        "cohort": COHORT,
        "outcome": OUTCOME,
        "unit": "records",
        "children": judged["child_key"].nunique(),
        "of": len(judged),
        **part_of_records(judged["child_key"], late),
        "role": "monitoring",
    }


def _lines(series: Interrupted, review: date, like: Estimate) -> list[Estimate]:
    """Both lines of the series, a figure a month; none where it has no answer."""
    begins = pd.Period(review, freq="M")
    told = []
    for measure, line in zip(LINES, ("level", "expected"), strict=True):
        months = series.periods.dropna(subset=line)
        if line == "expected":
            months = months[months["time"] >= begins]
        told += [
            replace(like, measure=measure, group=str(month["time"]), value=float(month[line]),
                    low=float(month[f"{line}_low"]), high=float(month[f"{line}_high"]),
                    se=None, p=None)
            for month in months.to_dict("records")
        ]  # fmt: skip
    return told


def no_figures(why_not: str) -> list[Estimate]:
    """The figures where nothing can be said."""
    return [
        figure(
            measure=measure, group="contrast", cohort=COHORT, outcome=OUTCOME, unit="records",
            role="monitoring", design_level=2, why_not=why_not, unmet=(PROCESS_ONLY,),
        )
        for measure in MEASURES
    ]  # fmt: skip
