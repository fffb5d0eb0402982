"""Logistic regression of what each child had or had not, that separation does not lead astray."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit
from scipy.stats import t

from evaluation.estimating._statsmodels import Binomial, Glm
from evaluation.estimating._terms import STEEPEST, SURE, degrees, told
from evaluation.estimating.beware import few_clusters, few_events, refuse_one_cluster
from evaluation.estimating.counts.robust import sandwich
from evaluation.estimating.firth import LogisticFit, fit_logistic, profile
from evaluation.estimating.found import Beware, Found
from evaluation.estimating.limits import WhyNot, two_sided
from evaluation.estimating.separation import endless
from evaluation.estimating.standardised import columns_if, contrast
from evaluation.estimating.table import CHILD, Named, Table, lay_out
from evaluation.language import _
from evaluation.nouns import Estimate

Floats = NDArray[np.float64]

MANY = 10_000
"""Rows beyond which only a separated term's limits are profiled: those of others are the same."""


@dataclass(frozen=True, kw_only=True)
class Logistic(Found):
    """A fitted logistic regression: odds ratios as figures, and the means to say risks.

    `coefficients` has a row a term, the intercept too: coefficient, se, p, low, high
    (of the log odds). `covariance` is what
    the errors come from, clustered where clusters were named (`by`); `df` are the degrees of
    freedom of Student's t, infinite where limits are normal. `penalised` says whether
    it is Firth's. `model` is statsmodels' results, or our `LogisticFit` where penalised.
    """

    coefficients: pd.DataFrame = field(repr=False)
    covariance: pd.DataFrame = field(repr=False)
    loglik: float | None
    penalised: bool
    by: str | None
    df: float = math.inf
    _rows: pd.DataFrame = field(repr=False)
    _table: Table = field(repr=False)
    _known: dict[str, Any] = field(repr=False)

    def risks(self, column: str, level: object, against: object) -> Found:
        """The risk if all children had `level` in `column`, and if all had `against`.

        Figures: 'risk' of each, averaged over the children as they are in all else (their
        weights counted), and their 'risk_difference' and 'risk_ratio'. Errors by the delta
        method from `covariance`, so that clusters count; the children themselves are taken as
        given. Limits of a risk are made on the logit, of the ratio on the log. This is what a
        reader takes an odds ratio for, and an odds ratio overstates it.

        Raises WrongUse where the model has no such column, or no child has such a level.
        Source: Lane & Nelder (1982), Biometrics 38:613; Norton et al. (2013), Stata J 13:492.
        """
        groups = (str(level), str(against))
        designs = [
            columns_if(self._table.spec, self._rows, column, one) for one in (level, against)
        ]
        if "why_not" in self._known:
            measures = [("risk", groups[0]), ("risk", groups[1])]
            measures += [("risk_difference", "contrast"), ("risk_ratio", "contrast")]
            return Found(
                estimates=tuple(Estimate("", *one, **self._known) for one in measures),
                beware=self.beware,
            )
        beta = self.coefficients["coefficient"].to_numpy()
        share = self._table.weights / self._table.weights.sum()
        fitted = [expit(x @ beta) for x in designs]
        estimates = contrast(
            (float(share @ fitted[0]), float(share @ fitted[1])),
            (
                (share * fitted[0] * (1 - fitted[0])) @ designs[0],
                (share * fitted[1] * (1 - fitted[1])) @ designs[1],
            ),
            self.covariance.to_numpy(),
            groups,
            known=self._known,
            df=self.df,
        )
        return Found(estimates=estimates, model=self.model, beware=self.beware)


