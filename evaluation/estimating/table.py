"""A formula and a frame become the rows that a model of counts, odds or bands is fitted to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from evaluation.errors import WrongUse
from evaluation.estimating.beware import lacking
from evaluation.estimating.collinear import refuse_collinear
from evaluation.estimating.columns import must_fit, must_have, numeric, refuse_none
from evaluation.estimating.formulas import Spec, matrices, one_column, refuse_infinite
from evaluation.estimating.found import Beware
from evaluation.language import Text, _

Floats = NDArray[np.float64]
Named = str | ArrayLike | None
"""A column, by its name or as values, one a row; or none."""

CHILD = "child_key"
"""The column that says whose a row is, where nothing else is said."""


@dataclass(frozen=True)
class Table:
    """Rows fit for a model: what is explained, by which columns, and whose each row is.

    `outcome` is what stands left of the formula's ~: a count, 0 or 1, or a band's place. `days`
    are those at risk (1 where the model knows none). `cluster` numbers the clusters from 0; `by`
    names them ('row' where each row is its own). `children` is how many they are of, None where
    nothing says (clusters need not be children). `spec` makes the columns of new rows, None where
    no formula made them. `left_out` warns of rows that could not be used.
    """

    outcome: Floats
    columns: pd.DataFrame
    days: Floats
    weights: Floats
    cluster: NDArray[np.intp]
    by: str
    children: int | None
    left_out: tuple[Beware, ...] = ()
    spec: Spec | None = None

    @property
    def terms(self) -> tuple[str, ...]:
        return tuple(str(name) for name in self.columns)

    @property
    def x(self) -> Floats:
        return self.columns.to_numpy(dtype=float)

    @property
    def variables(self) -> frozenset[str]:
        """The columns of the data that the model's columns are made from."""
        return frozenset() if self.spec is None else self.spec.required_variables


def lay_out(
    formula: str,
    data: pd.DataFrame,
    *,
    days: Named = None,
    weights: Named = None,
    cluster: Named = None,
    within: bool = False,
    binary: bool = False,
) -> Table:
    """The rows of `data` that `formula`, days, weights and clusters need, as numbers.

    Rows with something missing, with no day at risk or with weight 0 are left out, and
    `left_out` says how many. `within` leaves the intercept to the children.

    Raises WrongUse where the formula cannot be read or names an unknown column, what is explained
    is not a whole number of 0 or more (0 or 1 if `binary`), days or weights are negative, days of
    0 have an event, or a column says no more than others do.
    """
    data = pd.DataFrame(data).reset_index(drop=True)
    rows = pd.DataFrame(
        {
            "days": _values(data, days, _("Days at risk"), 1.0),
            "weights": _values(data, weights, _("Weights"), 1.0),
            "cluster": _whose(data, cluster),
        },
        index=data.index,
    )
    whole = rows.notna().all(axis=1)
    refuse_none(whole)
    outcome, columns, spec = _sides(formula, data[whole])
    refuse_events_without_days(outcome.to_numpy(), rows.loc[outcome.index, "days"].to_numpy())
    whole &= data.index.isin(outcome.index)
    used = whole & (rows["days"] > 0) & (rows["weights"] > 0)
    refuse_none(used)
    if not used.all():  # levels that no row has any more are forgotten
        outcome, columns, spec = _sides(formula, data[used])
    if within:
        columns = columns.drop(columns="Intercept", errors="ignore")
    else:
        refuse_collinear(columns)
    mine = rows[used]
    return Table(
        outcome=_counted(outcome.to_numpy(), binary=binary),
        columns=columns,
        days=mine["days"].to_numpy(dtype=float),
        weights=mine["weights"].to_numpy(dtype=float),
        cluster=np.asarray(pd.factorize(mine["cluster"])[0], dtype=np.intp),
        by=_name(data, cluster),
        children=_children(data, used, cluster),
        left_out=_left_out(whole, used),
        spec=spec,
    )


