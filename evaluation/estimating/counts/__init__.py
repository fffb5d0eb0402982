"""Events and time at risk: rates, their ratios, and models of counts.

    rate, rate_ratio_exact      exact limits from totals
    rates                       the arms' rates per 100 child-days, weighted or not
    rate_ratio_robust           their ratio, with errors that allow for children who vary
    rate_ratio_adjusted         their ratio by a negative binomial model with covariates
    poisson, negative_binomial  regression by formula
    gee                         clusters that correlate, and few clusters
    limits_of_mean              limits of a mean count, robust, without a fit
    within_child                each child beside itself (conditional Poisson)
    case_series                 the same, around a day of exposure (self-controlled case series)
    overdispersion              how much children vary, for power

Each but `limits_of_mean` gives a `Found`; coefficients, covariance and fitted counts are in its `model`.
"""

from evaluation.estimating.counts._fitted import Regression
from evaluation.estimating.counts.arms import (
    Adjusted,
    rate_ratio_adjusted,
    rate_ratio_robust,
    rates,
    rates_under,
)
from evaluation.estimating.counts.clusters import gee
from evaluation.estimating.counts.exact import rate, rate_ratio_exact
from evaluation.estimating.counts.mean import limits_of_mean
from evaluation.estimating.counts.regression import negative_binomial, poisson
from evaluation.estimating.counts.self_controlled import CaseSeries, case_series
from evaluation.estimating.counts.spread import overdispersion
from evaluation.estimating.counts.within import within_child

__all__ = [
    "Adjusted",
    "CaseSeries",
    "Regression",
    "case_series",
    "gee",
    "limits_of_mean",
    "negative_binomial",
    "overdispersion",
    "poisson",
    "rate",
    "rate_ratio_adjusted",
    "rate_ratio_exact",
    "rate_ratio_robust",
    "rates",
    "rates_under",
    "within_child",
]
