"""The survival curves of the release: as a picture, and as the numbers behind it."""

from __future__ import annotations

from pathlib import Path

from analyses.outcomes import OUTCOMES
from evaluation.drawing import kaplan_meier
from evaluation.language import Language, Text, _
from evaluation.nouns import Figure, Release
from evaluation.wording import count, percent
from reports.cells import counted, notes, with_limits
from reports.quarterly.comparison import ARMS
from reports.reading import every
from reports.writing import Block, grid, picture, plain, prose

TABLE = "survival"

Curves = dict[str, dict[int, Figure]]
"""Arm -> day -> the figure of that day."""


def drawn(release: Release) -> list[Block | None]:
    """The picture and how to read it; nothing where no point is shown."""
    curves = _curves(release)
    if not any(figure.value for days in curves.values() for figure in days.values()):
        return [prose(_("The survival curves cannot be shown."))]
    ticks = _ticks(curves)

    def draw(to: Path, language: Language) -> None:
        kaplan_meier.draw(
            tuple(
                kaplan_meier.Curve(
                    plain(title, language),
                    tuple((day, f.value, f.low, f.high) for day, f in curves[arm].items()),
                    tuple(counted(curves[arm].get(day)) for day in ticks),
                )
                for arm, title in ARMS.items()
            ),
            to,
            ticks=ticks,
            x_title=plain(_("Days since the meeting"), language),
            y_title=plain(_("Children with no missing episode yet"), language),
            at_risk_title=plain(_("Children still followed and with none yet"), language),
        )

    return [
        picture(
            "survival",
            _("Children with no missing episode yet, by days since the meeting"),
            _(
                "Two curves that start with all children and fall in steps. {shares}",
                shares=_last_shown(curves),
            ),
            draw,
        ),
        prose(
            _(
                "Days in this picture are calendar days; the shading is the interval (95%). A curve "
                "stops where too few children are still followed. The numbers are in {table}.",
                table=f"@tbl-{TABLE}",
            )
        ),
    ]


def table(release: Release) -> list[Block | None]:
    """Every point of the picture, up to the last day on which one is shown."""
    curves = _curves(release)
    last = max((day for days in curves.values() for day, f in days.items() if f.value), default=0)
    days = sorted({day for figures in curves.values() for day in figures if day <= last})
    if not last:
        return [prose(_("This release holds no survival curve."))]
    return [
        grid(
            TABLE,
            _("Children with no missing episode yet (interval, 95%), and children still followed"),
            [
                (_("Day"), "left"),
                (_("Referred: none yet"), "right"),
                (_("Referred: still followed"), "right"),
                (_("Not referred then: none yet"), "right"),
                (_("Not referred then: still followed"), "right"),
            ],
            [
                (
                    count(day),
                    *(
                        cell
                        for arm in ARMS
                        for cell in (
                            # On day 0 nobody can have had one: that is no figure to protect.
                            "100%" if day == 0 else with_limits(curves[arm].get(day), percent),
                            counted(curves[arm].get(day)),
                        )
                    ),
                )
                for day in days
            ],
        ),
        notes(curves[arm].get(day) for arm in ARMS for day in days if day),
    ]


def _curves(release: Release) -> Curves:
    found = every(
        release,
        section="re_missing",
        measure="free_of_episodes",
        cohort="discussed",
        outcome="re_missing",
    )
    ordered = sorted(found, key=lambda figure: figure.days or 0)
    return {arm: {f.days or 0: f for f in ordered if f.group == arm} for arm in ARMS}


def _ticks(curves: Curves) -> tuple[int, ...]:
    """Day 0, and for each of the outcome's windows the last day of the curves within it."""
    days = sorted({day for figures in curves.values() for day in figures})
    windows = OUTCOMES["re_missing"].windows_days
    within = [max((day for day in days if day <= window), default=0) for window in windows]
    return tuple(sorted({0, *within, days[-1]}))


def _last_shown(curves: Curves) -> Text:
    """What the curves show on the last day on which both are shown."""
    shown = [{day: f.value for day, f in days.items() if f.value} for days in curves.values()]
    both = sorted(set(shown[0]) & set(shown[1]))
    if not both:
        return _("They are never both shown on one day.")
    return _(
        "On day {days}, {referred} of the children referred and {others} of the comparison group "
        "had no missing episode yet.",
        days=both[-1],
        referred=percent(shown[0][both[-1]]),
        others=percent(shown[1][both[-1]]),
    )
