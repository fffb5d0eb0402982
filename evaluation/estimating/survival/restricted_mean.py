"""Days free of an event within a time: the area under the survival curve."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from evaluation.errors import WrongUse
from evaluation.estimating.found import Found
from evaluation.estimating.limits import two_sided
from evaluation.estimating.survival._contrast import difference, pairs, ratio
from evaluation.estimating.survival._rows import Floats, Rows, read_rows
from evaluation.estimating.survival._steps import known_until, on, steps
from evaluation.estimating.survival._told import as_days
from evaluation.estimating.survival.curve import open_cases, refuse_unless_flags
from evaluation.language import _
from evaluation.nouns import Estimate


def rmst(
    days: ArrayLike,
    event: ArrayLike,
    *,
    until: float,
    entry: ArrayLike | None = None,
    group: ArrayLike | None = None,
    reference: object = None,
    weights: ArrayLike | None = None,
    child: ArrayLike | None = None,
    cluster: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Found:
    """Estimate the mean number of days free of an event within `until` days, and what groups differ.

    One row is one child, as in `kaplan_meier`, and so are all other arguments. It needs no
    proportional hazards, and its difference is in days.

        rmst              of each group, in days, with plain limits
        rmst_difference   of each other group less `reference` (the first group where it is None;
                          the group's name is 'contrast', or 'b v a' where there are more than two)
        rmst_ratio        the same divided; se of its logarithm

    Errors are Greenwood's; under weights, by cluster, and where a child has several rows they are
    the infinitesimal jackknife's; without events there are no limits. Where the last child left, free of an event, before `until`, nothing is known
    of the days between and there is no value: why_not 'no_follow_up'. (R draws the curve on.)

    >>> found = rmst([2, 4, 4, 4], [1, 0, 1, 1], until=4, group=["a", "a", "b", "b"])
    >>> [(one.measure, one.group, one.value) for one in found]  # doctest: +NORMALIZE_WHITESPACE
    [('rmst', 'a', 3.0), ('rmst', 'b', 4.0), ('rmst_difference', 'contrast', 1.0),
     ('rmst_ratio', 'contrast', 1.3333333333333333)]

    Raises WrongUse as `kaplan_meier`, and where `until` is not above 0.
    Source: Royston & Parmar (2013), BMC Med Res Methodol 13:152; as `print(rmean=)` of R's survfit.
    """
    if not (np.isfinite(until) and until > 0):
        raise WrongUse(_("The days within which to take the mean must be more than 0."))
    rows = read_rows(
        days, event, entry=entry, group=group, weights=weights, child=child, cluster=cluster
    )
    refuse_unless_flags(rows)
    figures: list[Estimate] = []
    areas: list[_Area] = []
    for number, name in enumerate(rows.names):
        own = rows.of(number)
        areas.append(_area(own, rows, float(until)))
        base = Estimate(
            "",
            "rmst",
            name,
            days=as_days(until),
            children=own.children,
            of=own.children,
            events=int(own.events[own.stop <= until].sum()),
            confidence=confidence,
            method="rmst",
        )
        value, se = areas[-1].value, _error(areas[-1])
        reach = two_sided(confidence) * se
        figure = replace(base, value=value, se=se)
        if until > areas[-1].last:
            figure = replace(base, why_not="no_follow_up")
        elif se > 0:
            figure = replace(figure, low=value - reach, high=value + reach)
        figures.append(figure)
    contrasts: list[Estimate] = []
    for one, other, frame in pairs(rows, reference):
        both = areas[one], areas[other]
        contrasts.append(difference(frame, figures[one], figures[other], _error(*both)))
        logs = [area.in_logs for area in both]
        pair = figures[one], figures[other]
        contrasts.append(ratio(frame, *pair, _error(*logs), if_none="no_follow_up"))
    return Found(estimates=(*figures, *contrasts), beware=open_cases(rows))


@dataclass(frozen=True)
class _Area:
    """The area under one curve; its doubt is either Greenwood's variance or a pull by each cluster."""

    value: float
    last: float
    variance: float
    pull: Floats | None

    @property
    def in_logs(self) -> _Area:
        """The same doubt, of the logarithm."""
        scale = self.value or np.nan
        pull = None if self.pull is None else self.pull / scale
        return replace(self, variance=self.variance / scale**2, pull=pull)


def _error(one: _Area, other: _Area | None = None) -> float:
    """The standard error of an area, or of one less another."""
    if one.pull is None:
        return float(np.sqrt(one.variance + (0.0 if other is None else other.variance)))
    apart = one.pull if other is None or other.pull is None else one.pull - other.pull
    return float(np.sqrt((apart**2).sum()))


def _area(rows: Rows, among: Rows, until: float) -> _Area:
    """The area under the curve of some rows up to a day; clusters are counted among all rows."""
    risks = steps(rows)
    spread = np.cumsum(risks.hazard * risks.others)
    knots = np.concatenate([[0.0], risks.day])
    height = np.concatenate([[1.0], risks.survival])
    pulling = height * np.concatenate([[0.0], spread])

    def under(curve: Floats, day: Floats) -> Floats:
        """The area under a step function from day 0."""
        sums = np.concatenate([[0.0], np.cumsum(np.diff(knots) * curve[:-1])])
        day = np.clip(day, 0, until)
        place = np.searchsorted(risks.day, day, side="right")
        return np.asarray(sums[place] + curve[place] * (day - knots[place]))

    whole = under(height, np.array([until]))
    last = known_until(rows, risks)
    if not (rows.is_weighted or rows.is_clustered):
        rest = whole - under(height, risks.day)
        variance = float((rest**2 * risks.hazard * risks.others).sum())
        return _Area(float(whole[0]), last, variance, None)
    at_start = on(rows.start, risks.day, spread)
    own = np.where(rows.events > 0, on(rows.stop, risks.day, risks.others), 0.0)
    moved = on(rows.stop, risks.day, spread) - at_start - own
    pull = (
        under(pulling, rows.stop)
        - under(pulling, rows.start)
        - at_start * (under(height, rows.stop) - under(height, rows.start))
        + moved * (whole - under(height, rows.stop))
    )
    clusters = int(among.cluster.max()) + 1
    by_cluster = np.bincount(rows.cluster, rows.weight * pull, minlength=clusters)
    return _Area(float(whole[0]), last, 0.0, by_cluster.astype(float))
