"""Columns that a caller names, or gives: whether they are there, and as long as the rows."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from pandas.api.types import infer_dtype, is_bool_dtype, is_numeric_dtype

from evaluation.errors import WrongUse
from evaluation.language import Text, _

OF_NUMBERS = ("integer", "floating", "mixed-integer-float", "decimal")
"""What pandas calls a column of objects that are all numbers."""


def must_have(data: pd.DataFrame, names: Iterable[object]) -> None:
    """Raise WrongUse where a column is not there.

    >>> must_have(pd.DataFrame({"arm": []}), ["arm"])
    """
    lacking = [str(name) for name in names if name not in data]
    if lacking:
        raise WrongUse(
            _(
                "There is no column {columns}. There are: {known}.",
                columns=", ".join(lacking),
                known=", ".join(sorted(str(name) for name in data.columns)),
            )
        )


def refuse_none(kept: pd.Series[bool] | NDArray[np.bool_]) -> None:
    """Raise WrongUse where no row is kept.

    >>> refuse_none(np.array([False, True]))
    """
    if not np.asarray(kept).any():
        raise WrongUse(_("No row is left to fit a model to."))


def is_of_numbers(column: pd.Series) -> bool:
    """Whether a column holds numbers, be they of pandas' own types or objects; truth is another.

    >>> is_of_numbers(pd.Series([9, None], dtype=object)), is_of_numbers(pd.Series(["9"]))
    (True, False)
    """
    if column.dtype == object:
        return infer_dtype(column, skipna=True) in OF_NUMBERS
    return is_numeric_dtype(column.dtype) and not is_bool_dtype(column.dtype)


def numeric(values: ArrayLike | pd.Series, what: Text | str) -> NDArray[np.float64]:
    """Values as numbers, in their shape; missing is NaN. Raises WrongUse for text and the like.

    >>> numeric(pd.Series([1, None], dtype="Int64"), "Days").tolist()
    [1.0, nan]
    """
    told = WrongUse(_("{what} must be numbers.", what=what))
    if infer_dtype(np.ravel(np.asarray(values)), skipna=True) == "string":
        raise told
    try:
        if isinstance(values, pd.Series):
            return np.asarray(values.to_numpy(dtype=float, na_value=np.nan))
        return np.asarray(values, dtype=float)
    except (TypeError, ValueError) as fault:
        raise told from fault


def must_fit(name: Text | str, values: int, rows: int) -> None:
    """Raise WrongUse unless there is one value for each row.

    >>> must_fit("weights", 3, 3)
    """
    if values != rows:
        raise WrongUse(
            _(
                "{name}: {values} values for {rows} rows. Give one for each row.",
                name=name,
                values=values,
                rows=rows,
            )
        )
