"""What a contract cost per child reached and per planned closure, in one financial year."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from analyses.services.service import SERVICES, Service
from analyses.snapshots import covered, newest
from evaluation.disclosure import PUBLIC, Policy
from evaluation.errors import WrongUse
from evaluation.language import _
from evaluation.nouns import Estimate, Snapshot
from evaluation.quarters import Quarter

SECTION = "costs"
MEASURES = ("cost_per_child_reached", "cost_per_planned_closure")

_YEAR = re.compile(r"(20\d\d)/(\d\d)")


@dataclass(frozen=True, slots=True)
class Contract:
    """What a provider is paid for a financial year, written '2025/26'."""

    provider: str
    pounds: int
    year: str

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        """The quarters that it pays for. Raises WrongUse where the year is none."""
        written = _YEAR.fullmatch(self.year)
        if written is None or (int(written[1]) + 1) % 100 != int(written[2]):
            raise WrongUse(
                _(
                    "‘{year}’ is not a financial year. Write, for example, 2025/26.",
                    year=self.year[:20],
                )
            )
        return Quarter(int(written[1]), 1).to(Quarter(int(written[1]), 4))


def figures(
    snapshot: Snapshot,
    contracts: Iterable[Contract],
    *,
    services: tuple[Service, ...] = SERVICES,
    policy: Policy = PUBLIC,
) -> list[Estimate]:
    """Pounds per child, for each contract of a service; a service without a contract has none.

    Cohort '…_2025_26'. `cost_per_child_reached`: per child whose first session with the service
    was in the year; `cost_per_planned_closure`: per child with a planned ending in it. Each child
    once. A year's contract is set beside that year's children and no others: where not every
    quarter of the year is covered by returns there is no cost, nor before it is over
    ('year_not_over').

    The value is the contract's sum over the **rounded** number of children, because the sum is
    public and the exact quotient would give the exact number back. `children` is the exact
    number, for the thresholds: the release rounds it, and withholds both where it is too small.
    So the quotient of what is published is what is published.

    No interval: a known sum over a count is not an estimate. It is no price of a result: who was
    reached before the year goes on to cost money in it, the children differ, and what the same
    sum would have done elsewhere is not known.
    """
    by_name = {service.name: service for service in services}
    return [
        figure
        for contract in contracts
        if contract.provider in by_name
        for figure in _of_one(snapshot, contract, by_name[contract.provider], policy)
    ]


def _of_one(
    snapshot: Snapshot, contract: Contract, service: Service, policy: Policy
) -> list[Estimate]:
    year = contract.quarters
    cohort = service.cohort(contract.year.replace("/", "_"))
    rows = snapshot.tables.get(service.form)
    if rows is None or not set(year) <= set(covered(snapshot, service.form)):
        why_not = "year_not_over" if year[-1] > snapshot.quarter else "no_return"
        return [Estimate(SECTION, measure, cohort=cohort, why_not=why_not) for measure in MEASURES]
    referrals = newest(rows, "referral_ref")
    first, last = pd.Timestamp(year[0].first_day), pd.Timestamp(year[-1].last_day)
    reached = referrals.groupby("child_key")["first_session_on"].min().between(first, last)
    planned = referrals[
        referrals["closure_reason"].eq("planned") & referrals["closed_on"].between(first, last)
    ]
    counts = (int(reached.sum()), planned["child_key"].nunique())
    return [
        _cost(measure, cohort, contract.pounds, children, policy)
        for measure, children in zip(MEASURES, counts, strict=True)
    ]


def _cost(measure: str, cohort: str, pounds: int, children: int, policy: Policy) -> Estimate:
    rounded = policy.count(children)
    few = "too_few_children" if children else "no_events"
    return Estimate(
        SECTION,
        measure,
        cohort=cohort,
        children=children,
        value=pounds / rounded if rounded else None,
        method="pounds_per_rounded_child",
        design_level=1,
        why_not=None if rounded else few,
    )
