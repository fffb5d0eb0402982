"""Ordered logit: bands of risk that have an order, with a check that one odds ratio fits all cuts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit
from scipy.stats import t

from evaluation.errors import WrongUse
from evaluation.estimating._bands import empty_bands, in_order
from evaluation.estimating._proportional import OrderedFit, fit_ordered
from evaluation.estimating._terms import STEEPEST, SURE, degrees, told
from evaluation.estimating.beware import FEWEST_EVENTS, few_clusters, refuse_one_cluster
from evaluation.estimating.brant import ParallelLines, parallel_lines
from evaluation.estimating.collinear import refuse_collinear
from evaluation.estimating.columns import names_of, refuse_none, refuse_twice
from evaluation.estimating.counts.robust import sandwich
from evaluation.estimating.formulas import refuse_words_of_r
from evaluation.estimating.found import Beware, Found
from evaluation.estimating.limits import WhyNot, two_sided
from evaluation.estimating.separation import endless
from evaluation.estimating.standardised import columns_if, contrast
from evaluation.estimating.table import CHILD, Named, Table, lay_out
from evaluation.language import _
from evaluation.nouns import Estimate

Floats = NDArray[np.float64]

CROSSED = 0.05
"""A p-value of Brant's test below this means that lines cross."""


@dataclass(frozen=True, kw_only=True)
class Ordered(Found):
    """A fitted ordered logit: an odds ratio of being in a higher band, for each term.

    `coefficients` has a row a term, then a row a cutpoint ('low|medium'): coefficient, se, p,
    low, high, of the log odds, in the signs of R's polr. `lines` is Brant's test, None where
    it could not be done. `bands` are those that occur, lowest first.
    """

    coefficients: pd.DataFrame = field(repr=False)
    covariance: pd.DataFrame = field(repr=False)
    bands: tuple[object, ...]
    lines: ParallelLines | None
    loglik: float | None
    by: str | None
    df: float = math.inf
    _rows: pd.DataFrame = field(repr=False)
    _table: Table = field(repr=False)
    _known: dict[str, Any] = field(repr=False)

    def risks(self, column: str, level: object, against: object, *, at_or_above: object) -> Found:
        """The share at or above a band if all children had `level`, and if all had `against`.

        As `Logistic.risks`, for the reader; a ratio of odds of a higher band is nobody's risk.
        Raises WrongUse where there is no such column, level or band, or no band below it.
        """
        if at_or_above not in self.bands[1:]:
            raise WrongUse(
                _(
                    "No band is at or above {band} and has one below it. The bands are {bands}.",
                    band=str(at_or_above),
                    bands=", ".join(map(str, self.bands)),
                )
            )
        slopes = self._table.terms
        designs = [
            columns_if(self._table.spec, self._rows, column, one)[:, -len(slopes) :]
            for one in (level, against)
        ]
        values = self.coefficients["coefficient"]
        cut = values.index[len(slopes) + self.bands.index(at_or_above) - 1]
        share = self._table.weights / self._table.weights.sum()
        risks: list[float] = []
        gradients: list[Floats] = []
        for x in designs:
            fitted = expit(x @ values.iloc[: len(slopes)].to_numpy() - values[cut])
            moved = share * fitted * (1 - fitted)
            gradient = pd.Series(0.0, index=values.index)
            gradient.iloc[: len(slopes)] = moved @ x
            gradient[cut] = -moved.sum()
            risks.append(float(share @ fitted))
            gradients.append(np.array(gradient, dtype=np.float64))
        estimates = contrast(
            (risks[0], risks[1]),
            (gradients[0], gradients[1]),
            self.covariance.to_numpy(),
            (str(level), str(against)),
            known=self._known,
            df=self.df,
        )
        return Found(estimates=estimates, model=self.model, beware=self.beware)


