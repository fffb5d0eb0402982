"""Columns that a caller names, or gives: whether they are there, and as long as the rows."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluation.errors import WrongUse
from evaluation.language import Text, _


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
