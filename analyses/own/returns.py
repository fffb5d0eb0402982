"""When returns came, what was refused, and what waits for a reason. It is told of no child."""

from __future__ import annotations

from functools import partial

from evaluation.nouns import Estimate, Provider
from evaluation.returns.owing import Owed, State, by_rule
from evaluation.returns.receipting import on_the_clock

figure = partial(Estimate, section="returns", unit="returns")
"""A fact about a return: whether, when and with what it came."""


def figures(state: State, provider: Provider) -> list[Estimate]:
    """Of each form that the provider owed for the quarter; `group` is provider/form/quarter.

    days_after_due   from the day it was due to the day that it came: below 0 is early. Of the
                     first one that was accepted; without a value where none has come
    rows             rows of the return in force; 0 for a nil return
    sent_again       returns that a later one replaced, or that were taken back
    refused          files that were refused
    to_explain       findings that wait for a reason
    explained        findings that have one
    """
    told = []
    for item in state.owed:
        if item.provider == provider.name:
            own = partial(figure, group=f"{item.provider}/{item.form}/{state.quarter}")
            late = _days_after_due(item)
            told.append(
                own(
                    measure="days_after_due",
                    value=late,
                    why_not=None if late is not None else "no_return",
                )
            )
            if item.rows is not None:
                told.append(own(measure="rows", value=float(item.rows)))
            told += [
                own(measure=measure, value=float(count))
                for measure, count in (
                    ("sent_again", item.replaced + item.withdrawn),
                    ("refused", item.refused),
                    ("to_explain", item.to_explain),
                    ("explained", item.explained),
                )
            ]
    waiting = by_rule(one for one in state.to_explain if one.provider == provider.name)
    return told + [
        figure(measure="rule_to_explain", group=f"{provider.name}/{rule}/{state.quarter}", value=float(count))
        for rule, count in sorted(waiting.items())
    ]  # fmt: skip


def across(state: State) -> list[Estimate]:
    """How often each rule finds that returns of different providers do not agree."""
    return [
        figure(measure="do_not_agree", group=rule, value=float(count))
        for rule, count in sorted(by_rule(state.across).items())
    ]


def _days_after_due(item: Owed) -> float | None:
    """`days_late` of what is late; of what is not, how many days early it came."""
    if item.received_at is None:
        return None
    if item.days_late:
        return float(item.days_late)
    return float((on_the_clock(item.received_at).date() - item.due_on).days)
