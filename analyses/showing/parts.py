"""Figures as what the pictures of `evaluation.drawing` are drawn from. Words come from the caller."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from analyses.cohorts import ARMS
from analyses.monitoring import Monitored
from analyses.showing.frames import named
from evaluation.drawing import (
    by_place,
    control_chart,
    flow_diagram,
    forest_plot,
    interval_plot,
    kaplan_meier,
    love_plot,
    referral_funnel,
    small_multiples,
)
from evaluation.nouns import Estimate, Step

_ANSWERS = {
    "care_status": "care_status",
    "local_authority": "local_authority",
    "risk_last": "risk_grade",
    "sex": "sex",
}
"""The code list of each covariate's answers."""


def boxes(
    flow: Iterable[Step],
) -> tuple[flow_diagram.Box, tuple[flow_diagram.Box, ...], tuple[flow_diagram.Box, ...]]:
    """A cohort's flow: where it starts, who was left out (where anybody was), and the arms."""
    start, *rest = flow
    left_out = [step for step in rest if step.reason not in ARMS and step.children]
    kept = [step for step in rest if step.reason in ARMS]
    return _box(start), tuple(map(_box, left_out)), tuple(map(_box, kept))


def differences(
    balance: pd.DataFrame, titles: Callable[[str], object] | None = None
) -> tuple[love_plot.Row, ...]:
    """A row of a balance table each: the standardised differences without their sign.

    `titles` says a covariate in words; without it, its own name does.
    """
    said = titles or _covariate
    sizes = balance.set_index("covariate")[["smd_before", "smd_after"]].abs()
    return tuple(
        love_plot.Row(str(said(str(name))), _held(row["smd_before"]), _held(row["smd_after"]))
        for name, row in sizes.iterrows()
    )


def ratios(
    figures: Iterable[Estimate], labels: Mapping[str, str] | None = None
) -> tuple[forest_plot.Row, ...]:
    """A row a figure with its interval; the primary one is the main one.

    `labels` gives a measure another name than its own; days and cohorts are named, too, where
    the figures of a measure differ in them.
    """
    held = list(figures)
    own = {f.measure: _begins(_words(f.measure).removesuffix(" rate ratio")) for f in held}
    known = own | dict(labels or {})
    return tuple(
        forest_plot.Row(
            known[figure.measure]
            + "".join(f", {words}" for words in _apart(figure, held))
            + ("" if figure.group in {"contrast", "all"} else f": {_words(figure.group)}"),
            figure.value,
            figure.low,
            figure.high,
            _with_limits(figure),
            is_main=figure.role == "primary",
        )
        for figure in held
    )


def arms(
    figures: Iterable[Estimate], *, ticks: Sequence[int], names: Mapping[str, str]
) -> tuple[kaplan_meier.Curve, ...]:
    """Each arm's curve from its points, with the children still at risk at the ticks."""
    held = [figure for figure in figures if figure.value is not None and figure.days is not None]
    by_arm = {arm: {f.days: f for f in held if f.group == arm} for arm in names}
    return tuple(
        kaplan_meier.Curve(
            name,
            tuple((day or 0, f.value, f.low, f.high) for day, f in sorted(by_arm[arm].items())),
            tuple(str(by_arm[arm][day].children) if day in by_arm[arm] else "" for day in ticks),
        )
        for arm, name in names.items()
    )


def stages(figures: Iterable[Estimate], *, whole: str) -> tuple[referral_funnel.Stage, ...]:
    """A stage a figure, with its share of the `whole`, which is the first stage."""
    return tuple(
        referral_funnel.Stage(
            _begins(_words(figure.measure)),
            figure.children,
            f"{figure.children}"
            if figure.measure == whole or figure.value is None
            else f"{figure.children} ({figure.value:.0%})",
        )
        for figure in figures
    )


def shares(
    figures: Iterable[Estimate], *, label: str, code_list: str | None = None
) -> tuple[interval_plot.Row, ...]:
    """A row a figure that is a share, called after its field `label` (and its days, if they differ).

    The words at its end are the share and of how many it is.
    """
    held = list(figures)
    name = named(code_list)
    several = len({figure.days for figure in held}) > 1
    return tuple(
        interval_plot.Row(
            _begins(name(getattr(figure, label)))
            + (f", {figure.days} days" if several and figure.days else ""),
            figure.value,
            figure.low,
            figure.high,
            _words(figure.why_not)
            if figure.value is None
            else f"{figure.value:.0%}" + (f" of {figure.of}" if figure.of else ""),
        )
        for figure in held
    )


