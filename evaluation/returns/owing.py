"""What each provider owes for a quarter, what has come, and what still wants a reason."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Literal

from evaluation.errors import WrongUse
from evaluation.language import _
from evaluation.nouns import Finding, Form, Provider, Snapshot
from evaluation.quarters import Quarter
from evaluation.returns.across import check_again, check_snapshot
from evaluation.returns.layout import plain, spellings
from evaluation.returns.receipting import on_the_clock
from evaluation.store import (
    Attempt,
    Explained,
    OpenFinding,
    Store,
    Submission,
    attempts,
    explanations,
    open_findings,
    submissions,
    take_snapshot,
)

Stand = Literal["not_received", "refused", "withdrawn", "nil", "accepted"]


@dataclass(frozen=True, slots=True)
class Owed:
    """One form that one provider owes for one quarter.

    `days_late` counts from the due day to the day it first came and was accepted, or to today
    while it has not; 0 where it is not late. `receipt`, `received_at` and `rows` are of the
    return in force, None where there is none; `replaced` counts those that it superseded, and
    `withdrawn` those that were taken back. `refused` counts the files that were refused;
    `refused_at` and `faults` are of the last one. `to_explain` findings wait for a reason and
    `explained` ones have it. `filled` is the share of rows in which each wanted field is filled
    in; empty where there are no rows.
    """

    provider: str
    form: str
    due_on: date
    days_late: int
    state: Stand = "not_received"
    receipt: str | None = None
    received_at: datetime | None = None
    rows: int | None = None
    nil: bool = False
    replaced: int = 0
    withdrawn: int = 0
    refused: int = 0
    refused_at: datetime | None = None
    faults: int | None = None
    to_explain: int = 0
    explained: int = 0
    filled: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class State:
    """Where a quarter stands, over all providers.

    It holds what is owed, what waits for a reason, the reasons that were given, and what does
    not agree across providers and has no reason yet. The last never holds a return up.
    """

    quarter: Quarter
    owed: tuple[Owed, ...]
    to_explain: tuple[OpenFinding, ...]
    explained: tuple[Explained, ...]
    across: tuple[Finding, ...]


def who_owes(what: str, providers: Mapping[str, Provider]) -> Provider:
    """The provider of that name or title, or whoever owes the form of that name, with it alone.

    Raises WrongUse, naming what there is.
    """
    named = spellings({name: provider.title for name, provider in providers.items()})
    if plain(what) in named:
        return providers[named[plain(what)]]
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


def due_on(quarter: Quarter, due_days: int) -> date:
    """The last day on which a quarter's return is in time, `due_days` after the quarter ends."""
    return quarter.last_day + timedelta(days=due_days)


def owing(
    providers: Mapping[str, Provider],
    quarter: Quarter,
    sent: Iterable[Submission],
    *,
    due_days: int,
    today: date,
    refused: Iterable[Attempt] = (),
) -> tuple[Owed, ...]:
    """One row per provider and form owed for the quarter, in the body's order."""
    due = due_on(quarter, due_days)
    came: dict[tuple[str, str], list[Submission]] = defaultdict(list)
    for item in sent:
        if item.quarter == quarter:
            came[item.provider, item.form].append(item)
    turned_away: dict[tuple[str, str], list[Attempt]] = defaultdict(list)
    for attempt in refused:
        # Where no form could be told, it may have been any of them.
        owner = providers.get(attempt.provider)
        for form in attempt.forms or (owner.forms if owner else ()):
            turned_away[attempt.provider, form].append(attempt)

    def one(provider: str, form: str) -> Owed:
        held = came[provider, form]
        attempts = turned_away[provider, form]
        kept = [item for item in held if not item.withdrawn]
        day = min((on_the_clock(item.received_at).date() for item in kept), default=today)
        bare = Owed(
            provider,
            form,
            due,
            days_late=max((day - due).days, 0),
            withdrawn=len(held) - len(kept),
            refused=len(attempts),
            refused_at=attempts[-1].received_at if attempts else None,
            faults=attempts[-1].faults if attempts else None,
        )
        current = next((item for item in kept if item.in_force), None)
        if current is None:
            stand: Stand = "refused" if attempts else "withdrawn" if held else "not_received"
            return replace(bare, state=stand)
        return replace(
            bare,
            state="nil" if current.nil else "accepted",
            receipt=current.receipt,
            received_at=current.received_at,
            rows=current.rows,
            nil=current.nil,
            replaced=len([item for item in kept if item.superseded_by]),
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
    across: bool = True,
) -> State:
    """Where a quarter stands in the store.

    What only shows across returns takes longest to find; without `across` nobody looks for it.
    """
    snapshot = take_snapshot(store, quarter, forms)
    to_explain, explained = open_findings(store, quarter), explanations(store, quarter)
    waiting = Counter((item.provider, item.form) for item in to_explain)
    answered = Counter((item.provider, item.form) for item in explained)
    owed = owing(
        providers,
        quarter,
        submissions(store, quarter),
        due_days=due_days,
        today=today,
        refused=attempts(store, quarter),
    )
    # A reason for what only shows across returns may have come with any of them; what was found
    # when the return came is already told.
    told = {item.finding for item in explanations(store)} | {item.id for item in to_explain}
    shows = (*check_snapshot(snapshot, forms), *check_again(snapshot, forms)) if across else ()
    return State(
        quarter,
        tuple(
            replace(
                item,
                to_explain=waiting[item.provider, item.form],
                explained=answered[item.provider, item.form],
                filled=filled(forms[item.form], item.provider, snapshot),
            )
            for item in owed
        ),
        to_explain,
        explained,
        tuple(item for item in shows if item.id not in told),
    )


def filled(form: Form, provider: str, snapshot: Snapshot) -> dict[str, float]:
    """The share of a provider's rows for the snapshot's quarter that each wanted field fills."""
    table = snapshot.tables[form.name]
    if table is None:
        return {}
    rows = table[(table["provider"] == provider) & (table["quarter"] == str(snapshot.quarter))]
    wanted = [item.name for item in form.fields if item.need == "want"]
    return {name: float(rows[name].notna().mean()) for name in wanted if len(rows)}


def by_rule(findings: Iterable[OpenFinding | Finding]) -> Counter[str]:
    """How many findings each rule has."""
    return Counter(finding.rule for finding in findings)
