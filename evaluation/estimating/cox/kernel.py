"""The partial likelihood of Cox's model and where it is greatest, exact and for every row.

With r = exp(x b) and case weights w, a cell is one time of events in one stratum, with d events,
sums S0 = sum of w r over those at risk and D0 over those with an event, S1, D1 likewise of w r x.
Efron's method takes the j-th event of a cell (j = 0 … d-1) out of S0 - (j/d) D0; Breslow's always
out of S0. What is kept is divided by S0, so that no sum overflows before a hazard does. The
information needs no second moments by cell: summed over time they are, for each row, w r x x'
times the hazard that the row passed through.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, get_args

import numpy as np

from evaluation.errors import WrongUse
from evaluation.estimating.collinear import Collinear
from evaluation.estimating.cox.grouped import Grouped, group
from evaluation.estimating.cox.risksets import Floats, RiskSets, Rows, lay
from evaluation.language import _

Ties = Literal["efron", "breslow"]

STEPS = 40
BLOCK = 1 << 18


@dataclass(frozen=True)
class Hazard:
    """What one value of the coefficients makes of each cell, with c = S0 / (S0 - a D0), a = j/d.

    `risk` is w r of the rows in their order, `total` S0. Sums over the events of a cell, with
    their mean weight m: `step` = m sum(c) / S0, the growth of the cumulative hazard; `tied` =
    m sum(a c) / S0, what those with an event there are spared of it; `aa`, `ab`, `bb` =
    m sum(c c), m sum(a c c), m sum(a a c c); `c`, `ac` = sum(c)/d, sum(a c)/d.
    """

    risk: Floats
    total: Floats
    step: Floats
    tied: Floats
    aa: Floats
    ab: Floats
    bb: Floats
    c: Floats
    ac: Floats


@dataclass(frozen=True)
class KernelFit:
    """Where the partial likelihood is greatest.

    `information` is its curvature there; `endless` are the columns whose coefficients grow
    without end (monotone likelihood, separation), for which `beta` is only a large number.
    """

    beta: Floats
    information: Floats
    loglik: float
    loglik_at_zero: float
    score: Floats
    score_at_zero: Floats
    information_at_zero: Floats
    iterations: int
    converged: bool
    endless: tuple[int, ...]
    ties: Ties
    rows: Rows | None = field(repr=False)
    laid: RiskSets | None = field(repr=False)

    @cached_property
    def sets(self) -> RiskSets:
        """The rows laid out, for what is asked of each.

        Raises WrongUse where the fit is one of counts, and there are no rows.
        """
        if self.laid is not None:
            return self.laid
        if self.rows is None:
            raise WrongUse(
                _("The model was fitted to counts. What is asked for wants rows: use `Cox`.")
            )
        return lay(self.rows)

    @cached_property
    def hazard(self) -> Hazard:
        """What the coefficients make of each cell of `sets`."""
        return at(self.sets, self.beta * self.sets.scale, self.ties)[0]

    @property
    def covariance(self) -> Floats:
        """The inverse of the information."""
        return inverse(self.information)


def refuse_unknown_ties(ties: str) -> None:
    """Raise WrongUse for a way with ties that there is not.

    >>> refuse_unknown_ties("efron")
    """
    if ties not in get_args(Ties):
        raise WrongUse(_("Ties are handled by “efron” or by “breslow”."))


def fit(
    rows: Rows | Grouped, *, ties: Ties = "efron", names: tuple[str, ...] | None = None
) -> KernelFit:
    """Fit Cox's model to rows that hold no missing values, by Newton's method from 0.

    Rows of few patterns of covariates on few days are counted first: the sums are the same.
    Raises CannotEstimate without events, Collinear (a WrongUse) where a column, called by its
    name in `names`, is a sum of others or the same for all who are at risk together.

    >>> x = np.array([[0.0], [1.0], [0.0], [1.0], [0.0]])
    >>> stop, event = np.array([1.0, 2, 3, 4, 5]), np.array([True, True, True, False, True])
    >>> fit(Rows(x, stop, event)).beta.round(4)
    array([-0.3401])

    Source: Therneau and Grambsch (2000), Modeling Survival Data, chapter 3.
    """
    sets = rows if isinstance(rows, Grouped) else group(rows) or lay(rows)
    count = len(sets.columns)
    names = names or tuple(f"x{place}" for place in range(count))
    beta = np.zeros(count)
    hazard, loglik = at(sets, beta, ties)
    score, information = slope(sets, hazard)
    refuse_collinear(sets, information, names)
    begun = (loglik, score, information)

    endless: set[int] = set()
    reach = np.ptp(sets.columns, axis=1)
    before = np.full(count, np.inf)
    converged, iterations = False, 0
    while iterations < STEPS and not converged:
        move = inverse(information) @ score
        gain, far = float(score @ move), np.abs(move) * reach
        if not np.isfinite(gain):
            break
        # The likelihood gains nothing, yet steps that change hazards by a fifth do not shrink.
        grows = (gain < 1e-5) & (far > 0.2) & (far > before / 2)
        endless |= set(np.flatnonzero(grows).tolist())
        if endless and gain < 1e-9:
            break
        before, iterations = far, iterations + 1
        move, hazard, loglik = _stepped(sets, beta, move, loglik, ties)
        if not move.any():
            break
        beta = beta + move
        score, information = slope(sets, hazard)
        converged = gain < 1e-10

    if not converged:
        endless |= set(np.flatnonzero(np.abs(beta) * reach > 20).tolist())
    errors = np.sqrt(np.abs(np.diag(inverse(information))))
    sound = np.isfinite(beta).all() and np.isfinite(errors).all() and np.isfinite(loglik)
    level = bool((np.abs(score) * errors < 1e-5).all())
    scale = sets.scale
    both = np.outer(scale, scale)
    return KernelFit(
        beta=beta / scale,
        information=information * both,
        loglik=loglik,
        loglik_at_zero=begun[0],
        score=score * scale,
        score_at_zero=begun[1] * scale,
        information_at_zero=begun[2] * both,
        iterations=iterations,
        converged=bool(converged and sound and level and not endless),
        endless=tuple(sorted(endless)),
        ties=ties,
        rows=None if isinstance(rows, Grouped) else rows,
        laid=sets if isinstance(sets, RiskSets) else None,
    )


def _stepped(
    sets: RiskSets | Grouped, beta: Floats, move: Floats, loglik: float, ties: Ties
) -> tuple[Floats, Hazard, float]:
    """A step that does not lower the likelihood, halved until it does not."""
    while True:
        hazard, found = at(sets, beta + move, ties)
        if found >= loglik - 1e-9 * (1 + abs(loglik)):
            return move, hazard, found
        move = move / 2
        if float(np.abs(move).max()) < 1e-12:
            return move * 0, *at(sets, beta, ties)


def at(sets: RiskSets | Grouped, beta: Floats, ties: Ties) -> tuple[Hazard, float]:
    """The cells' hazards and the log-likelihood at coefficients of the scaled columns."""
    eta = np.einsum("i,ij->j", beta, sets.columns)
    with np.errstate(all="ignore"):
        risk = sets.weight * np.exp(eta)
        total = sets.at_risk(risk)
        deaths, mean = sets.deaths, sets.mean_weight
        step = deaths * mean / total
        tied, ab, bb, ac = (np.zeros(sets.cells) for _each in range(4))
        c, aa, log = np.ones(sets.cells), deaths * mean, deaths * mean * np.log(total)
        if ties == "efron" and len(many := np.flatnonzero(deaths > 1)):
            d, m = deaths[many], mean[many]
            begins = np.cumsum(d) - d
            dead = sets.among_dead(risk[sets.dead])[many] / total[many]
            part = (np.arange(d.sum()) - np.repeat(begins, d)) / np.repeat(d, d)
            left = 1 - part * np.repeat(dead, d)

            def summed(values: Floats) -> Floats:
                return np.add.reduceat(values, begins)

            one = 1 / left
            sum_c, sum_ac = summed(one), summed(part * one)
            step[many], tied[many] = m * sum_c / total[many], m * sum_ac / total[many]
            c[many], ac[many] = sum_c / d, sum_ac / d
            square = one * one
            aa[many] = m * summed(square)
            ab[many], bb[many] = m * summed(part * square), m * summed(part * part * square)
            log[many] += m * summed(np.log(left))
        loglik = float(np.einsum("i,i->", sets.happened, eta) - log.sum())
    if not np.isfinite(loglik):
        loglik = -np.inf
    return Hazard(risk, total, step, tied, aa, ab, bb, c, ac), loglik


