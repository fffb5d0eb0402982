"""Where a quarter stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from evaluation.console.speaking import out, say
from evaluation.language import Language, Text, _, write
from evaluation.nouns import Form, Provider
from evaluation.returns.faults import FAULTS
from evaluation.returns.owing import Owed, State, by_rule
from evaluation.returns.receipting import on_the_clock
from evaluation.returns.summary import FEW


def show_state(
    state: State,
    forms: Mapping[str, Form],
    providers: Mapping[str, Provider],
    language: Language,
) -> None:
    """Who owes what, what has come, how late, how complete, and what still wants a reason."""
    # Narrow enough for a terminal of 80 columns: the provider has a line of its own.
    table = Table(box=None, pad_edge=False)
    # In a narrower one the receipt is broken, rather than the form and its state left out.
    table.add_column(_("Form").to(language), overflow="fold", ratio=4, min_width=8)
    table.add_column(_("State").to(language), overflow="fold", ratio=4, min_width=8)
    table.add_column(_("Rows").to(language), justify="right", no_wrap=True)
    table.add_column(_("Receipt").to(language), overflow="fold")
    before = None
    for item in state.owed:
        if item.provider != before:
            title = providers[item.provider].title.to(language)
            table.add_row(f"[bold]{escape(title)}[/bold]")
        before = item.provider
        table.add_row(
            Padding(escape(forms[item.form].title.to(language)), (0, 0, 0, 2)),
            escape(". ".join(text.to(language) for text in _says(item))),
            "" if item.rows is None else write(item.rows, language),
            item.receipt or "",
        )
    out.print(table)
    _show_completeness(state, forms, providers, language)
    _show_reasons(state, providers, language)
    _show_waiting(state, forms, providers, language)
    if state.across:
        say(_("Across providers, to look into:"), language)
    across = Counter((item.rule, item.message.to(language)) for item in state.across)
    for (rule, says), times in across.items():
        say(_("  {rule}: {times} ({says})", rule=rule, times=times, says=says), language)


def state_as_json(state: State, language: Language) -> dict[str, Any]:
    """Where a quarter stands, for a program. `state` is a word; `says` is for people."""
    return {
        "quarter": str(state.quarter),
        "owed": [
            asdict(item)
            | {
                "due_on": item.due_on.isoformat(),
                "received_at": item.received_at and item.received_at.isoformat(),
                "refused_at": item.refused_at and item.refused_at.isoformat(),
                "says": [text.to(language) for text in _says(item)],
            }
            for item in state.owed
        ],
        "to_explain": dict(by_rule(state.to_explain)),
        "open": [
            {"id": item.id, "provider": item.provider, "form": item.form, "receipt": item.receipt}
            for item in state.to_explain
        ],
        "explanations": [asdict(item) | {"quarter": str(item.quarter)} for item in state.explained],
        "across": dict(by_rule(state.across)),
    }


def _says(item: Owed) -> Iterator[Text]:
    """What a person is told of one form: short sentences, without full stops."""
    if item.received_at:
        day = on_the_clock(item.received_at).date()
        nil = item.state == "nil"
        yield (
            _("Nil return, accepted on {day}", day=day) if nil else _("Accepted on {day}", day=day)
        )
    elif item.state == "withdrawn":
        yield _("Withdrawn, and nothing in its place")
    elif item.state == "not_received":
        yield _("Not received")
    if item.replaced:
        yield _("Returns superseded: {n}", n=item.replaced)
    if item.withdrawn and item.state != "withdrawn":
        yield _("Returns withdrawn: {n}", n=item.withdrawn)
    if item.refused_at:
        day = on_the_clock(item.refused_at).date()
        yield _("Refused on {day}, with faults: {n}", day=day, n=item.faults)
    if item.days_late:
        yield _("Days late: {n}", n=item.days_late)
    elif not item.received_at:
        yield _("Due on {day}", day=item.due_on)
    if item.to_explain:
        yield _("To explain: {n}", n=item.to_explain)


def _show_completeness(
    state: State,
    forms: Mapping[str, Form],
    providers: Mapping[str, Provider],
    language: Language,
) -> None:
    """The wanted fields that are not filled in throughout; what is complete needs no line."""
    lines = [
        _(
            "  {provider}, {form}: {fields}",
            provider=providers[item.provider].title,
            form=forms[item.form].title,
            fields=[
                _(
                    "{field} {percent}%",
                    field=forms[item.form].field(name).title,
                    # Rounded down, so that only what is complete is said to be.
                    percent=int(share * 100),
                )
                for name, share in item.filled.items()
                if share < 1
            ],
        )
        for item in state.owed
        if any(share < 1 for share in item.filled.values())
    ]
    if lines:
        say(_("Filled in, where not in every row:"), language)
    for line in lines:
        say(line, language)


def _show_reasons(state: State, providers: Mapping[str, Provider], language: Language) -> None:
    """The reasons that providers gave, for the evaluator to weigh."""
    if state.explained:
        say(_("Reasons given by providers:"), language)
    for item in state.explained:
        say(
            _(
                "  {provider}, {finding}: {reason}",
                provider=_who(item.provider, providers),
                finding=item.finding,
                reason=item.reason,
            ),
            language,
        )


def _show_waiting(
    state: State, forms: Mapping[str, Form], providers: Mapping[str, Provider], language: Language
) -> None:
    """What waits for a reason, by provider and rule, with the first few numbers."""
    words = {item.id: item.message for item in FAULTS}
    words |= {rule.id: rule.says for form in forms.values() for rule in form.rules}
    waiting: dict[tuple[str, str], list[str]] = {}
    for item in state.to_explain:
        waiting.setdefault((item.provider, item.rule), []).append(item.id)
    if waiting:
        say(_("Waiting for the provider's reason:"), language)
    for (provider, rule), numbers in waiting.items():
        said = _(
            "  {provider}, {rule}: {times} ({says}). {numbers}",
            provider=_who(provider, providers),
            rule=rule,
            times=len(numbers),
            says=words.get(rule, ""),
            numbers=", ".join(numbers[:FEW]) + (" …" if len(numbers) > FEW else ""),
        )
        say(said, language)


def _who(provider: str, providers: Mapping[str, Provider]) -> Text:
    """The provider's title; its name, where it sent returns once and owes none any more."""
    return providers[provider].title if provider in providers else Text(provider)
