"""Bands that have an order, such as those of risk, and a child's place among them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluation.errors import WrongUse
from evaluation.estimating.found import Beware
from evaluation.language import _


def in_order(values: pd.Series, order: Sequence[object] | None) -> tuple[list[Any], pd.Series]:
    """The bands, lowest first, and each row's place among them (missing where it has none).

    The order is the one given, or that of an ordered categorical, or of numbers. Raises WrongUse
    for words without an order, since the alphabet puts 'high' below 'low', and for a band that
    `order` does not name.
    """
    column = str(values.name)
    if order is not None:
        every = list(order)
    elif isinstance(values.dtype, pd.CategoricalDtype) and values.cat.ordered:
        every = list(values.cat.categories)
    elif pd.api.types.is_numeric_dtype(values.dtype):
        every = sorted(values.dropna().unique().tolist())
    else:
        raise WrongUse(
            _(
                "The bands in {column} have no order. Give it, lowest first, by `order`, or make "
                "the column an ordered categorical.",
                column=column,
            )
        )
    unknown = int((values.notna() & ~values.isin(every)).sum())
    if unknown or len(set(every)) < len(every):
        raise WrongUse(
            _(
                "`order` must name each band in {column} once; {rows} rows have another.",
                column=column,
                rows=unknown,
            )
        )
    places = {one: float(place) for place, one in enumerate(every)}
    return every, values.astype(object).map(places).astype(float)


def empty_bands(every: list[Any], there: NDArray[np.int_]) -> tuple[Beware, ...]:
    """The warning that no child is in some band."""
    found = set(there.tolist())
    empty = [str(one) for place, one in enumerate(every) if place not in found]
    if not empty:
        return ()
    return (Beware("empty_band", _("No child is in {bands}; left out.", bands=", ".join(empty))),)
