"""How many events a child has, and how much children vary beyond chance."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from evaluation.estimating.columns import must_have
from evaluation.estimating.counts.nb2 import nb2
from evaluation.estimating.found import Found
from evaluation.estimating.table import counted, days_at_risk
from evaluation.nouns import Estimate


def overdispersion(children: pd.DataFrame) -> Found:
    """Estimate mean and dispersion of events without looking at arms, for power.

    `children` has a row a child: events, days_at_risk; one never at risk is left out. The figure
    'mean_events' is per child; 'dispersion' the alpha of an NB2 model with an intercept, by its
    likelihood ('nb2'), or by moments where that cannot be fitted. Both are missing where nobody
    was at risk, the dispersion where nobody had an event.

    >>> children = pd.DataFrame({"events": [0, 0, 1, 7], "days_at_risk": 90})
    >>> overdispersion(children).one("mean_events").value
    2.0

    Raises WrongUse where a column is not there, or its numbers are not what they should be.
    Source of the moments: Breslow (1984), Applied Statistics 33:38.
    """
    must_have(children, ["events", "days_at_risk"])
    days = days_at_risk(children["days_at_risk"])
    events, days = counted(children["events"])[days > 0], days[days > 0]
    of = partial(Estimate, section="", children=len(events), events=int(events.sum()))
    mean, dispersion = of(measure="mean_events"), of(measure="dispersion", method="nb2")
    if not len(events):
        return Found(
            estimates=tuple(replace(one, why_not="no_follow_up") for one in (mean, dispersion))
        )
    mean = replace(mean, value=float(events.mean()))
    if not events.any():
        return Found(estimates=(mean, replace(dispersion, why_not="no_events")))
    one = np.ones(len(events))
    fit = nb2(events, one[:, np.newaxis], days=days, weights=one, dispersion=None)
    if fit.reached:
        return Found(estimates=(mean, replace(dispersion, value=fit.dispersion)), model=fit)
    expected = events.sum() / days.sum() * days
    moment = ((events - expected) ** 2 - expected).sum() / (expected**2).sum()
    by_moments = replace(dispersion, value=max(float(moment), 0.0), method="moments")
    return Found(estimates=(mean, by_moments), model=fit)
