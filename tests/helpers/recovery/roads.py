"""Two roads from one invented world to its claim: through workbooks and a store, and in memory."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import numpy as np

from analyses.cohorts import discussed
from analyses.invented.returns import Returns, invent, snapshot_of
from analyses.invented.workbooks import write_returns
from analyses.invented.world import QUARTERS, World
from analyses.outcomes import OUTCOMES
from analyses.plan import Plan, read_plan
from analyses.quarterly import estimates, levelled, monitoring, re_missing
from analyses.releasing import analyse, released
from analyses.time_away import time_away
from evaluation.estimating.power import quantiles
from evaluation.following import follow
from evaluation.nouns import Estimate, Figure, Release
from evaluation.quarters import Quarter
from evaluation.returns.checking import rules_version
from evaluation.returns.intake import examine
from evaluation.store import Store, accept
from reports.quarterly.comparison import claim
from reports.reading import read_body

BODY = "gwent"
QUARTER = QUARTERS[-1]
MADE_ON = date(2025, 4, 30)

WORLD = World(elsewhere_effect=0.7)
"""Every difficulty at once. Children are referred after a spike; each episode makes the next
fourteen times likelier for four weeks; those not referred cross over; and another service, to
which the meeting sends some of them, works as well as ours does in the demonstration."""

CLAIMED = (
    "minimum_detectable_rate_ratio",
    "episodes_per_100_child_days",
    "rate_ratio",
    "episodes_per_100_children",
)
"""What the claim and its two sentences are made from, in the plan's primary window."""


@dataclass(frozen=True)
class Found:
    """What was found in one world.

    `claim` is what the report's headline is (`Claim.kind`). value, low and high are those of the
    primary ratio before rounding, and shown_low and shown_high those that a reader sees; all are
    missing where nothing could be estimated. `detectable` is the ratio that the plan said,
    beforehand, could be seen with its power. before and after are episodes per 100 child-days of
    the referred, 90 days each.
    """

    effect: float
    seed: int
    children: int | None
    claim: str
    value: float | None
    low: float | None
    high: float | None
    shown_low: float | None
    shown_high: float | None
    detectable: float | None
    before: float | None
    after: float | None


def planned(replicates: int) -> Plan:
    """The project's plan with fewer draws; it is registered as it is."""
    return replace(read_plan(), bootstrap_replicates=replicates)


def world(effect: float, *, children: int, seed: int) -> Returns:
    """The returns of one world."""
    return invent(effect=effect, children=children, seed=seed, world=WORLD)


def take_in(returns: Returns, folder: Path) -> Store:
    """Write the returns as workbooks, read, check and accept each as its provider would send it."""
    providers, forms = read_body(BODY).providers, read_body(BODY).forms
    workbooks = write_returns(returns, folder / "returns", providers=providers)
    store, version = Store.open(folder / "store"), rules_version(forms)
    for (_, quarter), path in sorted(workbooks.returns.items(), key=lambda item: item[0][::-1]):
        sent = datetime.combine(quarter.last_day + timedelta(days=12), time(9), UTC)
        checked = examine(path, forms, providers, store)
        accept(store, checked, forms, now=sent, rules_version=version)
    return store


def by_workbooks(store: Store, plan: Plan, quarter: Quarter = QUARTER) -> Release:
    """The release of a store into which workbooks were taken."""
    return analyse(
        store,
        quarter,
        read_body(BODY).forms,
        body=BODY,
        providers=read_body(BODY).providers,
        plan=plan,
        made_on=MADE_ON,
        registered=plan,
    )


def in_memory(returns: Returns, plan: Plan, quarter: Quarter = QUARTER) -> Release:
    """The whole release of the same returns, without workbooks or store."""
    snapshot = snapshot_of(returns, quarter)
    figures = estimates(snapshot, plan, read_body(BODY).providers, registered=plan)
    return released(figures, snapshot, plan, body=BODY, made_on=MADE_ON, registered=plan)


def claimed(returns: Returns, plan: Plan) -> tuple[Release, list[Estimate]]:
    """Only the figures that the claim is made from, released; and the same before rounding."""
    snapshot = snapshot_of(returns, QUARTER)
    cohort = discussed(snapshot, plan)
    at_risk = follow(cohort, OUTCOMES[plan.outcome], snapshot, away=time_away(snapshot))
    lean = replace(plan, windows_days=(plan.window_days,), secondary_outcomes=())
    figures = monitoring.before_after(cohort, at_risk)
    figures += re_missing.figures(cohort, at_risk, snapshot, lean)
    figures = [levelled(figure) for figure in figures]
    release = released(figures, snapshot, plan, body=BODY, made_on=MADE_ON, registered=plan)
    return release, figures


def found(effect: float, *, children: int, seed: int, plan: Plan) -> Found:
    """What the report would claim of one world, by the short road."""
    release, figures = claimed(world(effect, children=children, seed=seed), plan)
    ratio = one(figures, "rate_ratio", plan.window_days)
    shown = one(release.figures, "rate_ratio", plan.window_days)
    before, after = (figure.value for figure in figures[:2])
    return Found(
        effect=effect,
        seed=seed,
        children=ratio.children,
        claim=claim(release).kind,
        value=ratio.value,
        low=ratio.low,
        high=ratio.high,
        shown_low=shown.low,
        shown_high=shown.high,
        detectable=one(figures, "minimum_detectable_rate_ratio", plan.window_days).low,
        before=before,
        after=after,
    )


def of_the_claim(release: Release, plan: Plan) -> list[Figure]:
    """The released figures that the claim is made from, and those it is weighed against."""
    return [
        figure
        for figure in release.figures
        if figure.section == "re_missing"
        and figure.cohort == "discussed"
        and figure.measure in CLAIMED
        and figure.days == plan.window_days
    ]


def one(figures, measure: str, days: int):
    """The one figure of the primary comparison that has this measure."""
    return next(
        figure
        for figure in figures
        if (figure.measure, figure.group, figure.days) == (measure, "contrast", days)
        and figure.cohort in {None, "discussed"}
    )


def standard_error(detectable, plan: Plan):
    """The standard error of the log ratio that the plan computes with, from what it printed."""
    return -np.log(detectable) / quantiles(plan.power, 1 - plan.confidence)
