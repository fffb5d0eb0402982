"""Two arms' rates: weighted or not, their ratio with robust errors, and adjusted in a model."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from evaluation.estimating.columns import must_have, refuse_twice
from evaluation.estimating.counts._fitted import finite, ratios, warned
from evaluation.estimating.counts.regression import fit_table
from evaluation.estimating.design import Dropped, choose
from evaluation.estimating.found import Found
from evaluation.estimating.limits import WhyNot
from evaluation.estimating.table import CHILD, Table, counted, days_at_risk, lay_out
from evaluation.nouns import Estimate

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def rates(children: pd.DataFrame, *, treated: str, weights: pd.DataFrame | None = None) -> Found:
    """Compare the arms' rates: weighted events over weighted days at risk.

    `children` has a row a child: child_key, arm, events, days_at_risk, as `following.windowed`
    gives them. `weights` (child_key, weight), such as `Propensity.children`, leaves out every
    child without a weight; without it each child counts once. The figures:

        rate                of 'treated' and 'comparison': events per 100 child-days
        rate_ratio          'contrast': the one over the other
        difference_per_100  'contrast': events of the treated less those expected at the
                            comparison's rate in the same days, per 100 treated children
                            (negative is fewer)

    What cannot be had is missing, with a reason: 'no_comparison', 'no_follow_up', 'no_events'.
    There are no limits: weights that were estimated need `bootstrap.whole_child`, and where
    there are none `rate_ratio_robust` has them.

    >>> children = pd.DataFrame({
    ...     "child_key": list("ABCD"), "arm": ["referred", "referred", "not", "not"],
    ...     "events": [1, 2, 2, 6], "days_at_risk": [90, 60, 90, 70],
    ... })
    >>> [round(figure.value, 1) for figure in rates(children, treated="referred")]
    [2.0, 5.0, 0.4, -225.0]

    Raises WrongUse where a column is not there, or its numbers are not what they should be.
    Source: Hajek's ratio estimator, as in Lunceford & Davidian (2004), Stat Med 23:2937.
    """
    must_have(children, ["arm", "events", "days_at_risk"])
    refuse_twice(children, [CHILD])
    if weights is not None:
        must_have(weights, [CHILD, "weight"])
        must_have(children, [CHILD])
        children = children.merge(weights[[CHILD, "weight"]], on=CHILD)
        weight = children["weight"].to_numpy(dtype=float)
    else:
        weight = np.ones(len(children))
    is_treated = (children["arm"] == treated).to_numpy(dtype=bool)
    events = counted(children["events"])
    days = days_at_risk(children["days_at_risk"])
    found = rates_under(weight[np.newaxis, :], events, days, is_treated)
    level = 1 if weights is None else 3
    method = "rate" if weights is None else "weighted_rate"
    everyone = np.ones_like(is_treated)
    made = []
    for name, (measure, group) in _FIGURES.items():
        own = {"treated": is_treated, "comparison": ~is_treated}.get(group, everyone)
        contrast = group == "contrast"
        value = finite(float(found[name][0]))
        made.append(
            Estimate(
                "",
                measure,
                group,
                children=_distinct(children, own),
                events=int(events[own].sum()),
                value=value,
                method=method,
                design_level=level if contrast else None,
                unmet=("unmeasured_confounding",) if contrast else (),
                why_not=None if value is not None else _why_none(is_treated, found),
            )
        )
    return Found(estimates=tuple(made))


_FIGURES = {
    "treated": ("rate", "treated"),
    "comparison": ("rate", "comparison"),
    "ratio": ("rate_ratio", "contrast"),
    "difference_per_100": ("difference_per_100", "contrast"),
}


def rates_under(
    weights: Floats, events: Floats, days: Floats, is_treated: Flags
) -> dict[str, Floats]:
    """The figures of `rates` under many sets of weights at once: a row a set, a column a child."""
    sums = {
        (arm, what): weights[:, chosen] @ values[chosen]
        for arm, chosen in (("treated", is_treated), ("comparison", ~is_treated))
        for what, values in (("events", events), ("days", days), ("children", np.ones_like(days)))
    }
    treated = 100 * _over(sums["treated", "events"], sums["treated", "days"])
    comparison = 100 * _over(sums["comparison", "events"], sums["comparison", "days"])
    expected = comparison / 100 * sums["treated", "days"]
    return {
        "treated": treated,
        "comparison": comparison,
        "ratio": _over(treated, comparison),
        "difference_per_100": 100
        * _over(sums["treated", "events"] - expected, sums["treated", "children"]),
    }


def _over(above: Floats, below: Floats) -> Floats:
    return np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)


def rate_ratio_robust(
    children: pd.DataFrame,
    *,
    treated: str,
    cluster: str | ArrayLike | None = None,
    weights: str | ArrayLike | None = None,
    confidence: float = 0.95,
) -> Found:
    """The treated's rate over the comparison's, with limits that allow for children who vary.

    One row of `children` is a child, or a child's interval: arm, events, days_at_risk, and
    child_key where a child has several rows. The ratio is of the totals, as `rates` has it; its
    error is the sandwich of a Poisson model with the arm alone, clustered as in `poisson`.
    `weights` are taken as known. Where the treated have no event the ratio is 0, without limits;
    where the comparison has none, or an arm no child, it is missing with the reason.

    >>> children = pd.DataFrame({
    ...     "arm": ["referred"] * 4 + ["not"] * 4, "events": [0, 2, 1, 0, 4, 9, 0, 1],
    ...     "days_at_risk": 90,
    ... })
    >>> found = rate_ratio_robust(children, treated="referred").one("rate_ratio")
    >>> round(found.value, 3), round(found.se, 3)
    (0.214, 0.745)

    Raises WrongUse where a column is not there, or its numbers are not what they should be.
    Source: Zou (2004), Am J Epidemiol 159:702, for rates; as `robust.sandwich`.
    """
    must_have(children, ["arm", "events", "days_at_risk"])
    refuse_twice(children, [CHILD])
    children = children.reset_index(drop=True)
    is_treated = (children["arm"] == treated).to_numpy(dtype=bool)
    events = counted(children["events"])
    at_risk = days_at_risk(children["days_at_risk"]) > 0
    blank = Estimate(
        "",
        "rate_ratio",
        "contrast",
        children=_distinct(children, at_risk),
        events=int(events.sum()),
        confidence=confidence,
        method="poisson_robust",
        design_level=1,
        unmet=("unmeasured_confounding",),
    )
    missing = _why_not(is_treated[at_risk], events[at_risk])
    if missing is not None:
        none = events[is_treated].sum() == 0 < events[~is_treated].sum()
        known = replace(blank, value=0.0) if missing == "no_events" and none else None
        return Found(estimates=(known or replace(blank, why_not=missing),))
    data = children.assign(is_treated=is_treated.astype(float))
    table = lay_out(
        "events ~ is_treated", data, days="days_at_risk", weights=weights, cluster=cluster
    )
    _fit, model = fit_table(table, dispersion=0.0, errors="HC0", confidence=confidence)
    (ratio,) = ratios(model, table, method="poisson_robust")
    found = replace(ratio, group="contrast", children=blank.children)
    return Found(estimates=(found,), model=model, beware=warned(model, table))


@dataclass(frozen=True, kw_only=True)
class Adjusted(Found):
    """A ratio adjusted in a model: for which covariates, and which were left out and why."""

    covariates: tuple[str, ...] = ()
    dropped: tuple[Dropped, ...] = ()


def rate_ratio_adjusted(
    children: pd.DataFrame,
    covariates: Sequence[str],
    *,
    treated: str,
    events_per_parameter: float = 10.0,
    fewest_in_level: int = 5,
    confidence: float = 0.95,
) -> Adjusted:
    """Compare the arms' rates by NB2 regression with the log of days at risk as offset.

    It adjusts for `covariates` in the model, not by weights, so its ratio is a conditional one
    and a check on the weighted ratio, not the same thing. They go in while the parameters
    number at most the smaller of events and children / `events_per_parameter`. `children` has a
    row a child: arm, events, days_at_risk, and the covariates; a child never at risk is left
    out. Wald limits on the log scale, from the observed information; robust and clustered by
    child where child_key says that children have several rows.

    >>> children = pd.DataFrame({
    ...     "arm": ["referred", "not"] * 6, "days_at_risk": 90,
    ...     "events": [0, 2, 1, 0, 4, 9, 0, 1, 0, 5, 1, 1],
    ... })
    >>> round(rate_ratio_adjusted(children, [], treated="referred").one("rate_ratio").value, 3)
    0.333

    Source: as `negative_binomial`.
    """
    must_have(children, ["arm", "events", "days_at_risk", *covariates])
    refuse_twice(children, [CHILD])
    children = children[days_at_risk(children["days_at_risk"]) > 0].reset_index(drop=True)
    is_treated = (children["arm"] == treated).to_numpy(dtype=bool)
    events = counted(children["events"])
    blank = Estimate(
        "",
        "rate_ratio",
        "contrast",
        children=_distinct(children, np.ones(len(children), dtype=bool)),
        events=int(events.sum()),
        confidence=confidence,
        method="nb2_model",
        design_level=3,
        unmet=("unmeasured_confounding",),
    )
    missing = _why_not(is_treated, events)
    if missing is not None or events[is_treated].sum() == 0:
        return Adjusted(estimates=(replace(blank, why_not=missing or "no_events"),))
    chosen = choose(
        children,
        covariates,
        treated=treated,
        parameters=min(events.sum(), len(children)) / events_per_parameter,
        reserved=2,
        fewest_in_level=fewest_in_level,
    )
    base = pd.DataFrame({"Intercept": 1.0, "treated": is_treated.astype(float)})
    cluster = pd.factorize(children.get(CHILD, children.index))[0]
    repeated = len(np.unique(cluster)) < len(cluster)
    while True:
        table = Table(
            outcome=events,
            columns=base.join(chosen.columns),
            days=children["days_at_risk"].to_numpy(dtype=float),
            weights=np.ones(len(children)),
            cluster=np.asarray(cluster, dtype=np.intp),
            by=CHILD if CHILD in children else "row",
            children=blank.children,
        )
        fit, model = fit_table(
            table,
            dispersion=None,
            errors="HC0" if repeated else "model",
            confidence=confidence,
        )
        if (fit.reached and fit.known.all()) or not chosen.covariates:
            break
        chosen = chosen.without_last("separation")
    whole = fit.reached and fit.known.all()
    ratio = ratios(model, table, method="nb2_robust" if repeated else "nb2_model", level=3)[0]
    found = replace(ratio, group="contrast") if whole else replace(blank, why_not="not_converged")
    return Adjusted(
        estimates=(found,),
        model=model if whole else None,
        beware=warned(model, table) if whole else (),
        covariates=chosen.covariates,
        dropped=chosen.dropped,
    )


def _why_not(is_treated: Flags, events: Floats) -> WhyNot | None:
    if not len(events):
        return "no_follow_up"
    if is_treated.all() or not is_treated.any():
        return "no_comparison"
    if events[is_treated].sum() == 0 or events[~is_treated].sum() == 0:
        return "no_events"
    return None


def _why_none(is_treated: Flags, found: dict[str, Floats]) -> WhyNot:
    if not is_treated.any() or is_treated.all():
        return "no_comparison"
    if math.isnan(found["treated"][0]) or math.isnan(found["comparison"][0]):
        return "no_follow_up"
    return "no_events"


def _distinct(children: pd.DataFrame, chosen: Flags) -> int:
    return int(children.loc[chosen, CHILD].nunique() if CHILD in children else chosen.sum())
