"""What Cox's model found, as statsmodels results: coefficients, tests, residuals and predictions."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import chi2
from statsmodels.base.model import LikelihoodModelResults, LikelihoodResultsWrapper

from evaluation.errors import WrongUse
from evaluation.estimating.cox import (
    baseline,
    concordance,
    design,
    kernel,
    proportionality,
    residuals,
    summary,
)
from evaluation.estimating.cox.beware import beware_of
from evaluation.estimating.cox.given import chosen, columns_of
from evaluation.estimating.cox.kernel import KernelFit
from evaluation.estimating.cox.risksets import Floats, Whole
from evaluation.estimating.formulas import Spec
from evaluation.estimating.found import Beware
from evaluation.language import _

if TYPE_CHECKING:
    from evaluation.estimating.cox.model import Cox

Predicted = Literal["lhr", "hr", "cumhaz", "surv"]


class Test(NamedTuple):
    """A chi-squared test."""

    statistic: float
    df: int
    p: float


class CoxResults(LikelihoodModelResults):
    """The fit of a `Cox` model.

    `params`, `bse`, `pvalues`, `conf_int()`, `cov_params()`, `wald_test()`, `t_test()`, `llf` and
    `summary()` are as statsmodels'. Residuals (`martingale_residuals`, `schoenfeld_residuals` …)
    and `concordance` are attributes, not called; `proportional_hazards_test()` gives a frame. `cov_naive` is the inverse of the information also where the
    standard errors are robust. `beware` holds what speaks against taking the numbers as they
    stand, and `endless` names the terms whose coefficients have no finite value.

    >>> from evaluation.estimating.cox.model import Cox
    >>> data = pd.DataFrame(
    ...     {"days": [5, 8, 12, 20, 21, 30], "again": [1, 1, 0, 1, 1, 0], "age": [3, 9, 7, 8, 2, 5]}
    ... )
    >>> fitted = Cox.from_formula("days ~ age", data, event="again").fit(warn=False)
    >>> round(fitted.likelihood_ratio_test().p, 4)
    0.7187
    """

    def __init__(self, model: Cox, found: KernelFit, *, robust: bool) -> None:
        naive = found.covariance
        covariance = residuals.sandwich(found, model.given.cluster) if robust else naive
        super().__init__(model, found.beta, covariance)  # type: ignore[no-untyped-call]
        self.kernel = found
        self.cov_naive = naive
        self.cov_type = "robust" if robust else "nonrobust"
        self.cov_kwds: dict[str, Any] = {}
        self.names: list[str] = list(model.exog_names or ())
        self.nobs, self.n_events, self.n_missing = model.nobs, model.n_events, model.n_missing
        self.df_model, self.df_resid = model.df_model, model.df_resid
        self.converged = found.converged
        self.mle_retvals = {"converged": found.converged, "iterations": found.iterations}
        self.endless = tuple(self.names[place] for place in found.endless)
        cluster = model.given.cluster
        self.n_clusters = None if cluster is None else int(cluster.max()) + 1

    @property
    def llf(self) -> float:
        """The partial log-likelihood at its greatest."""
        return self.kernel.loglik

    @property
    def llnull(self) -> float:
        """The partial log-likelihood without covariates."""
        return self.kernel.loglik_at_zero

    @property
    def aic(self) -> float:
        return -2 * self.llf + 2 * self.df_model

    @property
    def bic(self) -> float:
        """With the number of events for that of observations, as R."""
        return float(-2 * self.llf + np.log(self.n_events) * self.df_model)

    @cached_property
    def beware(self) -> tuple[Beware, ...]:
        return beware_of(self)

    @property
    def hazard_ratios(self) -> pd.Series:
        return pd.Series(np.exp(self._coefficients), index=self.names)

    @property
    def _covariance(self) -> Floats:
        covariance: Any = self.cov_params()  # type: ignore[no-untyped-call]
        return np.asarray(covariance)

    @property
    def _coefficients(self) -> Floats:
        return np.asarray(self.params, dtype=float)

    def likelihood_ratio_test(self) -> Test:
        """All coefficients against 0; not to be used with robust errors or weights."""
        value = 2 * (self.llf - self.llnull)
        return self._tested(value)

    def score_test(self) -> Test:
        """All coefficients against 0, by the slope at 0: for one factor, the log-rank test."""
        slope = self.kernel.score_at_zero
        return self._tested(float(slope @ kernel.inverse(self.kernel.information_at_zero) @ slope))

    def wald(self) -> Test:
        """All coefficients against 0, by the standard errors in use."""
        b = self._coefficients
        return self._tested(float(b @ kernel.inverse(self._covariance) @ b))

    def robust_score_test(self) -> Test:
        """All coefficients against 0, by the slope at 0 and how much clusters (or rows) differ."""
        return self._tested(residuals.robust_score(self.kernel, self.model.given.cluster))

    def _tested(self, value: float) -> Test:
        df = len(self.names)
        return Test(value, df, float(chi2.sf(value, df)))

    def wald_test_terms(self, *, scalar: bool = True) -> pd.DataFrame:  # type: ignore[override]  # noqa: ARG002
        """Each term of the formula against 0, by the standard errors in use: chisq, df, p."""
        rows = {}
        for term, places in self.model.terms.items():
            part = self._covariance[np.ix_(places, places)]
            b = self._coefficients[list(places)]
            value = float(b @ kernel.inverse(part) @ b)
            rows[term] = (value, len(places), float(chi2.sf(value, len(places))))
        return pd.DataFrame.from_dict(rows, orient="index", columns=["chisq", "df", "p"])

    @property
    def llr(self) -> float:
        return self.likelihood_ratio_test().statistic

    @property
    def llr_pvalue(self) -> float:
        return self.likelihood_ratio_test().p

    def proportional_hazards_test(
        self, transform: proportionality.Transform | Callable[[Floats], Floats] = "km"
    ) -> pd.DataFrame:
        """R's `cox.zph`: chisq, df and p for each term and GLOBAL; a small p speaks against."""
        return proportionality.proportional_hazards(
            self.kernel, self.model.terms, transform=transform
        ).table

    @cached_property
    def concordance(self) -> concordance.Concordance:
        """The share of pairs whose order the model tells, with its error."""
        rows = self.model.rows
        return concordance.concordance(
            rows.x @ self._coefficients,
            rows.stop,
            rows.event,
            start=rows.start,
            stratum=rows.stratum,
            weight=rows.weight,
            cluster=self.model.given.cluster,
        )

    @property
    def _index(self) -> Any:
        return pd.Index(self.model.data.row_labels)

    @cached_property
    def martingale_residuals(self) -> pd.Series:
        """Events less those to be expected, a row each."""
        return pd.Series(residuals.martingale(self.kernel), index=self._index)

    @cached_property
    def deviance_residuals(self) -> pd.Series:
        return pd.Series(residuals.deviance(self.kernel), index=self._index)

    @cached_property
    def score_residuals(self) -> pd.DataFrame:
        """Each row's part of the score, unweighted."""
        parts = kernel.score_residuals(self.kernel)
        return pd.DataFrame(parts, index=self._index, columns=self.names)

    @cached_property
    def dfbeta(self) -> pd.DataFrame:
        """About how much each row moves each coefficient, its weight included."""
        return pd.DataFrame(residuals.dfbeta(self.kernel), index=self._index, columns=self.names)

    @cached_property
    def schoenfeld_residuals(self) -> pd.DataFrame:
        """A row an event, by the index of its row, in the order of strata and times."""
        return self._by_event(*residuals.schoenfeld(self.kernel))

    @cached_property
    def scaled_schoenfeld_residuals(self) -> pd.DataFrame:
        """The same on the scale of the coefficients: a trend in time is a trend of b(t)."""
        return self._by_event(*residuals.scaled_schoenfeld(self.kernel))

    def _by_event(self, values: Floats, whose: Whole) -> pd.DataFrame:
        return pd.DataFrame(values, index=self._index[whose], columns=self.names)

    def baseline(self) -> pd.DataFrame:
        """Time, hazard, cumulative_hazard and survival where all covariates are 0; by stratum."""
        return baseline.baseline(self.kernel, self.model.given.strata_labels)

    def predict(  # type: ignore[override]
        self,
        exog: Any = None,
        *,
        which: Predicted = "lhr",
        times: ArrayLike | None = None,
        strata: Any = None,
        transform: bool = True,
    ) -> pd.Series | pd.DataFrame:
        """What the model says of new rows, or of its own.

        `which` is the log hazard ratio against covariates that are all 0 ("lhr", the default), the
        hazard ratio ("hr"), the cumulative hazard ("cumhaz") or the survival ("surv") from time 0
        by each of `times`, a column each. A stratified model wants to know the rows' `strata`: a
        label for all, labels, or (with a formula) the names of columns. A row that lacks a value
        is predicted as missing.

        Raises WrongUse where columns, times or strata are missing or unknown.
        """
        if which not in ("lhr", "hr", "cumhaz", "surv"):
            raise WrongUse(_("Ask for “lhr”, “hr”, “cumhaz” or “surv”."))
        if exog is None:
            x = pd.DataFrame(self.model.rows.x, index=self._index, columns=self.names)
        elif transform and getattr(self.model, "model_spec", None) is not None:
            exog = exog if isinstance(exog, pd.DataFrame) else pd.DataFrame(exog)
            x = Spec(self.model.model_spec).get_model_matrix(exog)
            x = x.drop(columns="Intercept", errors="ignore")
        else:
            x = design.from_columns(exog, tuple(self.names))
            if set(self.names) <= set(x.columns):
                x = x[self.names]
        if x.shape[1] != len(self.names):
            raise WrongUse(
                _(
                    "The model has {columns} columns, the new data have {others}.",
                    columns=len(self.names),
                    others=x.shape[1],
                )
            )
        values = np.asarray(x, dtype=float)
        if which in ("lhr", "hr"):
            line = values @ self._coefficients
            return pd.Series(np.exp(line) if which == "hr" else line, index=x.index)
        if times is None:
            raise WrongUse(_("Say by which times: `times=[90, 180, 365]`."))
        codes = self._strata_codes(exog, strata, len(x))
        by = baseline.cumulative_hazard(self.kernel, values, times, codes)
        names = np.atleast_1d(np.asarray(times, dtype=float))
        by = np.exp(-by) if which == "surv" else by
        return pd.DataFrame(by, index=x.index, columns=names if names.ndim == 1 else None)

    def _strata_codes(self, exog: Any, strata: Any, count: int) -> Whole | None:
        own = self.model.given
        if own.stratum is None:
            return None
        if strata is None:
            if exog is None:
                return np.asarray(own.stratum)
            raise WrongUse(_("The model has strata: say in which ones the rows are (`strata=`)."))
        labels = own.strata_labels
        known = {label: code for code, label in enumerate(labels)}
        if not isinstance(strata, list) and _is_label(strata, known):
            return np.full(count, known[strata])
        told = chosen(exog, strata) if isinstance(exog, pd.DataFrame) else strata
        columns = columns_of(told)
        rows = list(zip(*columns, strict=True)) if len(columns) > 1 else list(columns[0])
        if len(rows) != count or not all(_is_label(row, known) for row in rows):
            raise WrongUse(
                _("The strata of the new data must be one for each row, and known to the model.")
            )
        return np.array([known[row] for row in rows])

    def summary(self, *, alpha: float = 0.05) -> Any:
        """statsmodels' table: log hazard ratio, its error, the ratio and its interval."""
        return summary.summary(self, alpha=alpha)


def _is_label(value: Any, known: dict[Any, int]) -> bool:
    try:
        return value in known
    except TypeError:
        return False


class CoxResultsWrapper(LikelihoodResultsWrapper):
    """Gives the coefficients and what belongs to them with the names of their terms."""
