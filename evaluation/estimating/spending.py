"""Looking more than once without being wrong more often: how much of the error each look may spend.

At each look a test must pass a boundary that is higher than one look would need, so that the
chance of passing any of them, where nothing differs, is still alpha. How much of alpha has been
spent by when is fixed beforehand, and follows from how much is known at the look, never from
what was seen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import norm

from evaluation.errors import WrongUse
from evaluation.language import _
from evaluation.nouns import Estimate

Floats = NDArray[np.float64]

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(512)
_FURTHEST = 38.0
"""No double is left beyond so many standard errors."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look: what share of the information is in, and what a test has to pass there.

    `spent` is the chance of a false finding at this look or an earlier one. `boundary` is in
    standard errors, the same on both sides; `confidence` is that of an interval which leaves 1
    (or 0) out where the boundary is passed.
    """

    information: float
    spent: float
    boundary: float
    confidence: float


def spent(information: float, *, alpha: float = 0.05) -> float:
    """The error spent when a share of the information is in: almost none early, alpha at the end.

    >>> [round(spent(share), 5) for share in (0.2, 0.5, 0.8, 1)]
    [0.0, 0.00305, 0.02442, 0.05]

    Raises WrongUse unless 0 < information <= 1 and 0 < alpha < 1.
    Source: Lan & DeMets (1983), Biometrika 70:659: their function of O'Brien and Fleming's type,
    half of alpha on each side.
    """
    if not (0 < information <= 1 and 0 < alpha < 1):
        raise WrongUse(_("A share of the information is above 0 and at most 1, alpha within."))
    return 4 * float(norm.sf(norm.isf(alpha / 4) / math.sqrt(information)))


def looks(
    information: Sequence[float], *, spent_at: Sequence[float] | None = None, alpha: float = 0.05
) -> tuple[Look, ...]:
    """The boundaries of looks at these rising shares of the planned information, in their order.

    `spent_at` are the shares at which error is spent, where they are others: a last look that
    has less than was planned, or more, spends all that is left at 1. Later looks do not change
    earlier boundaries.

    >>> [round(look.boundary, 2) for look in looks([0.5, 1])]
    [2.96, 1.97]
    >>> [round(look.boundary, 2) for look in looks([0.5, 0.8], spent_at=[0.5, 1])]
    [2.96, 1.96]
    >>> round(looks([1])[0].boundary, 2)
    1.96

    Raises WrongUse unless both rise, and `spent_at` lies above 0 and not above 1.
    Source: Armitage, McPherson & Rowe (1969), J R Stat Soc A 132:235, for the integrals; Jennison
    & Turnbull (2000), Group Sequential Methods, chapters 7, 9 and 19.
    """
    shares = [float(share) for share in information]
    times = shares if spent_at is None else [float(share) for share in spent_at]
    if len(shares) != len(times) or any(each != sorted(set(each)) for each in (shares, times)):
        raise WrongUse(_("The shares of the information at the looks must rise."))
    made: list[Look] = []
    # The score of those who have not yet passed: where it may be, and how probable that is.
    at, density, known, used = np.zeros(1), np.ones(1), 0.0, 0.0
    for share, time in zip(shares, times, strict=True):
        by_now, width = spent(time, alpha=alpha), math.sqrt(share - known)
        boundary = _boundary(at, density, math.sqrt(share), width, (by_now - used) / 2)
        made.append(Look(share, by_now, boundary, float(norm.cdf(boundary) - norm.sf(boundary))))
        half = boundary * math.sqrt(share)
        there = half * _NODES
        step = norm.pdf((there[:, np.newaxis] - at) / width) / width
        at, density, known, used = there, half * _WEIGHTS * (step @ density), share, by_now
    return tuple(made)


def at_look(figure: Estimate, look: Look, *, on_log: bool) -> Estimate:
    """The figure with the interval of its look in place of its own: a repeated interval.

    The intervals of all looks hold together with the confidence that one look would have had.
    They come from the standard error (`on_log`: of the logarithm, for a ratio), because draws
    cannot tell limits as far out as an early look asks for.

    Raises WrongUse where the figure has a value and no standard error.
    Source: Jennison & Turnbull (1989), J R Stat Soc B 51:305.

    >>> wide = at_look(Estimate("", "rate_ratio", value=0.5, se=0.2), looks([0.5])[0], on_log=True)
    >>> round(wide.low, 2), round(wide.high, 2), round(wide.confidence, 4)
    (0.28, 0.9, 0.9969)
    """
    if figure.value is None:
        return replace(figure, confidence=look.confidence)
    if figure.se is None:
        raise WrongUse(_("An interval at a look needs the standard error of its figure."))
    away = look.boundary * figure.se
    low, high = (
        (figure.value * math.exp(-away), figure.value * math.exp(away))
        if on_log
        else (figure.value - away, figure.value + away)
    )
    return replace(figure, low=low, high=high, confidence=look.confidence)


def _boundary(at: Floats, density: Floats, scale: float, width: float, each_side: float) -> float:
    """What leaves the chance `each_side` above it, of those who have not passed before."""

    def above(boundary: float) -> float:
        return float((density * norm.sf((boundary * scale - at) / width)).sum())

    highest = _FURTHEST
    while above(highest) <= 0:  # so far out that no number is left
        highest *= 0.9
    return float(brentq(lambda z: math.log(above(z) / each_side), 0, highest, xtol=1e-10))
