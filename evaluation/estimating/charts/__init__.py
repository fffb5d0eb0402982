"""Charts' numbers: the points, the centre and the limits, and which points are more than noise.

    single    XmR: one value a month, nothing known of what it is made from
    counted   u and p: events over days at risk, or children over children, whatever their number
    funnel    many places or providers at one time, each against what chance leaves room for

Each gives a `Chart` (or a `Funnel`), whose `points` a picture draws as they stand.
"""

from evaluation.estimating.charts.chart import Chart
from evaluation.estimating.charts.counted import p_chart, u_chart
from evaluation.estimating.charts.funnel import Funnel, funnel
from evaluation.estimating.charts.single import xmr

__all__ = ["Chart", "Funnel", "funnel", "p_chart", "u_chart", "xmr"]