def logistic(
    formula: str,
    data: pd.DataFrame,
    *,
    cluster: Named = None,
    weights: Named = None,
    errors: Literal["HC0", "HC1"] = "HC1",
    penalised: bool | None = None,
    confidence: float = 0.95,
) -> Logistic:
    """Regress an event (0 or 1, or False and True) on columns of `data`, one row a child.

    `cluster` names a column, or gives values, of what rows have in common; where it is left out
    and `child_key` tells that a child has several rows, it is the child. `errors` are then
    clustered, and with fewer than 40 clusters limits and p are from Student's t with G - 2
    degrees of freedom: 'HC1' multiplies by G / (G - 1) (N - 1) / (N - K), 'HC0' does not (R:
    `sandwich::vcovCL` with type 'HC1', and with 'HC0' and `cadjust = FALSE`). `weights` that
    are whole numbers stand for so many children; others are taken for weights of sampling, and
    each row, or cluster, is its own for the errors. Rows with a missing value are left out, and
    `beware` counts them.

    `penalised` None: plain maximum likelihood, but where linear programming finds the data
    separated, or a coefficient is beyond 8 per standard deviation or level, Firth's penalty,
    with limits and p from the penalised likelihood; where clustered, the wider of those and the
    clustered ones, since separation makes clustered errors far too small. True: always.
    False: never, and a coefficient without an end has no value.

    >>> children = pd.DataFrame({"again": [0, 0, 0, 0, 1, 0, 1, 1], "arm": ["a"] * 4 + ["b"] * 4})
    >>> found = logistic("again ~ arm", children)
    >>> print(found.beware[-1].text)
    Separated on arm[T.b]; penalised estimate.
    >>> round(found.one("odds_ratio").value, 6)
    21.0
    >>> round(found.risks("arm", "b", "a").one("risk_difference").value, 2)
    0.6

    Figures: an 'odds_ratio' for each term but the intercept. Where all fared alike none has a
    value. Raises WrongUse for a formula or columns that cannot be used, an outcome that is not
    0 or 1, negative weights, or a column that says what others say.
    Source: McCullagh & Nelder (1989), Generalized Linear Models, chapter 4; Firth (1993),
    Biometrika 80:27; separation: Albert & Anderson (1984), Biometrika 71:1.
    """
    two_sided(confidence)
    data = pd.DataFrame(data).reset_index(drop=True)
    table = lay_out(formula, data, weights=weights, cluster=cluster, binary=True)
    asked = _ask(table, named=cluster is not None, is_child=CHILD in data, confidence=confidence)
    rows = data.loc[table.columns.index]
    if not asked.events or not asked.others:
        return _without_values(table, rows, asked)

    x, y, w = table.x, table.outcome, table.weights
    plain = fit_logistic(x, y, w, penalised=False)
    apart = _separated(x, y, plain)
    use_firth = bool(apart.any()) if penalised is None else penalised
    fit = fit_logistic(x, y, w, penalised=True) if use_firth else plain
    covariance = fit.covariance
    if asked.clustered:
        refuse_one_cluster(asked.clusters)
        covariance = sandwich(fit.scores, fit.information, table.cluster, errors=errors)
        if use_firth:
            covariance = _no_smaller(covariance, fit.covariance)
    coefficients = _coefficients(table, fit, covariance, asked, apart)
    method = ("firth" if use_firth else "logistic") + ("_clustered" if asked.clustered else "")
    met, unmet, beware = _guards(asked, table, apart, penalised=use_firth)
    known = {**asked.known, "method": method, "met": met}
    return Logistic(
        estimates=tuple(
            Estimate(
                "",
                "odds_ratio",
                term,
                **known,
                **told(coefficients.iloc[place], _why_not(fit, is_apart=is_apart)),
                unmet=(*unmet, "separation") if is_apart else unmet,
            )
            for place, (term, is_apart) in enumerate(zip(table.terms, apart, strict=True))
            if term != "Intercept"
        ),
        model=fit if use_firth else _statsmodels(table, fit, errors if asked.clustered else None),
        beware=beware,
        coefficients=coefficients,
        covariance=pd.DataFrame(covariance, index=table.terms, columns=table.terms),
        loglik=fit.loglik,
        penalised=use_firth,
        by=table.by if asked.clustered else None,
        df=asked.df,
        _rows=rows,
        _table=table,
        _known={**known, "unmet": unmet},
    )


@dataclass(frozen=True)
class _Asked:
    """What the rows are of, and how their errors are to be made."""

    known: dict[str, Any]
    events: int
    others: int
    clustered: bool
    clusters: int

    @property
    def df(self) -> float:
        """Degrees of freedom: Student's where clusters are few."""
        return degrees(self.clusters, clustered=self.clustered)


def _ask(table: Table, *, named: bool, is_child: bool, confidence: float) -> _Asked:
    whole = bool((table.weights == np.round(table.weights)).all())
    share = table.weights if whole else np.ones_like(table.weights)
    clusters = int(table.cluster.max()) + 1
    events = int(share @ table.outcome)
    return _Asked(
        known={
            "children": int(share.sum()) if not named and not is_child else table.children,
            "events": events,
            "confidence": confidence,
            "design_level": 1 if len(table.variables) < 2 and whole else 3,
        },
        events=events,
        others=int(share.sum()) - events,
        clustered=named or not whole or clusters < len(share),
        clusters=clusters,
    )


def _guards(
    asked: _Asked, table: Table, apart: NDArray[np.bool_], *, penalised: bool
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[Beware, ...]]:
    """What was looked for and not found, what is there, and the sentences that warn of it."""
    fewer = min(asked.events, asked.others)
    few = few_events(fewer, len(table.terms))
    held = {"few_events": not few, "separation": not apart.any()}
    said = [*table.left_out, *few]
    if asked.clustered:
        few = few_clusters(asked.clusters)
        held["few_clusters"] = not few
        said += few
    if apart.any():
        names = ", ".join(name for name, is_one in zip(table.terms, apart, strict=True) if is_one)
        text = _("Separated on {x}; it has no estimate unless penalised.", x=names)
        if penalised:
            text = _("Separated on {x}; penalised estimate.", x=names)
        said.append(Beware("separation", text))
    met = tuple(threat for threat, holds in held.items() if holds)
    # Separation is a matter of single terms, whose figures say it.
    there = tuple(threat for threat, holds in held.items() if not holds and threat != "separation")
    return met, ("unmeasured_confounding", *there), tuple(said)


