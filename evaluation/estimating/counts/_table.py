"""A formula and a frame become what a model of counts is fitted to."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from pandas.api.extensions import ExtensionDtype
from pandas.api.types import is_bool_dtype, is_numeric_dtype
from statsmodels.formula._manager import FormulaManager  # statsmodels' own choice of engine

from evaluation.errors import WrongUse
from evaluation.estimating.counts._newton import independent
from evaluation.estimating.found import Beware
from evaluation.language import Text, _

Floats = NDArray[np.float64]
Named = str | ArrayLike | None
"""A column, by its name or as values, one a row; or none."""

CHILD = "child_key"
"""The column that says whose a row is, where nothing else is said."""


@dataclass(frozen=True)
class Table:
    """Rows fit for a model: counts, columns, days at risk, weights, and whose each row is.

    `cluster` numbers the clusters from 0; `by` names them ('row' where each row is its own).
    `children` is how many they are of, None where nothing says (clusters need not be children).
    `spec` makes the columns of new rows. `left_out` warns of rows that could not be used.
    """

    count: Floats
    columns: pd.DataFrame
    days: Floats
    weights: Floats
    cluster: NDArray[np.intp]
    by: str
    children: int | None
    left_out: tuple[Beware, ...] = ()
    spec: Any = None

    @property
    def terms(self) -> tuple[str, ...]:
        return tuple(str(name) for name in self.columns)

    @property
    def x(self) -> Floats:
        return self.columns.to_numpy(dtype=float)


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

    Raises WrongUse where the formula cannot be read or names an unknown column, a count is
    not a whole number of 0 or more, days or weights are negative, days of 0 have an event, or
    a column says no more than others do.
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
    if not whole.any():
        raise WrongUse(_("No row is left to fit a model to."))
    counted_, columns, spec = _matrices(formula, data[whole])
    without = int(((rows.loc[counted_.index, "days"] == 0) & (counted_ > 0)).sum())
    if without:
        raise WrongUse(
            _("{rows} rows have events and no day at risk. Mend the days.", rows=without)
        )
    whole &= data.index.isin(counted_.index)
    used = whole & (rows["days"] > 0) & (rows["weights"] > 0)
    if not used.any():
        raise WrongUse(_("No row is left to fit a model to."))
    if not used.all():  # levels that no row has any more are forgotten
        counted_, columns, spec = _matrices(formula, data[used])
    if within:
        columns = columns.drop(columns="Intercept", errors="ignore")
    else:
        refuse_collinear(columns)
    mine = rows[used]
    return Table(
        count=_counted(counted_.to_numpy(), binary=binary),
        columns=columns,
        days=mine["days"].to_numpy(dtype=float),
        weights=mine["weights"].to_numpy(dtype=float),
        cluster=_codes(mine["cluster"]),
        by=_name(data, cluster),
        children=_children(data, used, cluster),
        left_out=_left_out(whole, used),
        spec=spec,
    )


@dataclass(frozen=True)
class Spec:
    """How a formula's columns are made, so that the same may be made of new rows."""

    made: Any

    @property
    def required_variables(self) -> frozenset[str]:
        """The names that the columns are made from."""
        if hasattr(self.made, "required_variables"):  # formulaic
            return frozenset(str(name) for name in self.made.required_variables)
        code = [factor.code for factor in self.made.factor_infos]
        nodes = (node for each in code for node in ast.walk(ast.parse(each)))
        return frozenset(node.id for node in nodes if isinstance(node, ast.Name)) - set(_NAMES)

    def get_model_matrix(self, data: pd.DataFrame) -> pd.DataFrame:
        """The same columns of new rows; one that lacks a value is missing throughout."""
        fresh = _plain(pd.DataFrame(data).reset_index(drop=True), drop_levels=False)
        try:
            manager: Any = FormulaManager()
            columns = manager.get_matrices(self.made, fresh, eval_env=_NAMES, prediction=True)
        except Exception as fault:
            raise WrongUse(
                _(
                    "The new rows do not fit the model: {why}",
                    why=str(fault).partition("\n")[0],
                )
            ) from fault
        return pd.DataFrame(columns).reindex(fresh.index).set_axis(pd.DataFrame(data).index)


def refuse_collinear(columns: pd.DataFrame) -> None:
    """Raise WrongUse where a column says nothing that those before it do not say."""
    numbers = columns.to_numpy(dtype=float)
    own = set(independent(numbers).tolist())
    again = [str(name) for place, name in enumerate(columns) if place not in own]
    if again:
        raise WrongUse(
            _(
                "These columns say nothing that the others do not: {columns}. Take them out.",
                columns=", ".join(again),
            )
        )


_NAMES = {"np": np, "log": np.log, "log1p": np.log1p, "exp": np.exp, "sqrt": np.sqrt}
"""What a formula may call, beside what its engine knows (C, I, center, bs …)."""