def ordered_logit(
    formula: str,
    data: pd.DataFrame,
    *,
    order: Sequence[object] | None = None,
    cluster: Named = None,
    weights: Named = None,
    errors: Literal["HC0", "HC1"] = "HC1",
    confidence: float = 0.95,
) -> Ordered:
    """Regress a band on columns of `data`, one row a child: R's `MASS::polr`.

    The band is the column left of the ~. Its order, lowest first, is `order`, or that of an
    ordered categorical, or of numbers; words without an order are refused, since the alphabet
    puts 'high' below 'low'. An odds ratio above 1 means higher bands. `cluster`, `weights`,
    `errors` and rows with missing values are as `logistic` has them.

    Whether one ratio does for all cuts is checked by Brant's test (figure 'brant'); where it
    does not, `unmet` says 'crossed_lines' and `beware` what to do. A column that separates the
    bands has no value.

    >>> rng = np.random.default_rng(0)
    >>> children = pd.DataFrame({"arm": np.repeat(["a", "b"], 100)})
    >>> move = rng.logistic(size=200) + (children["arm"] == "b")
    >>> children["band"] = pd.cut(move, [-99, -1, 1, 99], labels=["low", "medium", "high"])
    >>> found = ordered_logit("band ~ arm", children)
    >>> round(found.one("odds_ratio").value, 2), "crossed_lines" in found.one("odds_ratio").met
    (2.59, True)
    >>> round(found.risks("arm", "b", "a", at_or_above="high").one("risk_difference").value, 2)
    0.23

    Figures: an 'odds_ratio' for each term, and 'brant'. Raises WrongUse as `logistic`, and for
    fewer than two bands. Source: McCullagh (1980), J R Stat Soc B 42:109; Brant (1990),
    Biometrics 46:1171.
    """
    two_sided(confidence)
    data = pd.DataFrame(data).reset_index(drop=True)
    outcome = formula.partition("~")[0].strip().strip("`")
    refuse_words_of_r(formula)
    if outcome not in data:
        raise WrongUse(
            _(
                "Left of the ~ stands the column of the bands, and there is no column {outcome}. "
                "There are: {known}.",
                outcome=outcome,
                known=names_of(data),
            )
        )
    refuse_none(np.ones(len(data), dtype=bool))
    refuse_twice(data, [outcome])
    every, codes = in_order(data[outcome], order)
    table = lay_out(formula, data.assign(**{outcome: codes}), weights=weights, cluster=cluster)
    there, band = np.unique(table.outcome.astype(int), return_inverse=True)
    bands = tuple(every[place] for place in there)
    table = _without_intercept(table)
    if len(bands) < 2:
        raise WrongUse(_("All children are in one band, so there is nothing to compare."))

    clusters = int(table.cluster.max()) + 1
    whole = bool((table.weights == np.round(table.weights)).all())
    clustered = cluster is not None or not whole or clusters < len(band)
    df = degrees(clusters, clustered=clustered)
    fit = fit_ordered(table.x, band, table.weights, bands=len(bands))
    covariance = fit.covariance
    if clustered:
        refuse_one_cluster(clusters)
        covariance = sandwich(fit.scores, fit.information, table.cluster, errors=errors)
    coefficients, covariance_ = _coefficients(
        fit, covariance, table, bands, confidence=confidence, df=df
    )
    apart = _separated(fit, table)
    lines = None
    if not apart.any():
        lines = parallel_lines(
            table.columns,
            band,
            table.weights,
            bands=len(bands),
            cluster=table.cluster if clustered else None,
        )
    met, unmet, beware = _guards(table, band, apart, lines, clusters if clustered else None)
    beware += empty_bands(every, there)
    by_count = whole and cluster is None and CHILD not in data
    known: dict[str, Any] = {
        "children": int(table.weights.sum()) if by_count else table.children,
        "confidence": confidence,
        "design_level": 1 if len(table.variables) < 2 and whole else 3,
        "method": "ordered_logit" + ("_clustered" if clustered else ""),
        "met": met,
    }
    return Ordered(
        estimates=(
            *_figures(table, coefficients, fit, apart, known=known, unmet=unmet),
            *_of_lines(lines, known),
        ),
        model=fit,
        beware=beware,
        coefficients=coefficients,
        covariance=covariance_,
        bands=bands,
        lines=lines,
        loglik=fit.loglik,
        by=table.by if clustered else None,
        df=df,
        _rows=data.loc[table.columns.index],
        _table=table,
        _known={**known, "unmet": unmet},
    )


def _without_intercept(table: Table) -> Table:
    """The cutpoints take the intercept's place."""
    columns = table.columns.drop(columns="Intercept", errors="ignore")
    if columns.shape[1] == table.columns.shape[1]:
        refuse_collinear(pd.concat([pd.Series(1.0, columns.index, name="1"), columns], axis=1))
    return replace(table, columns=columns)


