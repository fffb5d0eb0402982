"""A curve with its limits, as R's `survfit` makes them, and the figures that it gives."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, cast

import numpy as np
import pandas as pd

from evaluation.errors import WrongUse
from evaluation.estimating.limits import two_sided
from evaluation.estimating.survival._rows import Codes, Floats
from evaluation.language import _
from evaluation.nouns import Estimate

Scale = Literal["log-log", "log", "plain"]


class Ends(NamedTuple):
    """The lower and upper limits, place by place."""

    low: Floats
    high: Floats


@dataclass(frozen=True)
class Told:
    """A step function: what it is before its first step (day -inf), and from each step on.

    `last` is the last day of which anything is known.
    """

    day: Floats
    value: Floats
    se: Floats
    ends: Ends
    last: float

    def points(
        self, days: Floats, base: Estimate, *, children: Codes, events: Codes
    ) -> list[Estimate]:
        """A figure a day; without value, for want of follow-up, after the last day."""
        place = self.place(days)
        figures = []
        for day, at, at_risk, so_far in zip(days, place, children, events, strict=True):
            point = replace(base, days=as_days(day), children=int(at_risk), events=int(so_far))
            if day > self.last:
                figures.append(replace(point, why_not="no_follow_up"))
                continue
            figures.append(
                replace(
                    point,
                    value=float(self.value[at]),
                    low=known(self.ends.low[at]),
                    high=known(self.ends.high[at]),
                    se=known(self.se[at]),
                )
            )
        return figures

    def place(self, days: Floats) -> Codes:
        """Where the days stand in the arrays."""
        return np.searchsorted(self.day, days, side="right") - 1

    def frame(self, name: str) -> pd.DataFrame:
        """One row is one step; the value's column has the name given."""
        columns = {"day": self.day, name: self.value, "se": self.se}
        columns |= {"low": self.ends.low, "high": self.ends.high}
        return pd.DataFrame(columns).iloc[1:].reset_index(drop=True)


def told(
    day: Floats,
    value: Floats,
    se: Floats,
    *,
    first: float,
    last: float,
    limits: str,
    confidence: float,
    top: float,
) -> Told:
    """A curve that stands at `first`, without doubt, before its steps."""
    value, se = np.concatenate([[first], value]), np.concatenate([[0.0], se])
    ends = limits_of(value, se, limits, confidence=confidence, top=top)
    return Told(np.concatenate([[-np.inf], day]), value, se, ends, last)


def limits_of(value: Floats, se: Floats, scale: str, *, confidence: float, top: float) -> Ends:
    """Limits on a scale, none above `top`; missing (NaN) where the scale has none.

    Raises WrongUse for a scale that is none of 'log-log', 'log', 'plain'.
    """
    z = two_sided(confidence)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        match scale:
            case "log-log":
                inside = np.where((value > 0) & (value < 1), value, np.nan)
                shift = np.exp(z * se / (inside * np.abs(np.log(inside))))
                return Ends(inside**shift, inside ** (1 / shift))
            case "log":
                above = np.where(value > 0, value, np.nan)
                shift = np.exp(z * se / above)
                return Ends(above / shift, np.minimum(above * shift, top))
            case "plain":
                floor = 0.0 if np.isfinite(top) else -np.inf
                return Ends(np.maximum(value - z * se, floor), np.minimum(value + z * se, top))
    raise WrongUse(
        _("Limits are made on the scale 'log-log', 'log' or 'plain', not '{scale}'.", scale=scale)
    )


def known(value: float | np.floating) -> float | None:
    """A number as a figure holds it: None where it is missing."""
    return float(value) if np.isfinite(value) else None


def as_days(day: float) -> int:
    """A day as a figure holds it; where time is not counted in whole days, as it is."""
    return int(day) if float(day).is_integer() else cast("int", float(day))
