"""Generalised estimating equations: clusters whose rows are alike, and few clusters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from evaluation.errors import WrongUse
from evaluation.estimating.beware import FEW_CLUSTERS, students
from evaluation.estimating.counts._fitted import (
    Regression,
    coefficients,
    ratios,
    refuse_unknown,
    warned,
)
from evaluation.estimating.counts._newton import told
from evaluation.estimating.counts.nb2 import nb2
from evaluation.estimating.counts.robust import sandwich, sums_by
from evaluation.estimating.found import Found
from evaluation.estimating.table import Table, lay_out
from evaluation.language import _
from evaluation.nouns import Estimate

Floats = NDArray[np.float64]
Family = Literal["poisson", "negative_binomial", "binomial"]
Correlation = Literal["independence", "exchangeable"]
ClusterErrors = Literal["robust", "bias_reduced", "model"]


def gee(
    formula: str,
    data: pd.DataFrame,
    *,
    cluster: str | ArrayLike | None = None,
    family: Family = "poisson",
    correlation: Correlation = "exchangeable",
    days: str | ArrayLike | None = None,
    weights: str | ArrayLike | None = None,
    errors: ClusterErrors | None = None,
    confidence: float = 0.95,
) -> Found:
    """Ratios by generalised estimating equations, for rows that come in clusters.

    Rows, formula, days, weights and what raises are as in `poisson`. `cluster` is what was
    allocated: the child where children have several rows, the authority where whole authorities
    took a service up; `child_key` where nothing is said. Its rows need not stand together.

        family       'poisson' (rate_ratio), 'negative_binomial' (rate_ratio; its alpha is taken
                     from `negative_binomial`), 'binomial' (odds_ratio; the outcome is 0 or 1)
        correlation  between any two rows of a cluster: 'exchangeable', one for all, or
                 'independence', none
        errors       'robust' as R's geepack; 'bias_reduced' (Mancl and DeRouen's); 'model'.
                     Where nothing is asked for: 'bias_reduced' if clusters are fewer than 40,
                     else 'robust'

    With fewer than 40 clusters limits and p are from Student's t with G - 2 degrees of freedom,
    and it is warned of: six authorities taken as independent rows find an effect that is not
    there one time in three, this way one in 26. The working correlation and scale are geepack's:
    means over all pairs, and over all rows, of Pearson residuals, without correction for
    parameters (statsmodels corrects, and differs in the fourth digit). An autoregressive
    correlation is not offered: a child's intervals are seldom equally long and equally spaced,
    which it takes for granted. Errors are missing where a cluster alone tells a coefficient.

    >>> rows = pd.DataFrame({
    ...     "authority": list("AABBCCDD"), "events": [1, 2, 0, 3, 4, 6, 2, 6], "t": [1] * 4 + [0] * 4,
    ... })
    >>> found = gee("events ~ t", rows, cluster="authority")
    >>> round(found.one("rate_ratio").value, 3), str(found.beware[-1].text)
    (0.333, 'Only 4 clusters.')

    Source: Liang & Zeger (1986), Biometrika 73:13; Mancl & DeRouen (2001), Biometrics 57:126;
    degrees of freedom: Donner & Klar (2000), Cluster Randomization Trials, chapter 5.
    """
    if family not in ("poisson", "negative_binomial", "binomial"):
        raise WrongUse(
            _(
                "There is no family {family}. There are: poisson, negative_binomial, binomial.",
                family=family,
            )
        )
    if correlation not in ("independence", "exchangeable"):
        raise WrongUse(
            _(
                "There is no correlation {correlation}. There are: exchangeable, independence.",
                correlation=correlation,
            )
        )
    if errors is not None:
        refuse_unknown(errors, get_args(ClusterErrors))
    table = lay_out(
        formula,
        data,
        days=days,
        weights=weights,
        cluster=cluster,
        binary=family == "binomial",
    )
    clusters = int(table.cluster.max(initial=-1)) + 1
    if errors is None:
        errors = "bias_reduced" if clusters < FEW_CLUSTERS else "robust"
    alpha = 0.0
    if family == "negative_binomial":
        alpha = nb2(
            table.outcome, table.x, days=table.days, weights=table.weights, dispersion=None
        ).dispersion
    solved = solve(table, family=family, correlation=correlation, alpha=alpha)
    df = students(clusters) if errors != "model" else None
    covariance = solved.covariance(errors)
    model = Regression(
        coefficients=coefficients(
            table.terms, solved.coefficients, covariance, df=df, confidence=confidence
        ),
        covariance=pd.DataFrame(covariance, index=table.terms, columns=table.terms),
        errors=errors,
        confidence=confidence,
        clusters=clusters,
        rows=len(table.outcome),
        df=df,
        alpha=alpha if family == "negative_binomial" else None,
        dispersion=solved.scale if family == "poisson" else None,
        scale=solved.scale,
        correlation=solved.correlation,
        fitted=solved.mean,
        spec=table.spec,
        link="logit" if family == "binomial" else "log",
    )
    return Found(
        estimates=(
            *ratios(
                model,
                table,
                method=f"gee_{correlation}_{errors}",
                measure="odds_ratio" if family == "binomial" else "rate_ratio",
                not_fitted=None if solved.reached or solved.separated else "not_converged",
            ),
            *((_alike(solved, table, correlation),) if correlation == "exchangeable" else ()),
        ),
        model=model,
        beware=warned(model, table),
    )


def _alike(solved: Solved, table: Table, correlation: str) -> Estimate:
    return Estimate(
        "",
        "working_correlation",
        children=table.children,
        value=solved.correlation if solved.reached else None,
        method=f"gee_{correlation}",
        why_not=None if solved.reached else "not_converged",
    )


@dataclass(frozen=True)
class Solved:
    """Where the estimating equations are 0, and what their errors are made of.

    Scores and information are of orthogonal columns; `back` turns to those of the table.
    """

    coefficients: Floats
    mean: Floats
    scores: Floats
    by_cluster: Floats
    back: Floats
    scale: float
    correlation: float
    reached: bool
    separated: bool

    def covariance(self, errors: ClusterErrors) -> Floats:
        """The covariance of the coefficients; missing where they are."""
        terms = len(self.coefficients)
        information = self.by_cluster.sum(axis=0)
        if not self.reached:
            return np.full((terms, terms), np.nan)
        if errors == "model":
            own = np.asarray(self.scale * np.linalg.inv(information))
            return np.asarray(self.back @ own @ self.back.T)
        own = sandwich(
            self.scores,
            information,
            np.arange(len(self.scores)),
            errors="HC0" if errors == "robust" else errors,
            by_cluster=self.by_cluster,
        )
        return np.asarray(self.back @ own @ self.back.T)


def solve(
    table: Table, *, family: Family, correlation: Correlation, alpha: float, rounds: int = 100
) -> Solved:
    """Fisher scoring, the working correlation taken afresh each time.

    The inverse of an exchangeable correlation a among n rows is (I - c 11') / (1 - a) with
    c = a / (1 + (n - 1) a), so that sums within clusters are all that is needed.
    """
    # Orthogonal columns, so that no unit of measurement makes the equations hard to solve.
    x, upper = np.linalg.qr(table.x)
    y, w, cluster = table.outcome, table.weights, table.cluster
    size = np.bincount(cluster).astype(float)
    offset = np.log(table.days)
    at, alike, scale = upper @ _start(table, family, alpha), 0.0, 1.0
    moved = np.inf
    for _round in range(rounds):
        mean, slope, variance = _moments(x @ at + offset, family, alpha)
        if not (np.isfinite(mean).all() and (variance > 0).all()):
            break
        root = 1 / np.sqrt(variance)
        plain = (y - mean) * root
        scale = float((w * plain**2).sum() / w.sum())
        if correlation == "exchangeable":
            alike = _common(plain * np.sqrt(w), cluster, size, scale)
            if not -1 / max(size.max() - 1, 1e-9) < alike < 1:
                break
        shared = alike / (1 + (size - 1) * alike)
        own = np.sqrt(w)[:, np.newaxis] * (slope * root)[:, np.newaxis] * x
        residual = plain * np.sqrt(w)
        sums, total = sums_by(cluster, own), sums_by(cluster, residual[:, np.newaxis])
        scores = sums_by(cluster, own * residual[:, np.newaxis])
        scores = (scores - shared[:, np.newaxis] * sums * total) / (1 - alike)
        squares = sums_by(cluster, own[:, :, np.newaxis] * own[:, np.newaxis, :])
        squares = squares - shared[:, None, None] * sums[:, :, None] * sums[:, None, :]
        by_cluster = squares / (1 - alike)
        if moved < 1e-10:
            back = np.linalg.inv(upper)
            return Solved(back @ at, mean, scores, by_cluster, back, scale, alike, True, False)
        try:
            step = np.linalg.solve(by_cluster.sum(axis=0), scores.sum(axis=0))
        except np.linalg.LinAlgError:
            break
        if not np.isfinite(step).all():
            break
        step *= min(1.0, 5.0 / max(float(np.abs(x @ step).max()), 1e-300))
        at = at + step
        moved = float(np.abs(step * np.maximum(1.0, np.abs(x).max(axis=0))).max())
    terms = x.shape[1]
    return Solved(
        np.full(terms, np.nan),
        np.full_like(y, np.nan),
        np.zeros((len(size), terms)),
        np.zeros((len(size), terms, terms)),
        np.eye(terms),
        np.nan,
        np.nan,
        False,
        _separated(table, family, variance),
    )


def _start(table: Table, family: Family, alpha: float) -> Floats:
    if family == "binomial":
        return np.zeros(table.x.shape[1])
    fit = nb2(table.outcome, table.x, days=table.days, weights=table.weights, dispersion=alpha)
    return np.asarray(fit.coefficients)


def _moments(line: Floats, family: Family, alpha: float) -> tuple[Floats, Floats, Floats]:
    """The mean, its slope along the line, and the variance."""
    if family == "binomial":
        chance = np.asarray(expit(line))
        return chance, chance * (1 - chance), chance * (1 - chance)
    mean = np.exp(np.clip(line, -700, 700))
    return mean, mean, mean * (1 + alpha * mean)


def _common(residual: Floats, cluster: NDArray[np.intp], size: Floats, scale: float) -> float:
    """The mean product of two residuals of a cluster, over the mean square."""
    pairs = float((size * (size - 1)).sum())
    total = np.bincount(cluster, weights=residual)
    squares = np.bincount(cluster, weights=residual**2)
    return float((total**2 - squares).sum() / pairs / scale) if pairs else 0.0


def _separated(table: Table, family: Family, variance: Floats) -> bool:
    """Whether rows without an event, or with nothing else, leave a coefficient without an end."""
    if family == "binomial":
        return bool((~np.isfinite(variance) | (variance < 1e-6)).any())
    return bool(told(table.x[table.outcome > 0]).sum() < table.x.shape[1])