def _coefficients(
    fit: OrderedFit,
    covariance: Floats,
    table: Table,
    bands: tuple[object, ...],
    *,
    confidence: float,
    df: float,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One row is one term or cutpoint, terms first; and their covariance."""
    cuts = [f"{low}|{high}" for low, high in pairwise(bands)]
    names = [*table.terms, *cuts]
    turned = np.r_[len(cuts) : len(names), 0 : len(cuts)]
    coefficient = fit.coefficients[turned]
    made = covariance[np.ix_(turned, turned)]
    se = np.sqrt(np.maximum(np.diag(made), 0.0))
    quantile = float(t.ppf(0.5 + confidence / 2, df))
    frame = pd.DataFrame(
        {
            "coefficient": coefficient,
            "se": se,
            "p": 2 * t.sf(np.abs(coefficient) / np.where(se > 0, se, np.nan), df),
            "low": coefficient - quantile * se,
            "high": coefficient + quantile * se,
        },
        index=names,
    )
    return frame, pd.DataFrame(made, index=names, columns=names)


def _separated(fit: OrderedFit, table: Table) -> NDArray[np.bool_]:
    """The terms that have no finite estimate, as `endless` proves."""
    terms = len(table.terms)
    if fit.converged and fit.farthest <= SURE:
        return np.zeros(terms, dtype=bool)
    return endless(fit.likes)[-terms:] if terms else np.zeros(0, dtype=bool)


def _guards(
    table: Table,
    band: NDArray[np.intp],
    apart: NDArray[np.bool_],
    lines: ParallelLines | None,
    clusters: int | None,
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[Beware, ...]]:
    """What was looked for and not found, what is there, and the sentences that warn of it."""
    met, unmet, said = [], ["unmeasured_confounding"], list(table.left_out)
    sizes = np.bincount(band, weights=table.weights)
    parameters = len(sizes) - 1 + len(table.terms)
    # What the bands tell is worth so many events (Harrell 2015, table 4.1).
    worth = int(sizes.sum() - (sizes**3).sum() / sizes.sum() ** 2)
    if worth < FEWEST_EVENTS * parameters:
        unmet.append("few_events")
        said.append(
            Beware(
                "few_events",
                _(
                    "The bands tell as much as {events} events, for {parameters} parameters: with "
                    "fewer than {fewest} each, limits and p-values mislead.",
                    events=worth,
                    parameters=parameters,
                    fewest=FEWEST_EVENTS,
                ),
            )
        )
    else:
        met.append("few_events")
    if clusters is not None:
        few = few_clusters(clusters)
        (unmet if few else met).append("few_clusters")
        said += few
    if apart.any():
        names = ", ".join(name for name, is_one in zip(table.terms, apart, strict=True) if is_one)
        said.append(
            Beware(
                "separation",
                _(
                    "The bands are separated on {x}, which has no estimate. Join bands or levels, "
                    "or look at one cut by `logistic`, which is penalised there.",
                    x=names,
                ),
            )
        )
    else:
        met.append("separation")
    if len(sizes) > 2 and table.terms:
        if lines is not None and lines.p >= CROSSED:
            met.append("crossed_lines")
        else:
            unmet.append("crossed_lines")
            said.append(_crossed(lines))
    return tuple(met), tuple(unmet), tuple(said)


def _crossed(lines: ParallelLines | None) -> Beware:
    if lines is None:
        return Beware(
            "crossed_lines",
            _(
                "Whether one odds ratio does for every cut could not be checked: some cut has too "
                "few children. Read the shares at or above each band beside it."
            ),
        )
    crossing = lines.by_column[lines.by_column["p"] < CROSSED].index
    return Beware(
        "crossed_lines",
        _(
            "The odds ratio differs from cut to cut for {x}, so that one for all of them misleads. "
            "Look at each cut by `logistic`, and tell the shares at or above each band.",
            x=", ".join(crossing if len(crossing) else lines.by_column.index),
        ),
    )


def _figures(
    table: Table,
    coefficients: pd.DataFrame,
    fit: OrderedFit,
    apart: NDArray[np.bool_],
    *,
    known: dict[str, Any],
    unmet: tuple[str, ...],
) -> list[Estimate]:
    figures = []
    scale = np.where(table.columns.isin((0, 1)).all(), 1.0, table.columns.std(ddof=0))
    for place, term in enumerate(table.terms):
        row = coefficients.iloc[place]
        steep = bool(abs(row["coefficient"]) * scale[place] > STEEPEST) or bool(apart[place])
        why_not: WhyNot | None = "separation" if apart[place] else None
        if not fit.converged and why_not is None:
            why_not = "not_converged"
        figures.append(
            Estimate(
                "",
                "odds_ratio",
                term,
                **known,
                **told(row, why_not),
                unmet=(*unmet, "separation") if steep else unmet,
            )
        )
    return figures


def _of_lines(lines: ParallelLines | None, known: dict[str, Any]) -> tuple[Estimate, ...]:
    if lines is None:
        return ()
    kept = {name: known[name] for name in ("children", "confidence", "design_level")}
    return (Estimate("", "brant", **kept, value=lines.statistic, p=lines.p, method="brant"),)
