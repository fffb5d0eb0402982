"""Many looks at the same data: p-values, adjusted for how many there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import false_discovery_control

from evaluation.errors import WrongUse
from evaluation.estimating.found import Found
from evaluation.language import _
from evaluation.nouns import Estimate

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Adjusted(Found):
    """The figures as they came, each with its p adjusted; `tests` are the p counted, `skipped` not.

    `p` has a row a figure: group, p (as it was) and adjusted; missing stays missing.
    """

    tests: int
    skipped: int
    p: pd.DataFrame = field(repr=False, compare=False)


def holm(figures: Iterable[Estimate] | pd.Series | ArrayLike) -> Adjusted:
    """Adjust p so that the chance of any false finding among all is held (Holm).

    Takes a Found, Estimates, or p-values (a Series or a dict keeps its labels as groups). A figure without p
    is kept as it is and counted in `skipped`; it is no test. Say beforehand which tests belong
    together: adjusting for those that one likes is no adjustment.

    >>> [round(one.p, 2) for one in holm([0.01, 0.02, 0.03, 0.04, 0.05])]
    [0.05, 0.08, 0.09, 0.09, 0.09]

    Raises WrongUse where a p is below 0 or above 1.
    Source: Holm (1979), Scand J Stat 6:65, as R's p.adjust.
    """
    return _adjusted(figures, "holm", _holm)


def benjamini_hochberg(figures: Iterable[Estimate] | pd.Series | ArrayLike) -> Adjusted:
    """Adjust p so that the share of false findings among findings is held (Benjamini-Hochberg).

    It takes what `holm` takes. It is gentler, and fit for secondary questions: of what it calls a
    finding at 0.05, about one in twenty is none.

    >>> [round(one.p, 2) for one in benjamini_hochberg(pd.Series([0.01, None, 0.02])) if one.p]
    [0.02, 0.02]

    Raises WrongUse where a p is below 0 or above 1.
    Source: Benjamini & Hochberg (1995), J R Stat Soc B 57:289, as R's p.adjust.
    """
    return _adjusted(figures, "benjamini_hochberg", false_discovery_control)


def _holm(p: Floats) -> Floats:
    """Each p times the tests that are left when it is its turn; never below the one before."""
    order = np.argsort(p)
    stepped = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(stepped, 1)
    return adjusted


def _adjusted(
    figures: Iterable[Estimate] | pd.Series | ArrayLike,
    name: str,
    adjust: Callable[[Floats], Floats],
) -> Adjusted:
    given = _estimates(figures, name)
    p = np.array([np.nan if one.p is None else one.p for one in given], dtype=float)
    known = ~np.isnan(p)
    if ((p[known] < 0) | (p[known] > 1)).any():
        raise WrongUse(_("A p-value lies between 0 and 1."))
    adjusted = p.copy()
    if known.any():
        adjusted[known] = adjust(p[known])
    return Adjusted(
        estimates=tuple(
            replace(one, p=float(new)) if is_known else one
            for one, new, is_known in zip(given, adjusted, known, strict=True)
        ),
        beware=figures.beware if isinstance(figures, Found) else (),
        model=figures.model if isinstance(figures, Found) else None,
        tests=int(known.sum()),
        skipped=int((~known).sum()),
        p=pd.DataFrame({"group": [one.group for one in given], "p": p, "adjusted": adjusted}),
    )


def _estimates(figures: Iterable[Estimate] | pd.Series | ArrayLike, method: str) -> list[Estimate]:
    if isinstance(figures, Found):
        return list(figures)
    if isinstance(figures, Mapping):
        figures = pd.Series(figures)
    values: list[Any]
    if isinstance(figures, pd.Series):
        labels, values = figures.index.astype(str).tolist(), figures.tolist()
    else:
        values = list(figures) if isinstance(figures, Iterable) else [figures]
        labels = [str(place) for place in range(1, len(values) + 1)]
    if all(isinstance(one, Estimate) for one in values):
        return values
    try:
        numbers = [None if pd.isna(one) else float(one) for one in values]
    except (TypeError, ValueError) as fault:
        raise WrongUse(_("Give a Found, Estimates or p-values, not a mixture.")) from fault
    return [
        Estimate("", "p_value", label, p=number, method=method)
        for label, number in zip(labels, numbers, strict=True)
    ]
