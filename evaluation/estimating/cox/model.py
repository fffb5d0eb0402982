"""Cox's proportional hazards model, as a statsmodels model."""

from __future__ import annotations

import warnings
from typing import Any, Self

import numpy as np
import pandas as pd
from statsmodels.base.model import LikelihoodModel

from evaluation.errors import WrongUse
from evaluation.estimating.columns import must_fit
from evaluation.estimating.cox import design, kernel
from evaluation.estimating.cox.given import EstimationWarning, Given, chosen, given
from evaluation.estimating.cox.kernel import Ties
from evaluation.estimating.cox.results import CoxResults, CoxResultsWrapper
from evaluation.estimating.cox.risksets import Floats, Rows, lay
from evaluation.estimating.formulas import plain, refuse_infinite
from evaluation.language import _


class Cox(LikelihoodModel):
    """Cox's model for (start, stop] rows. It is used as a statsmodels model is.

    One row is one child (or whatever is followed) at risk after `start` up to and with the time
    `endog`, in any unit; `event` (0 and 1, or booleans) says whether an event ends it. `strata`
    (a column or several) each have a baseline hazard of their own. `weights` count a row more or
    less than once; a row of weight 0 is as no row. `cluster` names whose rows belong together:
    standard errors then allow for their likeness. `ties` is Efron's method or Breslow's.
    Rows with a missing value anywhere are left out, and counted in `n_missing`.

    Times that differ only by rounding are one time. Names follow `exog`, which is a frame or an
    array of numbers; `from_formula` codes factors.

    Raises WrongUse for times that are no finite numbers, a start that is not before its stop,
    events that are not 0 and 1, negative weights, and arrays of different lengths. `fit` raises
    CannotEstimate where there is no event and Collinear where a column is a sum of others.

    >>> data = pd.DataFrame(
    ...     {"days": [5, 8, 12, 20, 21, 30], "again": [1, 1, 0, 1, 1, 0], "age": [3, 9, 7, 8, 2, 5]}
    ... )
    >>> fitted = Cox(data["days"], data[["age"]], event=data["again"]).fit(warn=False)
    >>> fitted.params.round(4).to_dict(), fitted.bse.round(4).to_dict()
    ({'age': 0.0804}, {'age': 0.2265})

    Source: Therneau and Grambsch (2000), Modeling Survival Data; numbers are those of R's
    `survival::coxph`.
    """

    formula: str

    def __init__(
        self,
        endog: Any,
        exog: Any,
        *,
        event: Any,
        start: Any = None,
        strata: Any = None,
        cluster: Any = None,
        weights: Any = None,
        ties: Ties = "efron",
    ) -> None:
        x = design.from_columns(exog)
        kernel.refuse_unknown_ties(ties)
        must_fit(_("The times"), len(endog), len(x))
        self.given: Given = given(
            endog,
            event,
            start=start,
            strata=strata,
            cluster=cluster,
            weights=weights,
            also_missing=x.isna().any(axis=1).to_numpy(),
        )
        kept = x.iloc[self.given.kept] if self.given.missing else x
        refuse_infinite(kept)
        super().__init__(  # type: ignore[no-untyped-call]
            pd.Series(self.given.stop, index=kept.index, name="time"), kept, hasconst=False
        )
        self.ties: Ties = ties
        self.nobs = len(kept)
        self.n_missing = self.given.missing
        weight = self.given.weight
        counts = self.given.event if weight is None else self.given.event & (weight > 0)
        self.n_events = int(counts.sum())
        self.df_model = float(kept.shape[1])
        self.df_resid = float(self.nobs - kept.shape[1])
        self.rows = Rows(
            x=np.asarray(self.exog, dtype=float),
            stop=self.given.stop,
            event=self.given.event,
            start=self.given.start,
            stratum=self.given.stratum,
            weight=self.given.weight,
        )
        self.terms: dict[str, tuple[int, ...]] = {
            str(name): (place,) for place, name in enumerate(kept.columns)
        }

    @property
    def model_spec(self) -> Any:
        """What a formula's engine needs to build the same columns again; None without a formula."""
        return getattr(self.data, "model_spec", None)

    @classmethod
    def from_formula(  # type: ignore[override]
        cls,
        formula: str,
        data: Any,
        *,
        event: Any,
        start: Any = None,
        strata: Any = None,
        cluster: Any = None,
        weights: Any = None,
        ties: Ties = "efron",
        subset: Any = None,
        eval_env: int = 0,
    ) -> Self:
        """Cox's model by a formula, `"stop ~ arm + C(area) + age"`, and a frame of the rows.

        `event`, `start`, `strata`, `cluster` and `weights` are names of columns or arrays with a
        value for each row of `data`. A factor is compared with its first level;
        `C(area, Treatment("Cardiff"))` chooses another. There is no intercept.

        >>> data = pd.DataFrame(
        ...     {"days": [5, 8, 12, 20, 21, 30], "again": [1, 1, 0, 1, 1, 0], "arm": list("babaab")}
        ... )
        >>> Cox.from_formula("days ~ arm", data, event="again").fit(warn=False).params.round(4).to_dict()
        {'arm[T.b]': -0.8455}
        """
        frame = data if isinstance(data, pd.DataFrame) else pd.DataFrame(data)
        if subset is not None:
            frame = frame.loc[subset]
        told = {
            role: chosen(frame, what)
            for role, what in (
                ("event", event),
                ("start", start),
                ("strata", strata),
                ("cluster", cluster),
                ("weights", weights),
            )
        }
        made = design.from_formula(formula, frame.reset_index(drop=True), depth=eval_env + 1)
        whole = range(len(frame))
        model = cls(
            made.stop.reindex(whole).to_numpy(),
            made.x.reindex(whole).set_axis(frame.index),
            **told,
            ties=ties,
        )
        model.terms = made.terms
        model.formula = formula
        # By these statsmodels builds the columns anew, for predictions and out of a pickle.
        model.data.model_spec, model.data.formula = made.spec.made, f"{formula} + 1"
        model.data.frame = plain(frame)
        return model

    def fit(self, *, cov_type: str | None = None, warn: bool = True) -> CoxResults:  # type: ignore[override]
        """Fit by Newton's method. `cov_type` is "nonrobust", or "robust" for the sandwich.

        Left out, it is the sandwich where there are clusters or weights that are no whole numbers,
        as in R; with clusters, rows are summed within them. Without `warn`, what to beware of is
        only kept in `beware`.
        """
        found = kernel.fit(self.rows, ties=self.ties, names=tuple(self.exog_names or ()))
        if cov_type is None:
            weight = self.given.weight
            fractions = weight is not None and bool((weight != np.floor(weight)).any())
            cov_type = "robust" if self.given.cluster is not None or fractions else "nonrobust"
        elif cov_type not in ("nonrobust", "robust", "cluster"):
            raise WrongUse(_("Standard errors are “nonrobust” or “robust”."))
        results = CoxResults(self, found, robust=cov_type != "nonrobust")
        if warn:
            for one in results.beware:
                warnings.warn(str(one.text), EstimationWarning, stacklevel=2)
        named: Any = CoxResultsWrapper(results)  # type: ignore[no-untyped-call]
        return named  # type: ignore[no-any-return]

    def _scaled(self, params: Any) -> tuple[Any, Any, float]:
        sets = lay(self.rows)
        hazard, loglik = kernel.at(sets, np.asarray(params, dtype=float) * sets.scale, self.ties)
        return sets, hazard, loglik

    def loglike(self, params: Any) -> float:
        """The partial log-likelihood at any coefficients."""
        return float(self._scaled(params)[2])

    def score(self, params: Any) -> Floats:
        """The gradient of the partial log-likelihood."""
        sets, hazard, _loglik = self._scaled(params)
        return np.asarray(kernel.slope(sets, hazard)[0] * sets.scale)

    def hessian(self, params: Any) -> Floats:
        """The second derivatives of the partial log-likelihood."""
        sets, hazard, _loglik = self._scaled(params)
        return np.asarray(-kernel.slope(sets, hazard)[1] * np.outer(sets.scale, sets.scale))

    def information(self, params: Any) -> Floats:
        """The negative of the second derivatives, whose inverse is the naive covariance."""
        return -self.hessian(params)

    def predict(self, params: Any, exog: Any = None) -> Floats:
        """The log hazard ratio of rows of covariates against covariates that are all 0."""
        x = self.exog if exog is None else np.asarray(exog, dtype=float)
        return np.asarray(np.atleast_2d(x) @ np.asarray(params))
