"""An interrupted series: did level or slope change when something began, beyond what was under way?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from evaluation.errors import WrongUse
from evaluation.estimating.found import Found
from evaluation.estimating.series.effects import Contrasts, Effects
from evaluation.estimating.series.fit import Covariance, Family, fit
from evaluation.estimating.series.given import Given, given
from evaluation.estimating.series.hac import usual_lag
from evaluation.estimating.series.neighbours import neighbours
from evaluation.estimating.series.terms import Every, Terms, counted_one, harmonics_for
from evaluation.estimating.series.traps import traps
from evaluation.language import _
from evaluation.nouns import Estimate


@dataclass(frozen=True, kw_only=True)
class Interrupted(Found):
    """An interrupted series. One row of `periods` is one period of one series, as it was fitted.

        time, treated       its time as given; whether its series is the one interrupted
        value, fitted       the rate seen, and as fitted (`per` so much exposure)
        counterfactual      the rate as it would have been without the change
        residual            Pearson's
        level, expected     as fitted and without the change, at the mean of the seasons, and
                            level_low, level_high, expected_low, expected_high: their limits

    `model` is statsmodels' GLM with the covariance in place; `lag` (of 'hac') and `harmonics` are
    those used.
    """

    periods: pd.DataFrame = field(repr=False, compare=False)
    lag: int | None
    harmonics: int


def interrupted_series(
    series: pd.DataFrame,
    *,
    interruption: Any,
    outcome: str = "events",
    exposure: str | None = None,
    time: str = "period",
    every: Every = "month",
    arm: str | None = None,
    treated: str | None = None,
    family: Family = "quasi_poisson",
    slope: bool = True,
    harmonics: int | None = None,
    phase_in: int = 0,
    covariance: Covariance | None = None,
    lag: int | None = None,
    after: Sequence[int] | None = None,
    other_changes: Sequence[Any] = (),
    per: float = 100.0,
    confidence: float = 0.95,
) -> Interrupted:
    """Compare a series after a dated interruption with what its past would have led to.

    One row of `series` is one period (of one series, where `arm` names a column that tells a
    comparison series apart: `treated` is then the value of the interrupted one). `time` is a
    period, a date, or a whole number of periods; rows may stand in any order and periods may be
    left out. A row whose `outcome` is missing is left out and warned of: a month without a return
    is not a month without episodes. `exposure` holds days at risk, whose log is the offset;
    effects are then told `per` 100 of it, and without exposure per period.

    The log of the mean has a trend, a change of level at `interruption`, with `slope` a change of
    trend from then on, and `harmonics` pairs of sine and cosine a year: as many as the years bear
    (two from three years on, one from two), unless told. `phase_in` leaves out the first
    so many periods, in which the change was only coming. 'gaussian' takes the outcome itself,
    without a log and without exposure.

    Neighbouring months are alike. `covariance='ar1'`, unless told, lets them be so by a power of
    their distance; 'hac', and so it is where a `lag` is given, is Newey and West's up to `lag`
    months apart (if not given, the whole part of 4 (periods / 100) ^ (2/9)), as R's sandwich has
    it, and too narrow in series of fewer than about 100 periods: `series.ar1` has the figures.
    'model' takes months as independent.

        trend_ratio      contrast   the trend before, a period
        level_ratio      contrast   the change at once
        slope_ratio      contrast   the change of the trend, a period
        rate_ratio       after_k    the effect k periods after the first (0) one
        rate_difference, fitted_rate, counterfactual_rate      after_k
        events_difference           after    fitted less counterfactual, over all rows after
        ljung_box, breusch_godfrey           whether residuals are still alike, and p
        dispersion                           Pearson's, 1 where chance is all there is
        autocorrelation                      of neighbours, as 'ar1' has it

    'gaussian' has level_difference and so on. `after` are the k; unless told, the last period seen.
    With a comparison series every effect is beyond the comparison's own change (level 3), without
    it this is before and after (level 2): whatever else began in the same month is in it. Name
    what did in `other_changes`, and it is warned of.

    >>> months = pd.DataFrame({"period": pd.period_range("2022-01", periods=24, freq="M")})
    >>> months["events"] = [30, 34, 31, 36, 33, 35] * 2 + [20, 24, 21, 26, 23, 25] * 2
    >>> found = interrupted_series(months, interruption="2023-01", slope=False, harmonics=0)
    >>> round(found.one("level_ratio").value, 2), found.harmonics
    (0.64, 0)

    Fewer than 8 periods on a side are warned of. Raises WrongUse where columns are missing, times
    repeat, a side has too few periods for its terms, or more harmonics are asked for than the
    years bear. A side without any event has no ratio: value None, why_not 'no_events'.
    Source: Wagner et al. (2002), J Clin Pharm Ther 27:299; Bernal, Cummins & Gasparrini (2017),
    Int J Epidemiol 46:348; with a comparison, the same (2018), 47:2082. Intervals take Student's
    t on rows less coefficients; slopes count from 0 in the first period.
    """
    rows = given(
        series, outcome=outcome, exposure=exposure, time=time, every=every, arm=arm,
        treated=treated, interruption=interruption, phase_in=phase_in, family=family,
    )  # fmt: skip
    rows.must_bear(slope=slope)
    waves = harmonics_for(harmonics, span=rows.span, every=every)
    terms = Terms(rows.start, slope, waves, every, rows.compared)
    design = terms.columns(rows.period, rows.treated)
    _must_be_borne(design)
    covariance = covariance or ("ar1" if lag is None else "hac")
    if covariance not in {"ar1", "hac", "model"} or (lag is not None and covariance != "hac"):
        raise WrongUse(_("The covariance is 'ar1', 'hac' or 'model', and only 'hac' has a lag."))
    if covariance == "hac" and lag is None:
        lag = usual_lag(rows.span)
    is_log = family != "gaussian"
    no_events = is_log and rows.side_without_events()
    others = [counted_one(other, every) - rows.origin for other in other_changes]
    warned, unmet = traps(rows, parameters=design.shape[1], is_log=is_log, others=others,
                         covariance=covariance)  # fmt: skip
    known: dict[str, Any] = {
        "unit": "records",
        "of": len(design),
        "events": int(rows.outcome[rows.treated == 1].sum()) if is_log else None,
        "confidence": confidence,
        "method": f"interrupted_{family}" + ("" if covariance == "model" else f"_{covariance}"),
        "design_level": 3 if rows.compared else 2,
        "unmet": ("unmeasured_confounding", *unmet),
        "met": () if family == "poisson" and covariance == "model" else ("overdispersion",),
    }
    wanted = _wanted(after, rows)
    fitted, rho = None, None
    if not no_events:
        arrived = fit(
            rows.outcome, design, rows.exposure, rows.period, rows.treated,
            family=family, covariance=covariance, lag=lag or 0,
        )  # fmt: skip
        fitted, rho = arrived or (None, None)
    scale = 1.0 if rows.exposure is None else per
    below = np.ones(len(design)) if rows.exposure is None else rows.exposure
    seen = pd.DataFrame(
        {
            "time": rows.times.to_numpy(),
            "treated": rows.treated == 1,
            "value": scale * rows.outcome / below,
        },
        index=rows.times.index,
    )
    if fitted is None:
        why_not = "no_events" if no_events else "not_converged"
        return Interrupted(
            estimates=Effects.none(terms, why_not=why_not, is_log=is_log, known=known),
            beware=warned,
            periods=seen.assign(**dict.fromkeys(_FITTED, np.nan)),
            lag=lag,
            harmonics=waves,
        )
    contrasts = Contrasts(
        params=np.asarray(fitted.params, dtype=float),
        covariance=np.asarray(fitted.cov_params(), dtype=float),
        df=float(fitted.df_resid),
        confidence=confidence,
    )
    effects = Effects(contrasts, terms, is_log, scale, known)
    found = effects.changes()
    for k in wanted:
        found += effects.at(k)
    if is_log:
        is_after = (rows.treated == 1) & (rows.period >= rows.start)
        found.append(effects.total(design[is_after], below[is_after]))
    pearson = np.asarray(fitted.resid_pearson, dtype=float)
    tests, alike = neighbours(
        rows, pearson, design,
        is_log=is_log, warn=covariance == "model",
    )  # fmt: skip
    return Interrupted(
        estimates=(*found, *tests, *_spreads(fitted, rho, len(design))),
        model=fitted,
        beware=warned + alike,
        periods=seen.assign(
            fitted=scale * np.asarray(fitted.mu) / below,
            counterfactual=scale * effects.counterfactual(design),
            residual=pearson,
            **effects.without_seasons(design).set_axis(seen.index),
        ),
        lag=lag,
        harmonics=waves,
    )


_FITTED = (
    "fitted", "counterfactual", "residual", "level", "level_low", "level_high", "expected",
    "expected_low", "expected_high",
)  # fmt: skip


def _must_be_borne(design: pd.DataFrame) -> None:
    if len(design) > design.shape[1] == np.linalg.matrix_rank(design):
        return
    raise WrongUse(
        _(
            "{rows} periods cannot bear {terms} terms. Ask for fewer harmonics, or slope=False.",
            rows=len(design),
            terms=design.shape[1],
        )
    )


def _spreads(fitted: Any, rho: float | None, rows: int) -> list[Estimate]:
    told = {"dispersion": ("pearson", float(fitted.pearson_chi2 / fitted.df_resid))}
    if rho is not None:
        told["autocorrelation"] = ("ar1", rho)
    return [
        Estimate("", measure, unit="records", of=rows, value=value, method=method)
        for measure, (method, value) in told.items()
    ]


def _wanted(after: Sequence[int] | None, rows: Given) -> tuple[int, ...]:
    last = int(rows.period[rows.treated == 1].max()) - rows.start
    if after is None:
        return (last,)
    if any(not 0 <= k <= last for k in after):
        raise WrongUse(
            _(
                "Effects can be told from 0 to {last} periods after the interruption; beyond, the "
                "model would foretell.",
                last=last,
            )
        )
    return tuple(int(k) for k in after)
