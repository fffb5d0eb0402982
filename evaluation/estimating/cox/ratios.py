"""Hazard ratios by Cox's model, as figures with their doubt."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from evaluation.estimating.cox.given import chosen, column_of
from evaluation.estimating.cox.kernel import Ties
from evaluation.estimating.cox.model import Cox
from evaluation.estimating.cox.results import CoxResults
from evaluation.estimating.found import Beware, Found
from evaluation.estimating.limits import ratio_of, two_sided
from evaluation.language import _
from evaluation.nouns import Estimate

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
    (0.429, ('few_events', 'unmeasured_confounding'))

    Source: Therneau and Grambsch (2000), Modeling Survival Data.
    """
    two_sided(confidence)  # refused before anything is fitted
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
    whose = None if children is None else chosen(data, children)
    return hazard_ratios(model.fit(warn=False), children=whose, confidence=confidence)


def hazard_ratios(fitted: CoxResults, *, children: Any = None, confidence: float = 0.95) -> Found:
    """The hazard ratios of a fit, a figure a term; `children` has a value for each row given.

    >>> fitted = Cox([5, 8, 12, 20], [[1.0], [0], [1], [0]], event=[1, 1, 0, 1]).fit(warn=False)
    >>> hazard_ratios(fitted).one("hazard_ratio").events
    3
    """
    normal = two_sided(confidence)
    own = fitted.model.given
    column = column_of(children)
    if column is not None:
        whose = pd.factorize(column.iloc[own.kept], use_na_sentinel=False)[0]
    else:
        whose = np.arange(fitted.nobs) if own.cluster is None else own.cluster
    number = int(whose.max()) + 1
    with_events = int((np.bincount(whose[own.event], minlength=number) > 0).sum())
    tested = _tested(fitted)
    adjusted = len(fitted.model.terms) > 1 or own.weight is not None
    params, errors, ps = (np.asarray(one) for one in (fitted.params, fitted.bse, fitted.pvalues))
    common = {trap.trap for trap in fitted.beware}
    figures = []
    for term, places in fitted.model.terms.items():
        for place in places:
            name = fitted.names[place]
            unmet = {"unmeasured_confounding"} | common & {"few_events", "few_clusters"}
            looked_for = {"few_events", "separation"}
            if fitted.n_clusters is not None and fitted.cov_type == "robust":
                looked_for.add("few_clusters")
            if term in tested:
                looked_for.add("non_proportional_hazards")
            if tested.get(term, 0.0) < SURE:  # changes with time, or cannot be tested
                unmet.add("non_proportional_hazards")
            if name in fitted.endless:
                unmet.add("separation")
            stands = name not in fitted.endless and "not_converged" not in common
            log, se = float(params[place]), float(errors[place])
            figures.append(
                Estimate(
                    "",
                    "hazard_ratio",
                    name,
                    unit="records" if children is None and own.cluster is None else "children",
                    children=number,
                    events=fitted.n_events,
                    with_events=with_events,
                    value=ratio_of(log) if stands else None,
                    low=ratio_of(log - normal * se) if stands else None,
                    high=ratio_of(log + normal * se) if stands else None,
                    confidence=confidence,
                    se=se if stands else None,
                    p=float(ps[place]) if stands else None,
                    method=f"cox_{fitted.model.ties}",
                    design_level=3 if adjusted else 1,
                    met=tuple(sorted(looked_for - unmet)),
                    unmet=tuple(sorted(unmet)),
                    why_not=None
                    if stands
                    else "separation"
                    if name in fitted.endless
                    else "not_converged",
                )
            )
    return Found(
        estimates=tuple(figures), model=fitted, beware=fitted.beware + _not_proportional(tested)
    )


def _tested(fitted: CoxResults) -> dict[str, float]:
    """The p of each term's test of proportional hazards, where there is a coefficient to test."""
    p = fitted.proportional_hazards_test()["p"]
    found = {}
    for term, places in fitted.model.terms.items():
        ends = not {fitted.names[place] for place in places} & set(fitted.endless)
        if ends and (fitted.converged or fitted.endless) and np.isfinite(p[term]):
            found[term] = float(p[term])
    return found


def _not_proportional(tested: dict[str, float]) -> tuple[Beware, ...]:
    terms = [term for term, p in tested.items() if p < SURE]
    if not terms:
        return ()
    return (
        Beware(
            "non_proportional_hazards",
            _(
                "The hazard ratio seems to change with time: {terms}. It is an average over the follow-up.",
                terms=", ".join(terms),
            ),
        ),
    )
