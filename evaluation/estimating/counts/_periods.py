"""Children's observed time, cut where exposure, age or season changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import is_datetime64_any_dtype, is_numeric_dtype

from evaluation.errors import WrongUse
from evaluation.estimating.columns import must_have
from evaluation.estimating.table import CHILD
from evaluation.language import _

BASE = "baseline"
_FIRST_DAY = pd.Timestamp("1970-01-01")


@dataclass(frozen=True)
class Windows:
    """Days about an exposure: `risk` from its day on, both ends included, and `before` it."""

    risk: tuple[tuple[int, int], ...]
    before: int

    @property
    def labels(self) -> tuple[str, ...]:
        early = (f"before_{self.before}_1",) if self.before else ()
        return (*early, *(f"after_{first}_{last}" for first, last in self.risk))

    def edges(self) -> tuple[int, ...]:
        """Where the windows begin and end, as the last day before a change."""
        ends = [edge for first, last in self.risk for edge in (first - 1, last)]
        return (*ends, -self.before - 1, -1) if self.before else tuple(ends)

    def label(self, since: pd.Series) -> pd.Series:
        """The window that a day lies in, by its days since the exposure."""
        named = pd.Series(BASE, index=since.index, dtype=object)
        if self.before:
            named[(since >= -self.before) & (since <= -1)] = self.labels[0]
        for first, last in self.risk:
            named[(since >= first) & (since <= last)] = f"after_{first}_{last}"
        return named


def windows(risk: Sequence[tuple[int, int]], before: int) -> Windows:
    """Raises WrongUse unless the windows follow one another, from the day of exposure on."""
    pairs = tuple((int(first), int(last)) for first, last in risk)
    apart = all(one[1] < other[0] for one, other in pairwise(pairs))
    if not pairs or not apart or any(first < 0 or last < first for first, last in pairs):
        raise WrongUse(
            _("Risk windows are pairs of days since exposure, such as (1, 28), (29, 90), in order.")
        )
    if before < 0:
        raise WrongUse(_("Days before exposure must be 0 or more."))
    return Windows(pairs, int(before))


def cut(
    children: pd.DataFrame,
    exposures: pd.DataFrame,
    *,
    about: Windows,
    bands: Mapping[str, Sequence[Any]],
    since: Mapping[str, str],
    seasons: bool,
) -> pd.DataFrame:
    """One row is one interval (start, stop] of one period in which nothing changes.

    child_key, start, stop, days, exposed (a window's label or 'baseline'), and for each of
    `bands` the place of the interval among its cuts, from 0; with `seasons` the quarter, 1 to 4.
    """
    must_have(children, [CHILD, "start", "stop", *since.values()])
    must_have(exposures, [CHILD, "day"])
    periods = children[[CHILD, *dict.fromkeys(since.values())]].assign(
        start=days_of(children["start"]), stop=days_of(children["stop"])
    )
    for column in since.values():
        periods[column] = days_of(children[column])
    periods = periods.sort_values([CHILD, "start"], kind="stable").reset_index(drop=True)
    _refuse_crooked(periods)
    exposed = exposures[[CHILD]].assign(day=days_of(exposures["day"])).drop_duplicates()

    edges = [
        periods[["start"]].set_axis(["edge"], axis=1),
        periods[["stop"]].set_axis(["edge"], axis=1),
    ]
    near = periods[[CHILD]].reset_index(names="period").merge(exposed, on=CHILD)
    edges += [
        (near["day"] + edge).to_frame("edge").set_axis(near["period"]) for edge in about.edges()
    ]
    places = {name: np.sort(days_of(pd.Series(list(cuts)))) for name, cuts in bands.items()}
    for name, cuts in places.items():
        zeros = periods[since[name]] if name in since else pd.Series(0, index=periods.index)
        edges += [(zeros + place).to_frame("edge") for place in cuts]
    if seasons:
        for place in _quarter_ends(children, periods):
            edges.append(pd.DataFrame({"edge": place}, index=periods.index))
    every = pd.concat(edges).rename_axis("period").reset_index()
    made = _between(every, periods)

    made["exposed"] = _labelled(made, exposed, about)
    for name, cuts in places.items():
        day = made["start"] + 1 - (made[since[name]] if name in since else 0)
        made[name] = np.searchsorted(cuts, day.to_numpy(), side="left")
    if seasons:
        made["season"] = (_FIRST_DAY + pd.to_timedelta(made["start"] + 1, unit="D")).dt.quarter
    return _joined(made, ["exposed", *bands, *(("season",) if seasons else ())])


def happened(intervals: pd.DataFrame, events: pd.DataFrame) -> tuple[pd.Series, int]:
    """How many events lie in each interval, and how many in none."""
    must_have(events, [CHILD, "day"])
    keys = pd.Index(intervals[CHILD].unique())
    day = days_of(events["day"]).to_numpy()
    child = keys.get_indexer(events[CHILD])
    low = min(int(intervals["start"].min()), int(day.min(initial=0)))
    width = max(int(intervals["stop"].max()), int(day.max(initial=0))) - low + 2
    ends = keys.get_indexer(intervals[CHILD]) * width + (intervals["stop"].to_numpy() - low)
    place = np.searchsorted(ends, child * width + (day - low), side="left")
    inside = (child >= 0) & (place < len(intervals))
    place = np.where(inside, place, 0)
    inside &= (intervals[CHILD].to_numpy()[place] == events[CHILD].to_numpy()) & (
        intervals["start"].to_numpy()[place] < day
    )
    counts = np.bincount(place[inside], minlength=len(intervals))
    return pd.Series(counts, index=intervals.index), int((~inside).sum())


def days_of(values: pd.Series) -> pd.Series:
    """Whole days: numbers as they are, dates as days since 1970. Raises WrongUse for others."""
    is_date = is_datetime64_any_dtype(values.dtype)
    if len(values) and not is_date and not is_numeric_dtype(values.dtype):
        numbers = pd.to_numeric(values, errors="coerce")  # numbers that came as objects, or as text
        is_date = bool((numbers.isna() & values.notna()).any())
        values = values if is_date else numbers
    if is_date:
        try:
            values = (pd.to_datetime(values, format="ISO8601") - _FIRST_DAY).dt.days
        except (ValueError, TypeError) as fault:
            raise WrongUse(
                _("Days must be whole numbers or dates, written as 2025-03-31.")
            ) from fault
    number = values.astype("Float64").astype("float64")
    if not (np.isfinite(number) & (number == np.round(number))).all():
        raise WrongUse(_("Days must be whole numbers or dates, and none may be missing."))
    return number.astype("int64")


def _between(edges: pd.DataFrame, periods: pd.DataFrame) -> pd.DataFrame:
    """The intervals between neighbouring edges of each period."""
    own = edges.join(periods, on="period")
    own = own[(own["edge"] >= own["start"]) & (own["edge"] <= own["stop"])]
    own = own.drop_duplicates(["period", "edge"]).sort_values(["period", "edge"])
    following = own.groupby("period")["edge"].shift(-1)
    made = own.assign(start=own["edge"], stop=following)[following.notna()]
    made["stop"] = made["stop"].astype("int64")
    made["days"] = made["stop"] - made["start"]
    return made.drop(columns="edge").reset_index(drop=True)


def _joined(intervals: pd.DataFrame, states: list[str]) -> pd.DataFrame:
    """Neighbours between which nothing changes after all, as one."""
    known = ["period", *states]
    changes = (intervals[known] != intervals[known].shift()).any(axis=1).cumsum()
    made = intervals.groupby(changes, sort=False).agg(
        {CHILD: "first", "start": "first", "stop": "last", "days": "sum"}
        | dict.fromkeys(states, "first")
    )
    return made.reset_index(drop=True)


def _labelled(intervals: pd.DataFrame, exposed: pd.DataFrame, about: Windows) -> pd.Series:
    """After an exposure goes before 'before' another; of two exposures the later counts."""
    pairs = intervals[[CHILD, "start"]].reset_index(names="row").merge(exposed, on=CHILD)
    pairs["label"] = about.label(pairs["start"] + 1 - pairs["day"])
    pairs = pairs[pairs["label"] != BASE]
    pairs["is_after"] = pairs["label"].str.startswith("after")
    last = pairs.sort_values(["row", "is_after", "day"]).drop_duplicates("row", keep="last")
    return last.set_index("row")["label"].reindex(intervals.index).fillna(BASE)


def _quarter_ends(children: pd.DataFrame, periods: pd.DataFrame) -> list[int]:
    if not is_datetime64_any_dtype(children["start"].dtype):
        raise WrongUse(_("Seasons need dates: days that are numbers have none."))
    first, last = (
        _FIRST_DAY + pd.Timedelta(days=int(day))
        for day in (periods["start"].min(), periods["stop"].max())
    )
    ends = pd.date_range(first, last, freq="QE")
    return [int(day) for day in (ends.normalize() - _FIRST_DAY).days]


def _refuse_crooked(periods: pd.DataFrame) -> None:
    if not len(periods):
        raise WrongUse(_("No child is observed."))
    if periods[CHILD].isna().any():
        raise WrongUse(_("Each row needs a child_key."))
    if (periods["stop"] <= periods["start"]).any():
        raise WrongUse(_("A child's observed time must stop after it starts."))
    same = periods[CHILD] == periods[CHILD].shift()
    if (same & (periods["start"] < periods["stop"].shift())).any():
        raise WrongUse(_("A child's periods overlap. Merge them."))
