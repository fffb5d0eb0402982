"""The parts of statsmodels that we use. It carries no types, so here it is given one: Any.

What is known to be wrong in 0.15 and is not used: `SurvfuncRight.surv_prob_se` under weights,
`converged` of the discrete models, weights of the negative binomial (taken, and ignored).
"""

from __future__ import annotations

from typing import Any

from statsmodels.discrete import discrete_model as _discrete
from statsmodels.genmod import families as _families
from statsmodels.genmod import generalized_linear_model as _generalized
from statsmodels.regression import linear_model as _linear
from statsmodels.stats import contingency_tables as _tables
from statsmodels.stats import diagnostic as _diagnostic
from statsmodels.stats import proportion as _proportion

Glm: Any = _generalized.GLM
Ols: Any = _linear.OLS
Binomial: Any = _families.Binomial
Gaussian: Any = _families.Gaussian
PoissonFamily: Any = _families.Poisson
NegativeBinomialFamily: Any = _families.NegativeBinomial
NegativeBinomial: Any = _discrete.NegativeBinomial
Poisson: Any = _discrete.Poisson
proportion_confint: Any = _proportion.proportion_confint
confint_proportions_2indep: Any = _proportion.confint_proportions_2indep
StratifiedTable: Any = _tables.StratifiedTable
acorr_ljungbox: Any = _diagnostic.acorr_ljungbox
acorr_breusch_godfrey: Any = _diagnostic.acorr_breusch_godfrey


def with_covariance(results: Any, covariance: Any, name: str) -> Any:
    """The results, with another covariance of their coefficients in place; `name` is shown."""
    inner = results._results  # noqa: SLF001 - the wrapper around it hands attributes on one way only
    inner.cov_params_default = covariance
    inner.cov_type = name
    inner.cov_kwds = {"description": name}
    return results
