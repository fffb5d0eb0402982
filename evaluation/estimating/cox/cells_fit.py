"""What Cox's model of counts found: coefficients, baseline hazard, and the figures made of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import chi2, norm

from evaluation.estimating.beware import few_events
from evaluation.estimating.cox import kernel
from evaluation.estimating.cox.beware import separated, unsettled
from evaluation.estimating.cox.grouped import Grouped
from evaluation.estimating.cox.kernel import KernelFit, Ties
from evaluation.estimating.found import Beware, Found
from evaluation.estimating.limits import ratio_of, two_sided
from evaluation.language import _
from evaluation.nouns import Estimate


@dataclass(frozen=True)
class CellsFit:
    """Cox's model fitted to counts. Whatever wants rows (clusters, residuals) is not here.

    >>> from evaluation.estimating.cox.cells import cox_from_cells
    >>> cells = pd.DataFrame({"old": [0, 0, 1, 1], "day": [10, 30, 10, 30],
    ...                       "leave": [20, 80, 40, 60], "events": [20, 5, 40, 5]})
    >>> fitted = cox_from_cells("day ~ old", cells).model
    >>> fitted.params.round(3).to_dict(), fitted.bse.round(3).to_dict()
    ({'old': 0.738}, {'old': 0.25})
    >>> fitted.baseline()["survival"].round(3).tolist()
    [0.79, 0.751]
    """

    names: tuple[str, ...]
    ties: Ties
    strata_labels: tuple[Any, ...]
    nobs: float
    n_events: float
    n_missing: float
    kernel: KernelFit = field(repr=False)
    grouped: Grouped = field(repr=False)

    @property
    def params(self) -> pd.Series:
        """The logarithms of the hazard ratios."""
        return pd.Series(self.kernel.beta, index=list(self.names))

    def cov_params(self) -> pd.DataFrame:
        """The inverse of the information."""
        return pd.DataFrame(
            self.kernel.covariance, index=list(self.names), columns=list(self.names)
        )

    @property
    def bse(self) -> pd.Series:
        with np.errstate(invalid="ignore"):
            return pd.Series(np.sqrt(np.diag(self.kernel.covariance)), index=list(self.names))

    @property
    def pvalues(self) -> pd.Series:
        return pd.Series(2 * norm.sf(np.abs(self.params / self.bse)), index=list(self.names))

    def conf_int(self, alpha: float = 0.05) -> pd.DataFrame:
        reach = two_sided(1 - alpha) * self.bse
        return pd.DataFrame({0: self.params - reach, 1: self.params + reach})

    @property
    def converged(self) -> bool:
        return self.kernel.converged

    @property
    def llf(self) -> float:
        """The partial log-likelihood at its greatest."""
        return self.kernel.loglik

    @property
    def llnull(self) -> float:
        """The partial log-likelihood without covariates."""
        return self.kernel.loglik_at_zero

    @property
    def llr_pvalue(self) -> float:
        """Of the likelihood-ratio test of all coefficients against 0."""
        return float(chi2.sf(2 * (self.llf - self.llnull), len(self.names)))

    def baseline(self) -> pd.DataFrame:
        """Time, hazard, cumulative_hazard and survival where all covariates are 0; by stratum."""
        beta, sets = self.kernel.beta, self.grouped
        hazard, _loglik = kernel.at(sets, beta * sets.scale, self.ties)
        parts = []
        for one in sets.blocks:
            first = one.patterns.start
            offset = sets.x[first] @ beta - (beta * sets.scale) @ sets.columns[:, first]
            with np.errstate(over="ignore"):
                step = hazard.step[one.cells] * np.exp(-offset)
            grown = np.cumsum(step)
            part = pd.DataFrame(
                {
                    "time": sets.times[one.cells],
                    "hazard": step,
                    "cumulative_hazard": grown,
                    "survival": np.exp(-grown),
                }
            )
            if self.strata_labels:
                label = self.strata_labels[sets.strata[one.cells.start]]
                part.insert(0, "stratum", [label] * len(part))
            parts.append(part)
        return pd.concat(parts, ignore_index=True)


def ratios(fitted: CellsFit, confidence: float) -> Found:
    """A figure a coefficient, and what to beware of."""
    beware = _beware(fitted)
    traps = {one.trap for one in beware}
    logs = np.column_stack([fitted.params, fitted.conf_int(1 - confidence)])
    told = [[ratio_of(one) for one in row] for row in logs.tolist()]
    figures = []
    for place, name in enumerate(fitted.names):
        endless = place in fitted.kernel.endless
        stands = not endless and "not_converged" not in traps
        unmet = {*(traps & {"few_events"}), *({"separation"} if endless else ())}
        figures.append(
            Estimate(
                "",
                "hazard_ratio",
                name,
                unit="records",
                children=round(fitted.nobs),
                events=round(fitted.n_events),
                value=told[place][0] if stands else None,
                low=told[place][1] if stands else None,
                high=told[place][2] if stands else None,
                confidence=confidence,
                se=float(fitted.bse.iloc[place]) if stands else None,
                p=float(fitted.pvalues.iloc[place]) if stands else None,
                method=f"cox_{fitted.ties}",
                design_level=3 if len(fitted.names) > 1 else 1,
                met=tuple(sorted({"few_events", "separation"} - unmet)),
                unmet=tuple(sorted(unmet)),
                why_not=None if stands else "separation" if endless else "not_converged",
            )
        )
    return Found(estimates=tuple(figures), model=fitted, beware=beware)


def _beware(fitted: CellsFit) -> tuple[Beware, ...]:
    told = []
    if fitted.n_missing:
        told.append(
            Beware(
                "missing_values",
                _(
                    "Cells that stand for {rows} rows lack a covariate and were left out.",
                    rows=f"{fitted.n_missing:g}",
                ),
            )
        )
    if fitted.kernel.endless:
        told.append(separated([fitted.names[place] for place in fitted.kernel.endless]))
    elif not fitted.converged:
        told.append(unsettled())
    return (*told, *few_events(fitted.n_events, len(fitted.names)))
