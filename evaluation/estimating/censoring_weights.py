"""Weights by the inverse probability of staying: those who stay stand for those who are censored.

A child whose follow-up is cut because of something that becomes of it (it is given what it was to
be compared without) is not lost by chance. Those like it who stay are given its weight.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluation.errors import WrongUse
from evaluation.estimating.batched import fit_many
from evaluation.estimating.found import Found
from evaluation.estimating.limits import CannotEstimate
from evaluation.estimating.weighting import Propensity, propensity
from evaluation.language import _
from evaluation.nouns import Estimate

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

CENSORED, STAYED = "censored", "stayed"
_SURE = 1e-9
"""No chance of staying is taken to be smaller: a weight must have an end."""


@dataclass(frozen=True, kw_only=True)
class Staying(Found):
    """The chance of being censored at each moment, and what weights come of it.

    One row of `moments`, by child and day, is one moment: child_key, day, kind, censored, chance
    (of being censored there), weight (of whoever stays, once that moment is past, counted from
    the child's first one: the product of 1 / (1 - chance)). `models` holds the fitted model of each
    kind; None where nobody was censored, or everybody.

        moments         by kind: how many there are, `children` in them
        censored        by kind: how many of them were censored there
        covariates      by kind: how many columns the model has beside the intercept
    """

    moments: pd.DataFrame = field(repr=False)
    models: Mapping[str, Propensity | None] = field(repr=False)

    def position(self, child: Sequence[object] | Places, day: Floats | Places) -> Places:
        """How many of all moments, in their order, end with the child's last on or before a day."""
        return _position(self.moments, child, day)

    def sums(self, drawn: Floats | None = None, children: pd.Index | None = None) -> Floats:
        """Sums of the logarithms of weights over the moments, in their order, from 0.

        A row a set of weights of `children` (how often each was drawn), the models fitted anew
        for each; or one row, as fitted. The weight of one who was followed from position a to b
        is exp(sums[b] - sums[a]).
        """
        if drawn is None or children is None:
            chance = self.moments["chance"].to_numpy(dtype=float)[np.newaxis, :]
        else:
            chance = np.zeros((len(drawn), len(self.moments)))
            place = children.get_indexer(pd.Index(self.moments["child_key"]))
            kinds = self.moments["kind"].to_numpy()
            for kind, model in self.models.items():
                if model is None:
                    continue
                own = np.flatnonzero(kinds == kind)
                times = np.where(place[own] >= 0, drawn[:, place[own]], 0.0)
                chance[:, own] = _refitted(model, times)
        logs = -np.log(np.maximum(1 - chance, _SURE))
        return np.hstack([np.zeros((len(logs), 1)), np.cumsum(logs, axis=1)])


def censoring_weights(
    moments: pd.DataFrame,
    covariates: Sequence[str] | Mapping[str, Sequence[str]],
    *,
    events_per_parameter: float = 10.0,
    fewest_in_level: int = 5,
) -> Staying:
    """Fit the chance of being censored at each moment at which that could happen.

    One row of `moments` is one moment of one child who was still there: child_key, day (a whole
    number, on a clock that all rows of a child share), censored (1 or 0), and the covariates as
    they were known at that moment. A child has no moment after the one at which it is censored.
    The model is a pooled logistic one, over all moments; where there is a column `kind` (decided
    at a meeting, or otherwise) each kind has its own. `covariates`, in order of importance, or
    a mapping from each kind to its own, go in as in `propensity`: as many as the events allow.
    Where they allow none, censoring of that kind is taken for chance. Weights are right if the
    covariates tell all that moves both censoring and what would have come after it.

    Use `weighted_rows` for rows of time at risk with these weights, and draw whole children
    again, with the models in the draw, for limits: `sequential_trials` does both.

    >>> moments = pd.DataFrame({
    ...     "child_key": [1, 1, 2, 3, 3, 4, 5, 6, 6, 7, 8], "day": [7, 14, 7, 7, 14, 7, 7, 7, 14, 7, 7],
    ...     "censored": [0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 0], "recent": [0, 0, 1, 0, 1, 1, 1, 0, 1, 0, 1],
    ... })
    >>> staying = censoring_weights(moments, ["recent"], events_per_parameter=2)
    >>> staying.moments[["child_key", "day", "chance", "weight"]].head(2).round(2)
       child_key  day  chance  weight
    0          1    7     0.2    1.25
    1          1   14     0.2    1.56

    Raises WrongUse where a column or value is missing, a child has two moments of a kind on one
    day, or moments after it was censored.
    Source: Robins & Finkelstein (2000), Biometrics 56:779; pooled logistic: D'Agostino et al.
    (1990), Stat Med 9:1501; sequential trials: Danaei et al. (2013), Stat Methods Med Res 22:70.
    """
    rows = _in_order(moments)
    models: dict[str, Propensity | None] = {}
    chance = np.zeros(len(rows))
    told: list[Estimate] = []
    beware = []
    for kind, own in rows.groupby("kind", sort=True):
        asked = covariates.get(str(kind), ()) if isinstance(covariates, Mapping) else covariates
        model = _model(own, list(asked), events_per_parameter, fewest_in_level)
        models[str(kind)] = model
        if model is not None:
            chance[own.index] = model.children["score"]
            beware += [each for each in model.beware if each.trap == "covariates_left_out"]
        told += [
            Estimate("", measure, str(kind), children=int(own["child_key"].nunique()), value=value)
            for measure, value in (
                ("moments", float(len(own))),
                ("censored", float(own["censored"].sum())),
                ("covariates", 0.0 if model is None else model.design.shape[1] - 1.0),
            )
        ]
    logs = pd.Series(-np.log(np.maximum(1 - chance, _SURE)), index=rows.index)
    return Staying(
        estimates=tuple(told),
        beware=tuple(dict.fromkeys(beware)),
        moments=rows[["child_key", "day", "kind", "censored"]].assign(
            chance=chance, weight=np.exp(logs.groupby(rows["child_key"]).cumsum())
        ),
        models=MappingProxyType(models),
    )


def weighted_rows(rows: pd.DataFrame, staying: Staying, *, every: int = 7) -> pd.DataFrame:
    """Split time at risk where its weight changes, and give each piece its weight.

    One row of `rows` is one (start, stop] of one child's days at risk since its day 0: child_key,
    zero (day 0 on the clock of the moments), start, stop, events (on day stop), and censored_on
    (days since day 0; missing for who was not). Time after it is left out. One row of what comes
    back is a piece of one: its other columns, and

        weight   the product of 1 / (1 - chance) over the moments after day 0 and before the piece,
                 scaled so that in each `every` days those who are there stand for all who began

    A moment on day d moves the weight from day d + 1 on. Any model that takes weights and clusters
    on the child takes these rows (`poisson`, `Cox`, `kaplan_meier`), with errors that take the
    weights for known.

    >>> rows = pd.DataFrame({"child_key": [1, 2], "zero": 0, "start": 0, "stop": [20, 10],
    ...     "events": [1, 0], "censored_on": [None, 10.0]})
    >>> moments = pd.DataFrame({"child_key": [1, 2], "day": 10, "censored": [0, 1]})
    >>> staying = censoring_weights(moments, [], events_per_parameter=1)
    >>> weighted_rows(rows, staying, every=10)[["child_key", "start", "stop", "events", "weight"]]
       child_key  start  stop  events  weight
    0          1      0    10       0     1.0
    1          1     10    20       1     2.0
    2          2      0    10       0     1.0

    Raises WrongUse where a column is missing.
    """
    _needs(rows, ("child_key", "zero", "start", "stop", "events", "censored_on"))
    rows = rows.reset_index(drop=True)
    ends = rows["censored_on"].astype("Float64").to_numpy(dtype=float, na_value=np.inf)
    stops = np.minimum(rows["stop"].to_numpy(dtype=float), ends)
    zero = rows["zero"].to_numpy(dtype=np.intp)
    child = rows["child_key"].to_numpy()
    of_child = {key: own["day"].to_numpy() for key, own in staying.moments.groupby("child_key")}
    none = np.empty(0, dtype=int)
    made = []
    for place, (start, stop) in enumerate(zip(rows["start"], stops.astype(int), strict=True)):
        if stop <= start:
            continue
        days = of_child.get(child[place], none) - zero[place]
        inner = set(days[(days > start) & (days < stop)].tolist())
        inner |= set(range(start - start % every + every, stop, every))
        edges = [start, *sorted(inner), stop]
        last = rows["events"].iloc[place] if stop == rows["stop"].iloc[place] else 0
        events = [0] * (len(edges) - 2) + [last]
        made += list(zip([place] * len(events), edges[:-1], edges[1:], events, strict=True))
    pieces = pd.DataFrame(made, columns=["place", "start", "stop", "events"]).astype("int64")
    at = pieces["place"].to_numpy()
    since = staying.position(child[at], zero[at])
    until = staying.position(child[at], zero[at] + pieces["start"].to_numpy())
    sums = staying.sums()[0]
    weight = np.exp(sums[until] - sums[since])
    own_day_0 = pd.Series(list(zip(child, zero, strict=True)))
    clones, _keys = pd.factorize(own_day_0)
    interval = pieces["start"].to_numpy() // every
    # In each interval: what those who are not censored weigh, whether at risk or not.
    began = len(np.unique(clones))
    first = pd.DataFrame({"clone": clones, "ends": ends, "child": child, "zero": zero})
    first = first.groupby("clone").agg(
        ends=("ends", "min"), child=("child", "first"), zero=("zero", "first")
    )
    scale = np.ones(int(interval.max(initial=0)) + 1)
    for number in range(len(scale)):
        there = _weighed(staying, first, sums, number * every, every)
        scale[number] = began / there if there > 0 else np.nan
    return (
        rows.drop(columns=["start", "stop", "events"])
        .iloc[at]
        .reset_index(drop=True)
        .assign(
            start=pieces["start"],
            stop=pieces["stop"],
            events=pieces["events"],
            weight=weight * scale[interval],
        )
    )


def _weighed(
    staying: Staying, clones: pd.DataFrame, sums: Floats, begins: int, every: int
) -> float:
    """What those who are uncensored weigh on the mean day of an interval."""
    total = 0.0
    child, zero = clones["child"].to_numpy(), clones["zero"].to_numpy(dtype=np.intp)
    since = staying.position(child, zero)
    for day in range(begins + 1, begins + every + 1):
        there = clones["ends"].to_numpy(dtype=float) >= day
        until = staying.position(child, zero + day - 1)
        total += float(np.exp(sums[until] - sums[since])[there].sum())
    return total / every


def _refitted(model: Propensity, times: Floats) -> Floats:
    """The chance at each moment, fitted for each row of how often its child was drawn.

    0 where no child that has such a moment was drawn: nobody's weight needs it.
    """
    censored = model.is_treated.astype(float)
    chance = np.zeros(times.shape)
    those = times.sum(axis=1) > 0
    drawn = times[those]
    if model.design.shape[1] == 1:
        chance[those] = (drawn @ censored / drawn.sum(axis=1))[:, np.newaxis]
    elif len(drawn):
        fits = fit_many(model.design.to_numpy(dtype=float), censored, drawn)
        chance[those] = np.where(fits.converged[:, np.newaxis], fits.fitted, np.nan)
    return chance


def _position(moments: pd.DataFrame, child: object, day: object) -> Places:
    codes, keys = pd.factorize(moments["child_key"], sort=False)
    first = np.searchsorted(codes, np.arange(len(keys) + 1))
    asked = pd.Index(keys).get_indexer(pd.Index(np.asarray(child)))
    days = moments["day"].to_numpy(dtype=np.int64)
    # Days of one child after another, far enough apart that one search finds them all.
    wide = int(np.abs(days).max(initial=0)) + int(np.abs(np.asarray(day)).max(initial=0)) + 1
    line = codes.astype(np.int64) * (2 * wide + 1) + days
    found = np.searchsorted(
        line,
        asked.astype(np.int64) * (2 * wide + 1) + np.asarray(day, dtype=np.int64),
        side="right",
    )
    return np.where(asked >= 0, np.clip(found, first[asked], first[asked + 1]), 0).astype(np.intp)


def _model(
    own: pd.DataFrame, covariates: list[str], events_per_parameter: float, fewest_in_level: int
) -> Propensity | None:
    """The pooled logistic model of one kind of moment; None where nothing can be told apart."""
    rows = own.assign(child_key=own.index, arm=np.where(own["censored"] == 1, CENSORED, STAYED))
    try:
        return propensity(
            rows,
            covariates,
            treated=CENSORED,
            events_per_parameter=events_per_parameter,
            fewest_in_level=fewest_in_level,
        )
    except CannotEstimate:
        return None


def _in_order(moments: pd.DataFrame) -> pd.DataFrame:
    _needs(moments, ("child_key", "day", "censored"))
    rows = moments if "kind" in moments else moments.assign(kind="all")
    rows = rows.sort_values(
        ["child_key", "day", "censored", "kind"], kind="stable", ignore_index=True
    )
    if rows[["child_key", "day", "censored", "kind"]].isna().to_numpy().any():
        raise WrongUse(_("A moment lacks its child, its day, or whether the child was censored."))
    if not rows["censored"].isin([0, 1]).all():
        raise WrongUse(_("A child was censored at a moment (1) or was not (0)."))
    if rows.duplicated(["child_key", "day", "kind"]).any():
        raise WrongUse(_("A child has two moments of one kind on one day."))
    before = rows["censored"].groupby(rows["child_key"]).cumsum() - rows["censored"]
    if (before > 0).any():
        raise WrongUse(_("A child has a moment after the one at which it was censored."))
    return rows


def _needs(frame: pd.DataFrame, columns: tuple[str, ...]) -> None:
    lacking = [name for name in columns if name not in frame]
    if lacking:
        raise WrongUse(_("There are no such columns: {columns}.", columns=", ".join(lacking)))
