"""How alike the arms are, one covariate after the other, before and after weighting."""

from __future__ import annotations

from functools import partial

from analyses.plan import Plan
from analyses.quarterly.alike import figure
from evaluation.estimating.weighting import Propensity
from evaluation.nouns import Estimate

MEASURES = ("smd_before", "smd_after", "variance_ratio_before", "variance_ratio_after")


def figures(alike: Propensity, plan: Plan) -> list[Estimate]:
    """Of each column that the covariates became: its standardised difference and variance ratio.

        smd_before, smd_after                         in standard deviations of those referred
        variance_ratio_before, variance_ratio_after   not of a 0/1 column, which has none
        covariate_left_out                            no value; `why_not` says why the model of who
                                                      is referred does not hold the covariate

    `group` is the column, 'age' or 'sex=female'. Numbers of episodes are logarithms, as the model
    has them.
    """
    own = partial(figure, outcome=plan.outcome, days=plan.window_days, children=len(alike.children))
    by_column = [
        own(measure=one.measure, group=one.group, value=one.value)
        for one in alike.estimates
        if one.measure in MEASURES
    ]
    left_out = [
        own(measure="covariate_left_out", group=each.covariate, why_not=each.why)
        for each in alike.dropped
    ]
    return by_column + left_out
