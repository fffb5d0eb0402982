"""What every estimator gives or says: two limits, or the reason why there is no estimate."""

from __future__ import annotations

import math
from typing import Literal, NamedTuple

from scipy.stats import norm

from evaluation.errors import EvaluationError, WrongUse
from evaluation.language import _

WhyNot = Literal[
    "collinear",
    "no_comparison",
    "no_events",
    "no_follow_up",
    "no_variation",
    "not_converged",
    "not_reached",
    "separation",
    "too_few_children",
]

_SENTENCES = {
    "collinear": _("This column says nothing that the columns before it do not say."),
    "no_variation": _("All children fared alike, so there is nothing to compare."),
    "separation": _("The groups are separated, so the estimate has no end."),
    "no_comparison": _("One of the two groups has no children, so there is nothing to compare."),
    "no_events": _("There are no events, so there is nothing to estimate."),
    "no_follow_up": _("No child was at risk for a day, so there is nothing to estimate."),
    "too_few_children": _("There are too few children to estimate anything from."),
    "not_reached": _("Too few have had the event by the last day followed to tell."),
    "not_converged": _("The model could not be fitted, even without covariates."),
}


class Limits(NamedTuple):
    """The two ends of an interval; both are missing (NaN) where there is none."""

    low: float
    high: float


class CannotEstimate(EvaluationError):
    """There is nothing to estimate from; `why_not` is the code that an `Estimate` carries."""

    exit_code = 9

    def __init__(self, why_not: WhyNot) -> None:
        super().__init__(_SENTENCES[why_not])
        self.why_not: WhyNot = why_not


def ratio_of(log: float) -> float | None:
    """A ratio from its logarithm; None where there is none, or it is too large to be told.

    >>> ratio_of(0.0), ratio_of(710.0), ratio_of(float("nan"))
    (1.0, None, None)
    """
    return math.exp(log) if log < 709 else None


def two_sided(confidence: float) -> float:
    """The normal quantile of a two-sided interval: 1.96 for 0.95.

    Raises WrongUse unless 0 < confidence < 1.
    """
    if not 0 < confidence < 1:
        raise WrongUse(_("A confidence must lie between 0 and 1, such as 0.95."))
    return float(norm.ppf(0.5 + confidence / 2))
