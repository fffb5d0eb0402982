"""What an interruption changed: the level, the slope, and what came instead of what would have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import t as student

from evaluation.estimating.limits import two_sided
from evaluation.estimating.series.terms import Terms
from evaluation.nouns import Estimate

Floats = NDArray[np.float64]

TERMS = ("time", "level", "slope")


@dataclass(frozen=True, slots=True)
class Contrasts:
    """Linear combinations of the coefficients, with their errors; one place for the arithmetic.

    >>> known = Contrasts(np.array([0.0, 1.0]), np.eye(2), 10.0, 0.95)
    >>> round(known.interval(1.0, 1.0)[0], 2)
    -1.23
    """

    params: Floats
    covariance: Floats
    df: float
    confidence: float

    def of(self, weights: Floats) -> tuple[float, float]:
        return float(weights @ self.params), self.error(weights)

    def error(self, gradient: Floats) -> float:
        return float(np.sqrt(max(0.0, float(gradient @ self.covariance @ gradient))))

    def interval(self, value: float, error: float) -> tuple[float, float]:
        two_sided(self.confidence)
        reach = float(student.ppf(0.5 + self.confidence / 2, self.df)) * error
        return value - reach, value + reach

    def p(self, value: float, error: float) -> float | None:
        return float(2 * student.sf(abs(value / error), self.df)) if error > 0 else None


@dataclass(frozen=True, slots=True)
class Effects:
    """The rows of figures of an interrupted series.

    >>> Effects.names(is_log=True)
    ('trend_ratio', 'level_ratio', 'slope_ratio')
    """

    contrasts: Contrasts
    terms: Terms
    is_log: bool
    per: float
    known: dict[str, Any]

    @staticmethod
    def names(*, is_log: bool) -> tuple[str, str, str]:
        """What the changes are called: ratios where the link is a log, else differences."""
        kind = "ratio" if is_log else "difference"
        return f"trend_{kind}", f"level_{kind}", f"slope_{kind}"

    @staticmethod
    def none(
        terms: Terms, *, why_not: str, is_log: bool, known: dict[str, Any]
    ) -> tuple[Estimate, ...]:
        """The changes, where nothing can be estimated."""
        measures = Effects.names(is_log=is_log)[: 3 if terms.slope else 2]
        return tuple(
            Estimate("", measure, "contrast", why_not=why_not, **known) for measure in measures
        )

    def changes(self) -> list[Estimate]:
        """The trend before, a period; the change of level at once; the change of trend, a period."""
        names = list(self._row(0).index)
        told = []
        for measure, term in zip(self.names(is_log=self.is_log), TERMS, strict=True):
            if self.terms.prefix + term in names:
                weights = np.array([float(name == self.terms.prefix + term) for name in names])
                told.append(self._linear(measure, "contrast", weights, as_ratio=self.is_log))
        return told

    def at(self, k: int) -> list[Estimate]:
        """The effect in one period, `k` after the interruption."""
        row = self._row(k)
        with_it, without = row.to_numpy(), self._without(row.to_frame().T).to_numpy()[0]
        group = f"after_{k}"
        fitted, fitted_slope = self._mean(with_it)
        counter, counter_slope = self._mean(without)
        told = [
            self._linear("rate_ratio", group, with_it - without, as_ratio=True)
            if self.is_log
            else self._ratio(group, (fitted, fitted_slope), (counter, counter_slope)),
            self._plain("rate_difference", group, fitted - counter, fitted_slope - counter_slope),
            self._plain("fitted_rate", group, fitted, fitted_slope, tested=False),
            self._plain("counterfactual_rate", group, counter, counter_slope, tested=False),
        ]
        return [one for one in told if one is not None]

    def total(self, rows: pd.DataFrame, exposure: Floats) -> Estimate:
        """Events in the rows, as fitted, less those that would have come."""
        with_it, without = rows.to_numpy(), self._without(rows).to_numpy()
        sums = []
        for design in (with_it, without):
            mean = self._inverse(design @ self.contrasts.params) * exposure
            slope = mean if self.is_log else exposure
            sums.append((mean.sum(), slope @ design))
        value, gradient = sums[0][0] - sums[1][0], sums[0][1] - sums[1][1]
        return self._plain("events_difference", "after", float(value), gradient)

    def counterfactual(self, rows: pd.DataFrame) -> Floats:
        """The mean a unit of exposure that would have been, for each row."""
        return self._inverse(self._without(rows).to_numpy() @ self.contrasts.params)

    def without_seasons(self, design: pd.DataFrame) -> pd.DataFrame:
        """The lines through the rows, at the mean of the seasons, with their limits.

        One row is one row of `design`: level, level_low, level_high as fitted; expected and so on
        without the change. Of a log link the mean is that of the logs.
        """
        seasons = [name for name in design if str(name).startswith(("sin_", "cos_"))]
        even = design.assign(**{str(name): 0.0 for name in seasons})
        found = {}
        for line, rows in (("level", even), ("expected", self._without(even))):
            linear = rows.to_numpy() @ self.contrasts.params
            ends = [
                self.contrasts.interval(float(at), self.contrasts.error(row))
                for at, row in zip(linear, rows.to_numpy(), strict=True)
            ]
            found[line] = self._inverse(linear)
            for end, name in enumerate(("low", "high")):
                found[f"{line}_{name}"] = self._inverse(np.array([pair[end] for pair in ends]))
        return self.per * pd.DataFrame(found, index=design.index)

    def _row(self, k: int) -> pd.Series:
        return self.terms.columns(np.array([self.terms.start + k]), np.ones(1)).iloc[0]

    def _without(self, rows: pd.DataFrame) -> pd.DataFrame:
        gone = [self.terms.prefix + name for name in ("level", "slope")]
        return rows.assign(**{name: 0.0 for name in gone if name in rows})

    def _inverse(self, linear: Floats) -> Floats:
        return np.asarray(np.exp(linear) if self.is_log else linear)

    def _mean(self, row: Floats) -> tuple[float, Floats]:
        """The mean `per` so much exposure, and its gradient."""
        mean = self.per * float(self._inverse(row @ self.contrasts.params))
        return mean, row * (mean if self.is_log else self.per)

    def _linear(self, measure: str, group: str, weights: Floats, *, as_ratio: bool) -> Estimate:
        value, error = self.contrasts.of(weights)
        low, high = self.contrasts.interval(value, error)
        p = self.contrasts.p(value, error)
        if as_ratio:
            value, low, high = (float(np.exp(one)) for one in (value, low, high))
        return Estimate(
            "", measure, group, value=value, low=low, high=high, se=error, p=p, **self.known,
        )  # fmt: skip

    def _plain(
        self, measure: str, group: str, value: float, gradient: Floats, *, tested: bool = True
    ) -> Estimate:
        error = self.contrasts.error(gradient)
        low, high = self.contrasts.interval(value, error)
        if not tested and self.is_log and value > 0:  # a rate stays above 0
            error /= value
            low, high = (float(np.exp(x)) for x in self.contrasts.interval(np.log(value), error))
        p = self.contrasts.p(value, error) if tested else None
        return Estimate(
            "", measure, group, value=value, low=low, high=high, se=error, p=p, **self.known
        )

    def _ratio(
        self, group: str, fitted: tuple[float, Floats], counter: tuple[float, Floats]
    ) -> Estimate | None:
        """The ratio of two means that are no logs, where both are above 0."""
        if fitted[0] <= 0 or counter[0] <= 0:
            return None
        value = float(np.log(fitted[0] / counter[0]))
        error = self.contrasts.error(fitted[1] / fitted[0] - counter[1] / counter[0])
        low, high = (float(np.exp(end)) for end in self.contrasts.interval(value, error))
        return Estimate(
            "", "rate_ratio", group, value=float(np.exp(value)), low=low, high=high, se=error,
            p=self.contrasts.p(value, error), **self.known,
        )  # fmt: skip
