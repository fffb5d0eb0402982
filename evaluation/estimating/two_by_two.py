"""Two groups and an event that each child had or had not: ratios, their limits, exact tests."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.stats import fisher_exact, norm
from scipy.stats.contingency import odds_ratio as conditional_odds_ratio

from evaluation.errors import WrongUse
from evaluation.estimating._statsmodels import StratifiedTable
from evaluation.estimating.found import Found
from evaluation.estimating.limits import WhyNot, two_sided
from evaluation.estimating.proportions import count, part
from evaluation.language import _
from evaluation.nouns import Estimate

_LOGS = (-80.0, 80.0)
"""The logarithms between which a limit of a ratio is looked for; no table has one beyond."""

_BEYOND = 1e6
"""A score larger than any limit, in place of an infinite one."""


def risk_ratio(
    events_1: int, of_1: int, events_2: int, of_2: int, *, confidence: float = 0.95
) -> Found:
    """The ratio of two shares, (events_1 / of_1) / (events_2 / of_2), with score limits.

    >>> risk_ratio(12, 60, 24, 60).table[["value", "low", "high", "p"]].round(3).values.tolist()
    [[0.5, 0.274, 0.889, 0.017]]

    One figure: measure 'risk_ratio', p of no difference by the same score. Where group 2 has no
    events the ratio and its upper limit are infinite (`math.inf`, as in R), and the lower limit
    still says something; where neither has any there is no value. Raises WrongUse unless
    0 <= events <= of in both, all whole.
    Source: Miettinen & Nurminen (1985), Stat Med 4:213, with their factor N / (N - 1).
    """
    return _ratio("risk_ratio", _risk_score, (events_1, of_1, events_2, of_2), confidence)


def odds_ratio(
    events_1: int, of_1: int, events_2: int, of_2: int, *, confidence: float = 0.95
) -> Found:
    """The ratio of two odds, as the table gives it (ad / bc), with score limits.

    >>> odds_ratio(12, 60, 24, 60).table[["value", "low", "high", "p"]].round(3).values.tolist()
    [[0.375, 0.167, 0.844, 0.017]]

    Readers take an odds ratio for a ratio of risks, which it overstates unless events are rare:
    prefer `risk_ratio`. One figure, otherwise as `risk_ratio`; there is no value where all
    children fared alike. For an exact test and limits: `fisher`.
    Source: Miettinen & Nurminen (1985), Stat Med 4:213, with their factor N / (N - 1).
    """
    return _ratio("odds_ratio", _odds_score, (events_1, of_1, events_2, of_2), confidence)


def fisher(
    events_1: int, of_1: int, events_2: int, of_2: int, *, confidence: float = 0.95
) -> Found:
    """Fisher's exact test of two shares, with the conditional odds ratio and its exact limits.

    >>> fisher(3, 4, 1, 4).table[["value", "low", "high", "p"]].round(3).values.tolist()
    [[6.408, 0.212, 626.244, 0.486]]

    One figure: measure 'odds_ratio', method 'fisher_exact', R's `fisher.test`: the value is the
    conditional maximum-likelihood estimate, nearer to 1 than ad / bc; p sums the tables that are
    no likelier than this one. Without events in a group the ratio is 0 or infinite with one
    limit that says something. Raises as `risk_ratio`.
    Source: Fisher (1935), J R Stat Soc 98:39; limits: Cornfield (1956), Berkeley Symp 3:4.
    """
    a, n, c, m = _counted(events_1, of_1, events_2, of_2)
    two_sided(confidence)
    table = np.array([[a, n - a], [c, m - c]])
    why_not = _undefined("odds_ratio", a, n, c, m)
    value = low = high = p = None
    if n and m:
        p = float(fisher_exact(table).pvalue)
    if why_not is None:
        exact = conditional_odds_ratio(table, kind="conditional")
        limits = exact.confidence_interval(confidence_level=confidence)
        value, low, high = float(exact.statistic), float(limits.low), float(limits.high)
    return _one(
        "odds_ratio",
        (n + m, a + c),
        (value, low, high),
        confidence=confidence,
        p=p,
        method="fisher_exact",
        why_not=why_not,
    )


def mantel_haenszel(tables: Sequence[ArrayLike], *, confidence: float = 0.95) -> Found:
    """One odds ratio over many 2x2 tables, such as one for each authority.

    `tables` has an item for each stratum: [[events_1, others_1], [events_2, others_2]]; an array
    of (strata, 2, 2) is one too.

    >>> two = [[[3, 17], [9, 11]], [[9, 31], [15, 25]]]
    >>> mantel_haenszel(two).table[["measure", "value", "p"]].round(3).values.tolist()
    [['odds_ratio', 0.377, 0.018], ['cochran_mantel_haenszel', 5.619, 0.018]]

    Two figures: the common 'odds_ratio' with its limits (se of the log by Robins, Breslow &
    Greenland), and the statistic 'cochran_mantel_haenszel' with 1 degree of freedom, without
    correction for continuity, as `mantelhaen.test(correct = FALSE)` of R. A stratum without
    children in both groups, or where all fared alike, says nothing and moves nothing.
    Raises WrongUse for tables that are not 2x2 of whole counts.
    Source: Mantel & Haenszel (1959), JNCI 22:719; Robins et al. (1986), Biometrics 42:311.
    """
    z = two_sided(confidence)
    counted = []
    for table in tables:
        cells = np.asarray(table)
        if cells.shape != (2, 2):
            raise WrongUse(_("Each stratum is a table of 2 rows and 2 columns of counts."))
        counted.append([[count(cell) for cell in row] for row in cells.tolist()])
    every = np.array(counted, dtype=float).reshape(-1, 2, 2)
    rows, columns = every.sum(axis=2), every.sum(axis=1)
    telling = every[(rows > 0).all(axis=1) & (columns > 0).all(axis=1)]
    sums = (int(every.sum()), int(every[:, :, 0].sum()))
    if not len(telling):
        why: WhyNot = "no_events" if not sums[1] else "no_comparison"
        return _one(
            "odds_ratio",
            sums,
            (None, None, None),
            confidence=confidence,
            p=None,
            method="mantel_haenszel",
            why_not=why,
        )
    pooled = StratifiedTable(telling.transpose(1, 2, 0))
    total = telling.sum(axis=(1, 2))
    gained = (telling[:, 0, 0] * telling[:, 1, 1] / total).sum()
    lost = (telling[:, 0, 1] * telling[:, 1, 0] / total).sum()
    test = pooled.test_null_odds(correction=False)
    value: float = gained / lost if lost else math.inf
    low = high = se = None
    if gained and lost:
        se = float(pooled.logodds_pooled_se)
        low, high = value * math.exp(-z * se), value * math.exp(z * se)
    found = _one(
        "odds_ratio",
        sums,
        (value, low, high),
        confidence=confidence,
        p=float(test.pvalue),
        method="mantel_haenszel",
        why_not=None,
        se=se,
    )
    statistic = Estimate(
        "",
        "cochran_mantel_haenszel",
        "contrast",
        children=sums[0],
        events=sums[1],
        value=float(test.statistic),
        confidence=confidence,
        p=float(test.pvalue),
        method="mantel_haenszel",
        design_level=3,
    )
    return Found(estimates=(*found.estimates, statistic), model=pooled)


_Score = Callable[[float, int, int, int, int], float]


def _ratio(
    measure: str, score: _Score, given: tuple[int, int, int, int], confidence: float
) -> Found:
    a, n, c, m = _counted(*given)
    two_sided(confidence)
    why_not = _undefined(measure, a, n, c, m)
    value = low = high = p = None
    if why_not is None:
        over, under = (a * m, c * n) if measure == "risk_ratio" else (a * (m - c), c * (n - a))
        value = over / under if under else math.inf
        limit = float(norm.isf((1 - confidence) / 2))

        def beyond(log_ratio: float, target: float) -> float:
            return min(max(score(log_ratio, a, n, c, m), -_BEYOND), _BEYOND) - target

        low = 0.0 if value == 0 else math.exp(brentq(beyond, *_LOGS, args=(limit,), xtol=1e-13))
        high = (
            math.inf
            if value == math.inf
            else math.exp(brentq(beyond, *_LOGS, args=(-limit,), xtol=1e-13))
        )
        p = float(2 * norm.sf(abs(score(0.0, a, n, c, m))))
    return _one(
        measure,
        (n + m, a + c),
        (value, low, high),
        confidence=confidence,
        p=p,
        method="score",
        why_not=why_not,
    )


def _risk_score(log_ratio: float, a: int, n: int, c: int, m: int) -> float:
    """The signed score of a risk ratio; the shares are those likeliest under the ratio."""
    ratio = math.exp(log_ratio)
    b = n * ratio + a + m + c * ratio
    root = math.sqrt(max(b * b - 4 * (n + m) * ratio * (a + c), 0.0))
    # The smaller root, in the form that loses no digits.
    q = min(2 * (a + c) / (b + root), 1.0)
    p = min(q * ratio, 1.0)
    variance = p * (1 - p) / n + ratio**2 * q * (1 - q) / m
    return _over_error(a / n - ratio * c / m, variance, n + m)


def _odds_score(log_ratio: float, a: int, n: int, c: int, m: int) -> float:
    """The signed score of an odds ratio; the shares are those likeliest under the ratio."""
    ratio = math.exp(log_ratio)
    b = n * ratio + m - (a + c) * (ratio - 1)
    root = math.sqrt(max(b * b + 4 * m * (ratio - 1) * (a + c), 0.0))
    # The root in the form that loses no digits.
    q = 2 * (a + c) / (b + root) if b > 0 else (root - b) / (2 * m * (ratio - 1))
    p = (a + c - m * q) / n
    spread = min(n * p * (1 - p), m * q * (1 - q))
    if spread <= 0:  # so far out that a share is 0 or 1 to the last digit
        return math.copysign(math.inf, -log_ratio)
    information = 1 / (1 / (n * p * (1 - p)) + 1 / (m * q * (1 - q)))
    return _over_error(a - n * p, information, n + m)


def _over_error(distance: float, variance: float, children: int) -> float:
    if distance == 0:
        return 0.0
    if variance <= 0:
        return math.copysign(math.inf, distance)
    return distance / math.sqrt(variance * children / (children - 1))


def _counted(events_1: int, of_1: int, events_2: int, of_2: int) -> tuple[int, int, int, int]:
    return *part(events_1, of_1), *part(events_2, of_2)


def _undefined(measure: str, a: int, n: int, c: int, m: int) -> WhyNot | None:
    if not n or not m:
        return "no_comparison"
    if a + c == 0:
        return "no_events"
    if measure == "odds_ratio" and a + c == n + m:
        return "no_variation"
    return None


def _one(
    measure: str,
    sums: tuple[int, int],
    told: tuple[float | None, float | None, float | None],
    *,
    confidence: float,
    p: float | None,
    method: str,
    why_not: WhyNot | None,
    se: float | None = None,
) -> Found:
    children, events = sums
    value, low, high = told
    estimate = Estimate(
        "",
        measure,
        "contrast",
        children=children,
        events=events,
        value=value,
        low=low,
        high=high,
        confidence=confidence,
        se=se,
        p=None if p is None else min(p, 1.0),
        method=method,
        design_level=3 if method == "mantel_haenszel" else 1,
        why_not=why_not,
    )
    return Found(estimates=(estimate,))
