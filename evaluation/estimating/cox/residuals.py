"""Residuals of Cox's model, as R's `residuals.coxph` gives them; and the sandwich from them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from evaluation.estimating.cox import kernel
from evaluation.estimating.cox.kernel import KernelFit
from evaluation.estimating.cox.risksets import Floats, Whole


def risk_scores(found: KernelFit) -> Floats:
    """exp(x b) of every row, with x centred as the kernel did: within strata."""
    sets = found.sets
    lined = sets.rows.x @ found.beta
    lined[sets.order] = (found.beta * sets.scale) @ sets.columns
    rest = np.ones(len(lined), dtype=bool)
    rest[sets.order] = False
    if rest.any():
        lined[rest] -= offsets(found)[_stratum_of(found)[rest]]
    return np.asarray(np.exp(lined))


def offsets(found: KernelFit) -> Floats:
    """What centring took off x b in each stratum that has events, in the strata's order."""
    sets = found.sets
    _labels, cell = np.unique(sets.strata, return_index=True)
    first = sets.begins[cell]
    centred = (found.beta * sets.scale) @ sets.columns[:, first]
    return np.asarray(sets.rows.x[sets.order[first]] @ found.beta - centred)


def _stratum_of(found: KernelFit) -> Whole:
    """The place of each row's stratum among those that have events; the last for any other."""
    labels = np.unique(found.sets.strata)
    if found.sets.rows.stratum is None:
        return np.zeros(len(found.sets.rows.stop), dtype=np.int64)
    place = np.searchsorted(labels, found.sets.rows.stratum)
    return np.asarray(np.minimum(place, len(labels) - 1))


def martingale(found: KernelFit) -> Floats:
    """Events less the events to be expected, row by row; times the weights they sum to 0.

    >>> from evaluation.estimating.cox.risksets import Rows
    >>> x = np.array([[0.0], [1.0], [0.0], [1.0], [0.0]])
    >>> rows = Rows(x, np.array([1.0, 2, 3, 4, 5]), np.array([True, True, True, False, True]))
    >>> martingale(kernel.fit(rows)).round(3)
    array([ 0.774,  0.631,  0.113, -0.631, -0.887])
    """
    sets = found.sets
    grown = np.append(0.0, np.cumsum(found.hazard.step))
    met = grown[sets.last] - grown[sets.first]
    met[sets.order] = sets.passed(found.hazard.step, found.hazard.tied)
    expected = np.zeros(len(met))
    some = met != 0
    expected[some] = met[some] * risk_scores(found)[some]
    return np.asarray(sets.rows.event - expected)


def deviance(found: KernelFit) -> Floats:
    """Martingale residuals made more symmetric about 0."""
    residual, event = martingale(found), found.sets.rows.event
    with np.errstate(divide="ignore", invalid="ignore"):
        log = np.where(event, np.log(event - residual), 0.0)
    return np.asarray(np.sign(residual) * np.sqrt(np.maximum(-2 * (residual + log), 0.0)))


def schoenfeld(found: KernelFit) -> tuple[Floats, Whole]:
    """A row an event: its covariates less their mean among those at risk; and whose row it is.

    Events stand by stratum and time. Under Efron's method events at one time share one mean.
    """
    sets, hazard = found.sets, found.hazard
    every, dead = kernel.means(sets, hazard)
    mean = (hazard.c * every - hazard.ac * dead)[:, sets.of_dead]
    return ((sets.columns[:, sets.dead] - mean).T * sets.scale), sets.order[sets.dead]


def scaled_schoenfeld(found: KernelFit) -> tuple[Floats, Whole]:
    """Schoenfeld residuals on the scale of the coefficients: their trend is that of b(t)."""
    residual, whose = schoenfeld(found)
    return residual @ found.covariance * len(residual) + found.beta, whose


def dfbeta(found: KernelFit, cluster: Whole | None = None) -> Floats:
    """About how much each row, or each cluster, moves each coefficient (weights included)."""
    parts = kernel.score_residuals(found)
    if found.sets.rows.weight is not None:
        parts *= found.sets.rows.weight[:, None]
    if cluster is not None:
        parts = _summed(parts, cluster)
    return np.asarray(parts @ found.covariance)


def sandwich(found: KernelFit, cluster: Whole | None) -> Floats:
    """The robust covariance: what rows, or clusters of them, do to the coefficients, squared.

    Source: Lin and Wei (1989), JASA 84:1074; ties are shared as R's `coxph` shares them.
    """
    moved = dfbeta(found, cluster)
    return np.asarray(moved.T @ moved)


def robust_score(found: KernelFit, cluster: Whole | None) -> float:
    """The robust score test of all coefficients being 0."""
    parts = kernel.score_residuals(replace(found, beta=np.zeros(len(found.beta)), laid=found.sets))
    if found.sets.rows.weight is not None:
        parts *= found.sets.rows.weight[:, None]
    if cluster is not None:
        parts = _summed(parts, cluster)
    total = parts.sum(axis=0)
    return float(total @ kernel.inverse(parts.T @ parts) @ total)


def _summed(parts: Floats, cluster: Whole) -> Floats:
    count = int(cluster.max()) + 1
    return np.column_stack(
        [np.bincount(cluster, weights=column, minlength=count) for column in parts.T]
    )
