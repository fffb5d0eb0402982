"""The parts of statsmodels that we use. It carries no types, so here it is given one: Any.

What is known to be wrong in 0.15 and is not used: `SurvfuncRight.surv_prob_se` under weights,
`converged` of the discrete models, weights of the negative binomial (taken, and ignored).
"""

from __future__ import annotations

from typing import Any

from statsmodels.discrete import discrete_model as _discrete
from statsmodels.genmod import families as _families
from statsmodels.genmod import generalized_linear_model as _generalized
from statsmodels.stats import contingency_tables as _tables
from statsmodels.stats import proportion as _proportion

Glm: Any = _generalized.GLM
Binomial: Any = _families.Binomial
NegativeBinomial: Any = _discrete.NegativeBinomial
Poisson: Any = _discrete.Poisson
proportion_confint: Any = _proportion.proportion_confint
confint_proportions_2indep: Any = _proportion.confint_proportions_2indep
StratifiedTable: Any = _tables.StratifiedTable
