"""What a formula says, as columns of numbers: of the rows at hand, and the same of new ones."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionDtype
from pandas.api.types import is_object_dtype
from statsmodels.formula._manager import FormulaManager  # statsmodels' own choice of engine

from evaluation.errors import WrongUse
from evaluation.estimating.columns import is_of_numbers, names_of, refuse_none, refuse_twice
from evaluation.language import _

NAMES = {"np": np, "log": np.log, "log1p": np.log1p, "exp": np.exp, "sqrt": np.sqrt}
"""What a formula may call, beside what its engine knows (C, I, center, bs …)."""


@dataclass(frozen=True)
class Spec:
    """How a formula's columns are made, so that the same may be made of new rows.

    `made` is what the formula's engine keeps of them; it goes into no pickle. A pickle holds
    `asked` in its place: the formula, the rows of the columns that it names, and whether an
    intercept was asked for. The columns are made anew from these.
    """

    made: Any
    asked: tuple[str, pd.DataFrame, bool] | None = field(default=None, repr=False, compare=False)

    def __reduce__(self) -> tuple[Any, ...]:
        if self.asked is None:
            return Spec, (self.made,)
        return _made_anew, self.asked

    @property
    def required_variables(self) -> frozenset[str]:
        """The names that the columns are made from."""
        if hasattr(self.made, "required_variables"):  # formulaic
            return frozenset(str(name) for name in self.made.required_variables)
        code = [factor.code for factor in self.made.factor_infos]
        nodes = (node for each in code for node in ast.walk(ast.parse(each)))
        return frozenset(node.id for node in nodes if isinstance(node, ast.Name)) - set(NAMES)

    def get_model_matrix(self, data: pd.DataFrame) -> pd.DataFrame:
        """The same columns of new rows; a row that lacks a value is missing throughout.

        Raises WrongUse where a column is not there, or holds a level that the model has not seen.
        """
        refuse_twice(data, self.required_variables)
        once = data.loc[:, ~data.columns.duplicated()]
        fresh = plain(once.reset_index(drop=True), drop_levels=False)
        manager: Any = FormulaManager()
        try:
            columns = manager.get_matrices(self.made, fresh, eval_env=NAMES, prediction=True)
        except Exception as fault:  # engines raise of every kind
            lacking = _unknown_name(fault)
            if lacking is not None:
                raise WrongUse(
                    _(
                        "The new data do not fit the model: there is no column {name}. There are: "
                        "{known}.",
                        name=lacking,
                        known=names_of(data),
                    )
                ) from fault
            raise WrongUse(
                _("The new data do not fit the model: {why}", why=_first_line(fault))
            ) from fault
        return pd.DataFrame(columns).reindex(fresh.index).set_axis(data.index)


def _made_anew(formula: str, rows: pd.DataFrame, intercept: bool) -> Spec:  # noqa: FBT001
    return matrices(formula, rows, intercept=intercept).spec


@dataclass(frozen=True)
class Matrices:
    """The two sides of a formula, for the rows that lack nothing; `terms` are places in `right`."""

    left: pd.DataFrame
    right: pd.DataFrame
    terms: dict[str, tuple[int, ...]]
    spec: Spec


def matrices(
    formula: str,
    data: pd.DataFrame,
    *,
    names: Mapping[str, Any] | int = NAMES,
    intercept: bool = False,
) -> Matrices:
    """What stands left and right of a formula's ~, made of `data`, whose index is 0, 1, …

    `names` is what the formula may call beside columns, or how many frames up to look for it.
    With `intercept` there is one, whatever the formula says. Levels that no row has are forgotten.
    Raises WrongUse where the formula cannot be followed.

    >>> made = matrices("y ~ arm", pd.DataFrame({"y": [1, 0, None], "arm": ["b", "a", "b"]}))
    >>> made.right.to_numpy().tolist(), made.terms
    ([[1.0, 1.0], [1.0, 0.0]], {'Intercept': (0,), 'arm': (1,)})
    """
    if "~" not in formula or not formula.partition("~")[0].strip():
        raise WrongUse(
            _(
                "The formula `{formula}` must say left of a ~ what is to be explained, and right "
                "of it by what: `y ~ arm + age`.",
                formula=formula,
            )
        )
    refuse_words_of_r(formula)
    refuse_none(np.ones(len(data), dtype=bool))
    refuse_twice(data, [name for name in data.columns if _is_word_of(str(name), formula)])
    data = data.loc[:, ~data.columns.duplicated()]
    manager: Any = FormulaManager()
    asked = f"{formula} + 1" if intercept else formula
    context = names + 1 if isinstance(names, int) else names
    rows = plain(data)
    factors = coded(rows, formula)
    try:
        try:
            left, right = manager.get_matrices(asked, factors, eval_env=context)
        except Exception:
            if factors is rows:
                raise
            # What is done with text as text (`area < "N"`) cannot be done with factors.
            left, right = manager.get_matrices(asked, rows, eval_env=context)
    except Exception as fault:  # engines raise of every kind
        unknown = _unknown_name(fault)
        if unknown is not None:
            raise WrongUse(
                _(
                    "The formula `{formula}` names {name}, and there is no such column. "
                    "There are: {known}.",
                    formula=formula,
                    name=unknown,
                    known=names_of(data),
                )
            ) from fault
        raise WrongUse(
            _(
                "The formula `{formula}` does not go with the data: {why}",
                formula=formula,
                why=_first_line(fault),
            )
        ) from fault
    spec = manager.get_model_spec(right)
    terms = {
        "Intercept" if str(name) == "1" else str(name): tuple(range(where.start, where.stop))
        for name, where in manager.get_term_name_slices(spec).items()
    }
    _refuse_without_columns(terms)
    kept = data.loc[:, [str(name) in formula for name in data.columns]]
    return Matrices(
        left=left, right=right, terms=terms, spec=Spec(spec, (formula, kept, intercept))
    )


_WORDS_OF_R = re.compile(r"\b(Surv|strata|cluster|offset|frailty)\s*\(")


def refuse_words_of_r(formula: str) -> None:
    """Raise WrongUse where R's own words stand in a formula: here they are arguments.

    >>> refuse_words_of_r("days ~ arm + age")
    """
    found = _WORDS_OF_R.search(formula)
    if found:
        raise WrongUse(
            _(
                "{word}() is R's. Here the formula is `days ~ arm + age`, and the rest goes beside "
                "it: `event=`, `start=`, `strata=` and `cluster=` for Cox's model, `days=` for "
                "days at risk.",
                word=found[1],
            )
        )


def _is_word_of(name: str, formula: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", formula) is not None


def _unknown_name(fault: BaseException | None) -> str | None:
    """The name that an engine did not know, if that is what it stumbled over."""
    while fault is not None:
        found = re.search(r"name '(\w+)' is not defined|`(\w+)` is not present in", str(fault))
        if found:
            return found[1] or found[2]
        fault = fault.__cause__
    return None


def _refuse_without_columns(terms: Mapping[str, tuple[int, ...]]) -> None:
    """Raise WrongUse where a factor has one level only: it would vanish without a word."""
    gone = [name for name, places in terms.items() if not places]
    if gone:
        raise WrongUse(
            _(
                "All rows have the same level of {terms}, so there is nothing to compare. Take it "
                "out of the formula.",
                terms=", ".join(gone),
            )
        )


def one_column(left: pd.DataFrame, formula: str) -> pd.Series:
    """What stands left of the ~, where it is one column. Raises WrongUse where it is not.

    Text that is the same in all rows becomes one column too, 'events[many]', of nothing but 1.
    """
    of_text = re.search(r"\[(?!True\])[^\[\]]*\]$", str(left.columns[0])) is not None
    if left.shape[1] != 1 or of_text:
        raise WrongUse(
            _(
                "What stands left of the ~ in `{formula}` must be one column of numbers.",
                formula=formula,
            )
        )
    return left.iloc[:, 0]


def refuse_infinite(columns: pd.DataFrame) -> None:
    """Raise WrongUse where a column holds what is no finite number."""
    if np.isfinite(columns.to_numpy()).all():
        return
    infinite = [str(name) for name in columns if not np.isfinite(columns[name]).all()]
    raise WrongUse(
        _(
            "These columns hold infinite values: {columns}. A model cannot take them.",
            columns=", ".join(infinite),
        )
    )


def plain(data: pd.DataFrame, *, drop_levels: bool = True) -> pd.DataFrame:
    """Columns of pandas' own types of number as numpy's, which formula engines can take.

    So are columns of objects that are all numbers, which engines take for texts.

    Levels that no row has are dropped, unless the rows are new ones to a model.
    """
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
        elif is_of_numbers(column) and (is_object_dtype(kind) or isinstance(kind, ExtensionDtype)):
            changed[name] = column.to_numpy(dtype=float, na_value=np.nan)
    return _with(data, changed)


def coded(data: pd.DataFrame, formula: str) -> pd.DataFrame:
    """Columns of text that the formula names as factors: engines look at text one row at a time.

    Levels come in the order that the engines would give them. A formula that lists levels of its
    own wants the text.
    """
    if "levels" in formula:
        return data
    return _with(
        data,
        {
            name: pd.Categorical(column)
            for name, column in data.items()
            if isinstance(column.dtype, pd.StringDtype) and str(name) in formula
        },
    )


def _with(data: pd.DataFrame, changed: dict[Any, Any]) -> pd.DataFrame:
    """The frame with other columns, which may have any name, in the place of its own."""
    if not changed:
        return data
    made = data.copy(deep=False)
    for name, column in changed.items():
        made[name] = column
    return made


def _first_line(fault: Exception) -> str:
    return str(fault).partition("\n")[0]
