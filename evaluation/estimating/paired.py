"""Square tables, a row a band before and a column a band after: did as many move each way?

`change.before_after` makes such a table from each child's two bands.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import binomtest, chi2

from evaluation.errors import WrongUse
from evaluation.estimating.found import Beware, Found
from evaluation.estimating.limits import WhyNot, two_sided
from evaluation.estimating.proportions import count
from evaluation.language import _, n_
from evaluation.nouns import Estimate

Floats = NDArray[np.float64]

FEWEST_MOVES = 5.0
"""Children expected each way for each degree of freedom, below which a chi-squared test misleads."""


def mcnemar(
    table: ArrayLike | pd.DataFrame,
    *,
    method: Literal["exact", "corrected", "uncorrected"] = "exact",
    confidence: float = 0.95,
) -> Found:
    """McNemar's test: of those who moved between two bands, did as many move each way?

    'exact' is the binomial test (the value is how many moved up); 'corrected' and 'uncorrected'
    are chi-squared with one degree of freedom, R's `mcnemar.test` with and without `correct`.

    >>> mcnemar([[794, 86], [150, 570]], method="uncorrected").one().value
    17.35593220338983

    One figure: measure 'mcnemar'. Where nobody moved there is nothing to test.
    Raises WrongUse unless the table is 2x2 of whole counts.
    Source: McNemar (1947), Psychometrika 12:153.
    """
    cells = _square(table, confidence)
    if len(cells) != 2:
        raise WrongUse(_("McNemar's test is of 2 bands; for more there is `bowker`."))
    up, down = cells[0, 1], cells[1, 0]
    if up + down == 0:
        return _test("mcnemar", cells, None, method=f"mcnemar_{method}", confidence=confidence)
    if method == "exact":
        told = (up, float(binomtest(int(up), int(up + down)).pvalue))
    else:
        # R corrects unless both moves are alike, and there is nothing to correct.
        less = 1 if method == "corrected" and up != down else 0
        statistic = (abs(up - down) - less) ** 2 / (up + down)
        told = (statistic, float(chi2.sf(statistic, 1)))
    few = method != "exact" and up + down < 2 * FEWEST_MOVES
    return _test(
        "mcnemar", cells, told, method=f"mcnemar_{method}", confidence=confidence, df=1, few=few
    )


def bowker(table: ArrayLike | pd.DataFrame, *, confidence: float = 0.95) -> Found:
    """Bowker's test of symmetry: between each two bands, did as many move each way?

    R's `mcnemar.test` on more than two bands; on two it is McNemar's without correction. Two
    bands between which nobody moved say nothing: they add nothing to the statistic and take
    their degree of freedom with them (R gives no number there; statsmodels keeps the degree of
    freedom, and by default adds 0.5 to every cell of a table that has a 0 anywhere).

    >>> vision = [[1520, 266, 124, 66], [234, 1512, 432, 78], [117, 362, 1772, 205],
    ...     [36, 82, 179, 492]]
    >>> found = bowker(vision)
    >>> round(found.one().value, 4), round(found.one().p, 6), found.model
    (19.1066, 0.003987, {'df': 6})

    One figure: measure 'bowker'. Raises WrongUse unless the table is square, of whole counts.
    Source: Bowker (1948), J Am Stat Assoc 43:572.
    """
    cells = _square(table, confidence)
    up, down = (half[np.triu_indices(len(cells), 1)] for half in (cells, cells.T))
    moved = up + down > 0
    df = int(moved.sum())
    if not df:
        return _test("bowker", cells, None, method="bowker", confidence=confidence)
    statistic = float(((up - down)[moved] ** 2 / (up + down)[moved]).sum())
    return _test(
        "bowker",
        cells,
        (statistic, float(chi2.sf(statistic, df))),
        method="bowker",
        confidence=confidence,
        df=df,
    )


def stuart_maxwell(table: ArrayLike | pd.DataFrame, *, confidence: float = 0.95) -> Found:
    """Stuart and Maxwell's test: are the bands as common after as before?

    Of the margins alone, where `bowker` asks about each two bands. A band that nobody is in, or
    that nobody moved into or out of, takes its degree of freedom with it.

    >>> round(stuart_maxwell([[10, 5, 2], [1, 8, 4], [0, 1, 9]]).one().value, 3)
    6.385

    One figure: measure 'stuart_maxwell'. Raises WrongUse unless the table is square, of whole
    counts. Source: Stuart (1955), Biometrika 42:412; Maxwell (1970), Br J Psychiatry 116:651.
    """
    cells = _square(table, confidence)
    apart = cells.sum(axis=1) - cells.sum(axis=0)
    spread = np.diag(cells.sum(axis=1) + cells.sum(axis=0)) - cells - cells.T
    df = int(np.linalg.matrix_rank(spread, hermitian=True))
    if not df:
        return _test("stuart_maxwell", cells, None, method="stuart_maxwell", confidence=confidence)
    # With all bands the spread is singular; its pseudo-inverse is any one band left out.
    statistic = float(apart @ np.linalg.pinv(spread, hermitian=True) @ apart)
    return _test(
        "stuart_maxwell",
        cells,
        (statistic, float(chi2.sf(statistic, df))),
        method="stuart_maxwell",
        confidence=confidence,
        df=df,
    )


def _square(table: ArrayLike | pd.DataFrame, confidence: float) -> Floats:
    two_sided(confidence)
    cells = np.asarray(table)
    if cells.ndim != 2 or cells.shape[0] != cells.shape[1] or len(cells) < 2:
        raise WrongUse(_("A square table has as many bands after as before, and 2 or more."))
    if isinstance(table, pd.DataFrame) and list(table.index) != list(table.columns):
        raise WrongUse(_("A square table has the same bands, in the same order, both ways."))
    return np.array([[count(cell) for cell in row] for row in cells.tolist()], dtype=float)


def _test(
    measure: str,
    cells: Floats,
    told: tuple[float, float] | None,
    *,
    method: str,
    confidence: float,
    df: int = 0,
    few: bool | None = None,
) -> Found:
    """A statistic and its p-value, as a figure; `told` is None where nobody moved."""
    moved = int(cells.sum() - np.trace(cells))
    if few is None:
        few = moved < 2 * FEWEST_MOVES * df
    why_not: WhyNot | None = "no_variation" if told is None else None
    beware = Beware(
        "few_events",
        n_(
            "Only {count} child moved, too few for a chi-squared test to be sure.",
            "Only {count} children moved, too few for a chi-squared test to be sure.",
            moved,
        ),
    )
    estimate = Estimate(
        "",
        measure,
        children=int(cells.sum()),
        events=moved,
        value=None if told is None else float(told[0]),
        p=None if told is None else told[1],
        confidence=confidence,
        method=method,
        design_level=2,
        unmet=("few_events",) if few and told is not None else (),
        met=("few_events",) if not few and told is not None else (),
        why_not=why_not,
    )
    return Found(
        estimates=(estimate,),
        model={"df": df},
        beware=(beware,) if few and told is not None else (),
    )
