"""The covariates of Cox's model: from a formula, a frame or an array, with the names of its terms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from statsmodels.formula._manager import FormulaManager  # statsmodels' own choice of engine

from evaluation.errors import WrongUse
from evaluation.language import _


@dataclass(frozen=True)
class Design:
    """The times and the covariates, a row a row that lacks neither, without an intercept.

    `terms` are the places of each term's columns; `missing` marks the rows of the data that lack
    a value; `spec` is what the formula's engine needs to build the same columns of new data.
    """

    stop: pd.Series
    x: pd.DataFrame
    terms: dict[str, tuple[int, ...]]
    missing: NDArray[np.bool_]
    spec: Any


def from_formula(formula: str, data: pd.DataFrame, *, depth: int) -> Design:
    """Build what `formula` says from `data`, whose index is 0, 1, …; `depth` frames up are names.

    There is no intercept: the baseline hazard takes its place, and a factor is compared with its
    first level even where the formula says '0 +'. Levels that no row has are forgotten.
    Raises WrongUse where the formula cannot be followed.

    >>> data = pd.DataFrame({"stop": [3, 1, 2], "arm": ["b", "a", "b"]})
    >>> from_formula("stop ~ arm", data, depth=0).terms
    {'arm': (0,)}
    """
    if "~" not in formula or not formula.partition("~")[0].strip():
        raise WrongUse(
            _("A formula names the time and the covariates, such as `stop ~ arm + age`.")
        )
    manager: Any = FormulaManager()
    try:
        stop, x = manager.get_matrices(
            f"{formula} + 1", coded(plain(data), formula), eval_env=depth + 1
        )
    except Exception as wrong:
        raise WrongUse(
            _(
                "The formula `{formula}` does not go with the data: {why}",
                formula=formula,
                why=str(wrong).partition("\n")[0],
            )
        ) from wrong
    if stop.shape[1] != 1:
        raise WrongUse(
            _("The time of the formula `{formula}` must be one column of numbers.", formula=formula)
        )
    spec = manager.get_model_spec(x)
    kept = [place for place, name in enumerate(x.columns) if name != "Intercept"]
    if not kept:
        raise WrongUse(
            _(
                "The formula `{formula}` names no covariate. A survival curve needs no model.",
                formula=formula,
            )
        )
    terms = {
        name: tuple(kept.index(place) for place in range(where.start, where.stop))
        for name, where in manager.get_term_name_slices(spec).items()
        if str(name) not in ("Intercept", "1") and where.stop > where.start
    }
    missing = np.ones(len(data), dtype=bool)
    missing[x.index.to_numpy()] = False
    return Design(
        stop=stop.iloc[:, 0],
        x=x.iloc[:, kept],
        terms={str(name): places for name, places in terms.items()},
        missing=missing,
        spec=spec,
    )


def again(spec: Any, data: pd.DataFrame) -> pd.DataFrame:
    """The same columns for new data; a row that lacks a value is missing throughout."""
    index = data.index
    fresh = data.reset_index(drop=True)
    manager: Any = FormulaManager()
    try:
        x = manager.get_matrices(spec, plain(fresh, drop_levels=False), prediction=True)
    except Exception as wrong:
        raise WrongUse(
            _("The new data do not fit the model: {why}", why=str(wrong).partition("\n")[0])
        ) from wrong
    kept = [name for name in x.columns if name != "Intercept"]
    found: pd.DataFrame = x[kept].reindex(fresh.index).set_axis(index)
    return found


def plain(data: pd.DataFrame, *, drop_levels: bool = True) -> pd.DataFrame:
    """Columns of pandas' own types of number as numpy's, which formula engines can take."""
    changed: dict[Any, Any] = {}
    for name, column in data.items():
        kind = column.dtype
        if isinstance(kind, pd.CategoricalDtype):
            if drop_levels:
                changed[name] = column.cat.remove_unused_categories()
        elif isinstance(kind, pd.BooleanDtype):
            changed[name] = (
                column.astype(object).where(column.notna(), None)
                if column.isna().any()
                else column.astype(bool)
            )
        elif pd.api.types.is_extension_array_dtype(kind) and pd.api.types.is_numeric_dtype(kind):
            changed[name] = column.to_numpy(dtype=float, na_value=np.nan)
    return data.assign(**changed) if changed else data


def coded(data: pd.DataFrame, formula: str) -> pd.DataFrame:
    """Columns of text that the formula names as factors: engines look at text one row at a time.

    Levels come in the order that the engines would give them. A formula that lists levels of its
    own wants the text.
    """
    if "levels" in formula:
        return data
    texts = {
        name: pd.Categorical(column)
        for name, column in data.items()
        if isinstance(column.dtype, pd.StringDtype) and str(name) in formula
    }
    return data.assign(**{str(name): made for name, made in texts.items()}) if texts else data


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
