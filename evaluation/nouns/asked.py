"""What is asked of the data: who is followed, for what, and what was found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

import pandas as pd

from evaluation.language import Text
from evaluation.nouns.kept import Snapshot


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a cohort's flow: how many children were left out, or kept, and why."""

    reason: str
    title: Text
    children: int


@dataclass(frozen=True)
class Cohort:
    """Children aligned at time zero.

    One row of `children` is one child: child_key, arm, time_zero (a day), followed_to (the last
    day on which the child can be observed), ended_by (why not longer), history_from, and the
    covariates known at time zero. `flow` counts every child that was left out. `data_end` is the last day
    that the returns cover.
    """

    name: str
    children: pd.DataFrame
    flow: tuple[Step, ...]
    data_end: date
    snapshot: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question about events.

    `events(snapshot)` gives one row per event: event_ref, child_key, started_on, and ended_on
    (missing while it goes on); between the two days the child is not at risk of another.
    """

    name: str
    title: Text
    phrase: Text
    better: Literal["fewer", "more"]
    grain: Literal["episode", "child"]
    windows_days: tuple[int, ...]
    events: Callable[[Snapshot], pd.DataFrame]
    needs: tuple[str, ...]


@dataclass(frozen=True)
class AtRisk:
    """Time at risk in (start, stop] rows of whole days; see `evaluation.following`.

    `changed` counts what was merged, cut or removed on the way; `away_removed` is False where no
    return of time away has come, and every figure from it is stamped so.
    """

    rows: pd.DataFrame
    changed: Mapping[str, int]
    away_removed: bool


Role: TypeAlias = Literal[
    "primary",
    "co_primary",
    "secondary",
    "sensitivity",
    "exploratory",
    "monitoring",
    "description",
]
"""What a figure is for: 'exploratory' is whatever no plan named before it was seen."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """One figure with its doubt, not yet fit to leave.

    `children` are the distinct children that the figure is about, `of` the children (or, where
    `unit` says so, records) that they are a part of; `events` are the outcome events behind it.
    `with_events` are the distinct children who had those events, where that is not all of them,
    `largest_child_events` the events of the child who had most of them, and `without_events`, of
    a part of records, the distinct children who had the other records; `largest_child_rest` those
    of the child who had most of them.
    `value` is missing where it cannot be estimated, and `why_not` says why. `low` and `high` are
    the limits of the interval at `confidence`, `se` the standard error on the scale on which it
    was made (of the logarithm, for a ratio), `p` that of a test of no difference. `design_level`
    is the Maryland scale, 1 to 5. Assumptions are named by what would break them: `met` names
    threats that were looked for and not found, `unmet` those that are there or cannot be checked.
    """

    section: str
    measure: str
    group: str = "all"
    cohort: str | None = None
    outcome: str | None = None
    days: int | None = None
    unit: Literal["children", "episodes", "records", "returns"] = "children"
    children: int | None = None
    of: int | None = None
    events: int | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    confidence: float = 0.95
    method: str = ""
    design_level: int | None = None
    unmet: tuple[str, ...] = ()
    role: Role = "description"
    why_not: str | None = None
    with_events: int | None = None
    se: float | None = None
    p: float | None = None
    met: tuple[str, ...] = ()
    largest_child_events: int | None = None
    without_events: int | None = None
    largest_child_rest: int | None = None
