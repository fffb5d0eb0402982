"""The field's traps: what to look for in data before they are believed, and what is refused.

Each function looks at the data that a figure comes from and gives a `Beware`, or None where the
trap is not near. The estimators avoid these traps by default and warn of them themselves; this
is for whoever comes with figures or tables of their own.

    regression_to_the_mean   a spike before time zero: a fall was to be expected
    refuse_ever_treated      arms made by what happened later (refused)
    overdispersion           counts vary more than a Poisson model can say
    clustering               rows that share a child or an authority; few clusters
    truncation               cases begun before the window, cases still open at its end
    competing_events         other ends, which 1 - Kaplan-Meier takes for censoring
    time_not_at_risk         days missing or away; episodes that overlap
    separation               a column that tells the outcome without fail
    refuse_undated_repeats   'repeat rates' without a window (refused)
    described                a before/after comparison, marked as a description
"""

from evaluation.estimating.guards.looked_for import (
    clustering,
    competing_events,
    overdispersion,
    regression_to_the_mean,
    separation,
    time_not_at_risk,
    truncation,
)
from evaluation.estimating.guards.refused import (
    described,
    refuse_ever_treated,
    refuse_undated_repeats,
)

__all__ = [
    "clustering",
    "competing_events",
    "described",
    "overdispersion",
    "refuse_ever_treated",
    "refuse_undated_repeats",
    "regression_to_the_mean",
    "separation",
    "time_not_at_risk",
    "truncation",
]
