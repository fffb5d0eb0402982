"""Covariates become the columns of a model: as many, in their order, as the events allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype

from evaluation.errors import WrongUse
from evaluation.estimating.collinear import independent
from evaluation.estimating.columns import is_of_numbers, numeric
from evaluation.language import _

WhyDropped = Literal["constant", "too_few_events", "collinear", "separation"]


@dataclass(frozen=True, slots=True)
class Dropped:
    """A covariate that was asked for and is not in the model, and why."""

    covariate: str
    why: WhyDropped


@dataclass(frozen=True)
class Expanded:
    """One covariate as columns: `every` for the eye, `model` without the reference level."""

    every: pd.DataFrame
    model: pd.DataFrame
    pooled: tuple[str, ...]


@dataclass(frozen=True)
class Design:
    """The columns of a model; one row is one child, in the order given.

    `columns` holds numbers; `of` names the covariate that each column came from. `pooled` names
    the levels ('authority=Torfaen') that were too few to stand alone.
    """

    columns: pd.DataFrame
    of: tuple[str, ...]
    covariates: tuple[str, ...]
    dropped: tuple[Dropped, ...]
    pooled: tuple[str, ...]

    def without_last(self, why: WhyDropped) -> Design:
        """The same without the covariate that came last, the least important one."""
        last = self.covariates[-1]
        keep = [covariate != last for covariate in self.of]
        return Design(
            columns=self.columns.loc[:, keep],
            of=tuple(covariate for covariate in self.of if covariate != last),
            covariates=self.covariates[:-1],
            dropped=(*self.dropped, Dropped(last, why)),
            pooled=self.pooled,
        )


def choose(
    children: pd.DataFrame,
    covariates: Sequence[str],
    *,
    treated: str,
    parameters: float,
    reserved: int,
    fewest_in_level: int,
) -> Design:
    """Take the covariates in their order, while the model has no more than `parameters`.

    `reserved` parameters are taken already (the intercept, the arm). One that does not fit is
    passed over, and a narrower one after it may still go in.
    """
    columns = pd.DataFrame(index=children.index)
    of: list[str] = []
    used: list[str] = []
    dropped: list[Dropped] = []
    pooled: list[str] = []
    for covariate in covariates:
        expanded = expand(children, covariate, treated=treated, fewest_in_level=fewest_in_level)
        new = expanded.model
        why: WhyDropped | None = None
        if new.empty:
            why = "constant"
        elif reserved + columns.shape[1] + new.shape[1] > parameters:
            why = "too_few_events"
        elif _rank(columns.join(new)) < columns.shape[1] + new.shape[1]:
            why = "collinear"
        if why is not None:
            dropped.append(Dropped(covariate, why))
            continue
        columns = columns.join(new)
        of += [covariate] * new.shape[1]
        used.append(covariate)
        pooled += expanded.pooled
    return Design(columns, tuple(of), tuple(used), tuple(dropped), tuple(pooled))


def expand(
    children: pd.DataFrame, covariate: str, *, treated: str, fewest_in_level: int
) -> Expanded:
    """One covariate as columns of numbers, without constant ones.

    A number is itself; where it is missing it is the mean, and a column 'x=missing' says so. A
    text has a 0/1 column for each level, and missing is a level; the commonest level is the
    reference, which the model leaves out. Levels with fewer than `fewest_in_level` children in
    either arm stand together as 'x=other': a level with none in one arm separates the arms,
    and in resampling one with five has none about once in 150 times. If even together they
    are too few, the model leaves them with the reference.

    Raises WrongUse where a number is infinite.
    Source of the indicator of missing values: Rosenbaum & Rubin (1984), J Am Stat Assoc 79:516.
    """
    values = children[covariate]
    if is_of_numbers(values) or is_bool_dtype(values.dtype):
        number = pd.Series(numeric(values, covariate), index=values.index)
        if np.isinf(number).any():
            raise WrongUse(
                _(
                    "{covariate} holds an infinite value. A model cannot take it.",
                    covariate=covariate,
                )
            )
        columns = _varying(
            {
                covariate: number.fillna(number.mean()),
                f"{covariate}=missing": number.isna().astype(float),
            },
            children.index,
        )
        return Expanded(columns, columns, ())

    level = values.astype("str").fillna("missing")
    fewer = _in_smaller_arm(level, children["arm"] == treated)
    rare = sorted(fewer[fewer < fewest_in_level].index)
    grouped = level.mask(level.isin(rare), "other")
    columns = _varying(
        {
            f"{covariate}={name}": (grouped == name).astype(float)
            for name in sorted(grouped.unique())
        },
        children.index,
    )
    # Of equally common levels the first by name, so that the order of rows does not matter.
    sizes = grouped.value_counts()
    left_out = [f"{covariate}={min(sizes[sizes == sizes.max()].index)}"]
    if rare and _in_smaller_arm(grouped, children["arm"] == treated)["other"] < fewest_in_level:
        left_out.append(f"{covariate}=other")
    return Expanded(
        columns,
        columns.drop(columns=left_out, errors="ignore"),
        tuple(f"{covariate}={name}" for name in rare),
    )


def _in_smaller_arm(level: pd.Series, is_treated: pd.Series) -> pd.Series:
    """Of each level, the children in the arm that has fewer of them."""
    arms = [level[is_treated].value_counts(), level[~is_treated].value_counts()]
    return pd.concat(arms, axis=1).fillna(0).min(axis=1)


def _varying(columns: dict[str, pd.Series], index: pd.Index) -> pd.DataFrame:
    kept = {name: column for name, column in columns.items() if (column != column.iloc[0]).any()}
    return pd.DataFrame(kept, index=index)


def _rank(columns: pd.DataFrame) -> int:
    """How many columns say something of their own, beside the intercept."""
    return len(independent((columns - columns.mean()).to_numpy(dtype=float)))
