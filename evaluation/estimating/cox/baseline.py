"""The baseline hazard of Cox's model, and what it says of anybody: hazard and survival by a time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from evaluation.estimating.cox.kernel import KernelFit
from evaluation.estimating.cox.residuals import offsets
from evaluation.estimating.cox.risksets import Floats, Whole


def baseline(found: KernelFit, labels: tuple[Any, ...] = ()) -> pd.DataFrame:
    """One row is one time of events in one stratum: the cumulative hazard at it, itself counted.

    It is that of somebody whose covariates are all 0: R's `basehaz(fit, centered=FALSE)`, by
    Efron's or Breslow's estimate as the model's ties. `survival` is exp(-cumulative_hazard).

    >>> from evaluation.estimating.cox import kernel
    >>> from evaluation.estimating.cox.risksets import Rows
    >>> x = np.array([[0.0], [1.0], [0.0], [1.0], [0.0]])
    >>> rows = Rows(x, np.array([1.0, 2, 3, 4, 5]), np.array([True, True, True, False, True]))
    >>> baseline(kernel.fit(rows))["cumulative_hazard"].round(3).tolist()
    [0.226, 0.518, 0.887, 1.887]
    """
    sets = found.sets
    codes, begins, place = np.unique(sets.strata, return_index=True, return_inverse=True)
    with np.errstate(over="ignore"):
        increments = found.hazard.step * np.exp(-offsets(found))[place]
    grown = np.cumsum(increments)
    total = grown - np.append(0.0, grown)[begins][place]
    frame = pd.DataFrame(
        {
            "time": sets.times,
            "hazard": increments,
            "cumulative_hazard": total,
            "survival": np.exp(-total),
        }
    )
    if labels:
        # A label may be a tuple: each must stand as one value.
        named = pd.Series([labels[code] for code in codes], dtype=object).infer_objects()
        frame.insert(0, "stratum", named.iloc[place].to_numpy())
    return frame


def cumulative_hazard(
    found: KernelFit, x: Floats, times: ArrayLike, stratum: Whole | None = None
) -> Floats:
    """The cumulative hazard by each of `times` (a column each) for each row of covariates.

    `times` may also be a table with a row for each row of `x`. `stratum` numbers the rows'
    strata; one without events has no hazard.
    """
    sets = found.sets
    asked = np.asarray(times, dtype=float)
    asked = np.broadcast_to(asked, (len(x), *asked.shape)) if asked.ndim < 2 else asked
    asked = asked[:, None] if asked.ndim == 1 else asked
    by = np.zeros(asked.shape)
    codes = np.unique(sets.strata)
    shift = offsets(found)
    rows_of = np.zeros(len(x), dtype=np.int64) if stratum is None else stratum
    for place, code in enumerate(codes):
        cells = sets.strata == code
        here = rows_of == code
        grown = np.append(0.0, np.cumsum(found.hazard.step[cells]))
        reached = np.searchsorted(sets.times[cells], asked[here], side="right")
        with np.errstate(over="ignore"):
            by[here] = grown[reached] * np.exp(x[here] @ found.beta - shift[place])[:, None]
    by[np.isnan(asked)] = np.nan
    by[np.isnan(x).any(axis=1)] = np.nan
    return by