def _separated(x: Floats, y: Floats, fit: LogisticFit) -> NDArray[np.bool_]:
    """The terms that the outcome is separated on, by proof or because they are that steep."""
    constant = (x == x[:1]).all(axis=0)
    is_flag = np.isin(x, (0, 1)).all(axis=0)
    scale = np.where(is_flag, 1.0, x.std(axis=0))
    steep = np.abs(fit.coefficients * scale) > STEEPEST
    along = np.abs(x @ fit.coefficients)
    apart = np.zeros(x.shape[1], dtype=bool)
    if not fit.converged or not along.max() <= SURE:
        apart = endless(np.where(y == 1, 1.0, -1.0)[:, np.newaxis] * x)
    return np.asarray((apart | steep) & ~constant)


def _why_not(fit: LogisticFit, *, is_apart: bool) -> WhyNot | None:
    if not fit.converged:
        return "not_converged"
    return "separation" if is_apart and not fit.penalised else None


def _coefficients(
    table: Table,
    fit: LogisticFit,
    covariance: Floats,
    asked: _Asked,
    apart: NDArray[np.bool_],
) -> pd.DataFrame:
    """One row is one term, on the scale of the log odds."""
    se = np.sqrt(np.diag(covariance))
    quantile = float(t.ppf(0.5 + asked.known["confidence"] / 2, asked.df))
    found = pd.DataFrame(
        {
            "coefficient": fit.coefficients,
            "se": se,
            "p": 2 * t.sf(np.abs(fit.coefficients) / np.where(se > 0, se, np.nan), asked.df),
            "low": fit.coefficients - quantile * se,
            "high": fit.coefficients + quantile * se,
        },
        index=list(table.terms),
    )
    if not fit.penalised:
        return found
    for place, term in enumerate(table.terms):
        if term == "Intercept" or (len(table.outcome) > MANY and not apart[place]):
            continue
        of = profile(
            table.x,
            table.outcome,
            table.weights,
            term=place,
            confidence=asked.known["confidence"],
        )
        ends = (of.p, of.low, of.high)
        if asked.clustered:  # the wider of both: see `_no_smaller`
            by_wald = found.iloc[place]
            ends = (
                max(of.p, float(by_wald["p"])),
                min(of.low, float(by_wald["low"])),
                max(of.high, float(by_wald["high"])),
            )
        found.loc[term, ["p", "low", "high"]] = ends
    return found


def _no_smaller(clustered: Floats, of_model: Floats) -> Floats:
    """Clustered errors, but none smaller than the model's.

    Where the data are separated every child is fitted closely, and errors made of what is left
    over are next to nothing where they should be largest.
    """
    model = np.sqrt(np.diag(of_model))
    larger = np.maximum(np.sqrt(np.diag(clustered)), model)
    return np.asarray(of_model * np.outer(larger / model, larger / model))


def _statsmodels(table: Table, fit: LogisticFit, errors: str | None) -> Any:
    """The same fit as statsmodels' own results, which stops where it starts: at our estimate."""
    model = Glm(table.outcome, table.columns, family=Binomial(), freq_weights=table.weights)
    how: dict[str, Any] = {}
    if errors is not None:
        how = {
            "cov_type": "cluster",
            "cov_kwds": {"groups": table.cluster, "use_correction": errors == "HC1"},
        }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what it would warn of is found and said by `logistic`
        return model.fit(start_params=fit.coefficients, **how)


def _without_values(table: Table, rows: pd.DataFrame, asked: _Asked) -> Logistic:
    """None of the children had the event, or all of them: nothing tells one from another."""
    why: WhyNot = "no_variation" if asked.events else "no_events"
    known = {**asked.known, "method": "logistic", "why_not": why}
    terms = list(table.terms)
    return Logistic(
        estimates=tuple(
            Estimate("", "odds_ratio", term, **known) for term in terms if term != "Intercept"
        ),
        beware=table.left_out,
        coefficients=pd.DataFrame(
            math.nan, columns=["coefficient", "se", "p", "low", "high"], index=terms
        ),
        covariance=pd.DataFrame(math.nan, index=terms, columns=terms),
        loglik=None,
        penalised=False,
        by=None,
        _rows=rows,
        _table=table,
        _known=known,
    )
