"""From the store to the one file that may leave."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping
from datetime import date
from importlib.metadata import version

from analyses.claiming import claimed_before, moment, with_look
from analyses.plan import Plan
from analyses.quarterly import Progress, estimates
from analyses.stamping import stamped
from evaluation.disclosure import PUBLIC, Policy, release
from evaluation.errors import MissingTable
from evaluation.language import _
from evaluation.nouns import Estimate, Form, Provider, Release, Snapshot
from evaluation.quarters import Quarter
from evaluation.store import Store, take_snapshot

MADE_WITH = ("outcome-evaluation", "numpy", "pandas", "scipy", "statsmodels", "duckdb")
"""What the figures depend on, and so what a release names."""


INVENTED = "INVENTED"
"""A file of this name in a store's folder says that its children are invented; every release
from it says so too, whoever makes it and for whichever quarter."""


def analyse(
    store: Store,
    quarter: Quarter,
    forms: Mapping[str, Form],
    *,
    body: str,
    providers: Mapping[str, Provider],
    plan: Plan,
    made_on: date,
    policy: Policy = PUBLIC,
    progress: Progress | None = None,
    registered: Plan | None = None,
) -> Release:
    """Take a snapshot, make every figure of the quarter, and round or withhold each.

    The release says by which rule a claim may be made and in which quarter, and bears the plan's
    hash; with a plan that departs from the registered one (the project's own, unless it is
    given) its answers are exploratory. A release from invented data says so among its versions.

    Raises MissingTable where no return of the quarter has been accepted at all.
    """
    snapshot = take_snapshot(store, quarter, forms)
    if not any(arrived == quarter for _provider, _form, arrived in snapshot.arrived):
        raise MissingTable(
            _(
                "No return for {quarter} has been accepted, so there is nothing to report. "
                "See who owes one with: evaluation status {quarter}",
                quarter=str(quarter),
            )
        )
    before = claimed_before(store, body, plan) if plan.claim_rule == "by_children" else None
    when = moment(snapshot, plan, registered=registered, claimed=before)
    figures = estimates(snapshot, plan, providers, progress=progress, registered=registered)
    return release(
        with_look(figures, plan, when.look),
        policy,
        body=body,
        quarter=quarter,
        snapshot=snapshot.id,
        plan=plan.hash,
        claim_quarter=when.quarter,
        claiming=when.claiming,
        versions={"python": platform.python_version()}
        | {name: version(name) for name in MADE_WITH}
        | ({"data": "invented"} if (store.root / INVENTED).exists() else {}),
        made_on=made_on,
    )


def released(
    figures: Iterable[Estimate],
    snapshot: Snapshot,
    plan: Plan,
    *,
    body: str,
    made_on: date,
    policy: Policy = PUBLIC,
    registered: Plan | None = None,
) -> Release:
    """Hold any figures of a snapshot to the plan, and round or withhold each.

    For figures that somebody made by hand, in a notebook or a simulation. They come through what
    a quarter's own go through: what the plan did not name is stamped exploratory, and the
    release says by which rule a claim may be made and in which quarter. With fewer figures about
    less can be withheld for the sake of another; nothing of this replaces the quarter's release.
    """
    when = moment(snapshot, plan, registered=registered)
    return release(
        with_look(stamped(figures, plan, registered), plan, when.look),
        policy,
        body=body,
        quarter=snapshot.quarter,
        snapshot=snapshot.id,
        plan=plan.hash,
        claim_quarter=when.quarter,
        claiming=when.claiming,
        versions={"python": platform.python_version()}
        | {name: version(name) for name in MADE_WITH},
        made_on=made_on,
    )
