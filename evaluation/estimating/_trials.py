"""One window of sequential trials as arrays, and its figures under many draws of children at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

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


@dataclass(frozen=True)
class Pieces:
    """One row is one interval that a trial of the comparison began uncensored, by interval.

    `trial` is its place among the trials, `number` that of the interval; between the sums of the
    moments `since` and `begins` lies the weight with which it begins, to `done` that with which it
    comes to its end. `whole` says that it does (uncensored). `before` and `after` are the places of
    its states then, `came` its events and days at risk.
    """

    trial: Places
    number: Places
    since: Places
    begins: Places
    done: Places
    whole: Flags
    before: Places
    after: Places
    came: Floats


@dataclass(frozen=True)
class Window:
    """The trials of one window: one place is one trial, in the order of the propensity.

    `to_go` is how many days of the window are left in each state (0 in those of no trial of it,
    and in the last one, which is of none: nothing is to come), `first` the treated's state on day 0.
    """

    alike: Propensity
    to_go: Places
    is_treated: Flags
    child: Places
    censored: Flags
    first: Places
    came: Floats
    lengths: Floats
    pieces: Pieces
    cap: float

    @property
    def size(self) -> int:
        """How many weights a draw has, at the most."""
        return max(len(self.child), len(self.pieces.trial))

    def figures(self, multiplicity: Floats, sums: Floats, to_come: Floats) -> Floats:
        """The figures of MEASURES: a row for each row of how often each child is there.

        `to_come` is what the model expects: by row, by state, events and days at risk.
        """
        times = multiplicity[:, self.child]
        fits = fit_many(
            self.alike.design.to_numpy(dtype=float), self.is_treated.astype(float), times
        )
        weight = times * self.alike.recipe.weights(fits.fitted, self.is_treated, times)
        weight[~fits.converged] = np.nan
        pieces, whole = self.pieces, self.pieces.whole
        with np.errstate(divide="ignore", invalid="ignore"):
            own = weight[:, self.is_treated] / weight[:, self.is_treated].sum(axis=1, keepdims=True)
            now = own @ self.came[self.is_treated]
            model = _mean(own, to_come[:, self.first])
            own = weight[:, pieces.trial]
            start = _shares(own * self.staying(sums, pieces.begins), pieces.number)
            end = own[:, whole] * self.staying(sums, pieces.done)[:, whole]
            end = _shares(end, pieces.number[whole])
            alone = end @ pieces.came[whole]
            mended = _mean(end, to_come[:, pieces.after]) - _mean(start, to_come[:, pieces.before])
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
        """What is known of a figure before its number: its distinct children, and their events.

        An event counts in each trial that saw it, and so may count several times for its child.
        """
        own = self._arm(group)
        treated, most = own & self.is_treated, int(self.child.max(initial=0)) + 1
        events = np.bincount(self.child[treated], self.came[treated, 0], minlength=most)
        if group != "treated":
            whole = self.pieces.whole
            child, came = self.child[self.pieces.trial[whole]], self.pieces.came[whole, 0]
            events = events + np.bincount(child, came, minlength=most)
        return Estimate(
            "",
            measure,
            group,
            days=days,
            children=len(np.unique(self.child[own])),
            events=int(events.sum()),
            with_events=int((events > 0).sum()),
            largest_child_events=int(events.max(initial=0)),
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
    moments: pd.Series,
    alike: Propensity,
    staying: Staying,
    children: pd.Index,
    days: int,
    every: int,
    truncate: float | None,
) -> Window:
    """The trials of one propensity as arrays; `moments` is the place of each state (see `begun`).

    Raises WrongUse where one is not among the trials.
    """
    known = trials.set_index("trial").reindex(alike.children["child_key"])
    if known["child_key"].isna().any():
        raise WrongUse(_("A propensity has a trial that is not among the trials."))
    place = pd.Series(np.arange(len(known)), index=known.index)
    edges = np.array([*range(0, days, every), days])
    came = _came(place, rows, edges)
    ends = numbers(known, "censored_on")
    to_go = np.maximum(np.minimum(numbers(known, "until"), days)[:, np.newaxis] - edges, 0)
    none = len(moments)
    state, left = np.full((len(known), len(edges)), none), np.zeros(none + 1, dtype=np.intp)
    own = moments[moments.index.get_level_values(0).isin(place.index)]
    own = own[own.index.get_level_values(1) < len(edges) - 1]
    at = place.loc[own.index.get_level_values(0)].to_numpy(), own.index.get_level_values(1)
    state[at] = own.to_numpy()
    left[own.to_numpy()] = to_go[at].astype(np.intp)
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
    return Window(
        alike=alike,
        to_go=left,
        is_treated=is_treated,
        child=children.get_indexer(pd.Index(child)),
        censored=ends <= days,
        first=state[is_treated, 0],
        came=came.sum(axis=1),
        lengths=np.diff(edges).astype(float),
        pieces=Pieces(
            trial=trial,
            number=number,
            since=since[trial],
            begins=begins,
            done=staying.position(child[trial], zero[trial] + edges[number + 1] - 1),
            whole=whole,
            before=state[trial, number],
            after=state[trial[whole], number[whole] + 1],
            came=came[trial, number],
        ),
        cap=cap,
    )


def begun(trials: pd.DataFrame, *, every: int, most: int) -> pd.Series:
    """The day on the clock of each trial's days 0, `every`, 2 x `every` ..., by trial and number.

    As long as it was not censored, could be observed, and `most` days were not over; of those
    given it now, day 0 alone.
    """
    seen = np.minimum(numbers(trials, "seen_to") - 1, numbers(trials, "censored_on"))
    last = np.where(trials["treated"], 0.0, np.clip(seen, 0.0, most))
    times = (last // every).astype(np.intp) + 1
    number = np.concatenate([np.empty(0, dtype=np.intp), *map(np.arange, times)])
    day = np.repeat(trials["zero"].to_numpy(dtype=float), times) + every * number
    index = pd.MultiIndex.from_arrays([np.repeat(trials["trial"].to_numpy(), times), number])
    return pd.Series(day, index=index)


def _mean(weight: Floats, values: Floats) -> Floats:
    """The weighted sum of values, a row a draw: events and days at risk."""
    return np.asarray(np.einsum("rs,rsc->rc", weight, values))


def _shares(weight: Floats, number: Places) -> Floats:
    """Each weight as a share of those of its interval; the intervals come in order."""
    if not weight.shape[1]:
        return weight
    first = np.flatnonzero(np.diff(number, prepend=-1))
    sums = np.add.reduceat(weight, first, axis=1)
    return np.asarray(weight / np.repeat(sums, np.diff(first, append=len(number)), axis=1))


def numbers(known: pd.DataFrame, name: str) -> Floats:
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