def charted_months(monitored: Monitored) -> tuple[control_chart.Point, ...]:
    """Each month of a series with its limits, and whether it stands out."""
    return tuple(
        control_chart.Point(
            _month(month),
            _held(row["value"]),
            _held(row["centre"]),
            _held(row["low"]),
            _held(row["high"]),
            "" if row["variation"] in {"", "common_cause"} else row["variation"],
            _words(row["why_not"]),
        )
        for month, row in monitored.points.iterrows()
    )


def limited_months(
    figures: Iterable[Estimate], limits: Iterable[Estimate]
) -> tuple[control_chart.Point, ...]:
    """Each month's share beside its limits; one beyond them stands out, the better or the worse."""
    room = {limit.group: limit for limit in limits}
    return tuple(
        control_chart.Point(
            _month(figure.group),
            figure.value,
            limit.value,
            limit.low,
            limit.high,
            "special_cause" if _is_outside(figure, limit) else "",
            _words(figure.why_not or ""),
        )
        for figure in figures
        for limit in [room[figure.group]]
    )


def places(
    figures: Iterable[Estimate], limits: Iterable[Estimate], *, code_list: str
) -> tuple[by_place.Place, ...]:
    """Each place's share beside what chance leaves room for, in the order of the code list."""
    label = named(code_list)
    room = {limit.group: limit for limit in limits if limit.low is not None}
    held = [figure for figure in figures if figure.value is not None and figure.group in room]
    return tuple(
        by_place.Place(
            label(figure.group),
            figure.value,
            room[figure.group].low,
            room[figure.group].high,
            f"{figure.value:.0%} of {figure.of}",
            is_outside=_is_outside(figure, room[figure.group]),
        )
        for figure in held
    )


def panels(
    figures: Iterable[Estimate], *, code_list: str, between: str = "/"
) -> tuple[small_multiples.Panel, ...]:
    """A panel a place, of figures whose `group` is 'month/place'; places as they first come."""
    label = named(code_list)
    series: dict[str, list[float | None]] = {}
    for figure in figures:
        _month, _between, place = figure.group.partition(between)
        series.setdefault(place, []).append(figure.value)
    return tuple(
        small_multiples.Panel(label(place), tuple(values))
        for place, values in series.items()
        if any(value is not None for value in values)
    )


def _apart(figure: Estimate, among: Iterable[Estimate]) -> Iterable[str]:
    """What tells a figure from others of its measure."""
    like = [other for other in among if other.measure == figure.measure]
    if len({other.days for other in like}) > 1 and figure.days:
        yield f"{figure.days} days"
    if len({other.cohort for other in like}) > 1:
        yield _words(figure.cohort)
    if len({other.outcome for other in like}) > 1:
        yield _words(figure.outcome)


def _begins(words: str) -> str:
    return words[:1].upper() + words[1:]


def _is_outside(figure: Estimate, limits: Estimate) -> bool:
    if figure.value is None or limits.low is None or limits.high is None:
        return False
    return not limits.low <= figure.value <= limits.high


def _month(written: object) -> str:
    """'Apr' above '2024', as the axes of the report's pictures have it."""
    return pd.Period(str(written), freq="M").strftime("%b\n%Y")


def _covariate(column: str) -> str:
    """'sex=female' as 'Sex: Female', by the code list of the answers where there is one."""
    name, is_answer, code = column.partition("=")
    words = _begins(_words(name))
    return f"{words}: {named(_ANSWERS.get(name))(code)}" if is_answer else words


def _box(step: Step) -> flow_diagram.Box:
    return flow_diagram.Box(step.title.to("en"), f"{step.children:,}")


def _held(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def _with_limits(figure: Estimate) -> str:
    if figure.value is None:
        return _words(figure.why_not or "not there")
    if figure.low is None or figure.high is None:
        return f"{figure.value:.2f}"
    return f"{figure.value:.2f} ({figure.low:.2f} to {figure.high:.2f})"


def _words(code: object) -> str:
    return str(code).replace("_", " ")
