"""Hazard ratios by Cox's model, as figures with their doubt."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from evaluation.estimating.cox.beware import CLUSTERS
from evaluation.estimating.cox.given import chosen, column_of
from evaluation.estimating.cox.kernel import Ties
from evaluation.estimating.cox.model import Cox
from evaluation.estimating.cox.results import CoxResults
from evaluation.estimating.found import Found
from evaluation.estimating.limits import two_sided
from evaluation.language import _
from evaluation.nouns import Estimate
from evaluation.estimating.found import Beware

SURE = 0.05


def cox(
    formula: str,
    data: pd.DataFrame,
    *,
    event: Any,
    start: Any = None,
    strata: Any = None,
    cluster: Any = None,
    weights: Any = None,
    ties: Ties = "efron",
    children: Any = None,
    confidence: float = 0.95,
) -> Found:
    """Hazard ratios of the terms of a formula, with what speaks for and against them.

    One row of `data` is one (start, stop] at risk, in any unit of time. The arguments are those
    of `Cox.from_formula`: names of columns, or a value for each row. `children` names whose rows
    are one child's; left out it is `cluster`, and without either each row counts as one record.
    Rows with missing values are left out, and `beware` says how many.

    Each figure's `group` is its term. Proportional hazards are tested for each term (p below 0.05
    counts against it). A ratio that has no finite value, because its term tells events apart
    wholly, is missing, and `why_not` says so. `model` is the fitted `CoxResults`.

    Raises as `Cox` and its `fit` do: WrongUse, Collinear, CannotEstimate.

    >>> data = pd.DataFrame(
    ...     {"days": [5, 8, 12, 20, 21, 30], "again": [1, 1, 0, 1, 1, 0], "arm": list("babaab")}
    ... )
    >>> ratio = cox("days ~ arm", data, event="again").one("hazard_ratio")
    >>> round(ratio.value, 3), ratio.unmet
    (0.847, ('few_events',))

    Source: Therneau and Grambsch (2000), Modeling Survival Data.
    """
    normal = two_sided(confidence)
    model = Cox.from_formula(
        formula,
        data,
        event=event,
        start=start,
        strata=strata,
        cluster=cluster,
        weights=weights,
        ties=ties,
        eval_env=1,
    )
    return found(model, children=chosen(data, children, "children"), normal=normal)
