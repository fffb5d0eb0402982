"""Events and time at risk: rates, their ratio by weights and by regression, and their spread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluation.estimating.design import Dropped, choose
from evaluation.estimating.limits import WhyNot, two_sided
from evaluation.estimating.nb2 import Nb2, nb2

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rates:
    """Events per 100 child-days in each arm, and how they compare.

    `difference_per_100` is the events of the treated less those expected at the comparison's
    rate in the same days at risk, per 100 treated children (negative is fewer). Each is
    missing (NaN) where it cannot be had; `why_not` is then the reason.
    """

    treated: float
    comparison: float
    ratio: float
    difference_per_100: float
    why_not: WhyNot | None = None


def rates(children: pd.DataFrame, *, treated: str, weights: pd.DataFrame | None = None) -> Rates:
    """Compare the arms' rates: weighted events over weighted days at risk.

    `children` has a row a child: child_key, arm, events, days_at_risk, as `following.windowed`
    gives them. `weights` (child_key, weight), such as `Propensity.children`, leaves out every
    child without a weight; without it each child counts once.

    >>> children = pd.DataFrame({
    ...     "child_key": list("ABCD"), "arm": ["referred", "referred", "not", "not"],
    ...     "events": [1, 2, 2, 6], "days_at_risk": [90, 60, 90, 70],
    ... })
    >>> rates(children, treated="referred")
    Rates(treated=2.0, comparison=5.0, ratio=0.4, difference_per_100=-225.0, why_not=None)

    Source: Hajek's ratio estimator, as in Lunceford & Davidian (2004), Stat Med 23:2937.
    """
    if weights is not None:
        children = children.merge(weights[["child_key", "weight"]], on="child_key")
        weight = children["weight"].to_numpy(dtype=float)
    else:
        weight = np.ones(len(children))
    is_treated = (children["arm"] == treated).to_numpy()
    found = rates_under(
        weight[np.newaxis, :],
        children["events"].to_numpy(dtype=float),
        children["days_at_risk"].to_numpy(dtype=float),
        is_treated,
    )
    why_not: WhyNot | None = None
    if not is_treated.any() or is_treated.all():
        why_not = "no_comparison"
    elif np.isnan(found["treated"][0]) or np.isnan(found["comparison"][0]):
        why_not = "no_follow_up"
    elif np.isnan(found["ratio"][0]):
        why_not = "no_events"
    return Rates(**{name: float(value[0]) for name, value in found.items()}, why_not=why_not)


def rates_under(
    weights: Floats, events: Floats, days: Floats, is_treated: NDArray[np.bool_]
) -> dict[str, Floats]:
    """The fields of `Rates` under many sets of weights at once: a row a set, a column a child."""
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


@dataclass(frozen=True)
class NegativeBinomial:
    """The adjusted rate ratio of the treated, or why there is none."""

    rate_ratio: float
    low: float
    high: float
    children: int
    covariates: tuple[str, ...]
    dropped: tuple[Dropped, ...]
    fit: Nb2 | None
    why_not: WhyNot | None = None


def negative_binomial(
    children: pd.DataFrame,
    covariates: Sequence[str],
    *,
    treated: str,
    events_per_parameter: float = 10.0,
    fewest_in_level: int = 5,
    confidence: float = 0.95,
) -> NegativeBinomial:
    """Compare the arms' rates by NB2 regression with the log of days at risk as offset.

    It adjusts for `covariates` in the model, not by weights, so its ratio is a conditional one
    and a check on the weighted ratio, not the same thing. They go in while the parameters
    number at most the smaller of events and children / `events_per_parameter`. `children` has a
    row a child: arm, events, days_at_risk, and the covariates; a child never at risk is left
    out. Wald limits on the log scale.

    >>> children = pd.DataFrame({
    ...     "arm": ["referred", "not"] * 6, "days_at_risk": 90,
    ...     "events": [0, 2, 1, 0, 4, 9, 0, 1, 0, 5, 1, 1],
    ... })
    >>> round(negative_binomial(children, [], treated="referred").rate_ratio, 3)
    0.333

    Source: as `nb2`.
    """
    children = children[children["days_at_risk"] > 0].reset_index(drop=True)
    is_treated = (children["arm"] == treated).to_numpy()
    events = children["events"].to_numpy(dtype=float)
    why_not = _why_not(is_treated, events)
    if why_not is not None:
        return _no_ratio(len(children), why_not)
    chosen = choose(
        children,
        covariates,
        treated=treated,
        parameters=min(events.sum(), len(children)) / events_per_parameter,
        reserved=2,
        fewest_in_level=fewest_in_level,
    )
    base = pd.DataFrame({"intercept": 1.0, "treated": is_treated.astype(float)})
    days = children["days_at_risk"].to_numpy(dtype=float)
    fit = nb2(events, base.join(chosen.columns), days=days)
    while fit is None and chosen.covariates:
        chosen = chosen.without_last("separation")
        fit = nb2(events, base.join(chosen.columns), days=days)
    if fit is None:
        return _no_ratio(len(children), "not_converged")
    log_ratio, se = fit.coefficients[["coefficient", "se"]].to_numpy(dtype=float)[1]
    reach = two_sided(confidence) * se
    return NegativeBinomial(
        rate_ratio=float(np.exp(log_ratio)),
        low=float(np.exp(log_ratio - reach)),
        high=float(np.exp(log_ratio + reach)),
        children=len(children),
        covariates=chosen.covariates,
        dropped=chosen.dropped,
        fit=fit,
    )


def _why_not(is_treated: NDArray[np.bool_], events: Floats) -> WhyNot | None:
    if not len(events):
        return "no_follow_up"
    if is_treated.all() or not is_treated.any():
        return "no_comparison"
    if events[is_treated].sum() == 0 or events[~is_treated].sum() == 0:
        return "no_events"
    return None


def _no_ratio(children: int, why_not: WhyNot) -> NegativeBinomial:
    return NegativeBinomial(np.nan, np.nan, np.nan, children, (), (), None, why_not)


# ---- How much children vary ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Overdispersion:
    """How many events a child has, and how much children vary beyond chance."""

    mean_events: float
    dispersion: float
    children: int
    method: Literal["likelihood", "moments"]


def overdispersion(children: pd.DataFrame) -> Overdispersion:
    """Estimate mean and dispersion of events without looking at arms, for power.

    `children` has a row a child: events, days_at_risk; one never at risk is left out. By the
    likelihood of an NB2 model with an intercept, or by moments where that cannot be fitted.
    Both are missing where nobody was at risk, the dispersion where nobody had an event.

    >>> overdispersion(pd.DataFrame({"events": [0, 0, 1, 7], "days_at_risk": 90})).mean_events
    2.0

    Source of the moments: Breslow (1984), Applied Statistics 33:38.
    """
    children = children[children["days_at_risk"] > 0]
    events = children["events"].to_numpy(dtype=float)
    days = children["days_at_risk"].to_numpy(dtype=float)
    if not events.any():
        mean = 0.0 if len(events) else np.nan
        return Overdispersion(mean, np.nan, len(events), "moments")
    fit = nb2(events, pd.DataFrame({"intercept": np.ones(len(events))}), days=days)
    if fit is not None:
        return Overdispersion(float(events.mean()), fit.dispersion, len(events), "likelihood")
    expected = events.sum() / days.sum() * days
    moment = ((events - expected) ** 2 - expected).sum() / (expected**2).sum()
    return Overdispersion(float(events.mean()), max(float(moment), 0.0), len(events), "moments")
