"""What the terms of a model of odds share: when they can be trusted, and what they say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from evaluation.errors import WrongUse
from evaluation.estimating.found import Beware
from evaluation.estimating.limits import WhyNot
from evaluation.language import _

STEEPEST = 8.0
"""A coefficient beyond this, per standard deviation or level, is taken for separation."""

FEWEST_EVENTS = 5.0
"""Events for each parameter below which limits and p-values cannot be leaned on."""

SURE = 12.0
"""Where no child's logit is beyond this and the slope is nothing, the estimate is finite."""


def refuse_one_cluster(clusters: int) -> None:
    """Raise WrongUse where there is one cluster alone, which cannot say how clusters vary.

    >>> refuse_one_cluster(2)
    """
    if clusters < 2:
        raise WrongUse(_("All rows are of one cluster, which cannot say how clusters vary."))


def few_events(events: int, parameters: int) -> Beware:
    """The warning that there are fewer events than a model needs.

    >>> print(few_events(12, 4).text)
    12 events for 4 parameters: with fewer than 5 each, limits and p-values mislead.
    """
    return Beware(
        "few_events",
        _(
            "{events} events for {parameters} parameters: with fewer than 5 each, limits and "
            "p-values mislead.",
            events=events,
            parameters=parameters,
        ),
    )


def told(row: pd.Series, why_not: WhyNot | None) -> dict[str, Any]:
    """What a figure says of a term: its odds ratio, or why there is none.

    >>> told(pd.Series({"coefficient": 0.0, "low": -1.0, "high": 1.0, "se": 0.5, "p": 1.0}), None)
    {'value': 1.0, 'low': 0.36787944117144233, 'high': 2.718281828459045, 'se': 0.5, 'p': 1.0}
    """
    if why_not is not None:
        return {"why_not": why_not}
    found = {
        name: float(np.exp(min(row[of], 709.0)))
        for name, of in (("value", "coefficient"), ("low", "low"), ("high", "high"))
        if np.isfinite(row[of])
    }
    return found | {name: float(row[name]) for name in ("se", "p") if np.isfinite(row[name])}
