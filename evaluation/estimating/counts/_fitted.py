"""What stands behind a ratio from a model of counts, and the figures that it becomes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import chi2, norm, t

from evaluation.errors import WrongUse
from evaluation.estimating.beware import FEW_CLUSTERS, TOO_VARIED, few_clusters, students, varied
from evaluation.estimating.found import Beware
from evaluation.estimating.limits import WhyNot, ratio_of, two_sided
from evaluation.estimating.table import Table
from evaluation.language import _
from evaluation.nouns import Estimate

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Errors = Literal["HC0", "HC1", "bias_reduced", "model", "theta_known"]


@dataclass(frozen=True, kw_only=True)
class Regression:
    """A fitted model of counts.

    `coefficients` has a row a term: term, coefficient, se, statistic, p, low, high, on the scale
    of the logarithm (of the odds, for a binary outcome); missing where the data do not tell it.
    `covariance` is theirs, by `errors`. `df` are the degrees of freedom of Student's t, None
    where limits are normal. `dispersion` is Pearson's chi-squared over its degrees of freedom;
    `alpha` the spread of a negative binomial (theta is 1 / alpha), with its error and theta's
    as MASS::glm.nb has it. `scale` and `correlation` are those of a GEE. `fitted` are the
    expected counts of the rows that were used.
    """

    coefficients: pd.DataFrame
    covariance: pd.DataFrame
    errors: str
    confidence: float
    clusters: int
    rows: int
    df: float | None = None
    loglik: float | None = None
    dispersion: float | None = None
    alpha: float | None = None
    alpha_se: float | None = None
    theta_se: float | None = None
    scale: float | None = None
    correlation: float | None = None
    fitted: Floats
    spec: Any = None
    link: Literal["log", "logit"] = "log"

    @property
    def params(self) -> pd.Series:
        """The coefficients, by term."""
        return self.coefficients.set_index("term")["coefficient"]

    @property
    def bse(self) -> pd.Series:
        """Their standard errors, by term."""
        return self.coefficients.set_index("term")["se"]

    def conf_int(self) -> pd.DataFrame:
        """Their limits at `confidence`, by term."""
        return self.coefficients.set_index("term")[["low", "high"]]

    def wald(self, terms: Iterable[str]) -> tuple[float, int, float]:
        """Test that all of `terms` are 0: chi-squared, its degrees of freedom, p."""
        named = list(terms)
        value = self.params[named].to_numpy(dtype=float)
        error = self.covariance.loc[named, named].to_numpy(dtype=float)
        statistic = float(value @ np.linalg.solve(error, value))
        return statistic, len(named), float(chi2.sf(statistic, len(named)))

    def predict(self, data: pd.DataFrame, *, days: float = 1.0) -> pd.Series:
        """What the model expects of new rows in so many days at risk (or its probability)."""
        if self.spec is None:
            raise WrongUse(_("This model was not made from a formula, and expects nothing."))
        columns = self.spec.get_model_matrix(data)[list(self.params.index)]
        line = columns.to_numpy(dtype=float) @ self.params.to_numpy(dtype=float)
        mean = 1 / (1 + np.exp(-line)) if self.link == "logit" else days * np.exp(line)
        return pd.Series(mean, index=data.index)


def coefficients(
    terms: tuple[str, ...],
    values: Floats,
    covariance: Floats,
    *,
    df: float | None,
    confidence: float,
) -> pd.DataFrame:
    """One row is one term, with its error, test and limits."""
    with np.errstate(invalid="ignore", divide="ignore"):
        se = np.sqrt(np.diag(covariance))
        statistic = values / se
    if df is None:
        p, reach = 2 * norm.sf(np.abs(statistic)), two_sided(confidence)
    elif df > 0:
        p, reach = 2 * t.sf(np.abs(statistic), df), float(t.ppf(0.5 + confidence / 2, df))
    else:
        p, reach = np.full_like(values, np.nan), math.nan
    return pd.DataFrame(
        {
            "term": list(terms),
            "coefficient": values,
            "se": se,
            "statistic": statistic,
            "p": p,
            "low": values - reach * se,
            "high": values + reach * se,
        }
    )


def degrees(clusters: int, errors: str) -> float | None:
    """Of Student's t: clusters - 2 where robust errors rest on few clusters; else none."""
    return students(clusters) if errors in _ROBUST else None


_ROBUST = {"HC0", "HC1", "bias_reduced", "robust"}


def refuse_unknown(errors: str, known: Iterable[str]) -> None:
    """Raise WrongUse for errors that a model does not know.

    >>> refuse_unknown("HC0", ["HC0", "model"])
    """
    named = tuple(known)
    if errors not in named:
        raise WrongUse(
            _("There are no errors {errors}: {known}.", errors=errors, known=", ".join(named))
        )


def ratios(
    model: Regression,
    table: Table,
    *,
    method: str,
    measure: str = "rate_ratio",
    why_not: WhyNot = "separation",
    level: int | None = None,
    not_fitted: WhyNot | None = None,
) -> tuple[Estimate, ...]:
    """A ratio a term (without the intercept): the exponential of its coefficient."""
    terms = [term for term in model.coefficients["term"] if term != "Intercept"]
    if level is None:
        level = 1 if len(terms) == 1 else 3
    few = model.clusters < FEW_CLUSTERS and model.errors in _ROBUST
    spread = model.dispersion is not None and model.dispersion > TOO_VARIED and not model.alpha
    common = Estimate(
        "",
        measure,
        children=table.children,
        events=int(table.outcome.sum()),
        confidence=model.confidence,
        method=method,
        design_level=level,
        unmet=(
            "unmeasured_confounding",
            *("few_clusters",) * few,
            *("overdispersion",) * (spread and model.errors == "model"),
        ),
        met=() if spread or model.dispersion is None else ("overdispersion",),
    )
    made = []
    for row in model.coefficients.to_dict("records"):
        if row["term"] == "Intercept":
            continue
        one = replace(common, group=str(row["term"]))
        if not math.isfinite(row["coefficient"]):
            made.append(replace(one, why_not=not_fitted or why_not))
            continue
        made.append(
            replace(
                one,
                value=ratio_of(row["coefficient"]),
                low=ratio_of(row["low"]),
                high=ratio_of(row["high"]),
                se=finite(row["se"]),
                p=finite(row["p"]),
            )
        )
    return tuple(made)


def warned(model: Regression, table: Table) -> tuple[Beware, ...]:
    """The traps that a model of counts comes near: rows left out, spread, few clusters."""
    said = list(table.left_out)
    dispersion = model.dispersion
    if dispersion is not None and dispersion > TOO_VARIED and not model.alpha:
        robust = _(
            "Dispersion {x}; the intervals are robust ones, as it needs.", x=round(dispersion, 1)
        )
        own = model.errors == "model"
        said.append(varied(dispersion) if own else Beware("overdispersion", robust))
    if model.errors in _ROBUST:
        said += few_clusters(model.clusters)
    if model.errors == "model" and len(table.outcome) > table.cluster.max(initial=-1) + 1:
        said.append(
            Beware(
                "clustering",
                _("Rows of one cluster are taken for independent; intervals too narrow."),
            )
        )
    return tuple(said)


def finite(value: float) -> float | None:
    """The number, or nothing where there is none."""
    return float(value) if math.isfinite(value) else None
