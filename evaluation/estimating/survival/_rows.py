"""The rows that every description of survival reads, checked once and laid out as arrays."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from evaluation.errors import WrongUse
from evaluation.estimating.columns import as_column, must_fit
from evaluation.language import Text, _

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
Flags = NDArray[np.bool_]

ALL = "all"
"""The name of the one group where none is told."""


@dataclass(frozen=True)
class Rows:
    """One row is one child, at risk in (start, stop]; `start` is -inf where no entry was given.

    `events` are those that end the row (0 where it is censored), `cause` which kind they are,
    `child`, `cluster` and `group` are numbers from 0. `names` are the groups' own names.
    """

    start: Floats
    stop: Floats
    events: Floats
    cause: Codes
    weight: Floats
    child: Codes
    cluster: Codes
    group: Codes
    names: tuple[str, ...]
    is_weighted: bool
    is_clustered: bool
    is_delayed: bool

    def __len__(self) -> int:
        return len(self.stop)

    @property
    def children(self) -> int:
        """How many distinct children there are."""
        return distinct(self.child)

    def where(self, keep: Flags) -> Rows:
        """The rows that are flagged."""
        return Rows(
            self.start[keep],
            self.stop[keep],
            self.events[keep],
            self.cause[keep],
            self.weight[keep],
            self.child[keep],
            self.cluster[keep],
            self.group[keep],
            self.names,
            self.is_weighted,
            self.is_clustered,
            self.is_delayed,
        )

    def of(self, group: int) -> Rows:
        """The rows of one group."""
        return self if len(self.names) == 1 else self.where(self.group == group)


def read_rows(
    days: ArrayLike,
    events: ArrayLike,
    *,
    cause: Codes | None = None,
    entry: ArrayLike | None = None,
    group: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    child: ArrayLike | None = None,
    cluster: ArrayLike | None = None,
) -> Rows:
    """Check the arrays and lay them out; they are read by place, whatever their index.

    Raises WrongUse where they are not equally long, a day, entry, group, child or cluster is
    missing, a day or weight is negative, a row ends on or before the day on which it begins, or
    two rows of one child in one group overlap.
    """
    stop = numbers(days, _("days"))
    count = len(stop)
    happened = numbers(events, _("events"), of=count)
    weight = np.ones(count) if weights is None else numbers(weights, _("weights"), of=count)
    start = np.full(count, -np.inf) if entry is None else numbers(entry, _("entry"), of=count)
    if (stop < 0).any():
        raise WrongUse(_("Each child needs a day, 0 or later."))
    if (weight < 0).any():
        raise WrongUse(_("Each child needs a weight, 0 or more."))
    if (stop <= start).any():
        raise WrongUse(
            _(
                "{rows} rows end on or before the day on which they begin. A row is at risk from "
                "the day after its entry; leave out those that have no day at risk.",
                rows=int((stop <= start).sum()),
            )
        )
    of_child = _places(child, _("child"), count)
    of_cluster = of_child if cluster is None else _places(cluster, _("cluster"), count)
    of_group, names = (
        (np.zeros(count, dtype=np.intp), (ALL,))
        if group is None
        else codes(group, _("group"), count)
    )
    repeated = child is not None and distinct(of_child) < count
    if repeated:
        _refuse_overlaps(start, stop, of_child, of_group)
    return Rows(
        start=start,
        stop=stop,
        events=happened,
        cause=np.zeros(count, dtype=np.intp) if cause is None else cause,
        weight=weight,
        child=of_child,
        cluster=of_cluster,
        group=of_group,
        names=names,
        is_weighted=weights is not None,
        is_clustered=cluster is not None or repeated,
        is_delayed=entry is not None,
    )


def numbers(values: ArrayLike, name: Text, *, of: int | None = None) -> Floats:
    """A column of finite numbers, `of` them where that is known; WrongUse otherwise."""
    column = as_column(values, name)
    is_number = pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column)
    if column.dtype == object:
        column, is_number = pd.to_numeric(column, errors="coerce"), True
    if not is_number and len(column):
        raise WrongUse(_("{name} must hold numbers.", name=name))
    array: Floats = np.asarray(column.to_numpy(dtype=float, na_value=np.nan), dtype=np.float64)
    missing = int((~np.isfinite(array)).sum())
    if missing:
        raise WrongUse(
            _(
                "{name}: {missing} of {rows} values are missing or are no finite number. Leave those "
                "rows out, and say how many they were.",
                name=name,
                missing=missing,
                rows=len(array),
            )
        )
    if of is not None:
        must_fit(name, len(array), of)
    return array


def codes(
    values: ArrayLike, name: Text, count: int, *, none: object = None
) -> tuple[Codes, tuple[str, ...]]:
    """Numbers from 0 for the levels of a column, and the levels' names in their order.

    The order is a categorical's own, else sorted, else that of first appearance. Rows that are
    `none` are -1.
    """
    column = _complete(values, name, count)
    levels: list[Any] = list(column.unique())
    if isinstance(column.dtype, pd.CategoricalDtype):
        levels = [level for level in column.cat.categories if level in set(levels)]
    else:
        with suppress(TypeError):  # some things have no order
            levels = sorted(levels)
    levels = [level for level in levels if none is None or level != none]
    return pd.Index(levels).get_indexer(pd.Index(column)), tuple(named(one) for one in levels)


def distinct(places: Codes) -> int:
    """How many different numbers from 0 there are."""
    return int(np.count_nonzero(np.bincount(places)))


def _places(values: ArrayLike | None, name: Text, count: int) -> Codes:
    """Numbers from 0 for what is alike in a column; without one each row is by itself."""
    if values is None:
        return np.arange(count, dtype=np.intp)
    return pd.factorize(_complete(values, name, count))[0]


def _complete(values: ArrayLike, name: Text, count: int) -> pd.Series:
    """A column with a value in each row; WrongUse otherwise."""
    column = as_column(values, name)
    must_fit(name, len(column), count)
    if column.isna().any():
        raise WrongUse(
            _(
                "{name} is missing in {missing} of {rows} rows. Leave them out, or name them.",
                name=name,
                missing=int(column.isna().sum()),
                rows=count,
            )
        )
    return column


def named(level: object) -> str:
    """A level as a person writes it: 1, not 1.0."""
    if isinstance(level, float) and level.is_integer():
        return str(int(level))
    return str(level)


def _refuse_overlaps(start: Floats, stop: Floats, child: Codes, group: Codes) -> None:
    order = np.lexsort((stop, start, group, child))
    same = (np.diff(child[order]) == 0) & (np.diff(group[order]) == 0)
    overlaps = int((same & (start[order][1:] < stop[order][:-1])).sum())
    if overlaps:
        raise WrongUse(
            _(
                "{overlaps} rows begin before an earlier row of the same child has ended, so that "
                "the child would count twice on a day. Merge them, or give each row its entry.",
                overlaps=overlaps,
            )
        )
