"""What the terms of a model of odds share: when they can be trusted, and what they say."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from evaluation.estimating.beware import students
from evaluation.estimating.limits import WhyNot, ratio_of

STEEPEST = 8.0
"""A coefficient beyond this, per standard deviation or level, is taken for separation."""

SURE = 12.0
"""Where no child's logit is beyond this and the slope is nothing, the estimate is finite."""


def degrees(clusters: int, *, clustered: bool) -> float:
    """The degrees of freedom of Student's t: few where clusters are few, else without end.

    >>> degrees(12, clustered=True), degrees(12, clustered=False)
    (10.0, inf)
    """
    few = students(clusters) if clustered else None
    return math.inf if few is None else max(few, 1.0)


def told(row: pd.Series, why_not: WhyNot | None) -> dict[str, Any]:
    """What a figure says of a term: its odds ratio, or why there is none.

    >>> told(pd.Series({"coefficient": 0.0, "low": -1.0, "high": 1.0, "se": 0.5, "p": 1.0}), None)
    {'value': 1.0, 'low': 0.36787944117144233, 'high': 2.718281828459045, 'se': 0.5, 'p': 1.0}
    """
    if why_not is not None:
        return {"why_not": why_not}
    found = {
        name: ratio
        for name, of in (("value", "coefficient"), ("low", "low"), ("high", "high"))
        if np.isfinite(row[of]) and (ratio := ratio_of(row[of])) is not None
    }
    return found | {name: float(row[name]) for name in ("se", "p") if np.isfinite(row[name])}
