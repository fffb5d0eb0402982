"""From the store to the files that may leave: the public one, and the internal ones.

A quarter is looked at once (`look`); what is found then leaves as the public release (`public`),
or with all that an evaluator asks as the annex. What is one provider's own needs no such look.
"""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path

from analyses import annex as beside
from analyses import own
from analyses.claiming import Moment, claimed_before, moment, with_look
from analyses.comparing import told_before
from analyses.plan import Plan
from analyses.quarterly import Progress, estimates
from analyses.relations import relations
from analyses.services import Contract
from analyses.stamping import stamped
from evaluation.disclosure import (
    INTERNAL,
    PUBLIC,
    Left,
    Policy,
    counts_behind,
    parse_release,
    read_counts,
    release,
    write_counts,
    write_release,
)
from evaluation.errors import MissingTable
from evaluation.language import _
from evaluation.nouns import Before, DatedEvent, Estimate, Form, Provider, Release, Snapshot
from evaluation.quarters import Quarter
from evaluation.returns.owing import State, read_state
from evaluation.store import Store, earlier_releases, record_release, take_snapshot
from schemas import area_of

MADE_WITH = ("outcome-evaluation", "numpy", "pandas", "scipy", "statsmodels", "duckdb")
"""What the figures depend on, and so what a release names."""


INVENTED = "INVENTED"
"""A file of this name in a store's folder says that its children are invented; every release
from it says so too, whoever makes it and for whichever quarter."""


@dataclass(frozen=True)
class Analysed:
    """What a quarter's returns say, with nothing rounded yet: it may not leave as it is.

    `estimates` are the figures of the public release; `moment` is what the plan says of a claim;
    `earlier` are the public releases that have left before, by their ids.
    `before` is what the public release of the quarter before told, `events` are the body's.
    """

    body: str
    snapshot: Snapshot
    plan: Plan
    registered: Plan | None
    estimates: tuple[Estimate, ...]
    moment: Moment
    versions: Mapping[str, str]
    earlier: Mapping[str, Left] = field(default_factory=dict)
    before: Before | None = None
    events: tuple[DatedEvent, ...] = ()

    @property
    def leaving(self) -> list[Estimate]:
        """The figures of the public release, and those of a look where the plan has one now."""
        return with_look(self.estimates, self.plan, self.moment.look)


def analyse(
    store: Store,
    quarter: Quarter,
    forms: Mapping[str, Form],
    *,
    body: str,
    providers: Mapping[str, Provider],
    plan: Plan,
    made_on: date,
    contracts: Iterable[Contract] = (),
    events: Iterable[DatedEvent] = (),
    policy: Policy = PUBLIC,
    progress: Progress | None = None,
    registered: Plan | None = None,
) -> Release:
    """Look at a quarter, and round or withhold each figure: `look`, then `public`."""
    found = look(
        store, quarter, forms, body=body, providers=providers, plan=plan, contracts=contracts,
        events=events, progress=progress, registered=registered,
    )  # fmt: skip
    return public(found, made_on=made_on, policy=policy)


def look(
    store: Store,
    quarter: Quarter,
    forms: Mapping[str, Form],
    *,
    body: str,
    providers: Mapping[str, Provider],
    plan: Plan,
    contracts: Iterable[Contract] = (),
    events: Iterable[DatedEvent] = (),
    progress: Progress | None = None,
    registered: Plan | None = None,
) -> Analysed:
    """Take a snapshot, and make every figure of the quarter.

    `forms` are those of its area; `providers`, `contracts` and `events` are the body's.

    The plan says by which rule a claim may be made and in which quarter; with a plan that departs
    from the registered one (the project's own, unless it is given) the answers are exploratory.
    What is made from invented data says so among its versions.

    Raises MissingTable where no return of the quarter has been accepted at all.
    """
    events = tuple(events)
    snapshot = take_snapshot(store, quarter, forms, area=area_of(forms))
    if not any(arrived == quarter for _provider, _form, arrived in snapshot.arrived):
        raise MissingTable(
            _(
                "No return for {quarter} has been accepted, so there is nothing to report. "
                "See who owes one with: evaluation status {quarter}",
                quarter=str(quarter),
            )
        )
    before = claimed_before(store, body, plan) if plan.claim_rule == "by_children" else None
    return Analysed(
        body=body,
        snapshot=snapshot,
        plan=plan,
        registered=registered,
        estimates=estimates(
            snapshot, plan, providers, contracts=contracts, events=events, progress=progress,
            registered=registered,
        ),
        moment=moment(snapshot, plan, registered=registered, claimed=before),
        versions=made_with(store),
        earlier=left_before(store, body),
        before=told_before(store, body, quarter),
        events=events,
    )  # fmt: skip


def left_before(store: Store, body: str) -> dict[str, Left]:
    """The public releases of a body, by their ids, with the counts behind them; the same again is one."""
    found: dict[tuple[object, ...], tuple[str, Left]] = {}
    for released in earlier_releases(store, body):
        counts = None if released.counts is None else read_counts(released.counts)
        left = Left(parse_release(released.text), counts)
        what = left.release.quarter, left.release.figures, released.counts
        found.setdefault(what, (released.id, left))
    return dict(found.values())


