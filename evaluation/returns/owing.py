"""What each provider owes for a quarter, what has come, and what still wants a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from evaluation.errors import WrongUse
from evaluation.language import _
from evaluation.nouns import Finding, Form, Provider
from evaluation.quarters import Quarter
from evaluation.returns.checking import check_snapshot
from evaluation.store import (
    OpenFinding,
    Store,
    Submission,
    open_findings,
    submissions,
    take_snapshot,
)


@dataclass(frozen=True, slots=True)
class Owed:
    """One form that one provider owes for one quarter.

    `receipt` and what follows are None while nothing has been accepted. `days_late` counts from
    the due day to the day it came, or to today while it has not; 0 where it is not late.
    `replaced` counts the earlier returns that the one in force superseded.
    """

    provider: str
    form: str
    due_on: date
    days_late: int
    receipt: str | None = None
    received_at: datetime | None = None
    rows: int | None = None
    nil: bool = False
    replaced: int = 0


@dataclass(frozen=True, slots=True)
class State:
    """Where a quarter stands: what is owed, what waits for a reason, and what does not agree
    across providers. The last never holds a return up."""

    quarter: Quarter
    owed: tuple[Owed, ...]
    to_explain: tuple[OpenFinding, ...]
    across: tuple[Finding, ...]


def who_owes(what: str, providers: Mapping[str, Provider]) -> Provider:
    """The provider of that name, or whoever owes the form of that name, with that form alone.

    Raises WrongUse, naming what there is.
    """
    if what in providers:
        return providers[what]
    for provider in providers.values():
        if what in provider.forms:
            return replace(provider, forms=(what,))
    owed = [form for provider in providers.values() for form in provider.forms]
    raise WrongUse(
        _(
            "There is no provider or form ‘{what}’. Providers: {providers}. Forms: {forms}.",
            what=what[:40],
            providers=list(providers),
            forms=list(dict.fromkeys(owed)),
        )
    )


def owing(
    providers: Mapping[str, Provider],
    quarter: Quarter,
    sent: Iterable[Submission],
    *,
    due_days: int,
    today: date,
) -> tuple[Owed, ...]:
    """One row per provider and form owed for the quarter, in the body's order."""
    due_on = quarter.last_day + timedelta(days=due_days)
    current = {(s.provider, s.form): s for s in sent if s.quarter == quarter and s.in_force}

    def one(provider: str, form: str) -> Owed:
        came = current.get((provider, form))
        day = came.received_at.date() if came else today
        bare = Owed(provider, form, due_on, days_late=max((day - due_on).days, 0))
        if came is None:
            return bare
        return replace(
            bare,
            receipt=came.receipt,
            received_at=came.received_at,
            rows=came.rows,
            nil=came.nil,
            replaced=came.revision - 1,
        )

    return tuple(
        one(provider.name, form) for provider in providers.values() for form in provider.forms
    )


def read_state(
    store: Store,
    quarter: Quarter,
    forms: Mapping[str, Form],
    providers: Mapping[str, Provider],
    *,
    due_days: int,
    today: date,
) -> State:
    """Where a quarter stands in the store."""
    return State(
        quarter,
        owing(providers, quarter, submissions(store, quarter), due_days=due_days, today=today),
        open_findings(store, quarter),
        check_snapshot(take_snapshot(store, quarter, forms), forms),
    )


def by_rule(findings: Iterable[OpenFinding | Finding]) -> Counter[str]:
    """How many findings each rule has."""
    return Counter(finding.rule for finding in findings)
