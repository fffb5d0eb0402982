"""Columns that say nothing of their own, so that no effect of theirs can be told."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluation.errors import WrongUse
from evaluation.language import _

Floats = NDArray[np.float64]

_OWN = 1e-8
"""What is left of a column of length 1, once those before it are taken off: below this, nothing."""


class Collinear(WrongUse):
    """Columns that say nothing, or nothing that earlier ones do not: {column: of which others}."""

    def __init__(self, which: dict[int, tuple[int, ...]], names: Sequence[str]) -> None:
        self.which = which
        told = [
            _("{column} is made up of {others}", column=names[column], others=" + ".join(others))
            if (others := [names[other] for other in which[column]])
            else _("{column} is the same for all who are compared", column=names[column])
            for column in which
        ]
        super().__init__(
            _(
                "These columns have no effect of their own to estimate: {columns}. Leave them out.",
                columns="; ".join(str(one) for one in told),
            )
        )


def independent(columns: Floats) -> NDArray[np.intp]:
    """The places of columns that say something of their own, the earlier before the later.

    >>> independent(np.array([[1.0, 2, 0], [1, 2, 1], [1, 2, 3]]))
    array([0, 2])
    """
    size = np.sqrt((columns**2).sum(axis=0))
    if not len(columns) or not (size > 0).any():
        return np.zeros(0, dtype=np.intp)
    scaled = columns / np.where(size > 0, size, 1.0)
    kept: list[int] = []
    basis = np.zeros((len(columns), 0))
    for place in range(columns.shape[1]):
        rest = scaled[:, place]
        for _twice in range(2):
            rest = rest - basis @ (basis.T @ rest)
        length = float(np.sqrt(rest @ rest))
        if size[place] > 0 and length > _OWN:
            kept.append(place)
            basis = np.column_stack([basis, rest / length])
    return np.asarray(kept, dtype=np.intp)


def refuse_collinear(columns: pd.DataFrame) -> None:
    """Raise Collinear where a column says nothing that those before it do not say.

    >>> refuse_collinear(pd.DataFrame({"Intercept": [1.0, 1, 1], "age": [12.0, 15, 14]}))
    """
    numbers = columns.to_numpy(dtype=float)
    kept = independent(numbers)
    if len(kept) == numbers.shape[1]:
        return
    size = np.sqrt((numbers**2).sum(axis=0))
    scaled = numbers / np.where(size > 0, size, 1.0)
    which: dict[int, tuple[int, ...]] = {}
    for place in range(numbers.shape[1]):
        if place not in kept:
            before = kept[kept < place]
            parts = np.linalg.lstsq(scaled[:, before], scaled[:, place], rcond=None)[0]
            of = before[np.abs(parts) > 1e-4] if size[place] > 0 else before[:0]
            which[place] = tuple(int(other) for other in of)
    raise Collinear(which, [str(name) for name in columns])
