"""One window of sequential trials as arrays, and its figures under many draws of children at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from evaluation.errors import WrongUse
from evaluation.estimating.balance import effective_sample_size
from evaluation.estimating.batched import fit_many
from evaluation.estimating.censoring_weights import Staying
from evaluation.estimating.limits import WhyNot
from evaluation.estimating.weighting import Propensity
from evaluation.language import _
from evaluation.nouns import Estimate

Floats = NDArray[np.float64]
Places = NDArray[np.intp]
Flags = NDArray[np.bool_]

MEASURES: tuple[tuple[str, Literal["treated", "comparison", "contrast"]], ...] = (
    ("rate", "treated"),
    ("rate", "comparison"),
    ("rate_ratio", "contrast"),
    ("difference_per_100", "contrast"),
    ("weighted_rate_ratio", "contrast"),
    ("modelled_rate_ratio", "contrast"),
)

_HAIR = 1e-3
"""Of the mean square of each column of the state, on the diagonal: few children may not vary."""


@dataclass(frozen=True)
class Course:
    """What comes in an interval, and the state after it, by the state before: sums of each child.

    `squares` are the products of the columns of the state (the first of them 1), `products` those
    with what came (events, days at risk) and with the state after; a row a child. `spread` is
    what each column is divided by.
    """

    columns: tuple[str, ...]
    spread: Floats
    squares: Floats
    products: Floats

    def value(self, multiplicity: Floats, steps: int) -> Floats:
        """How what is still to come depends on the state, with so many intervals to go.

        A row a draw, then the intervals to go (0 to `steps`), twice the columns of the state, and
        events and days at risk: the second half is for a part of an interval after the last.
        """
        terms = len(self.spread)
        left = (multiplicity @ self.squares).reshape(-1, terms, terms)
        hair = _HAIR * left[:, :1, :1] + 1e-12
        right = (multiplicity @ self.products).reshape(-1, terms, terms + 2)
        one = np.linalg.solve(left + hair * np.eye(terms), right)
        come, turn = one[:, :, :2], one[:, :, 2:]
        whole, last = np.zeros_like(come), come
        told = []
        for _step in range(steps + 1):
            told.append(np.concatenate([whole, last], axis=1))
            whole, last = come + turn @ whole, turn @ last
        return np.stack(told, axis=1)


@dataclass(frozen=True)
class Pieces:
    """One row is one interval that a trial of the comparison began uncensored, by interval.

    `trial` is its place among the trials, `number` that of the interval; between the sums of the
    moments `since` and `begins` lies the weight with which it begins, to `done` that with which it
    comes to its end. `whole` says that it does (uncensored). `before` and `after` are its states
    then (see `_to_go`), `came` its events and days at risk.
    """

    trial: Places
    number: Places
    since: Places
    begins: Places
    done: Places
    whole: Flags
    before: Any
    after: Any
    came: Floats


@dataclass(frozen=True)
class Window:
    """The trials of one window: one place is one trial, in the order of the propensity."""

    alike: Propensity
    course: Course
    is_treated: Flags
    child: Places
    censored: Flags
    first: Any
    came: Floats
    lengths: Floats
    pieces: Pieces
    cap: float

    @property
    def size(self) -> int:
        """How many weights a draw has, at the most."""
        return max(len(self.child), len(self.pieces.trial))

    def figures(self, multiplicity: Floats, sums: Floats) -> Floats:
        """The figures of MEASURES: a row for each row of how often each child is there."""
        times = multiplicity[:, self.child]
        fits = fit_many(
            self.alike.design.to_numpy(dtype=float), self.is_treated.astype(float), times
        )
        weight = times * self.alike.recipe.weights(fits.fitted, self.is_treated, times)
        weight[~fits.converged] = np.nan
        pieces, whole = self.pieces, self.pieces.whole
        value = self.course.value(multiplicity, len(self.lengths))
        value = value.reshape(len(value), -1, 2)
        with np.errstate(divide="ignore", invalid="ignore"):
            own = weight[:, self.is_treated] / weight[:, self.is_treated].sum(axis=1, keepdims=True)
            now = own @ self.came[self.is_treated]
            model = _expected(own, self.first, value)
            own = weight[:, pieces.trial]
            start = _shares(own * self.staying(sums, pieces.begins), pieces.number)
            end = own[:, whole] * self.staying(sums, pieces.done)[:, whole]
            end = _shares(end, pieces.number[whole])
            alone = end @ pieces.came[whole]
            mended = _expected(end, pieces.after, value) - _expected(start, pieces.before, value)
            never = model + alone + mended
            rates = [100 * pair[:, 0] / pair[:, 1] for pair in (now, never, alone, model)]
            ratios = [np.where(other > 0, rates[0] / other, np.nan) for other in rates[1:]]
            difference = 100 * (now[:, 0] - rates[1] / 100 * now[:, 1])
            found = np.column_stack([*rates[:2], ratios[0], difference, *ratios[1:]])
        return np.where(np.isfinite(found), found, np.nan)

    def staying(self, sums: Floats, upto: Places) -> Floats:
        """What each piece weighs for having stayed so far."""
        return np.minimum(np.exp(sums[:, upto] - sums[:, self.pieces.since]), self.cap)

    def why_no_interval(self, group: str) -> WhyNot | None:
        """Why the trials themselves allow no interval."""
        treated, others = self.came[self.is_treated].sum(axis=0), self.pieces.came.sum(axis=0)
        sides = {"treated": [treated], "comparison": [others]}.get(group, [treated, others])
        if not all(days for _events, days in sides):
            return "no_follow_up"
        return None if all(events for events, _days in sides) else "no_events"

    def known(self, measure: str, group: str, days: int) -> Estimate:
        """What is known of a figure before its number: its distinct children, and their events."""
        own = self._arm(group)
        events = self.came[own & self.is_treated, 0].sum()
        if group != "treated":
            events += self.pieces.came[self.pieces.whole, 0].sum()
        return Estimate(
            "",
            measure,
            group,
            days=days,
            children=len(np.unique(self.child[own])),
            events=int(events),
            method="sequential_trials_bootstrap",
            design_level=3,
            unmet=(*self.alike.unmet, "informative_censoring"),
            met=self.alike.met,
        )

    def told(self, sums: Floats, days: int) -> list[Estimate]:
        """How many were censored, and what the weights are like."""
        others, pieces = ~self.is_treated, self.pieces
        own = self.staying(sums, pieces.begins)[0]
        whole = np.exp(sums[0][pieces.begins] - sums[0][pieces.since])
        weight = self.alike.children["weight"].to_numpy(dtype=float)[pieces.trial] * own
        there = np.bincount(pieces.number, weight, minlength=len(self.lengths))
        share = weight / np.where(there > 0, there, 1)[pieces.number] * self.lengths[pieces.number]
        by_child = np.bincount(self.child[pieces.trial], share).astype(float)
        blank = Estimate(
            "", "", "comparison", days=days, children=len(np.unique(self.child[others]))
        )
        told = {"mean": own.mean() if len(own) else None, "largest": own.max(initial=1.0)}
        return [
            replace(
                blank,
                measure="censored",
                unit="records",
                of=int(others.sum()),
                value=float(self.censored[others].mean()) if others.any() else None,
                children=len(np.unique(self.child[others & self.censored])),
                why_not=None if others.any() else "no_comparison",
            ),
            replace(
                blank,
                measure="effective_children",
                value=effective_sample_size(by_child[by_child > 0]),
            ),
            *(
                replace(
                    blank,
                    measure="weight_of_staying",
                    group=group,
                    value=None if value is None else float(value),
                )
                for group, value in told.items()
            ),
            replace(
                blank,
                measure="weights_truncated",
                unit="records",
                of=len(own),
                value=float((own < whole).mean()) if len(own) else None,
            ),
        ]

    def _arm(self, group: str) -> Flags:
        arms = {"treated": self.is_treated, "comparison": ~self.is_treated}
        return arms.get(group, np.ones_like(self.is_treated))


def lay_out(
    trials: pd.DataFrame,
    rows: pd.DataFrame,
    *,
    states: pd.DataFrame,
    course: Course,
    alike: Propensity,
    staying: Staying,
    children: pd.Index,
    days: int,
    every: int,
    truncate: float | None,
) -> Window:
    """The trials of one propensity as arrays. Raises WrongUse where one is not among the trials."""
    known = trials.set_index("trial").reindex(alike.children["child_key"])
    if known["child_key"].isna().any():
        raise WrongUse(_("A propensity has a trial that is not among the trials."))
    place = pd.Series(np.arange(len(known)), index=known.index)
    edges = np.array([*range(0, days, every), days])
    came = _came(place, rows, edges)
    state = _states(place, states, course, len(edges))
    ends = _numbers(known, "censored_on")
    to_go = np.maximum(np.minimum(_numbers(known, "until"), days)[:, np.newaxis] - edges, 0)
    is_treated = alike.is_treated
    zero, child = known["zero"].to_numpy(dtype=np.intp), known["child_key"].to_numpy()
    since = staying.position(child, zero)
    number, trial = np.nonzero((ends > edges[:-1, np.newaxis]) & ~is_treated)
    begins = staying.position(child[trial], zero[trial] + edges[number])
    whole = ends[trial] >= edges[number + 1]
    cap = np.inf
    if truncate is not None and len(trial):
        sums = staying.sums()[0]
        cap = float(np.quantile(np.exp(sums[begins] - sums[since[trial]]), truncate))
    lengths = np.diff(edges).astype(float)
    at_end = trial[whole], number[whole] + 1
    return Window(
        alike=alike,
        course=course,
        is_treated=is_treated,
        child=children.get_indexer(pd.Index(child)),
        censored=ends <= days,
        first=_to_go(state[is_treated, 0], to_go[is_treated, 0], every, len(lengths)),
        came=came.sum(axis=1),
        lengths=lengths,
        pieces=Pieces(
            trial=trial,
            number=number,
            since=since[trial],
            begins=begins,
            done=staying.position(child[trial], zero[trial] + edges[number + 1] - 1),
            whole=whole,
            before=_to_go(state[trial, number], to_go[trial, number], every, len(lengths)),
            after=_to_go(state[at_end], to_go[at_end], every, len(lengths)),
            came=came[trial, number],
        ),
        cap=cap,
    )


def learn(course: pd.DataFrame, columns: tuple[str, ...], children: pd.Index) -> Course:
    """The course of children who were not treated, as sums of each child.

    One row of `course` is one child as an interval begins, in order: child_key, number, events and
    days_at_risk of the interval (missing where it was not seen to its end), and `columns`.
    """
    rows = course.sort_values(["child_key", "number"], kind="stable", ignore_index=True)
    told = rows[list(columns)].to_numpy(dtype=float)
    spread = np.ones(1 + len(columns))
    if len(told):
        spread[1:] = np.sqrt((told**2).mean(axis=0))
    spread = np.where(spread > 0, spread, 1.0)
    state = np.hstack([np.ones((len(rows), 1)), told]) / spread
    goes_on = (rows["child_key"] == rows["child_key"].shift(-1)).to_numpy()
    after = np.vstack([state[1:], np.zeros((min(len(rows), 1), len(spread)))])
    after = np.where(goes_on[:, np.newaxis], after, 0.0)
    seen = rows["events"].notna().to_numpy()
    x, child = state[seen], children.get_indexer(pd.Index(rows.loc[seen, "child_key"]))
    y = np.hstack([rows.loc[seen, ["events", "days_at_risk"]].to_numpy(dtype=float), after[seen]])

    def by_child(values: Floats) -> Floats:
        made = np.zeros((len(children), values.shape[1] * x.shape[1]))
        products = x[:, :, np.newaxis] * values[:, np.newaxis, :]
        np.add.at(made, child, products.reshape(len(x), made.shape[1]))
        return made

    return Course(columns, spread, by_child(x), by_child(y))


def _expected(weight: Floats, states: Any, value: Floats) -> Floats:
    """The weighted mean of what is still to come: events and days at risk, a row a draw."""
    return np.asarray(np.einsum("rq,rqc->rc", np.asarray(states.T.dot(weight.T)).T, value))


def _shares(weight: Floats, number: Places) -> Floats:
    """Each weight as a share of those of its interval; the intervals come in order."""
    if not weight.shape[1]:
        return weight
    first = np.flatnonzero(np.diff(number, prepend=-1))
    sums = np.add.reduceat(weight, first, axis=1)
    return np.asarray(weight / np.repeat(sums, np.diff(first, append=len(number)), axis=1))


def _to_go(state: Floats, days: Floats, every: int, steps: int) -> Any:
    """Each state in the columns that belong to the days to go: whole intervals, and a part after."""
    terms, count = state.shape[1], len(state)
    whole, part = np.divmod(days, every)
    first = whole.astype(np.intp) * 2 * terms
    at = first[:, np.newaxis] + np.arange(2 * terms)
    values = np.hstack([state, state * (part / every)[:, np.newaxis]])
    rows = np.repeat(np.arange(count), 2 * terms)
    return sparse.csr_array(
        (values.ravel(), (rows, at.ravel())), shape=(count, (steps + 1) * 2 * terms)
    )


def _numbers(known: pd.DataFrame, name: str) -> Floats:
    """A column of days; without end where it is missing, or not there."""
    if name not in known:
        return np.full(len(known), np.inf)
    days = known[name].astype("Float64").to_numpy(dtype=float, na_value=np.inf)
    return np.asarray(days, dtype=np.float64)


def _came(place: pd.Series, rows: pd.DataFrame, edges: NDArray[np.int_]) -> Floats:
    """Events and days at risk of each trial in each interval."""
    days = int(edges[-1])
    rows = rows[rows["trial"].isin(place.index) & (rows["start"] < days)]
    trial = place.loc[rows["trial"]].to_numpy()
    start, stop = (rows[name].to_numpy(dtype=np.intp) for name in ("start", "stop"))
    turns, events = np.zeros((len(place), days + 1)), np.zeros((len(place), days))
    np.add.at(turns, (trial, start), 1.0)
    np.add.at(turns, (trial, np.minimum(stop, days)), -1.0)
    inside = stop <= days
    np.add.at(events, (trial[inside], stop[inside] - 1), rows["events"].to_numpy(float)[inside])
    at_risk = np.cumsum(turns[:, :days], axis=1)
    return np.stack([np.add.reduceat(own, edges[:-1], axis=1) for own in (events, at_risk)], axis=2)


def _states(place: pd.Series, states: pd.DataFrame, course: Course, numbers: int) -> Floats:
    """The state of each trial as each interval begins, 1 in front; 0 where it is not followed."""
    own = states[states["trial"].isin(place.index) & (states["number"] < numbers)]
    made = np.zeros((len(place), numbers, len(course.spread)))
    at = place.loc[own["trial"]].to_numpy(), own["number"].to_numpy(dtype=np.intp)
    made[(*at, 0)] = 1.0
    told = own[list(course.columns)].to_numpy(dtype=float)
    made[(*at, slice(1, None))] = told / course.spread[1:]
    return made