def passed(sets: RiskSets | Grouped, hazard: Hazard, times: Floats | None = None) -> Floats:
    """w r times the hazard that each row in order passed through, Efron's share for ties taken off.

    `times` multiplies each cell's hazard.
    """
    step, tied = hazard.step, hazard.tied
    if times is not None:
        step, tied = step * times, tied * times
    through = sets.passed(step, tied)
    through *= hazard.risk
    return through


@np.errstate(all="ignore")  # what is not finite is looked for at the end
def means(sets: RiskSets | Grouped, hazard: Hazard) -> tuple[Floats, Floats]:
    """S1 / S0 and D1 / S0, a row a covariate, a column a cell."""
    every, dead = np.zeros((2, len(sets.columns), sets.cells))
    tied = bool(hazard.ab.any())  # otherwise the sums over events are multiplied by 0
    for j, column in enumerate(sets.columns):
        values = hazard.risk * column
        every[j] = sets.at_risk(values) / hazard.total
        if tied:
            dead[j] = sets.among_dead(values[sets.dead]) / hazard.total
    return every, dead


@np.errstate(all="ignore")  # what is not finite is looked for at the end
def slope(sets: RiskSets | Grouped, hazard: Hazard) -> tuple[Floats, Floats]:
    """The score and the information, for the scaled columns."""
    through = passed(sets, hazard)
    every, dead = means(sets, hazard)
    return _score(sets, through), weighted_information(sets, hazard, through, every, dead)


