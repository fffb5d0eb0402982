"""The covariates of Cox's model: from a formula, a frame or an array, with the names of its terms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluation.errors import WrongUse
from evaluation.estimating.formulas import Spec, matrices, one_column
from evaluation.language import _


@dataclass(frozen=True)
class Design:
    """The times and the covariates, a row a row that lacks neither, without an intercept.

    `terms` are the places of each term's columns; `missing` marks the rows of the data that lack
    a value; `spec` makes the same columns of new data, and an intercept.
    """

    stop: pd.Series
    x: pd.DataFrame
    terms: dict[str, tuple[int, ...]]
    missing: NDArray[np.bool_]
    spec: Spec


def from_formula(formula: str, data: pd.DataFrame, *, depth: int) -> Design:
    """Build what `formula` says from `data`, whose index is 0, 1, …; `depth` frames up are names.

    There is no intercept: the baseline hazard takes its place, and a factor is compared with its
    first level even where the formula says '0 +'. Levels that no row has are forgotten.
    Raises WrongUse where the formula cannot be followed.

    >>> data = pd.DataFrame({"stop": [3, 1, 2], "arm": ["b", "a", "b"]})
    >>> from_formula("stop ~ arm", data, depth=0).terms
    {'arm': (0,)}
    """
    made = matrices(formula, data, names=depth + 1, intercept=True)
    stop = one_column(made.left, formula)
    kept = [place for place, name in enumerate(made.right.columns) if name != "Intercept"]
    if not kept:
        raise WrongUse(
            _(
                "The formula `{formula}` names no covariate. A survival curve needs no model.",
                formula=formula,
            )
        )
    missing = np.ones(len(data), dtype=bool)
    missing[made.right.index.to_numpy()] = False
    return Design(
        stop=stop,
        x=made.right.iloc[:, kept],
        terms={
            name: tuple(kept.index(place) for place in places)
            for name, places in made.terms.items()
            if name != "Intercept" and places
        },
        missing=missing,
        spec=made.spec,
    )


def from_columns(exog: Any, names: tuple[str, ...] | None = None) -> pd.DataFrame:
    """A frame of floats from an array, a column or a frame; columns without names are x1, x2, …

    Raises WrongUse for columns that are no numbers: they want a formula.
    """
    if isinstance(exog, pd.Series):
        exog = exog.to_frame("x1" if exog.name is None else str(exog.name))
    if not isinstance(exog, pd.DataFrame):
        array = np.asarray(exog)
        array = array[:, None] if array.ndim == 1 else array
        names = names or tuple(f"x{place + 1}" for place in range(array.shape[1]))
        exog = pd.DataFrame(array, columns=list(names))
    words = [
        str(name)
        for name, kind in exog.dtypes.items()
        if not pd.api.types.is_numeric_dtype(kind) and not _is_numbers(exog[name])
    ]
    if words:
        raise WrongUse(
            _(
                "These columns hold no numbers: {columns}. Name them in a formula, which codes them.",
                columns=", ".join(words),
            )
        )
    if not exog.columns.is_unique:
        raise WrongUse(_("Two columns of covariates have the same name."))
    if not exog.shape[1]:
        raise WrongUse(_("There is no covariate. A survival curve needs no model."))
    return pd.DataFrame(
        {
            str(name): pd.to_numeric(exog[name]).to_numpy(dtype=float, na_value=np.nan)
            for name in exog
        },
        index=exog.index,
    )


def _is_numbers(column: pd.Series) -> bool:
    return all(
        value is None or value is pd.NA or isinstance(value, int | float | np.number)
        for value in column
    )
