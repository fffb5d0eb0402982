"""What happened to the children whose arms are compared, and a model of it in each arm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluation.errors import WrongUse
from evaluation.estimating.batched import fit_many
from evaluation.estimating.columns import must_have, numeric
from evaluation.estimating.weighting import Propensity, with_intercept
from evaluation.language import _

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Kind = Literal["mean", "risk", "rate"]


@dataclass(frozen=True, slots=True)
class Happened:
    """Outcomes in the order of the propensity's children; one row is one child.

    `y` is the outcome or the number of events, `days` the days at risk (1 where the outcome is
    no rate); both are 0 for a child who is not `here`.
    """

    kind: Kind
    y: Floats
    days: Floats
    here: Flags


def happened(
    alike: Propensity, children: pd.DataFrame, outcome: str, *, kind: Kind, days: str
) -> Happened:
    """The outcomes of the children who have a propensity; others do not count.

    Raises WrongUse where a column or value is missing, a child has two rows, a number of events
    or days is negative, a risk is not 0 or 1, or nobody has a propensity.
    """
    if kind not in ("mean", "risk", "rate"):
        raise WrongUse(_("An outcome is a 'mean', a 'risk' (0 or 1) or a 'rate' (events in days)."))
    columns = ["child_key", outcome] + [days] * (kind == "rate")
    must_have(children, columns)
    place = pd.Series(np.arange(len(alike.children)), index=alike.children["child_key"])
    known = children[children["child_key"].isin(place.index)]
    if not len(known):
        raise WrongUse(_("None of the children with an outcome has a weight: do the keys agree?"))
    if known["child_key"].duplicated().any():
        raise WrongUse(_("An outcome has one row a child; some children have more."))
    rows = place.loc[known["child_key"]].to_numpy()
    y, exposed, here = (np.zeros(len(place)), np.zeros(len(place)), np.zeros(len(place), bool))
    y[rows] = numeric(known[outcome], outcome)
    exposed[rows] = numeric(known[days], days) if kind == "rate" else 1.0
    here[rows] = True
    if not (np.isfinite(y).all() and np.isfinite(exposed).all()):
        raise WrongUse(
            _(
                "{children} children have no {outcome}, or no days at risk. Leave them out, and say "
                "so, or find out.",
                children=int((~np.isfinite(y + exposed)).sum()),
                outcome=outcome,
            )
        )
    if kind == "risk" and not np.isin(y, (0, 1)).all():
        raise WrongUse(_("A risk is of something that happened (1) or did not (0)."))
    if kind == "rate" and ((y < 0).any() or (exposed < 0).any()):
        raise WrongUse(_("Neither events nor days at risk can be fewer than none."))
    return Happened(kind, y, exposed, here)


def outcome_columns(
    alike: Propensity, children: pd.DataFrame, covariates: Sequence[str] | None
) -> pd.DataFrame:
    """The design of the outcome's model: the propensity's own, or these covariates.

    Texts become 0/1 columns, of which the first level by name is left out; a missing number is
    the mean, with a column that says so. What is the same for every child is left out.
    """
    if covariates is None:
        return alike.design
    must_have(children, covariates)
    placed = alike.children[["child_key"]].merge(
        children[["child_key", *covariates]], on="child_key", how="left"
    )
    columns: dict[str, pd.Series] = {}
    for name in covariates:
        if pd.api.types.is_numeric_dtype(placed[name].dtype):
            number = placed[name].astype("Float64").astype("float64")
            columns[name] = number.fillna(number.mean())
            columns[f"{name}=missing"] = number.isna().astype(float)
        else:
            level = placed[name].astype("str").fillna("missing")
            for each in sorted(level.unique())[1:]:
                columns[f"{name}={each}"] = (level == each).astype(float)
    varying = {name: column for name, column in columns.items() if column.nunique() > 1}  # noqa: PD101
    return with_intercept(pd.DataFrame(varying, index=placed.index))


@dataclass(frozen=True, slots=True)
class ArmModel:
    """The model of the outcome in one arm.

    `expected` is what it expects of every child in a day, or in all where the outcome is no
    rate, `slope` how that moves with its linear predictor; `columns` are those it could use;
    `influence` has a row a child: how its coefficients lean on that child. `collinear` names
    the columns that say nothing of their own in this arm, and were left out, as R's lm does.
    """

    expected: Floats
    slope: Floats
    columns: Floats
    influence: Floats
    coefficients: Floats
    collinear: tuple[str, ...]


def arm_model(what: Happened, design: pd.DataFrame, inside: Flags) -> ArmModel | None:
    """Least squares for a mean, logistic for a risk, Poisson with days at risk for a rate.

    None where it cannot be fitted.
    """
    x = design.to_numpy(dtype=float)
    own = inside & what.here & (what.days > 0)
    use = _of_their_own(x[own])
    if not use:
        return None
    left_out = tuple(str(name) for place, name in enumerate(design) if place not in use)
    x = x[:, use]
    if what.kind == "mean":
        beta = np.linalg.lstsq(x[own], what.y[own], rcond=None)[0]
        expected = x @ beta
        slope = np.ones_like(expected)
    else:
        fit = fit_many(
            x[own],
            what.y[own],
            np.ones((1, int(own.sum()))),
            family="logistic" if what.kind == "risk" else "poisson",
            exposure=what.days[own],
        )
        if not fit.converged[0]:
            return None
        beta = fit.coefficients[0]
        predictor = np.clip(x @ beta, -30, 30)
        if what.kind == "risk":
            expected = 1 / (1 + np.exp(-predictor))
            slope = expected * (1 - expected)
        else:
            expected = slope = np.exp(predictor)
    information = (x * (own * slope * what.days)[:, np.newaxis]).T @ x
    score = x * (own * (what.y - expected * what.days))[:, np.newaxis]
    return ArmModel(
        expected=expected,
        slope=slope,
        columns=x,
        influence=len(x) * score @ np.linalg.pinv(information),
        coefficients=beta,
        collinear=left_out,
    )


def _of_their_own(x: Floats) -> list[int]:
    """The columns, in their order, that those before them do not make up."""
    use: list[int] = []
    size = np.sqrt((x**2).sum(axis=0))
    for place in range(x.shape[1]):
        if not size[place]:
            continue
        column = x[:, place] / size[place]
        before = x[:, use] / size[use] if use else x[:, :0]
        rest = column - before @ np.linalg.lstsq(before, column, rcond=None)[0] if use else column
        if np.sqrt((rest**2).sum()) > 1e-7 and len(use) < len(x):
            use.append(place)
    return use
