"""When children have an event: curves, means, and whether groups differ. All as R's `survival`.

kaplan_meier           the share still free of an event, and the median day
rmst                   mean days free of an event within a time, and what groups differ
log_rank               whether groups differ
cumulative_incidence   the share with an event of one kind where another can come first
day_reached            the day by which a share have had it
mean_cumulative        how many events a child has had, where they can come again
survival_under         Kaplan-Meier under many sets of weights, for resampling
"""

from evaluation.estimating.survival.curve import Curve, kaplan_meier
from evaluation.estimating.survival.incidence import Incidence, cumulative_incidence
from evaluation.estimating.survival.mean_count import MeanCount, mean_cumulative
from evaluation.estimating.survival.ranks import Ranked, RankTest, log_rank
from evaluation.estimating.survival.reached import day_reached
from evaluation.estimating.survival.restricted_mean import rmst
from evaluation.estimating.survival.under import survival_under

__all__ = [
    "Curve",
    "Incidence",
    "MeanCount",
    "RankTest",
    "Ranked",
    "cumulative_incidence",
    "day_reached",
    "kaplan_meier",
    "log_rank",
    "mean_cumulative",
    "rmst",
    "survival_under",
]
