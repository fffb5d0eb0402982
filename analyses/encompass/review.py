"""Around a dated review: the share not told in time before and after, month by month.

A change of the process, seen in one area alone: level 2 of 5. Nothing is said of what became of
the children.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

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
MONTHS_ON = 5
"""The effect is told for the sixth month after as well: further on, the trend before, drawn on and
on, foretells more than there are incidents."""


def around(
    found: Eligible, snapshot: Snapshot, review: date, *, other_changes: Sequence[date] = ()
) -> Interrupted | None:
    """The interrupted series of rows whose school was not told in time, per 100 rows judged.

    Those not told are counted rather than those told, because they are the fewer: a ratio of two
    shares near one can say little, and a model of logarithms would foretell more than all.
    The month of the review is left out, unless it was on the month's first day. None where fewer
    than 8 months on either side have rows: a trend would be mostly chance.
    """
    counts = by_time(found, snapshot, "month")
    months = counts[counts["of"] > 0].assign(
        period=lambda rows: rows["period"].dt.to_period("M"),
        late=lambda rows: rows["late"].astype(float).where(rows["came"]),
    )
    begins = pd.Period(review, freq="M")
    phase_in = int(review.day > 1)
    told = months[months["came"]]["period"]
    if min((told < begins).sum(), (told >= begins + phase_in).sum()) < FEWEST_PERIODS:
        return None
    return interrupted_series(
        months,
        interruption=begins,
        outcome="late",
        exposure="of",
        phase_in=phase_in,
        after=[MONTHS_ON],
        other_changes=[pd.Period(change, freq="M") for change in other_changes],
    )


def figures(
    found: Eligible, snapshot: Snapshot, review: date, *, other_changes: Sequence[date] = ()
) -> list[Estimate]:
    """What changed with the review, as ratios of the share not told in time.

    'children' has the distinct children before and after it. Of the others `group` is 'contrast':
    'trend_ratio' a month before it, 'level_ratio' at once, 'slope_ratio' the change of the trend,
    and 'rate_ratio' both together in the sixth month. Without enough months they bear why_not
    'few_periods'.
    """
    judged = found.judged
    after = judged["on"] >= pd.Timestamp(review)
    sides = {"before": judged[~after], "after": judged[after]}
    told = [
        figure(measure="children", cohort=COHORT, group=side, children=own, value=float(own))
        for side, rows in sides.items()
        for own in [rows["child_key"].nunique()]
    ]
    late = 1 - judged["in_time"].astype("int64")
    common: dict[str, Any] = {
        "section": "op_encompass",
        "cohort": COHORT,
        "outcome": OUTCOME,
        "unit": "records",
        "children": judged["child_key"].nunique(),
        "of": len(judged),
        **part_of_records(judged["child_key"], late),
        "role": "monitoring",
    }
    series = around(found, snapshot, review, other_changes=other_changes)
    if series is None:
        none = Estimate(
            measure="", group="contrast", design_level=2, unmet=weak(found),
            why_not="few_periods", **common,
        )  # fmt: skip
        return told + [replace(none, measure=measure) for measure in MEASURES]
    return told + [
        replace(one, group="contrast", unmet=(*weak(found), *one.unmet), **common)
        for one in series
        if one.measure in MEASURES
    ]


def no_figures(why_not: str) -> list[Estimate]:
    """The figures where nothing can be said."""
    return [
        figure(
            measure=measure, group="contrast", cohort=COHORT, outcome=OUTCOME, unit="records",
            role="monitoring", design_level=2, why_not=why_not, unmet=(PROCESS_ONLY,),
        )
        for measure in MEASURES
    ]  # fmt: skip
