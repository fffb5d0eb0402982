"""Each child beside itself: Poisson regression given each child's own total."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, NamedTuple, get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from evaluation.errors import WrongUse
from evaluation.estimating.collinear import independent
from evaluation.estimating.counts._fitted import (
    Regression,
    coefficients,
    degrees,
    ratios,
    refuse_unknown,
    warned,
)
from evaluation.estimating.counts._newton import Height, climb, told
from evaluation.estimating.counts.robust import sandwich, sums_by
from evaluation.estimating.found import Found
from evaluation.estimating.limits import WhyNot
from evaluation.estimating.table import CHILD, Table, lay_out
from evaluation.language import _

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Places = NDArray[np.intp]
WithinErrors = Literal["HC0", "HC1", "model"]


def within_child(
    formula: str,
    data: pd.DataFrame,
    *,
    child: str | ArrayLike = CHILD,
    days: str | ArrayLike | None = None,
    cluster: str | ArrayLike | None = None,
    errors: WithinErrors | None = None,
    confidence: float = 0.95,
) -> Found:
    """Rate ratios within children, by Poisson regression conditional on each child's total.

    One row of `data` is one interval of one child: what is counted, its `days` at risk, and what
    differs between the child's intervals. What does not differ (sex, the time before birth,
    everything that stays) is allowed for, and cannot be estimated: such a term is missing
    ('no_variation'). Children without an event, or with one row, tell nothing; `children` counts
    those who tell something. It is what a Poisson regression with a column for each child
    gives, exactly, and R's gnm(eliminate = child).

    `cluster` is `child` unless given, such as an authority that holds whole children. `errors`
    where none are asked for: 'model' if no child has more than one event (there is then nothing
    to vary), else 'HC0', robust and clustered; 'HC1' is as in `poisson`. Few clusters as there.

    A ratio after against before says nothing of a cause: children are referred after a spike,
    and spikes pass without any service (see `case_series`).

    >>> rows = pd.DataFrame({
    ...     "child_key": list("AABB"), "after": [0, 1, 0, 1], "events": [4, 2, 3, 1], "days": 90,
    ... })
    >>> round(within_child("events ~ after", rows, days="days").one("rate_ratio").value, 3)
    0.429

    Raises WrongUse as `poisson` does, and where `cluster` splits a child.
    Source: Cameron & Trivedi (2013), Regression Analysis of Count Data, section 9.4; errors:
    Wooldridge (1999), J Econometrics 90:77.
    """
    table = lay_out(formula, data, days=days, cluster=child, within=True)
    groups = table.cluster
    if cluster is not None:
        other = lay_out(formula, data, days=days, cluster=cluster, within=True)
        if len(other.outcome) != len(table.outcome):
            raise WrongUse(_("Each row needs both a child and a cluster."))
        groups = other.cluster
    model, told_by, reason = fit_within(table, groups=groups, errors=errors, confidence=confidence)
    table = informative(table, told_by)
    return Found(
        estimates=ratios(
            model, table, method=f"within_child_{model.errors}", level=2, why_not=reason
        ),
        model=model,
        beware=warned(model, table),
    )


def fit_within(
    table: Table, *, groups: Places, errors: WithinErrors | None, confidence: float
) -> tuple[Regression, Flags, WhyNot]:
    """The model, which rows told it, and why a term is missing where one is."""
    if errors is not None:
        refuse_unknown(errors, get_args(WithinErrors))
    child, y = table.cluster, table.outcome
    crossed = pd.Series(groups).groupby(child).nunique()
    if (crossed > 1).any():
        raise WrongUse(
            _("{children} children lie in several clusters.", children=int((crossed > 1).sum()))
        )
    total = np.bincount(child, weights=y)
    tells = ((total > 0) & (np.bincount(child) > 1))[child]
    if errors is None:
        errors = "HC0" if total.max(initial=0.0) > 1 else "model"
    terms = table.x.shape[1]
    values, covariance = np.full(terms, np.nan), np.full((terms, terms), np.nan)
    reason: WhyNot = "no_variation" if tells.any() else "no_events"
    expected, loglik, clusters, dispersion = np.full_like(y, np.nan), None, 0, None
    if tells.any() and terms:
        fit = _Within(table.x[tells], y[tells], np.log(table.days[tells]), child[tells]).fit()
        values = fit.coefficients
        if not fit.reached:
            reason = "not_converged"
        elif (fit.told_at_first & ~np.isfinite(values)).any():
            reason = "separation"
        group = np.unique(groups[tells], return_inverse=True)[1]
        clusters = int(group.max()) + 1
        if fit.reached:
            own = (
                np.linalg.inv(fit.information)
                if errors == "model"
                else sandwich(fit.scores, fit.information, group, errors=errors)
            )
            covariance[np.ix_(fit.basis, fit.basis)] = own
        covariance[np.isnan(values)] = covariance[:, np.isnan(values)] = np.nan
        expected[tells], loglik = fit.expected, fit.loglik
        over = int(tells.sum()) - len(np.unique(child[tells])) - len(fit.basis)
        some = fit.expected > 0
        parts = (y[tells][some] - fit.expected[some]) ** 2 / fit.expected[some]
        dispersion = float(parts.sum() / over) if over > 0 and fit.reached else None
    df = degrees(clusters, errors)
    model = Regression(
        coefficients=coefficients(table.terms, values, covariance, df=df, confidence=confidence),
        covariance=pd.DataFrame(covariance, index=table.terms, columns=table.terms),
        errors=errors,
        confidence=confidence,
        clusters=clusters,
        rows=int(tells.sum()),
        df=df,
        loglik=loglik,
        dispersion=dispersion,
        fitted=expected,
        spec=None,
    )
    return model, tells, reason


def informative(table: Table, rows: Flags) -> Table:
    """The rows of those children who tell something; each is a cluster of its own here."""
    return replace(
        table,
        outcome=table.outcome[rows],
        columns=table.columns[rows],
        days=table.days[rows],
        weights=table.weights[rows],
        cluster=np.arange(int(rows.sum())),
        children=len(np.unique(table.cluster[rows])),
    )


class _Fit(NamedTuple):
    coefficients: Floats
    told_at_first: Flags
    basis: Places
    information: Floats
    scores: Floats
    expected: Floats
    loglik: float
    reached: bool


class _Within:
    """The multinomial likelihood of each child's events among its intervals."""

    def __init__(self, x: Floats, y: Floats, offset: Floats, child: Places) -> None:
        self.x, self.y, self.offset = x, y, offset
        self.child = np.unique(child, return_inverse=True)[1]
        self.total = np.bincount(self.child, weights=y)

    def fit(self) -> _Fit:
        """Climb; take out intervals that no one had an event in as their chance goes to 0."""
        x, y = self.x, self.y
        kept = np.ones(len(y), dtype=bool)
        at_first = told(self._centred(x, kept))
        while True:
            centred = self._centred(x, kept)
            known, basis = told(centred), independent(centred)
            upper = np.linalg.qr(centred[:, basis])[1] if len(basis) else np.zeros((0, 0))
            columns = np.zeros((len(y), len(basis)))
            if len(basis):
                columns[kept] = np.linalg.solve(upper.T, centred[:, basis].T).T
            top = climb(
                lambda at, c=columns, k=kept: self._height(c, at, k)[0],  # type: ignore[misc]
                np.zeros(len(basis)),
            )
            chance = self._height(columns, top.at, kept)[1]
            rare = kept & (y == 0) & (chance < 1e-6)
            if not rare.any() or told(self._centred(x, kept & ~rare)).sum() >= known.sum():
                break
            kept &= ~rare
        values = np.full(x.shape[1], np.nan)
        if len(basis):
            values[basis] = np.linalg.solve(upper, top.at)
        chance = np.where(kept, chance, 0.0)
        mean = self.total[self.child] * chance
        own = x[:, basis]
        middle = sums_by(self.child, chance[:, np.newaxis] * own)[self.child]
        return _Fit(
            coefficients=np.where(known & top.reached, values, np.nan),
            told_at_first=at_first,
            basis=basis,
            information=(own - middle).T @ (mean[:, np.newaxis] * (own - middle)),
            scores=(y - mean)[:, np.newaxis] * (own - middle),
            expected=mean,
            loglik=top.height.value,
            reached=top.reached,
        )

    def _centred(self, x: Floats, kept: Flags) -> Floats:
        """The columns of the rows kept, each child's own middle taken off."""
        child = self.child[kept]
        size = np.bincount(child, minlength=len(self.total)).astype(float)
        middle = sums_by(self.child, np.where(kept[:, np.newaxis], x, 0.0))
        middle = middle / np.maximum(size, 1)[:, np.newaxis]
        found = x[kept] - middle[child]
        # What differs by less than rounding does not differ.
        hair = 1e-9 * np.abs(x).max(axis=0, initial=0.0)
        return np.where(np.abs(found) > hair, found, 0.0)

    def _height(self, columns: Floats, at: Floats, kept: Flags) -> tuple[Height, Floats]:
        line = np.where(kept, columns @ at + self.offset, -np.inf)
        most = np.full(len(self.total), -np.inf)
        np.maximum.at(most, self.child, line)
        size = np.exp(line - most[self.child])
        log_sum = np.log(np.bincount(self.child, weights=size)) + most
        chance = size / np.exp(log_sum - most)[self.child]
        some = self.y > 0
        value = float((self.y[some] * (line - log_sum[self.child])[some]).sum())
        mean = self.total[self.child] * chance
        middle = sums_by(self.child, chance[:, np.newaxis] * columns)[self.child]
        apart = columns - middle
        slope = columns.T @ (self.y - mean)
        return Height(value, slope, apart.T @ (mean[:, np.newaxis] * apart)), chance
