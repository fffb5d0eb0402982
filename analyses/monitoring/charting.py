"""A monthly series as a control chart, drawn from the figures as they leave."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import pandas as pd

from analyses.monitoring.series import Series
from evaluation.estimating.charts import Chart, p_chart, u_chart, xmr
from evaluation.estimating.charts.chart import Assurance, Variation
from evaluation.estimating.charts.rules import marks
from evaluation.estimating.found import Beware
from evaluation.nouns import Estimate, Figure
from evaluation.nouns.dated import DatedEvent

FEWEST = 8
"""Points in a phase below which limits would say more of chance than of the months."""

SHIFT = TREND = 7
"""The length of a run that is a sign, as Making Data Count has it."""

Told: TypeAlias = Estimate | Figure

_NOT_THERE = frozenset({"no_return", "no_events"})
"""Why a month is a gap: nobody knows what it was, or there was nobody to count."""


@dataclass(frozen=True)
class Monitored:
    """One series as a chart. One row of `points` is one month, under its name ('2024-05').

        value, centre      missing where the month has no value, or its phase no limits
        low, high          the limits, three standard deviations from the centre
        phase              1, 2, …: limits begin anew where a definition changes
        marks              why it stands out: 'outside', 'shift', 'trend', 'near', joined by a space
        variation          'common_cause', 'improvement', 'concern' or 'special_cause'; '' where
                           nothing can be said
        why_not            why the month has no value, or the code of why it is withheld; else ''
        why_no_limits      'few_months' or 'months_withheld'; else ''

    `events` are the dated events within the months, each with its month. `assurance` is there
    where a target is, and a side that is better.
    """

    series: Series
    points: pd.DataFrame
    events: tuple[tuple[str, DatedEvent], ...] = ()
    assurance: Assurance | None = None
    beware: tuple[Beware, ...] = ()

    @property
    def variation(self) -> Variation | None:
        """That of the last month; None where it has no value or no limits."""
        said: list[Variation | Literal[""]] = self.points["variation"].tolist()
        return (said[-1] or None) if said else None


def charted(
    figures: Iterable[Told],
    series: Series,
    *,
    events: Sequence[DatedEvent] = (),
    target: float | None = None,
) -> Monitored:
    """Lay centre and limits round a series, and say which months are more than noise.

    Everything is computed from the `figures` given. A report gives those of its release: then
    the marks are of the numbers that its reader sees, they agree with the picture, and they tell
    nothing that the numbers do not. From exact estimates the same call gives the inside view.

    - `xmr` takes each month's value; 'u' the events over children times days of the month; 'p'
      the children over `of`: the counts as rounded, where they are.
    - Limits begin anew in the first month of another definition: one whose figure is stamped
      'definition_changed', and the month of an event of the kind 'definition' that concerns the
      series. Every other event is marked and changes no limit.
    - A month whose return has not come is no point, and no run crosses it: neither shift, trend
      nor near is made of months on both sides. The limits go on over it.
    - In a phase with a month that is withheld, no limits are drawn. Withheld are the small
      numbers, so that the others alone would put the centre too high.
    - Nor in a phase of fewer than 8 points. What has no limits has no mark.
    """
    months = _laid_out(figures, series)
    if months.empty:
        return Monitored(series, _empty(months.index))
    about = [event for event in events if event.concerns(*series.answers_to)]
    within = tuple(
        (month, event)
        for event in sorted(about, key=lambda event: event.on)
        if (month := f"{event.on:%Y-%m}") in months.index
    )
    begins = {month for month, event in within if event.kind == "definition"}
    phase = (months["changed"] | months.index.isin(list(begins))).astype("int64")
    phase.iloc[0] = 1
    phase = phase.cumsum()
    told, charts = [], []
    for _number, own in months.groupby(phase):
        why = _why_no_limits(own)
        chart = None if why else _chart(own[own["is_point"]], series, target)
        told.append(_points(own, chart, why, is_share=series.chart == "p"))
        charts.append(chart)
    points = pd.concat(told).assign(phase=phase)
    return Monitored(
        series,
        points[["value", "centre", "low", "high", "phase", "marks", "variation", "why_not",
                "why_no_limits"]],
        within,
        None if charts[-1] is None else charts[-1].assurance,
        tuple(dict.fromkeys(each for chart in charts if chart for each in chart.beware)),
    )  # fmt: skip


def _laid_out(figures: Iterable[Told], series: Series) -> pd.DataFrame:
    """One row a month, without a break: part, whole, value, is_point, changed, why_not."""
    own = {
        figure.group: figure
        for figure in figures
        if (figure.section, figure.measure, figure.cohort, figure.outcome)
        == (series.section, series.measure, series.cohort, series.outcome)
    }
    names = [str(each) for each in pd.period_range(min(own), max(own), freq="M")] if own else []
    rows = [_row(name, own.get(name), series) for name in names]
    columns = ["part", "whole", "value", "is_point", "changed", "why_not"]
    return pd.DataFrame(rows, columns=columns, index=pd.Index(names, dtype="str"))


def _row(
    month: str, figure: Told | None, series: Series
) -> tuple[float, float, float, bool, bool, str]:
    """A month without a figure is one whose return has not come."""
    if figure is None:
        return np.nan, np.nan, np.nan, False, False, "no_return"
    changed = "definition_changed" in figure.unmet
    part, whole, value = np.nan, np.nan, np.nan
    if figure.value is not None:
        match series.chart:
            case "xmr":
                value = part = figure.value
            case "u":
                part = float(figure.events or 0)
                whole = float(figure.children or 0) * pd.Period(month, freq="M").days_in_month
                value = 100 * part / whole if whole else np.nan
            case "p":
                part, whole = float(figure.children or 0), float(figure.of or 0)
                value = part / whole if whole else np.nan
    is_point = bool(np.isfinite(value))
    withheld = figure.withheld if isinstance(figure, Figure) else None
    why = "" if is_point else figure.why_not or withheld or "no_events"
    return part, whole, value, is_point, changed, why


def _why_no_limits(months: pd.DataFrame) -> str:
    if (~months["is_point"] & ~months["why_not"].isin(_NOT_THERE)).any():
        return "months_withheld"
    return "few_months" if months["is_point"].sum() < FEWEST else ""


def _chart(months: pd.DataFrame, series: Series, target: float | None) -> Chart:
    match series.chart:
        case "xmr":
            return xmr(months["part"], floor=0, better=series.better, target=target)
        case "u":
            return u_chart(months["part"], months["whole"], better=series.better, target=target)
        case "p":
            return p_chart(months["part"], months["whole"], better=series.better, target=target)


def _points(months: pd.DataFrame, chart: Chart | None, why: str, *, is_share: bool) -> pd.DataFrame:
    """The months of one phase, with what its chart says of them."""
    points = _empty(months.index).assign(
        value=months["value"], why_not=months["why_not"], why_no_limits=why
    )
    if chart is None:
        return points
    at = chart.points.index
    points.loc[at, ["centre", "low", "high"]] = chart.points[["centre", "low", "high"]]
    # A gap has no limits of its own; they go on over it for the eye.
    points[["centre", "low", "high"]] = points[["centre", "low", "high"]].ffill().bfill()
    codes = _marks(months, chart.points, is_share=is_share)
    points.loc[at, "marks"] = codes
    points.loc[at, "variation"] = chart.points["variation"].where(codes != "", "common_cause")
    return points


def _marks(months: pd.DataFrame, points: pd.DataFrame, *, is_share: bool) -> pd.Series:
    """The rules, applied to each stretch of months between gaps."""
    stretch = (~months["is_point"]).cumsum()[months["is_point"]]
    numbers = points[["value", "centre"]].assign(reach=_reach(points, is_share=is_share))
    codes = [
        code
        for _number, own in numbers.groupby(stretch)
        for code in marks(*own.to_numpy().T, shift=SHIFT, trend=TREND)
    ]
    return pd.Series(codes, index=points.index, dtype="str")


def _reach(points: pd.DataFrame, *, is_share: bool) -> pd.Series:
    """From the centre to a limit that is not cut off at 0 or 1; no end where both are."""
    up, down = points["high"] - points["centre"], points["centre"] - points["low"]
    reach = pd.concat([up, down], axis="columns").max(axis="columns")
    both_cut = is_share & (points["low"] <= 0) & (points["high"] >= 1)
    return reach.mask(both_cut, np.inf)


def _empty(index: pd.Index) -> pd.DataFrame:
    numbers = dict.fromkeys(("value", "centre", "low", "high"), np.nan)
    words = dict.fromkeys(("marks", "variation", "why_not", "why_no_limits"), "")
    return pd.DataFrame({**numbers, **words}, index=index).astype(
        dict.fromkeys(numbers, "float64") | dict.fromkeys(words, "str")
    )
