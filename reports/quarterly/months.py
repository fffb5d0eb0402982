"""The monthly series of the release as control charts, whose limits come from its rounded numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import isnan
from pathlib import Path

import pandas as pd

from analyses.monitoring import SERIES, Monitored, charted
from evaluation.drawing import control_chart
from evaluation.language import Language, Text, _
from evaluation.nouns import Figure, Release
from evaluation.wording import WITHHELD, count, percent, two_figures
from reports.cells import NOT_AVAILABLE, in_words, sign, value
from reports.reading import body_of, every
from reports.writing import Block, Words, month, picture, plain, short_month

MARKS = {
    "outside": _("Beyond a limit"),
    "shift": _("One of seven or more in a row on one side of the mean"),
    "trend": _("One of seven or more in a row that rise or fall"),
    "near": _("One of two in three that lie close to a limit"),
}

KINDS = {
    "improvement": _("Stands out, on the better side"),
    "concern": _("Stands out, on the worse side"),
    "special_cause": _("Stands out"),
}

VARIATION = {
    "common_cause": _("Latest month: nothing out of the usual"),
    "improvement": _("Latest month: stands out, on the better side"),
    "concern": _("Latest month: stands out, on the worse side"),
    "special_cause": _("Latest month: stands out"),
}

ASSURANCE = {
    "pass": _("The target will be met if nothing changes"),
    "fail": _("The target will not be met unless something changes"),
    "hit_or_miss": _("Whether the target is met is a matter of chance"),
}

_HOW: Mapping[str, Callable[[float], str]] = {"xmr": count, "u": two_figures, "p": percent}


@dataclass(frozen=True)
class Watched:
    """One monthly series: its figures by month, in order, and its chart."""

    figures: Mapping[str, Figure]
    chart: Monitored

    @property
    def how(self) -> Callable[[float], str]:
        """How its values are written."""
        return _HOW[self.chart.series.chart]

    def said(self, name: str) -> str | None:
        """The centre or a limit of the last phase, as written; None where there are none."""
        points = self.chart.points
        held = float("nan") if points.empty else float(points[name].iloc[-1])
        return None if isnan(held) else self.how(held)

    def since(self, first: str) -> tuple[Figure, ...]:
        """The figures from the month such as '2025-01' on."""
        return tuple(figure for name, figure in self.figures.items() if name >= first)


def watched(release: Release, name: str) -> Watched:
    """The series of that name, with the dated events of the body's file."""
    series = SERIES[name]
    body = body_of(release)
    own = every(
        release, section=series.section, measure=series.measure, cohort=series.cohort,
        outcome=series.outcome,
    )  # fmt: skip
    figures = {figure.group: figure for figure in sorted(own, key=lambda figure: figure.group)}
    return Watched(figures, charted(
        release.figures, series, events=body.events, target=body.targets.get(name)
    ))  # fmt: skip


def usual(series: Watched) -> Text | None:
    """The mean and the limits in a sentence; None where there are too few months."""
    mean, low, high = (series.said(name) for name in ("centre", "low", "high"))
    if mean is None:
        return None
    return _(
        "Mean of a month: {mean}. Usual range: {low} to {high}.", mean=mean, low=low, high=high
    )


def stand_out(series: Watched, *, since: str = "") -> tuple[Text, ...]:
    """Which months stand out and why, from the month `since` on; one sentence for each reason."""
    points = series.chart.points
    if points.empty:
        return (_("This release holds no monthly figures."),)
    if points["why_no_limits"].iloc[-1] == "months_withheld":
        return (_("Some months are withheld, so there are no limits."),)
    if points["centre"].isna().all():
        return (_("There are too few months for limits."),)
    told = []
    for code, why in MARKS.items():
        chosen = [
            series.figures[str(name)]
            for name, marks in points["marks"].items()
            if marks.split()[:1] == [code] and str(name) >= since
        ]
        if chosen:
            told.append(_("{why}: {months}.", why=why, months=named(chosen)))
    if told:
        return tuple(told)
    return (_("None of these months stands out.") if since else _("No month stands out."),)


def named(figures: Iterable[Figure], how: Callable[[float], str] = count) -> tuple[Text, ...]:
    """Each month with its number: 'May 2024 (60)'."""
    return tuple(
        _("{month} ({episodes})", month=month(figure.group), episodes=in_words(value(figure, how)))
        for figure in figures
    )


def why_marked(series: Watched, name: str) -> Words:
    """The first reason for which a month stands out, or that none is."""
    codes = str(series.chart.points["marks"].get(name, "")).split()
    return MARKS[codes[0]] if codes else _("Does not stand out")


def drawn(label: str, caption: Words, y_title: Text, series: Watched) -> Block | None:
    """The chart as a picture that says in its alt text what stands out; None without a value."""
    points = series.chart.points
    if points["value"].isna().all():
        return None

    def draw(to: Path, language: Language) -> None:
        control_chart.draw(
            [_point(str(name), row, language) for name, row in points.iterrows()],
            to,
            line_words=_line_words(series, language),
            kind_words={code: plain(words, language) for code, words in KINDS.items()},
            y_title=plain(y_title, language),
            events=[
                control_chart.Event(
                    list(points.index).index(name),
                    _("{title} ({day})", title=event.title, day=event.on).to(language),
                )
                for name, event in series.chart.events
            ],
            signs=[(code, plain(words, language)) for code, words in _signs(series)],
            is_share=series.chart.series.chart == "p",
        )

    alt = _(
        "A line of {months} months, from {first} to {last}. {usual} {marked}",
        months=len(points),
        first=month(str(points.index[0])),
        last=month(str(points.index[-1])),
        usual=usual(series) or "",
        marked=_together(stand_out(series)),
    )
    return picture(label, caption, alt, draw)


def _signs(series: Watched) -> list[tuple[str, Text]]:
    variation, assurance = series.chart.variation, series.chart.assurance
    told = [(variation, VARIATION[variation])] if variation else []
    return told + ([(assurance, ASSURANCE[assurance])] if assurance else [])


def _point(name: str, row: pd.Series, language: Language) -> control_chart.Point:
    held = {
        key: None if pd.isna(row[key]) else float(row[key])
        for key in ("value", "centre", "low", "high")
    }
    why = row["why_not"]
    return control_chart.Point(
        short_month(name, language),
        kind="" if row["variation"] in {"", "common_cause"} else row["variation"],
        words=NOT_AVAILABLE if why in {"no_return", "no_events"} else WITHHELD,
        **held,
    )


def _line_words(series: Watched, language: Language) -> tuple[str, str, str] | None:
    low, mean, high = (series.said(name) for name in ("low", "centre", "high"))
    if low is None or mean is None or high is None:
        return None
    return (
        _("Low limit {number}", number=low).to(language),
        _("Mean {number}", number=mean).to(language),
        _("High limit {number}", number=high).to(language),
    )


def _together(sentences: tuple[Text, ...]) -> Text:
    joined, *rest = sentences
    for sentence in rest:
        joined = _("{first} {next}", first=joined, next=sentence)
    return joined


def shown(series: Watched, name: str) -> str:
    """A month's value as written, or the sign for why there is none."""
    figure = series.figures.get(name)
    return sign(figure) if figure is None else value(figure, series.how)
