"""The share of children still free of an event, day by day, and the day by which half have had it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from evaluation.errors import WrongUse
from evaluation.estimating.found import Beware, Found
from evaluation.estimating.survival._quantiles import must_be_shares, reached
from evaluation.estimating.survival._robust import Pulls, pulls, variance_on_steps
from evaluation.estimating.survival._rows import Floats, Rows, read_rows
from evaluation.estimating.survival._steps import Steps, at_risk_on, known_until, on, steps
from evaluation.estimating.survival._told import Scale, Told, as_days, known, told
from evaluation.language import _
from evaluation.nouns import Estimate

Errors = Literal["greenwood", "robust"]


@dataclass(frozen=True, kw_only=True)
class Curve(Found):
    """Kaplan-Meier curves; `model` is what lies behind them.

    One row of `model` is one group on one day on which a row of it ends: group, day, survival,
    se, low, high, at_risk, events and left (those who leave without an event), all unweighted.
    """

    model: pd.DataFrame = field(repr=False)


def kaplan_meier(
    days: ArrayLike,
    event: ArrayLike,
    *,
    at: Sequence[float] | None = None,
    entry: ArrayLike | None = None,
    group: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    child: ArrayLike | None = None,
    cluster: ArrayLike | None = None,
    quantiles: Sequence[float] = (0.5,),
    errors: Errors | None = None,
    limits: Scale = "log-log",
    confidence: float = 0.95,
) -> Curve:
    """Estimate the share still free of an event, and the day by which half have had theirs.

    One row is one child, or with `entry` one stretch of a child's time. `days` is the day of the
    first event (`event` is 1) or the last day followed (`event` is 0); who leaves on the day of
    another's event was still at risk. A child is at risk in (entry, days]: one who was followed
    only from day 30 says nothing of the days before. Give `entry` wherever cases were already
    open when they came into view; without it their early days count as time without an event.

        survival           at each of `at`, or at each step where it is None: children at risk on
                           that day, `of` all, events up to it; why_not 'no_follow_up' after
                           the last child has left
        median_days        the day by which half have had the event; why_not 'not_reached'.
                           For another of `quantiles`, such as 0.25: quantile_0.25_days

    `group` gives each group a curve. `child` tells which rows are one child's and `cluster` which
    children belong together (both otherwise: each row for itself). Weights, clusters and children
    in several rows call for robust errors (the infinitesimal jackknife, in which every weighted
    row, child or cluster counts as one); otherwise they are Greenwood's, to which the robust ones
    are equal where nobody enters late. `errors` says otherwise: 'greenwood' with weights takes them as numbers of
    like children, as R does with whole numbers. Numbers at risk and of events are of rows and
    never weighted.

    Limits are log-log ones, or on the scale 'log' (R's default) or 'plain'; there are none where
    survival is 0 or 1 (save on 'plain'), and the error of a survival of 0 is 0, where R has none.
    The limits of a median are the days on which the limits of the curve pass one half. Where the
    curve lies at one half exactly, the median is the midpoint of that stretch. Both as in R.

    >>> found = kaplan_meier([3, 5, 5, 8], [1, 1, 0, 0], at=[0, 4, 5])
    >>> [one.value for one in found if one.measure == "survival"]
    [1.0, 0.75, 0.5]
    >>> found.one("survival", days=5).children
    3
    >>> found.one("median_days").value
    6.5

    Raises WrongUse where something is missing, a day or weight is negative, an event is not 0 or
    1, a row ends on or before its entry, or rows of one child overlap.
    Source: Kaplan & Meier (1958), J Am Stat Assoc 53:457; limits: Kalbfleisch & Prentice (2002),
    The Statistical Analysis of Failure Time Data, section 1.4; medians: Brookmeyer & Crowley
    (1982), Biometrics 38:29; robust errors: as `_robust`.
    """
    rows = read_rows(
        days, event, entry=entry, group=group, weights=weights, child=child, cluster=cluster
    )
    refuse_unless_flags(rows)
    must_be_shares(quantiles)
    if errors not in (None, "greenwood", "robust"):
        raise WrongUse(_("Errors are 'greenwood' or 'robust', not '{errors}'.", errors=errors))
    robust = rows.is_weighted or rows.is_clustered if errors is None else errors == "robust"
    asked = None if at is None else np.atleast_1d(np.asarray(at, dtype=float))

    figures: list[Estimate] = []
    behind: list[pd.DataFrame] = []
    for number, name in enumerate(rows.names):
        own = rows.of(number)
        risks = steps(own)
        if robust:
            doubt = variance_on_steps(survival_pulls(own, risks), risks, shared_by_survival(risks))
        else:
            doubt = np.cumsum(risks.hazard * risks.others)
        curve = told(
            risks.day,
            risks.survival,
            risks.survival * np.sqrt(doubt),
            first=1.0,
            last=known_until(own, risks),
            limits=limits,
            confidence=confidence,
            top=1.0,
        )
        base = Estimate(
            "",
            "survival",
            name,
            of=own.children,
            confidence=confidence,
            method="kaplan_meier_robust" if robust else "kaplan_meier",
        )
        falls = risks.day[risks.happened > 0] if asked is None else asked
        at_risk = at_risk_on(own, falls)
        events = np.concatenate([[0], np.cumsum(risks.happened)])
        figures += curve.points(falls, base, children=at_risk, events=events[curve.place(falls)])
        figures += [_quantile(curve, share, base, int(events[-1])) for share in quantiles]
        behind.append(
            curve.frame("survival").assign(
                at_risk=risks.at_risk, events=risks.happened, left=risks.left, group=name
            )
        )
    return Curve(
        estimates=tuple(figures),
        model=pd.concat(behind, ignore_index=True) if behind else pd.DataFrame(),
        beware=open_cases(rows),
    )


def _quantile(curve: Told, share: float, base: Estimate, events: int) -> Estimate:
    value, low, high = (
        known(reached(curve.day[1:], of[1:], share))
        for of in (curve.value, curve.ends.low, curve.ends.high)
    )
    return replace(
        base,
        measure="median_days" if share == 0.5 else f"quantile_{share:g}_days",
        children=base.of,
        events=events,
        value=value,
        low=low,
        high=high,
        why_not="not_reached" if value is None else None,
    )


def refuse_unless_flags(rows: Rows) -> None:
    """Refuse events that are not 0 or 1, such as a status of 1 or 2."""
    others = int((~np.isin(rows.events, (0, 1))).sum())
    if others:
        raise WrongUse(
            _(
                "An event is 0 or 1 (or False, True); {others} of {rows} rows hold something else. "
                "Compare the column with its code for an event.",
                others=others,
                rows=len(rows),
            )
        )


def survival_pulls(rows: Rows, risks: Steps) -> Pulls:
    """How each row moves the logarithm of survival; what they share is `shared_by_survival`."""
    spread = shared_by_survival(risks)[:, 1]
    at_start, at_stop = (on(days, risks.day, spread) for days in (rows.start, rows.stop))
    own = np.where(rows.events > 0, on(rows.stop, risks.day, risks.others), 0.0)
    one, none = np.ones(len(rows)), np.zeros(len(rows))
    return pulls(rows, begins=(-at_start, one), ends=(at_stop - at_start - own, none))


def shared_by_survival(risks: Steps) -> Floats:
    """1, and the sum of each day's hazard per child who is spared."""
    return np.column_stack([np.ones(len(risks.day)), np.cumsum(risks.hazard * risks.others)])


def open_cases(rows: Rows) -> tuple[Beware, ...]:
    """Warn where cases came late into view, or where the curve's end rests on few."""
    firsts = pd.Series(rows.start).groupby(rows.child).min()
    had = pd.Series(rows.events > 0).groupby(rows.child).any()
    late, still_open, children = int((firsts > 0).sum()), int((~had).sum()), len(had)
    warned = []
    if rows.is_delayed and late:
        warned.append(
            Beware(
                "truncation",
                _(
                    "{late} of {children} cases began before they came into view and count from "
                    "then on; {still_open} were still open when last seen. Cases that ended before "
                    "they could be seen are missing.",
                    late=late,
                    children=children,
                    still_open=still_open,
                ),
            )
        )
    elif 2 * still_open > children:
        warned.append(
            Beware(
                "many_open",
                _(
                    "{still_open} of {children} had no event by the day when they were last seen, "
                    "so the late days rest on few.",
                    still_open=still_open,
                    children=children,
                ),
            )
        )
    return (*warned, *_emptied(rows))


def _emptied(rows: Rows) -> tuple[Beware, ...]:
    """Warn where nobody was left at risk, or all who were had an event, before others came."""
    if not rows.is_delayed:
        return ()
    for number in range(len(rows.names)):
        own = rows.of(number)
        risks = steps(own)
        begun = np.searchsorted(np.sort(own.start), risks.day, side="right")
        ended = np.searchsorted(np.sort(own.stop), risks.day, side="right")
        empty = ((begun == ended) | risks.is_last) & (risks.day < own.stop.max())
        if empty.any():
            return (
                Beware(
                    "nobody_at_risk",
                    _(
                        "After day {day} nobody without an event was left at risk (group: {group}) "
                        "until others came into view. The curve does not tell what happened "
                        "between; begin it later.",
                        day=as_days(float(risks.day[empty][0])),
                        group=rows.names[number],
                    ),
                ),
            )
    return ()
