"""Whether the residuals of a series are still alike from one period to the next."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluation.estimating._statsmodels import Ols, acorr_breusch_godfrey, acorr_ljungbox
from evaluation.estimating.found import Beware
from evaluation.estimating.series.given import Given
from evaluation.language import _
from evaluation.nouns import Estimate

Floats = NDArray[np.float64]


def neighbours(
    rows: Given,
    pearson: Floats,
    design: pd.DataFrame,
    *,
    is_log: bool,
    warn: bool,
) -> tuple[tuple[Estimate, ...], tuple[Beware, ...]]:
    """Ljung and Box's test of each series' Pearson residuals; Breusch and Godfrey's of a gaussian.

    Both take as many lags as a fifth of the periods, 1 to 10, as degrees of freedom. `warn` where
    the errors do not allow for it.

    >>> import pandas as pd
    >>> rows = Given(pd.Series(range(6)), np.ones(6), None, np.arange(6), np.ones(6), 3, 0, 0, False)
    >>> tests, _warned = neighbours(rows, np.array([1.0, 2, 1, -1, -2, -1]), pd.DataFrame(),
    ...                      is_log=True, warn=False)
    >>> tests[0].measure, round(tests[0].value, 3)
    ('ljung_box', 3.267)

    Source: Ljung & Box (1978), Biometrika 65:297; Godfrey (1978), Econometrica 46:1293.
    """
    told = []
    for arm in (1.0, 0.0) if rows.compared else (1.0,):
        own = rows.treated == arm
        lags = max(1, min(10, int(own.sum()) // 5))
        group = "all" if not rows.compared else "treated" if arm else "comparison"
        if np.ptp(pearson[own]) > 0:
            found = acorr_ljungbox(pearson[own], lags=[lags]).iloc[0]
            told.append(_test("ljung_box", group, found["lb_stat"], found["lb_pvalue"], own))
    if not is_log and not rows.compared and np.ptp(pearson) > 0:
        lags = max(1, min(10, len(pearson) // 5))
        least_squares = Ols(rows.outcome, design).fit()
        statistic, p = acorr_breusch_godfrey(least_squares, nlags=lags, result_object=False)[:2]
        told.append(_test("breusch_godfrey", "all", statistic, p, np.ones(len(pearson), bool)))
    alike = [one for one in told if one.p is not None and one.p < 0.05]
    if not (alike and warn):
        return tuple(told), ()
    words = _(
        "Periods near each other are alike beyond trend and season, and the errors do not allow "
        "for it. Ask for covariance='ar1'."
    )
    return tuple(told), (Beware("autocorrelation", words),)


def _test(measure: str, group: str, statistic: float, p: float, own: NDArray[np.bool_]) -> Estimate:
    return Estimate(
        "", measure, group, unit="records", of=int(own.sum()), value=float(statistic), p=float(p),
        method=measure,
    )  # fmt: skip