def _matrices(formula: str, data: pd.DataFrame) -> tuple[pd.Series, pd.DataFrame, Spec]:
    """What is counted and the columns, of the rows that lack nothing."""
    if not formula.partition("~")[0].strip() or "~" not in formula:
        raise WrongUse(_("The formula {formula} must say what is counted: y ~ x.", formula=formula))
    manager: Any = FormulaManager()
    try:
        left, right = manager.get_matrices(formula, _plain(data), eval_env=_NAMES)
    except Exception as fault:  # engines raise of every kind
        raise WrongUse(_unread(formula, fault)) from fault
    if left.shape[1] == 2 and str(left.columns[1]).endswith("[True]"):
        left = left.iloc[:, 1:]
    if left.shape[1] != 1:
        raise WrongUse(_("What is counted must be one column of numbers."))
    columns = pd.DataFrame(right, dtype=float)
    if not columns.size:
        raise WrongUse(_("No row is left to fit a model to."))
    if not np.isfinite(columns.to_numpy()).all():
        raise WrongUse(_("The formula {formula} gives numbers without end.", formula=formula))
    return left.iloc[:, 0].astype(float), columns, Spec(manager.get_model_spec(right))


def _unread(formula: str, fault: Exception) -> Text:
    return _(
        "The formula `{formula}` does not go with the data: {why}",
        formula=formula,
        why=str(fault).partition("\n")[0],
    )


def _counted(count: Floats, *, binary: bool) -> Floats:
    if binary and not np.isin(count, (0, 1)).all():
        raise WrongUse(_("The outcome must be 0 or 1."))
    if not (np.isfinite(count) & (count >= 0) & (count == np.round(count))).all():
        raise WrongUse(
            _("Counts must be whole numbers of 0 or more; time at risk is told by `days`.")
        )
    return count


def counted(values: ArrayLike) -> Floats:
    """Counts as numbers. Raises WrongUse unless they are whole and 0 or more."""
    return _counted(np.asarray(values, dtype=float), binary=False)


def _values(data: pd.DataFrame, named: Named, what: object, otherwise: float) -> pd.Series:
    if named is None:
        return pd.Series(otherwise, index=data.index)
    found = _column(data, named)
    is_numbers = is_numeric_dtype(found) or is_bool_dtype(found)
    values = found.astype("Float64").astype("float64") if is_numbers else found
    if not is_numbers or not (values.isna() | (np.isfinite(values) & (values >= 0))).all():
        raise WrongUse(_("{what} must be numbers of 0 or more.", what=what))
    return values


def _whose(data: pd.DataFrame, named: Named) -> pd.Series:
    if named is not None:
        return _column(data, named)
    return data[CHILD] if CHILD in data else pd.Series(data.index, index=data.index)


def _column(data: pd.DataFrame, named: str | ArrayLike) -> pd.Series:
    if isinstance(named, str):
        if named not in data:
            raise WrongUse(
                _(
                    "There is no column {columns}. There are: {known}.",
                    columns=named,
                    known=", ".join(sorted(str(name) for name in data.columns)),
                )
            )
        return data[named]
    values = pd.Series(named if isinstance(named, Sequence) else np.asarray(named))
    if len(values) != len(data):
        raise WrongUse(
            _("{values} values were given for {rows} rows.", values=len(values), rows=len(data))
        )
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


def _codes(values: pd.Series) -> NDArray[np.intp]:
    return np.asarray(pd.factorize(values)[0], dtype=np.intp)


def _plain(data: pd.DataFrame, *, drop_levels: bool = True) -> pd.DataFrame:
    """Columns that a formula reads as it should: no levels that no row has, numpy's own numbers."""
    made: dict[Any, Any] = {}
    for name, values in data.items():
        if isinstance(values.dtype, pd.CategoricalDtype):
            made[name] = values.cat.remove_unused_categories() if drop_levels else values
        elif isinstance(values.dtype, pd.BooleanDtype) and not values.isna().any():
            made[name] = values.astype(bool)
        elif isinstance(values.dtype, ExtensionDtype) and is_numeric_dtype(values.dtype):
            made[name] = values.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
        else:
            made[name] = values
    return pd.DataFrame(made, index=data.index)


def _left_out(whole: pd.Series[bool], used: pd.Series[bool]) -> tuple[Beware, ...]:
    said: list[Beware] = []
    if not whole.all():
        lacking = _(
            "{rows} of {all} rows are left out: they lack a value.",
            rows=int((~whole).sum()),
            all=len(whole),
        )
        said.append(Beware("missing_values", lacking))
    never = int((whole & ~used).sum())
    if never:
        idle = _("{rows} rows without a day at risk, or without weight, are left out.", rows=never)
        said.append(Beware("time_not_at_risk", idle))
    return tuple(said)
