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
    """Raise WrongUse where a column is not there, or more than one has its name.

    >>> must_have(pd.DataFrame({"arm": []}), ["arm"])
    """
    asked = list(names)
    lacking = [str(name) for name in asked if name not in data]
    if lacking:
        raise WrongUse(
            _(
                "There is no column {columns}. There are: {known}.",
                columns=", ".join(lacking),
                known=names_of(data),
            )
        )
    refuse_twice(data, asked)


def names_of(data: pd.DataFrame) -> str:
    """The names of the columns, each once.

    >>> names_of(pd.DataFrame({"b": [], "a": []}))
    'a, b'
    """
    return ", ".join(sorted({str(name) for name in data.columns}))


def refuse_twice(data: pd.DataFrame, names: Iterable[object]) -> None:
    """Raise WrongUse where more than one column has a name.

    >>> refuse_twice(pd.DataFrame({"arm": []}), ["arm"])
    """
    doubled = set(data.columns[data.columns.duplicated()])
    if doubled and (twice := [str(name) for name in names if name in doubled]):
        raise WrongUse(
            _(
                "More than one column is called {columns}. Give each a name of its own.",
                columns=", ".join(dict.fromkeys(twice)),
            )
        )


def as_column(values: ArrayLike | pd.Series, what: Text | str) -> pd.Series:
    """Values as one column. Raises WrongUse for a table, such as two columns of one name.

    >>> as_column([1, 2], "Days").tolist()
    [1, 2]
    """
    if np.ndim(values) > 1:
        raise WrongUse(
            _(
                "{what} must be one column, and these are several. Where two columns have one "
                "name, give each its own.",
                what=what,
            )
        )
    return pd.Series(values)


def as_dates(values: ArrayLike | pd.Series, what: Text | str) -> pd.Series:
    """Dates; a text has its year first, for 03/04/2025 is April here and March elsewhere.

    >>> as_dates(["2025-04-03", None], "Days").dt.month.tolist()
    [4.0, nan]

    Raises WrongUse for what is no date.
    """
    column = as_column(values, what)
    told = WrongUse(_("{what} must be dates, written as 2025-03-31.", what=what))
    if is_numeric_dtype(column.dtype) and column.notna().any():
        raise told
    try:
        return pd.to_datetime(column, format="ISO8601")
    except (ValueError, TypeError) as fault:
        raise told from fault


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
