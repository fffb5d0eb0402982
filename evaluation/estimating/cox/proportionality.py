"""Whether hazards are proportional: the score test of R's `cox.zph` (survival 3), term by term."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.stats import chi2, rankdata

from evaluation.errors import WrongUse
from evaluation.estimating.cox import kernel
from evaluation.estimating.cox.kernel import KernelFit
from evaluation.estimating.cox.risksets import Floats, RiskSets, joined
from evaluation.language import _

Transform = Literal["km", "identity", "rank", "log"]


@dataclass(frozen=True)
class ProportionalHazards:
    """`table` has a row a term, and GLOBAL: chisq, df, p."""

    table: pd.DataFrame
    transform: str

    def __str__(self) -> str:
        return self.table.to_string()


def proportional_hazards(
    found: KernelFit,
    terms: dict[str, tuple[int, ...]],
    *,
    transform: Transform | Callable[[Floats], Floats] = "km",
) -> ProportionalHazards:
    """Test each term, and all at once, for a coefficient that changes with transformed time.

    It is the exact score test for adding x g(t), with g the Kaplan-Meier estimate just before t
    ("km"), the time ("identity"), its rank, or its logarithm. A small p speaks against
    proportional hazards. A term whose test cannot be made has missing values: with "km" and entry
    the estimate may be 0 from the first event on, and then "identity" or "rank" will do.

    >>> from evaluation.estimating.cox.risksets import Rows
    >>> x = np.array([[0.0], [1.0], [0.0], [1.0], [0.0]])
    >>> rows = Rows(x, np.array([1.0, 2, 3, 4, 5]), np.array([True, True, True, False, True]))
    >>> proportional_hazards(kernel.fit(rows), {"x": (0,)}).table["chisq"].round(4).to_dict()
    {'x': 0.0086, 'GLOBAL': 0.0086}

    Source: Grambsch and Therneau (1994), Biometrika 81:515; survival 3.x, cox.zph.
    """
    sets, hazard = found.sets, found.hazard
    times = _transformed(sets, transform)
    centred = times - _mean_of_events(sets, times)
    every, dead = kernel.means(sets, hazard)

    through = [kernel.passed(sets, hazard, by) for by in (None, centred, centred**2)]
    parts = [
        kernel.weighted_information(sets, hazard, passed, every, dead, times=by)
        for passed, by in zip(through, (None, centred, centred**2), strict=True)
    ]
    residual = -through[1]
    residual[sets.dead] += sets.weight[sets.dead] * centred[sets.of_dead]
    slope = sets.columns @ residual
    # What x g(t) tells of its own, beside x.
    own = parts[2] - parts[1] @ kernel.inverse(parts[0]) @ parts[1]
    varies = np.ptp(times) > 1e-10 * np.abs(times).max()
    with np.errstate(all="ignore"):
        share = np.diag(own) / np.diag(parts[2]) if varies else np.zeros(len(slope))

    rows = {}
    for name, places in [*terms.items(), ("GLOBAL", tuple(range(len(slope))))]:
        here = list(places)
        value = float(slope[here] @ kernel.inverse(own[np.ix_(here, here)]) @ slope[here])
        can_be = np.isfinite(value) and value >= 0 and (share[here] > 1e-10).all()
        value = value if can_be else np.nan
        rows[name] = (value, len(places), float(chi2.sf(value, len(places))))
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["chisq", "df", "p"])
    return ProportionalHazards(table, transform if isinstance(transform, str) else "user")


def _mean_of_events(sets: RiskSets, times: Floats) -> float:
    """The mean over events, unweighted, as in R."""
    return float(times @ sets.deaths / sets.deaths.sum())


def _transformed(sets: RiskSets, transform: Transform | Callable[[Floats], Floats]) -> Floats:
    """Each cell's time as the transform has it."""
    if callable(transform):
        return np.asarray(transform(sets.times), dtype=float)
    if transform == "identity":
        return sets.times
    if transform == "log":
        if (sets.times <= 0).any():
            raise WrongUse(_("An event at time 0 or before has no logarithm: use “km”."))
        return np.asarray(np.log(sets.times))
    counted = sets.all_weights > 0
    start, stop = joined(sets.rows.start, sets.rows.stop)
    if transform == "rank":
        ranks = rankdata(stop[counted])
        order = np.sort(stop[counted])
        return np.sort(ranks)[np.searchsorted(order, sets.times)]
    if transform != "km":
        raise WrongUse(_("The transform is “km”, “identity”, “rank” or “log”."))
    event = sets.rows.event[counted]
    ends = stop[counted]
    moments, deaths = np.unique(ends[event], return_counts=True)
    at_risk = len(ends) - np.searchsorted(np.sort(ends), moments)
    if start is not None:
        begun = np.sort(start[counted])
        at_risk = at_risk - (len(begun) - np.searchsorted(begun, moments))
    survival = np.append(1.0, np.cumprod(1 - deaths / at_risk))
    return 1 - survival[np.searchsorted(moments, sets.times)]
