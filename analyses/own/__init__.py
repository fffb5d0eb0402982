"""A provider's own data, given back to it: what came, how full it is, and its caseload.

    returns    when its returns came, against the day they were due; what waits for a reason
    records    how many rows and children each form has, and how full each wanted field is
    service    caseload and waiting times, where the provider runs a service

Everything is computed from that provider's own returns, so that it holds nothing of another's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from analyses.own import records, returns
from analyses.services import SERVICES, caseload, funnel, waiting
from evaluation.nouns import Estimate, Provider, Snapshot
from evaluation.returns.owing import State


def own_snapshot(snapshot: Snapshot, provider: Provider) -> Snapshot:
    """The snapshot with that provider's rows and arrivals alone: it knows of nobody else's.

    A form that the provider does not owe is there for nobody (None), and so is one of which it
    has never sent anything.
    """
    arrived = frozenset(
        one for one in snapshot.arrived if one[0] == provider.name and one[1] in provider.forms
    )
    sent = {form for _provider, form, _quarter in arrived}
    return replace(
        snapshot,
        tables={
            form: rows[rows["provider"] == provider.name].reset_index(drop=True)
            if form in sent and rows is not None
            else None
            for form, rows in snapshot.tables.items()
        },
        arrived=arrived,
    )


def estimates(
    snapshot: Snapshot, state: State, before: State, provider: Provider
) -> tuple[Estimate, ...]:
    """All that a provider is told of its own data; `before` is the state of the quarter before.

    A provider that runs a service (its name is the service's) has the figures of its caseload and
    of waiting besides.
    """
    own = own_snapshot(snapshot, provider)
    told = returns.figures(state, provider) + returns.figures(before, provider)
    told += records.figures(own, provider)
    for service in SERVICES:
        if service.name == provider.name:
            told += funnel.so_far(own, service) + funnel.now(own, service)
            told += caseload.figures(own, service) + waiting.figures(own, service)
    return tuple(told)


def figures_of_all(state: State, providers: Mapping[str, Provider]) -> list[Estimate]:
    """What every provider owed and sent for a quarter, and what does not agree across providers."""
    told = [one for provider in providers.values() for one in returns.figures(state, provider)]
    return told + returns.across(state)
