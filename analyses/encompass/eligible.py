"""Which incidents a share is of, and how many were left out, for which reason."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analyses.encompass.incidents import FORM, incidents
from analyses.encompass.school_days import FORM as CLOSURES
from analyses.snapshots import covered
from evaluation.language import Text, _
from evaluation.nouns import Snapshot, Step
from evaluation.quarters import Quarter

REASONS = {
    "not_due": _("Not due to be notified"),
    "authority": _("Home educated: sent to the authority, and no school opens"),
    "no_school": _("No school known"),
    "unknown_calendar": _("The school’s closures are not known"),
    "not_open_yet": _("The school had not opened again when the returns end"),
    "judged": _("Due before a known school day"),
}
"""The states of `incidents`, in the order of the flow."""


@dataclass(frozen=True, slots=True)
class Rows(Step):
    """A step in which a child may stand several times: `rows` counts each child at each incident.

    `most` are those of the child who has most.
    """

    rows: int = 0
    most: int = 0


@dataclass(frozen=True)
class Eligible:
    """The incidents of some quarters, and how they came to be those.

    One row of `due` is one child at one incident of which somebody ought to have been told (see
    `incidents`); `judged` are those of them for which the clock of the school can be read. `flow`
    counts all rows told of, then those left out, each once and for the first reason that holds,
    then those judged. `whole` says whether every return of incidents and closures of the
    quarters has come, `closures_came` whether any of closures ever has.
    """

    due: pd.DataFrame
    flow: tuple[Rows, ...]
    quarters: tuple[Quarter, ...]
    whole: bool
    closures_came: bool
    snapshot: str

    @property
    def judged(self) -> pd.DataFrame:
        return self.due[self.due["state"] == "judged"]


def eligible(
    snapshot: Snapshot, quarters: tuple[Quarter, ...], *, rows: pd.DataFrame | None = None
) -> Eligible:
    """The incidents that happened in the quarters, and the flow to those that can be judged.

    The denominator is what was due, never what was sent. `rows` are the `incidents` of the
    snapshot, where they have been made already (with another hour, say).

    Raises MissingTable if no return of incidents has ever come.
    """
    every = incidents(snapshot) if rows is None else rows
    first, last = pd.Timestamp(quarters[0].first_day), pd.Timestamp(quarters[-1].last_day)
    told = every[every["on"].between(first, last)]
    steps = {reason: told[told["state"] == reason] for reason in REASONS}
    return Eligible(
        due=told[told["state"] != "not_due"],
        flow=(
            _step("told", _("Children at incidents that were told of"), told),
            *(_step(reason, REASONS[reason], own) for reason, own in steps.items()),
        ),
        quarters=quarters,
        whole=all(set(quarters) <= set(covered(snapshot, form)) for form in (FORM, CLOSURES)),
        closures_came=snapshot.tables.get(CLOSURES) is not None,
        snapshot=snapshot.id,
    )


def _step(reason: str, title: Text, rows: pd.DataFrame) -> Rows:
    by_child = rows["child_key"].value_counts()
    most = int(by_child.max()) if len(by_child) else 0
    return Rows(reason, title, len(by_child), len(rows), most)
