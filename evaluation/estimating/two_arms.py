"""Every figure that compares two arms, under many sets of weights at once, for resampling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluation.errors import WrongUse
from evaluation.estimating.batched import fit_many
from evaluation.estimating.columns import must_have
from evaluation.estimating.counts import rates_under
from evaluation.estimating.limits import WhyNot
from evaluation.estimating.survival import survival_under
from evaluation.estimating.table import counted, days_at_risk
from evaluation.estimating.weighting import Propensity
from evaluation.language import _

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Places = NDArray[np.intp]
Measure = Literal[
    "rate",
    "rate_ratio",
    "difference_per_100",
    "unadjusted_rate_ratio",
    "doubly_robust_rate_ratio",
    "risk",
    "risk_difference",
]
Group = Literal["treated", "comparison", "contrast"]
Key = tuple[Measure, Group, int]

_STEEPEST = 30.0
"""Beyond this many logs a rate is none, or no rate."""


@dataclass(frozen=True)
class TwoArms:
    """Children as arrays, in the order of the propensity's frame.

    `windows` holds for each window the places of its children in that order, their events and
    days at risk; `first` the places, the day of the first event or the last one, and whether it
    was an event; `at` the days at which the risk of any is asked for. `design` holds the columns
    of the model of the outcome, where there is to be one.
    """

    is_treated: Flags
    windows: Mapping[int, tuple[Places, Floats, Floats]]
    first: tuple[Places, Floats, Floats]
    at: Floats
    design: Floats | None = None

    @property
    def keys(self) -> tuple[Key, ...]:
        """What the columns of `under` are."""
        keys: list[Key] = []
        for days in self.windows:
            keys += [("rate", "treated", days), ("rate", "comparison", days)]
            keys += [("rate_ratio", "contrast", days), ("difference_per_100", "contrast", days)]
            keys += [("unadjusted_rate_ratio", "contrast", days)]
            if self.design is not None:
                keys += [("doubly_robust_rate_ratio", "contrast", days)]
        days_asked = [int(day) for day in self.at]
        keys += [("risk", "treated", days) for days in days_asked]
        keys += [("risk", "comparison", days) for days in days_asked]
        keys += [("risk_difference", "contrast", days) for days in days_asked]
        return tuple(keys)

    def under(self, weights: Floats, *, plain: Floats, target: Floats | None = None) -> Floats:
        """Every figure: a row a set of weights, a column a key; missing where it cannot be had.

        `plain` are the weights of the unadjusted ratio, and of the model of the outcome; `target`
        says how much each child counts among those whose effect it is (all of it, unless
        given). All have a column a child.
        """
        blocks: list[Floats] = []
        for place, events, days in self.windows.values():
            is_treated = self.is_treated[place]
            found = rates_under(weights[:, place], events, days, is_treated)
            unadjusted = rates_under(plain[:, place], events, days, is_treated)
            blocks += [
                found[name][:, np.newaxis]
                for name in ("treated", "comparison", "ratio", "difference_per_100")
            ]
            blocks.append(unadjusted["ratio"][:, np.newaxis])
            if self.design is not None:
                asked = plain if target is None else target
                blocks.append(
                    doubly_robust_ratio(
                        self.design[place],
                        events,
                        days,
                        is_treated,
                        weights=weights[:, place],
                        plain=plain[:, place],
                        target=asked[:, place],
                    )[:, np.newaxis]
                )
        place, time, event = self.first
        arms = self.is_treated[place]
        treated, comparison = (
            1 - survival_under(time[arm], event[arm], weights[:, place[arm]], self.at)
            for arm in (arms, ~arms)
        )
        return np.hstack([*blocks, treated, comparison, treated - comparison])

    def why_no_interval(self, key: Key) -> WhyNot | None:
        """Why the children themselves, before any are drawn, allow no interval."""
        there, happened, spared, arms = self._behind(key)
        if not all(there[arm].any() for arm in arms):
            return "no_follow_up"
        if not all(happened[arm].any() for arm in arms):
            return "no_events"
        if not all(spared[arm].any() for arm in arms):
            return "too_few_children"
        return None

    def behind(self, key: Key) -> tuple[int, int]:
        """How many children a figure is about, and how many events, unweighted."""
        measure, _group, days = key
        _there, happened, _spared, arms = self._behind(key)
        own = np.logical_or.reduce(arms)
        events = happened if measure.startswith("risk") else self.windows[days][1]
        return int(own.sum()), int(events[own].sum())

    def _behind(self, key: Key) -> tuple[Flags, Flags, Flags, list[Flags]]:
        """Who was at risk, who had an event, who had none; and the arms that are asked about."""
        measure, group, days = key
        if measure in ("risk", "risk_difference"):
            place, time, event = self.first
            there = np.ones(len(time), dtype=bool)
            happened = (event == 1) & (time <= days)
            spared = ~happened
        else:
            place, events, at_risk = self.windows[days]
            there = at_risk > 0
            happened = events > 0
            spared = there
        is_treated = self.is_treated[place]
        arms = {"treated": [is_treated], "comparison": [~is_treated]}.get(
            group, [is_treated, ~is_treated]
        )
        return there, happened, spared, arms


def two_arms(
    propensity: Propensity,
    counts: Mapping[int, pd.DataFrame],
    times: pd.DataFrame | None,
    at: Sequence[int],
    *,
    doubly_robust: bool = False,
) -> TwoArms:
    """Lay the frames out as arrays; children without a propensity are left out.

    Raises WrongUse where a column is not there, or its numbers are not what they should be.
    """
    place = pd.Series(np.arange(len(propensity.children)), index=propensity.children["child_key"])

    def known(frame: pd.DataFrame, *columns: str) -> tuple[pd.DataFrame, Places]:
        must_have(frame, ["child_key", *columns])
        mine = frame[frame["child_key"].isin(place.index)]
        return mine, place.loc[mine["child_key"]].to_numpy(dtype=np.intp)

    def window(frame: pd.DataFrame) -> tuple[Places, Floats, Floats]:
        mine, places = known(frame, "events", "days_at_risk")
        return places, counted(mine["events"]), days_at_risk(mine["days_at_risk"])

    def first(frame: pd.DataFrame) -> tuple[Places, Floats, Floats]:
        mine, places = known(frame, "days_to_first", "any_event")
        event = counted(mine["any_event"])
        if (event > 1).any():
            raise WrongUse(_("The column any_event must hold 0 or 1."))
        return places, days_at_risk(mine["days_to_first"]), event

    nobody = pd.DataFrame({"child_key": [], "days_to_first": [], "any_event": []}, dtype=float)
    return TwoArms(
        is_treated=(propensity.children["arm"] == propensity.treated).to_numpy(),
        windows={days: window(frame) for days, frame in counts.items()},
        first=first(nobody if times is None else times),
        at=np.asarray(() if times is None else at, dtype=float),
        design=propensity.design.to_numpy(dtype=float) if doubly_robust else None,
    )


def doubly_robust_ratio(
    design: Floats,
    events: Floats,
    days: Floats,
    is_treated: Flags,
    *,
    weights: Floats,
    plain: Floats,
    target: Floats,
) -> Floats:
    """The rate ratio of `aipw(..., kind="rate", normalised=True)` under many sets of weights.

    A row a set, missing where a model cannot be fitted or an arm's rate would be below 0.
    """
    rates = []
    for arm in (is_treated, ~is_treated):
        if not arm.any():
            return np.full(len(weights), np.nan)
        if not target[:, ~arm].any():
            # Only this arm is asked about: what its model expects of it is what happened.
            with np.errstate(divide="ignore", invalid="ignore"):
                rates.append((target @ events) / (target @ days))
            continue
        fits = fit_many(
            design[arm], events[arm], plain[:, arm], family="poisson", exposure=days[arm]
        )
        predictor = fits.coefficients @ design.T
        expected = np.exp(np.clip(predictor, -_STEEPEST, _STEEPEST)) * days
        own = weights[:, arm]
        with np.errstate(divide="ignore", invalid="ignore"):
            rate = (target * expected).sum(axis=1) / (target @ days)
            rate += (own * (events - expected)[:, arm]).sum(axis=1) / (own @ days[arm])
        rates.append(np.where(fits.converged, rate, np.nan))
    treated, comparison = rates
    there = (treated >= 0) & (comparison > 0)
    return np.divide(treated, comparison, out=np.full_like(treated, np.nan), where=there)