def _score(sets: RiskSets | Grouped, through: Floats) -> Floats:
    return np.asarray(np.einsum("ij,j->i", sets.columns, sets.happened - through))


def weighted_information(
    sets: RiskSets | Grouped,
    hazard: Hazard,
    through: Floats,
    every: Floats,
    dead: Floats,
    *,
    times: Floats | None = None,
) -> Floats:
    """The information, each cell's part multiplied by `times` (as `through` was)."""
    aa, ab, bb = hazard.aa, hazard.ab, hazard.bb
    if times is not None:
        aa, ab, bb = aa * times, ab * times, bb * times
    columns = sets.columns
    crossed = crossing(every, ab, dead)
    found = crossing(columns, through, columns) + crossed + crossed.T
    found -= crossing(every, aa, every) + crossing(dead, bb, dead)
    return (found + found.T) / 2


def crossing(left: Floats, weight: Floats, right: Floats) -> Floats:
    """left diag(weight) right', in blocks that fit a processor's cache.

    They are small enough for BLAS not to share one among threads: so narrow a product gains
    nothing by it, and waits for each thread where other work is going on.
    """
    found = np.zeros((len(left), len(right)))
    size = max(BLOCK // max(len(left) * len(right), 1), 256)
    for begin in range(0, len(weight), size):
        some = slice(begin, begin + size)
        found += (left[:, some] * weight[some]) @ right[:, some].T
    return found


def inverse(information: Floats) -> Floats:
    """The inverse of an information matrix, by way of its correlations; NaN where there is none."""
    size = np.sqrt(np.abs(np.diag(information)))
    size[size == 0] = 1.0
    both = np.outer(size, size)
    try:
        with np.errstate(all="ignore"):
            return np.asarray(np.linalg.inv(information / both) / both)
    except np.linalg.LinAlgError:
        return np.full_like(information, np.nan)


def refuse_collinear(sets: RiskSets | Grouped, information: Floats, names: tuple[str, ...]) -> None:
    """Raise Collinear where a column has next to no information of its own at 0."""
    total = np.array([np.einsum("i,i,i->", sets.weight, one, one) for one in sets.columns])
    own = np.diag(information)
    kept: list[int] = []
    which: dict[int, tuple[int, ...]] = {}
    for j in range(len(information)):
        if own[j] <= 1e-10 * max(total[j] * sets.mean_weight.max() / sets.weight.max(), 1e-300):
            which[j] = ()
            continue
        if kept:
            share = np.linalg.solve(information[np.ix_(kept, kept)], information[kept, j])
            if own[j] - information[j, kept] @ share <= 1e-11 * own[j]:
                part = np.abs(share) * np.sqrt(own[kept] / own[j])
                which[j] = tuple(k for k, p in zip(kept, part, strict=True) if p > 1e-4)
                continue
        kept.append(j)
    if which:
        raise Collinear(which, names)


@np.errstate(all="ignore")  # what is not finite is looked for at the end
def score_residuals(found: KernelFit) -> Floats:
    """Each row's part of the score at the fit (a row a row, a column a covariate), unweighted.

    Efron's ties are shared as R's `residuals(fit, "score")` does; times the weights they sum to
    the score, which is 0.
    """
    sets, hazard = found.sets, found.hazard
    every, dead = means(sets, hazard)
    plain = hazard.risk / sets.weight
    h = sets.passed(hazard.step, hazard.tied)
    parts = np.zeros((len(sets.rows.stop), len(sets.columns)))
    for j, column in enumerate(sets.columns):
        q = sets.passed(
            (hazard.aa * every[j] - hazard.ab * dead[j]) / hazard.total,
            (hazard.ab * every[j] - hazard.bb * dead[j]) / hazard.total,
        )
        part = plain * (q - column * h)
        mean = hazard.c * every[j] - hazard.ac * dead[j]
        part[sets.dead] += column[sets.dead] - mean[sets.of_dead]
        parts[sets.order, j] = part * sets.scale[j]
    return parts
