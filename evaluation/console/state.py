"""Where a quarter stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from rich.markup import escape
from rich.table import Table

from evaluation.console.speaking import out, say
from evaluation.language import Language, Text, _, write
from evaluation.nouns import Form, Provider
from evaluation.returns.owing import Owed, State, by_rule


def show_state(
    state: State,
    forms: Mapping[str, Form],
    providers: Mapping[str, Provider],
    language: Language,
) -> None:
    """Who owes what, what has come, how late, and what still wants a reason."""
    table = Table()
    for title in (_("Provider"), _("Form"), _("State"), _("Rows"), _("Receipt")):
        table.add_column(title.to(language), overflow="fold")
    for item in state.owed:
        table.add_row(
            escape(providers[item.provider].title.to(language)),
            escape(forms[item.form].title.to(language)),
            escape(_state(item).to(language)),
            "" if item.rows is None else write(item.rows, language),
            item.receipt or "",
        )
    out.print(table)
    for title, findings in (
        (_("Waiting for the provider's reason:"), state.to_explain),
        (_("Across providers, to look into:"), state.across),
    ):
        if findings:
            say(title, language)
        for rule, times in by_rule(findings).items():
            says = next(
                (r.says for form in forms.values() for r in form.rules if r.id == rule), None
            )
            say(_("  {rule}: {times} ({says})", rule=rule, times=times, says=says or ""), language)


def state_as_json(state: State, language: Language) -> dict[str, Any]:
    """Where a quarter stands, for a program."""
    return {
        "quarter": str(state.quarter),
        "owed": [
            asdict(item)
            | {
                "due_on": item.due_on.isoformat(),
                "received_at": item.received_at and item.received_at.isoformat(),
                "state": _state(item).to(language),
            }
            for item in state.owed
        ],
        "to_explain": dict(by_rule(state.to_explain)),
        "across": dict(by_rule(state.across)),
    }


def _state(item: Owed) -> Text:
    if item.received_at is None:
        if item.days_late:
            return _("Not received. Days late: {days}", days=item.days_late)
        return _("Not received. Due on {day}", day=item.due_on)
    if item.nil:
        return _("Nil return, accepted on {day}", day=item.received_at.date())
    if item.days_late:
        return _(
            "Accepted on {day}. Days late: {days}",
            day=item.received_at.date(),
            days=item.days_late,
        )
    return _("Accepted on {day}", day=item.received_at.date())
