"""What a caller gives to Cox's model: columns and arrays of every kind, made plain and checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluation.errors import WrongUse
from evaluation.estimating.columns import must_fit, must_have, refuse_none
from evaluation.estimating.cox.risksets import Floats, Whole, refuse_backwards
from evaluation.language import Text, _, n_


class EstimationWarning(UserWarning):
    """The data come near a trap; the numbers stand, but not as they seem."""


@dataclass(frozen=True)
class Given:
    """The rows that a model is fitted to, without missing values, and what labels them.

    `kept` are their places among the rows that were given, of which `missing` were left out
    because a value was missing. `stratum` and `cluster` number the labels.
    """

    stop: Floats
    event: NDArray[np.bool_]
    start: Floats | None
    stratum: Whole | None
    strata_labels: tuple[Any, ...]
    cluster: Whole | None
    weight: Floats | None
    kept: Whole
    missing: int


def given(
    stop: Any,
    event: Any,
    *,
    start: Any = None,
    strata: Any = None,
    cluster: Any = None,
    weights: Any = None,
    also_missing: NDArray[np.bool_] | None = None,
) -> Given:
    """Make what describes the rows plain, and leave out rows that lack any of it.

    `strata` is one column or a list or frame of them; `also_missing` marks rows whose covariates
    are missing. Raises WrongUse where lengths differ, times are no finite numbers or a start is
    not before its stop, events are not 0 and 1, weights are negative or not finite, or no row
    is left.

    >>> given([5, 6, None], [1, 0, 1]).missing
    1
    """
    times = numbers(stop, _("The times"))
    count = len(times)
    columns: dict[str, Any] = {"event": column_of(event), "cluster": column_of(cluster)}
    begins = None if start is None else numbers(start, _("The starts"))
    weight = None if weights is None else numbers(weights, _("The weights"))
    labels = None if strata is None else pd.DataFrame(dict(enumerate(columns_of(strata))))
    for what, these in (
        (_("event"), columns["event"]),
        (_("cluster"), columns["cluster"]),
        (_("start"), begins),
        (_("weights"), weight),
        (_("strata"), labels),
    ):
        if these is not None:
            must_fit(what, len(these), count)
    gone = np.isnan(times) if also_missing is None else np.isnan(times) | also_missing
    gone = gone | columns["event"].isna().to_numpy()
    for array in (begins, weight):
        gone = gone if array is None else gone | np.isnan(array)
    if columns["cluster"] is not None:
        gone = gone | columns["cluster"].isna().to_numpy()
    if labels is not None:
        gone = gone | labels.isna().any(axis=1).to_numpy()
    kept = np.flatnonzero(~gone)
    refuse_none(~gone)

    times = times[kept]
    begins = None if begins is None else begins[kept]
    weight = None if weight is None else weight[kept]
    _check_times(begins, times)
    if weight is not None:
        _check_weights(weight)
    stratum, strata_labels = None, ()
    if labels is not None:
        stratum, strata_labels = numbered(labels.iloc[kept])
    return Given(
        stop=times,
        event=events(columns["event"].iloc[kept]),
        start=begins,
        stratum=stratum,
        strata_labels=strata_labels,
        cluster=(
            None
            if columns["cluster"] is None
            else pd.factorize(columns["cluster"].iloc[kept])[0].astype(np.int64)
        ),
        weight=weight,
        kept=kept,
        missing=count - len(kept),
    )


def column_of(values: Any) -> pd.Series | None:
    """One column of anything, by its place: its index is of no account."""
    if values is None:
        return None
    if isinstance(values, pd.Series):
        return values.reset_index(drop=True)
    if isinstance(values, pd.DataFrame | pd.Index):
        values = np.asarray(values)
    if isinstance(values, pd.api.extensions.ExtensionArray):
        return pd.Series(values)
    array = np.asarray(values)
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != 1:
        raise WrongUse(_("One value for each row is wanted, not a table of several columns."))
    return pd.Series(array)


def columns_of(values: Any) -> list[pd.Series]:
    """The columns of a frame, of a table, of a list of columns, or the one column."""
    if isinstance(values, pd.DataFrame):
        many: list[Any] = [values.iloc[:, place] for place in range(values.shape[1])]
    elif isinstance(values, np.ndarray) and values.ndim == 2:
        many = list(values.T)
    elif isinstance(values, list | tuple) and values and not _is_scalar(values[0]):
        many = list(values)
    else:
        many = [values]
    return [series for one in many if (series := column_of(one)) is not None]


def _is_scalar(value: Any) -> bool:
    return bool(np.isscalar(value)) or value is None or value is pd.NA


def numbers(values: Any, what: Text) -> Floats:
    """A column as floats, missing as NaN. Raises WrongUse where it holds anything but numbers."""
    column = column_of(values)
    assert column is not None
    is_number = pd.api.types.is_numeric_dtype(column.dtype)
    if is_number and not pd.api.types.is_complex_dtype(column.dtype):
        return np.asarray(column.to_numpy(dtype=float, na_value=np.nan))
    if column.dtype == object and all(
        value is None or value is pd.NA or isinstance(value, int | float | np.number)
        for value in column
    ):
        return np.asarray([np.nan if pd.isna(value) else float(value) for value in column])
    raise WrongUse(
        _("{what} must be numbers, but are of the type {kind}.", what=what, kind=str(column.dtype))
    )


def events(column: pd.Series) -> NDArray[np.bool_]:
    """Booleans, or numbers 0 and 1, as booleans. Raises WrongUse for any other code."""
    if pd.api.types.is_bool_dtype(column.dtype):
        return np.asarray(column.to_numpy(dtype=bool))
    if column.dtype == object and all(isinstance(value, bool | np.bool_) for value in column):
        return np.asarray(column.to_numpy(dtype=bool))
    values = numbers(column, _("The events"))
    if not np.isin(values, (0, 1)).all():
        if np.isin(values, (1, 2)).all():
            raise WrongUse(
                _(
                    "The events are coded 1 and 2. Say which means an event, such as "
                    "`event = status == 2`: only 0 and 1, or false and true, are taken."
                )
            )
        raise WrongUse(
            _("The events must be 0 and 1, or false and true; other values were found among them.")
        )
    return np.asarray(values == 1)


def _check_times(start: Floats | None, stop: Floats) -> None:
    if not np.isfinite(stop).all():
        raise WrongUse(_("The times must be finite; infinite ones were found among them."))
    if start is None:
        return
    if not np.isfinite(start).all():
        raise WrongUse(_("The starts must be finite; infinite ones were found among them."))
    refuse_backwards(start, stop)


def _check_weights(weight: Floats) -> None:
    if not np.isfinite(weight).all():
        raise WrongUse(_("The weights must be finite; infinite ones were found among them."))
    if below := int((weight < 0).sum()):
        raise WrongUse(
            n_(
                "{count} weight is negative. A weight says how often a row counts: 0 or more.",
                "{count} weights are negative. A weight says how often a row counts: 0 or more.",
                below,
            )
        )
    if not weight.any():
        raise WrongUse(_("Every weight is 0, so that no row counts."))


def numbered(labels: pd.DataFrame) -> tuple[Whole, tuple[Any, ...]]:
    """The rows' strata as numbers, and the label of each: a value, or a tuple of several."""
    groups = labels.groupby(list(labels.columns), sort=True, observed=True)
    number = groups.ngroup().to_numpy()
    _each, first = np.unique(number, return_index=True)
    found = [
        tuple(value.item() if isinstance(value, np.generic) else value for value in row)
        for row in labels.iloc[first].itertuples(index=False)
    ]
    return number.astype(np.int64), tuple(row[0] if len(row) == 1 else row for row in found)


def chosen(data: pd.DataFrame, what: Any) -> Any:
    """A column of `data` by its name, several by a list of names, or what was given as it is.

    Raises WrongUse for a name that is not there.
    """
    if isinstance(what, str):
        must_have(data, [what])
        return data[what]
    if (
        isinstance(what, Sequence)
        and what
        and all(isinstance(one, str) for one in what)
        and (len(what) != len(data) or all(one in data for one in what))
    ):
        return pd.DataFrame({place: chosen(data, one) for place, one in enumerate(what)})
    return what
