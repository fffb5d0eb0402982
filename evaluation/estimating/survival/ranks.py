"""The log-rank test and its kin: whether groups differ in when they have their event."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import chi2

from evaluation.errors import WrongUse
from evaluation.estimating.found import Found
from evaluation.estimating.limits import WhyNot
from evaluation.estimating.survival._rows import Codes, Flags, Floats, Rows, codes, read_rows
from evaluation.estimating.survival.curve import open_cases, refuse_unless_flags
from evaluation.language import _
from evaluation.nouns import Estimate


@dataclass(frozen=True)
class RankTest:
    """What a log-rank statistic is made of.

    One row of `table` is one group: group, children, observed and expected events, both weighted
    where rho is not 0. `variance` is of observed less expected, with a row and a column a group.
    """

    statistic: float | None
    df: int
    p: float | None
    table: pd.DataFrame = field(repr=False)
    variance: Floats = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Ranked(Found):
    """One figure, the test; `model` holds its degrees of freedom and its table."""

    model: RankTest = field(repr=False)


def log_rank(
    days: ArrayLike,
    event: ArrayLike,
    group: ArrayLike,
    *,
    strata: ArrayLike | None = None,
    entry: ArrayLike | None = None,
    child: ArrayLike | None = None,
    rho: float = 0.0,
) -> Ranked:
    """Test whether groups, two or more, differ in when they have their event.

    One row is one child, as in `kaplan_meier`. `strata` (one column) compares only children of
    the same stratum; `entry` only those at risk on the day, in (entry, days]. With rho 0 all
    days count alike (log-rank); with rho 1 each counts by the share of all children still free of
    an event just before it, so that early differences count more (Peto-Peto).

        log_rank    value is the chi-squared statistic, p its probability; `model.df` and
                    `model.table` hold the degrees of freedom, observed and expected

    A group in which no event was to be expected takes no part. There is no value, and why_not
    says 'no_comparison' or 'no_events', where no two groups were at risk together on a day of an
    event, or there was no event.

    >>> found = log_rank([1, 2, 3, 4], [1, 1, 1, 0], ["a", "a", "b", "b"])
    >>> round(found.one("log_rank").value, 4), round(found.one("log_rank").p, 4), found.model.df
    (2.8824, 0.0896, 1)
    >>> found.model.table["observed"].tolist()
    [2.0, 1.0]

    Raises WrongUse as `kaplan_meier`, and where rho is negative.
    Source: Harrington & Fleming (1982), Biometrika 69:553; as `survdiff` of R's survival.
    """
    if not (np.isfinite(rho) and rho >= 0):
        raise WrongUse(_("rho must be 0 or more."))
    rows = read_rows(days, event, entry=entry, group=group, child=child)
    refuse_unless_flags(rows)
    stratum = np.zeros(len(rows), dtype=np.intp)
    if strata is not None:
        stratum, _names = codes(strata, _("strata"), len(rows))
    observed, expected, variance = _sums(rows, stratum, rho)
    statistic, df = _chi_squared(observed - expected, variance, expected > 0)
    why_not: WhyNot | None = None
    if not rows.events.any():
        why_not = "no_events"
    elif df == 0:
        why_not = "no_comparison"
    p = float(chi2.sf(statistic, df)) if why_not is None else None
    table = pd.DataFrame(
        {
            "group": rows.names,
            "children": [rows.of(number).children for number in range(len(rows.names))],
            "observed": observed,
            "expected": expected,
        }
    )
    name = {0.0: "log_rank", 1.0: "peto_peto"}.get(float(rho), "g_rho")
    test = RankTest(None if why_not else statistic, df, p, table, variance)
    return Ranked(
        estimates=(
            Estimate(
                "",
                "log_rank",
                "contrast",
                children=rows.children,
                of=rows.children,
                events=int(rows.events.sum()),
                value=test.statistic,
                p=p,
                method=name if strata is None else f"{name}_stratified",
                design_level=1,
                unmet=("unmeasured_confounding",),
                why_not=why_not,
            ),
        ),
        model=test,
        beware=tuple(one for one in open_cases(rows) if one.trap == "truncation"),
    )


def _sums(rows: Rows, stratum: Codes, rho: float) -> tuple[Floats, Floats, Floats]:
    """Observed and expected events by group, and the variance of what they differ by."""
    groups = len(rows.names)
    observed, expected = np.zeros(groups), np.zeros(groups)
    variance = np.zeros((groups, groups))
    order = np.argsort(stratum, kind="stable")
    for places in np.split(order, np.flatnonzero(np.diff(stratum[order])) + 1):
        start, stop, group = rows.start[places], rows.stop[places], rows.group[places]
        had = rows.events[places] > 0
        day = np.sort(pd.unique(stop[had]))
        exposed, events = np.zeros((2, groups, len(day)))
        for number in pd.unique(group):
            own = group == number
            exposed[number] = _before(start[own], day) - _before(stop[own], day)
            ends = np.sort(stop[own & had])
            events[number] = np.searchsorted(ends, day, side="right") - _before(ends, day)
        n, d = exposed.sum(axis=0), events.sum(axis=0)
        falls = np.concatenate([[1.0], np.cumprod(1 - d / n)])[:-1]
        weight = falls**rho
        share = exposed / n
        observed += (weight * events).sum(axis=1)
        expected += (weight * d * share).sum(axis=1)
        spread = weight**2 * d * (n - d) / np.maximum(n - 1, 1)
        variance += np.diag((spread * share).sum(axis=1)) - (spread * share) @ share.T
    return observed, expected, variance


def _before(ordered_or_not: Floats, day: Floats) -> Floats:
    """How many lie before each day."""
    return np.searchsorted(np.sort(ordered_or_not), day, side="left").astype(float)


def _chi_squared(apart: Floats, variance: Floats, takes_part: Flags) -> tuple[float, int]:
    """The quadratic form of what differs, and its degrees of freedom.

    One group of those that take part is left out. Where strata keep some groups wholly apart, the
    rest still depend on one another, and the degrees of freedom are the rank.
    """
    apart, variance = apart[takes_part][1:], variance[np.ix_(takes_part, takes_part)][1:, 1:]
    if not len(apart):
        return 0.0, 0
    rank = int(np.linalg.matrix_rank(variance, hermitian=True))
    if rank == len(apart):
        return float(apart @ np.linalg.solve(variance, apart)), rank
    return float(apart @ np.linalg.pinv(variance, hermitian=True) @ apart), rank
