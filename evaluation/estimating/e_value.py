"""The E-value: how strong what nobody recorded would have to be, to explain a finding away."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from scipy.optimize import brentq

from evaluation.errors import WrongUse
from evaluation.estimating.found import Found
from evaluation.estimating.limits import two_sided
from evaluation.language import _
from evaluation.nouns import Estimate

Measure = Literal[
    "risk_ratio", "rate_ratio", "hazard_ratio", "odds_ratio", "standardised_difference"
]


def e_value(
    figure: Estimate | float,
    *,
    low: float | None = None,
    high: float | None = None,
    measure: str | None = None,
    common: bool | None = None,
    true: float | None = None,
) -> Found:
    """The E-value of a ratio (or a standardised difference), and of the limit nearest to none.

    An unrecorded trait would have to be tied to both treatment and outcome by risk ratios of the
    E-value, beyond all that was adjusted for, to explain the figure away; a weaker one could not.
    Group 'point' is that of the figure, 'limit' of the end of its interval that is nearer to no
    difference: 1 where the interval holds it. Large is reassuring only beside the strongest trait
    that one can think of.

    `figure` is an Estimate of such a measure, or a number with its `low` and `high`. `measure`
    (of an Estimate its own) is 'risk_ratio', 'rate_ratio', 'hazard_ratio', 'odds_ratio' or
    'standardised_difference'. Of hazard and odds ratios say whether the outcome is `common`
    (more than 15% have it by the end): then they are first brought to a risk ratio, the odds ratio
    as its square root, the hazard ratio by (1 - 0.5 ^ sqrt(HR)) / (1 - 0.5 ^ sqrt(1 / HR)), a
    standardised difference d by exp(0.91 d) (Chinn's conversion). `true` asks how strong it would
    have to be for the truth to be `true` instead of no difference.

    >>> found = e_value(3.9, low=1.8, high=8.7, measure="risk_ratio")
    >>> round(found.one(group="point").value, 2), round(found.one(group="limit").value, 2)
    (7.26, 3.0)

    Raises WrongUse where a ratio is not above 0, the interval does not hold the figure, or `common`
    is not said where it counts.
    Source: VanderWeele & Ding (2017), Ann Intern Med 167:268, table 2; Chinn (2000), Stat Med
    19:3127; Mathur et al. (2018), Epidemiology 29:e45.
    """
    confidence = 0.95
    if isinstance(figure, Estimate):
        if low is not None or high is not None:
            raise WrongUse(_("An Estimate has its own limits: do not give others beside it."))
        if figure.value is None:
            why_not = figure.why_not or "not_converged"
            return Found(estimates=(Estimate("", "e_value", "point", why_not=why_not),))
        low, high, confidence = figure.low, figure.high, figure.confidence
        measure = measure or figure.measure
        value = figure.value
    else:
        value = float(figure)
    known = _known(measure or "risk_ratio")
    none = 0.0 if known == "standardised_difference" else 1.0
    _must_be_an_interval(value, low, high, is_ratio=none == 1.0)
    aim = none if true is None else float(true)
    towards = _as_risk_ratio(aim, known, common=common)
    told = [_e(_as_risk_ratio(value, known, common=common) / towards)]
    limit = low if value > aim else high
    if limit is not None:
        holds = limit <= aim if value > aim else limit >= aim
        told.append(1.0 if holds else _e(_as_risk_ratio(limit, known, common=common) / towards))
    return _found(told, known, confidence)


def e_value_difference(
    events_1: int, of_1: int, events_0: int, of_0: int, *, confidence: float = 0.95
) -> Found:
    """The E-value of a difference of two shares: `events_1` of `of_1` treated less the others.

    A difference below 0 is turned round first. The limit is where the bounding factor would bring
    the end of the interval nearer to 0 to 0; it is 1 where the interval holds 0.

    >>> found = e_value_difference(397, 500, 100, 500)
    >>> round(found.one(group="point").value, 2), round(found.one(group="limit").value, 2)
    (7.4, 6.17)

    Raises WrongUse unless events are a part of both groups.
    Source: Ding & VanderWeele (2016), Epidemiology 27:368, as R's EValue::evalues.RD, whose search
    on a grid is a root here.
    """
    if not (0 <= events_1 <= of_1 and 0 <= events_0 <= of_0 and of_1 and of_0):
        raise WrongUse(_("Both groups need children, and events are a part of them."))
    z = two_sided(confidence)
    if events_1 * of_0 < events_0 * of_1:
        events_1, of_1, events_0, of_0 = events_0, of_0, events_1, of_1
    p_1, p_0, f = events_1 / of_1, events_0 / of_0, of_1 / (of_1 + of_0)
    if p_0 == 0:
        why_not = "no_events"
        return Found(estimates=(Estimate("", "e_value", "point", why_not=why_not),))
    v_1, v_0 = p_1 * (1 - p_1) / of_1, p_0 * (1 - p_0) / of_0
    v_f = f * (1 - f) / (of_1 + of_0)

    def lower(bias: float) -> float:
        """The lower limit of the difference, were all biased by so much."""
        rest = p_1 - p_0 * bias
        share = f + (1 - f) / bias
        variance = (v_1 + v_0 * bias**2) * share**2 + rest**2 * (1 - 1 / bias) ** 2 * v_f
        return float(rest * share - z * math.sqrt(variance))

    bias = p_1 / p_0
    limit = 1.0 if lower(1.0) <= 0 else float(brentq(lower, 1.0, bias))
    return _found([_e(bias), _e(limit)], "risk_difference", confidence)


def _e(ratio: float) -> float:
    ratio = max(ratio, 1 / ratio)
    return ratio + math.sqrt(ratio * (ratio - 1))


def _as_risk_ratio(value: float, measure: str, *, common: bool | None) -> float:
    if measure == "standardised_difference":
        return math.exp(0.91 * value)
    if measure in {"odds_ratio", "hazard_ratio"}:
        if common is None:
            raise WrongUse(
                _(
                    "Say whether the outcome is common: an odds or hazard ratio is near the risk "
                    "ratio only where fewer than about 15% have it."
                )
            )
        if common and measure == "odds_ratio":
            return math.sqrt(value)
        if common:
            # 1 - 0.5 ** x, in a form that keeps its digits near 0.
            half = math.log(0.5)
            return math.expm1(half * math.sqrt(value)) / math.expm1(half / math.sqrt(value))
    return value


def _known(measure: str) -> str:
    """The measure whose rule applies: adjusted and unadjusted ones alike."""
    for known in (
        "risk_ratio",
        "rate_ratio",
        "hazard_ratio",
        "odds_ratio",
        "standardised_difference",
    ):
        if measure.endswith(known):
            return known
    raise WrongUse(
        _(
            "There is no E-value of {measure}. It is of a risk_ratio, rate_ratio, hazard_ratio, "
            "odds_ratio or standardised_difference; of two shares, take e_value_difference.",
            measure=measure,
        )
    )


def _must_be_an_interval(
    value: float, low: float | None, high: float | None, *, is_ratio: bool
) -> None:
    given = [one for one in (low, value, high) if one is not None]
    if (
        not np.isfinite(value)
        or np.isnan(given).any()
        or (is_ratio and min(given) < 0)
        or (is_ratio and value == 0)
    ):
        raise WrongUse(_("A ratio must be a number above 0."))
    if given != sorted(given):
        raise WrongUse(_("The interval must hold the figure: low, figure, high in this order."))


def _found(told: list[float], measure: str, confidence: float) -> Found:
    return Found(
        estimates=tuple(
            Estimate(
                "", "e_value", group, value=value, confidence=confidence,
                method=f"e_value_{measure}",
            )
            for group, value in zip(("point", "limit"), told, strict=False)
        )
    )  # fmt: skip
