"""The share of children who have had an event of one kind, where another kind can come first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from evaluation.errors import WrongUse
from evaluation.estimating.found import Beware, Found
from evaluation.estimating.survival._robust import pulls, variance_on_steps
from evaluation.estimating.survival._rows import Rows, codes, numbers, read_rows
from evaluation.estimating.survival._steps import Steps, at_risk_on, known_until, on, steps
from evaluation.estimating.survival._told import Scale, Told, told
from evaluation.estimating.survival.curve import open_cases
from evaluation.language import _
from evaluation.nouns import Estimate


@dataclass(frozen=True, kw_only=True)
class Incidence(Found):
    """Cumulative incidences: the cause of each figure is its `outcome`.

    One row of `model` is one cause in one group on one day on which a row ends: cause, group,
    day, incidence, se, low, high.
    """

    model: pd.DataFrame = field(repr=False)

    def of(self, cause: object) -> Found:
        """The figures of one cause alone."""
        kept = tuple(one for one in self if one.outcome == str(cause))
        if not kept:
            raise WrongUse(_("No event is of the kind '{cause}'.", cause=str(cause)))
        return Found(estimates=kept, beware=self.beware)


def cumulative_incidence(
    days: ArrayLike,
    event_code: ArrayLike,
    *,
    at: Sequence[float] | None = None,
    censored: object = 0,
    entry: ArrayLike | None = None,
    group: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    child: ArrayLike | None = None,
    cluster: ArrayLike | None = None,
    limits: Scale = "log",
    confidence: float = 0.95,
) -> Incidence:
    """Estimate the share who have had an event of each kind, day by day (Aalen-Johansen).

    One row is one child, as in `kaplan_meier`, and so are `days`, `entry`, `group`, `weights`,
    `child` and `cluster`. `event_code` is the kind of event that came first: numbers or labels,
    or `censored` (0; with labels, say which) where none had come by the last day followed. Once one kind
    has come, the others cannot; 1 - Kaplan-Meier, which takes those children for censored, would
    tell of a world in which the other kinds do not exist, and its shares add up to too much.

        cumulative_incidence   of each kind (its label is the figure's `outcome`; `.of(kind)` gives
                               those of one kind), group and day of `at` (None: each on which the
                               group has an event): children at risk on the day, `of` all, events
                               of the kind up to it. why_not 'no_follow_up' after the last child
                               has left

    Errors are the infinitesimal jackknife's, as in R. Limits are on the log scale, as in R's
    `survfit` of several states; 'log-log' and 'plain' are the others. A share of 0 has none.

    >>> found = cumulative_incidence([1, 2, 3, 4], ["home", "moved", "home", "none"],
    ...                              at=[3], censored="none")
    >>> [(one.outcome, one.value) for one in found]
    [('home', 0.5), ('moved', 0.25)]

    Raises WrongUse as `kaplan_meier`, and for labels of which none is told to mean no event.
    Source: Aalen & Johansen (1978), Scand J Stat 5:141; as R's survfit(Surv(time, factor)).
    """
    count = len(numbers(days, _("days")))
    kind, kinds = codes(event_code, _("event_code"), count, none=censored)
    if censored == 0 and kinds and (kind >= 0).all() and not _is_numeric(event_code):
        raise WrongUse(
            _(
                "event_code holds labels: {kinds}. Say by censored= which of them means that no "
                "event had come; where all children had one, name a label that does not occur.",
                kinds=", ".join(kinds),
            )
        )
    rows = read_rows(
        days,
        kind >= 0,
        cause=np.maximum(kind, 0),
        entry=entry,
        group=group,
        weights=weights,
        child=child,
        cluster=cluster,
    )
    asked = None if at is None else np.atleast_1d(np.asarray(at, dtype=float))
    figures: list[Estimate] = []
    behind: list[pd.DataFrame] = []
    for number, name in enumerate(rows.names):
        own = rows.of(number)
        risks = steps(own, causes=max(len(kinds), 1))
        days_told = risks.day[risks.happened > 0] if asked is None else asked
        at_risk = at_risk_on(own, days_told)
        for cause, label in enumerate(kinds):
            curve = _curve(own, risks, cause, limits=limits, confidence=confidence)
            base = Estimate(
                "",
                "cumulative_incidence",
                name,
                outcome=label,
                of=own.children,
                confidence=confidence,
                method="aalen_johansen",
            )
            had = np.sort(own.stop[(own.events > 0) & (own.cause == cause)])
            events = np.searchsorted(had, days_told, side="right")
            figures += curve.points(days_told, base, children=at_risk, events=events)
            behind.append(curve.frame("incidence").assign(cause=label, group=name))
    return Incidence(
        estimates=tuple(figures),
        model=pd.concat(behind, ignore_index=True) if behind else pd.DataFrame(),
        beware=(*_competing(rows, kinds), *open_cases(rows)),
    )


def _is_numeric(values: ArrayLike) -> bool:
    column = pd.Series(values)
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.cat.categories.to_series()
    return bool(pd.api.types.is_numeric_dtype(column))


def _curve(rows: Rows, risks: Steps, cause: int, *, limits: Scale, confidence: float) -> Told:
    """One cause's incidence, with the infinitesimal jackknife's errors.

    The pull of a row at risk is P(t) - P(a) - A(a) (F(t) - F(a)), where it entered at a, F is the
    incidence, A the sum of each day's hazard per child who is spared, and P that of the jumps of F
    times what A had been, less one child's part. After its end only F goes on moving.
    """
    per_child = np.divide(1, risks.exposed, out=np.zeros(len(risks.day)), where=risks.exposed > 0)
    jumps = risks.before * risks.events[:, cause] * per_child
    incidence = np.cumsum(jumps)
    spread = np.cumsum(risks.hazard * risks.others)
    drift = np.cumsum(jumps * (np.concatenate([[0.0], spread])[:-1] - per_child))

    a_0, f_0, p_0 = (on(rows.start, risks.day, one) for one in (spread, incidence, drift))
    a_1, f_1, p_1 = (on(rows.stop, risks.day, one) for one in (spread, incidence, drift))
    had = rows.events > 0
    own = np.where(had, on(rows.stop, risks.day, risks.others), 0.0) - (a_1 - a_0)
    jump = on(rows.stop, risks.day, risks.before * per_child)
    ended = p_1 - p_0 - a_0 * (f_1 - f_0) + own * f_1
    ended += np.where(had & (rows.cause == cause), jump, 0.0)
    one, none = np.ones(len(rows)), np.zeros(len(rows))
    pulled = pulls(rows, begins=(a_0 * f_0 - p_0, -a_0, one), ends=(ended, -own, none))
    shared = np.column_stack([np.ones(len(risks.day)), incidence, drift])
    return told(
        risks.day,
        incidence,
        np.sqrt(variance_on_steps(pulled, risks, shared)),
        first=0.0,
        last=known_until(rows, risks),
        limits=limits,
        confidence=confidence,
        top=1.0,
    )


def _competing(rows: Rows, kinds: tuple[str, ...]) -> tuple[Beware, ...]:
    """Warn of what 1 - Kaplan-Meier of one kind would do, with the events of the other kinds."""
    had = np.bincount(rows.cause[rows.events > 0], minlength=len(kinds))
    if (had > 0).sum() < 2:
        return ()
    others = "; ".join(f"{kind}: {had.sum() - own}" for kind, own in zip(kinds, had, strict=True))
    return (
        Beware(
            "competing_events",
            _(
                "1 - Kaplan-Meier of one kind of event would overstate it, because another kind can "
                "come first. Competing events of each kind: {others}.",
                others=others,
            ),
        ),
    )