def public(found: Analysed, *, made_on: date, policy: Policy = PUBLIC) -> Release:
    """The public release of what was found: each figure rounded, or withheld with a reason.

    With what has left before it, nothing withheld can be worked out (see `analyses.relations`).
    """
    held = found.leaving
    past = {at: left.release for at, left in found.earlier.items()}
    made = release(
        held,
        policy,
        body=found.body,
        quarter=found.snapshot.quarter,
        snapshot=found.snapshot.id,
        plan=found.plan.hash,
        claim_quarter=found.moment.quarter,
        claiming=found.moment.claiming,
        versions=found.versions,
        made_on=made_on,
        relations=relations(held, past, str(found.snapshot.quarter)),
        earlier=found.earlier,
    )
    return replace(made, before=found.before)


def annex(
    found: Analysed,
    state: State,
    providers: Mapping[str, Provider],
    *,
    made_on: date,
    policy: Policy = INTERNAL,
    progress: Progress | None = None,
) -> Release:
    """The evaluator's annex to what was found: the comparison again, and all that it rests on.

    `state` is where the quarter's returns stand. It is internal: exact unless `policy` has a
    threshold of its own, and never a claim by itself.
    """
    told = [one for one in found.estimates if beside.is_told_again(one)]
    told += beside.estimates(
        found.snapshot, found.plan, registered=found.registered, events=found.events,
        progress=progress,
    )  # fmt: skip
    told += own.figures_of_all(state, providers)
    # Whoever may read it may read more than the public: it is held against no public release.
    beside_it = replace(found, estimates=tuple(told), earlier={})
    return replace(public(beside_it, made_on=made_on, policy=policy), report="annex")


def own_data(
    store: Store,
    quarter: Quarter,
    forms: Mapping[str, Form],
    *,
    body: str,
    providers: Mapping[str, Provider],
    due_days: int,
    plan: Plan,
    made_on: date,
    policy: Policy = INTERNAL,
) -> dict[str, Release]:
    """Each provider's own data, given back: nothing in it comes from another's returns.

    It makes no comparison and no claim, and so needs no look at the quarter; the plan is named so
    that it is known which analyses the data went into.
    """
    snapshot = take_snapshot(store, quarter, forms)
    now, before = (
        read_state(
            store, each, forms, providers, due_days=due_days, today=made_on, across=False
        )
        for each in (quarter, quarter - 1)
    )  # fmt: skip
    versions = made_with(store)
    return {
        provider.name: release(
            own.estimates(snapshot, now, before, provider),
            policy,
            body=body,
            quarter=quarter,
            snapshot=snapshot.id,
            plan=plan.hash,
            claim_quarter=None,
            versions=versions,
            made_on=made_on,
            report="provider",
            provider=provider.name,
        )
        for provider in providers.values()
    }


def keep(
    store: Store, made: Release, place: Path, *, now: datetime, counts: str | None = None
) -> Path:
    """Write a release's file to its place, and record it in the ledger.

    `counts` are the exact ones behind a public release (`counts_of`): they are kept in the
    ledger, so that no later release undoes by comparison what this one withholds.
    """
    path = write_release(made, place)
    record_release(store, made, path, now=now, counts=counts)
    return path


def place_in(folder: Path, made: Release) -> Path:
    """Where a release's file stands in the folder of its quarter.

    The public one is `release.json`; what is internal stands in a folder of its own, so that
    nobody publishes it with the rest: `internal/annex.json`, `internal/provider-st_giles.json`.
    """
    if made.report == "quarterly":
        return folder / "release.json"
    whose = "" if made.provider is None else f"-{made.provider}"
    return folder / "internal" / f"{made.report}{whose}.json"


def counts_of(made: Release, found: Analysed | None) -> str | None:
    """The exact counts behind a public release, for the ledger; None for an internal one."""
    if made.report != "quarterly" or found is None:
        return None
    return write_counts(counts_behind(found.leaving))


def released(
    figures: Iterable[Estimate],
    snapshot: Snapshot,
    plan: Plan,
    *,
    body: str,
    made_on: date,
    policy: Policy = PUBLIC,
    registered: Plan | None = None,
    versions: Mapping[str, str] | None = None,
) -> Release:
    """Hold any figures of a snapshot to the plan, and round or withhold each.

    For figures that somebody made by hand, in a notebook or a simulation. They come through what
    a quarter's own go through: what the plan did not name is stamped exploratory, and the
    release says by which rule a claim may be made and in which quarter. With fewer figures about,
    fewer are withheld for the sake of another; nothing of this replaces the quarter's release.
    """
    found = Analysed(
        body=body,
        snapshot=snapshot,
        plan=plan,
        registered=registered,
        estimates=stamped(figures, plan, registered),
        moment=moment(snapshot, plan, registered=registered),
        versions=versions or {},
    )
    return public(found, made_on=made_on, policy=policy)


def made_with(store: Store) -> dict[str, str]:
    """The versions that a release names, and whether its store holds invented children."""
    return (
        {"python": platform.python_version()}
        | {name: version(name) for name in MADE_WITH}
        | ({"data": "invented"} if holds_invented(store) else {})
    )


def holds_invented(store: Store) -> bool:
    """True of a store whose children do not exist."""
    return (store.root / INVENTED).exists()