def _sides(formula: str, data: pd.DataFrame) -> tuple[pd.Series, pd.DataFrame, Spec]:
    """What is explained and the columns, of the rows that lack nothing."""
    made = matrices(formula, data)
    left = made.left
    if left.shape[1] == 2 and str(left.columns[1]).endswith("[True]"):
        left = left.iloc[:, 1:]
    outcome = one_column(left, formula).astype(float)
    columns = pd.DataFrame(made.right, dtype=float)
    refuse_none(np.ones(columns.shape, dtype=bool))
    refuse_infinite(columns)
    return outcome, columns, made.spec


def refuse_events_without_days(events: Floats, days: Floats) -> None:
    """Raise WrongUse where events fall on no day at risk.

    >>> refuse_events_without_days(np.array([0.0, 2]), np.array([0.0, 90]))
    """
    without = int(((days == 0) & (events > 0)).sum())
    if without:
        raise WrongUse(
            _("{rows} rows have events and no day at risk. Mend the days.", rows=without)
        )


def refuse_negative(values: Floats, what: Text) -> None:
    """Raise WrongUse unless all values that are there are finite, and 0 or more."""
    if not (np.isnan(values) | (np.isfinite(values) & (values >= 0))).all():
        raise WrongUse(_("{what} must be numbers of 0 or more.", what=what))


def days_at_risk(values: ArrayLike) -> Floats:
    """Days at risk as numbers. Raises WrongUse unless they are there, finite and 0 or more.

    >>> days_at_risk([90, 0]).tolist()
    [90.0, 0.0]
    """
    days = numeric(values, _("Days at risk"))
    refuse_negative(np.where(np.isnan(days), np.inf, days), _("Days at risk"))
    return days


def counted(values: ArrayLike) -> Floats:
    """Counts as numbers. Raises WrongUse unless they are whole and 0 or more."""
    return _counted(numeric(values, _("Counts")), binary=False)


def _counted(outcome: Floats, *, binary: bool) -> Floats:
    if binary and not np.isin(outcome, (0, 1)).all():
        raise WrongUse(_("The outcome must be 0 or 1."))
    if not (np.isfinite(outcome) & (outcome >= 0) & (outcome == np.round(outcome))).all():
        raise WrongUse(
            _("Counts must be whole numbers of 0 or more; time at risk is told by `days`.")
        )
    return outcome


def _values(data: pd.DataFrame, named: Named, what: Text, otherwise: float) -> pd.Series:
    if named is None:
        return pd.Series(otherwise, index=data.index)
    found = _column(data, named, what)
    values = numeric(found, what)
    refuse_negative(values, what)
    return pd.Series(values, index=found.index)


def _whose(data: pd.DataFrame, named: Named) -> pd.Series:
    if named is not None:
        return _column(data, named, _("The clusters"))
    if CHILD in data:
        return _column(data, CHILD, _("The clusters"))
    return pd.Series(data.index, index=data.index)


def _column(data: pd.DataFrame, named: str | ArrayLike, what: Text) -> pd.Series:
    if isinstance(named, str):
        must_have(data, [named])
        return data[named]
    values = pd.Series(named if isinstance(named, Sequence) else np.asarray(named))
    must_fit(what, len(values), len(data))
    return values.set_axis(data.index)


def _name(data: pd.DataFrame, named: Named) -> str:
    if isinstance(named, str):
        return named
    if named is None:
        return CHILD if CHILD in data else "row"
    return "cluster"


def _children(data: pd.DataFrame, used: pd.Series[bool], cluster: Named) -> int | None:
    if CHILD in data:
        return int(data.loc[used, CHILD].nunique())
    return int(used.sum()) if cluster is None else None


def _left_out(whole: pd.Series[bool], used: pd.Series[bool]) -> tuple[Beware, ...]:
    never = int((whole & ~used).sum())
    idle: tuple[Beware, ...] = ()
    if never:
        told = _("{rows} rows without a day at risk, or without weight, are left out.", rows=never)
        idle = (Beware("time_not_at_risk", told),)
    return (*lacking(int((~whole).sum()), len(whole)), *idle)
