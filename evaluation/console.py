"""What the command line prints: sentences and tables for people, one JSON object for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from evaluation.language import Language, Text, _, n_, write
from evaluation.nouns import Checked, Form, Provider, Receipt, Release
from evaluation.returns.feedback import SEVERITY, summary
from evaluation.returns.owing import Owed, State, by_rule

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

SIGNS = {"reject": "✗", "explain": "?", "note": "i"}


def say(text: Text, language: Language) -> None:
    """Print one sentence."""
    out.print(escape(text.to(language)), soft_wrap=True)


def sorry(text: Text, language: Language, *, code: int, as_json: bool = False) -> None:
    """Why it stopped, on the error stream; as JSON on the output where a program asked."""
    if as_json:
        print_json({"error": text.to(language), "exit_code": code})
    else:
        err.print(escape(text.to(language)), style="red", soft_wrap=True)


def print_json(value: Mapping[str, Any]) -> None:
    """Print one JSON object."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def show_findings(checked: Checked, language: Language) -> None:
    """What is wrong, how often, the first few places, and how to mend it."""
    groups = summary(checked, language)
    for group in groups:
        out.print(
            f"[bold]{SIGNS[group.severity]} {escape(SEVERITY[group.severity].to(language))}:[/bold] "
            f"{escape(group.message)} [dim]{group.rule}[/dim]"
        )
        where = _("Where: {places} (times: {n})", places=group.places, n=group.times)
        for line in (where.to(language), group.fix):
            out.print(Padding(escape(line), (0, 0, 0, 4)))
    rows = {form: len(frame) for form, frame in checked.tables.items()}
    for rule, reason in checked.not_run:
        say(_("Not run: {rule}. {reason}", rule=rule, reason=reason), language)
    say(_("Rows read: {rows}", rows=_sums(rows)), language)
    if checked.acceptable:
        say(_("This workbook can be accepted."), language)
    else:
        faults = sum(f.severity == "reject" for f in checked.findings)
        say(
            n_(
                "{count} fault must be mended first.",
                "{count} faults must be mended first.",
                faults,
            ),
            language,
        )


def show_supersedes(receipts: Sequence[Receipt], language: Language) -> None:
    """What this return would replace."""
    for receipt in receipts:
        say(
            _(
                "A return for {quarter} was accepted on {when} (receipt {receipt}). "
                "Accepting this one supersedes it, form by form.",
                quarter=str(receipt.quarter),
                when=receipt.received_at,
                receipt=receipt.id,
            ),
            language,
        )


def show_receipt(
    receipt: Receipt,
    forms: Mapping[str, Form],
    providers: Mapping[str, Provider],
    language: Language,
) -> None:
    """The proof, as a sender would keep it."""
    table = Table(show_header=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    lines = (
        (_("Receipt"), receipt.id),
        (_("Provider"), providers[receipt.provider].title),
        (_("Quarter"), str(receipt.quarter)),
        (_("Accepted"), receipt.received_at),
        (_("Rows"), _sums({forms[name].title: rows for name, rows in receipt.rows.items()})),
        (_("File (SHA-256)"), receipt.sha256),
        (_("Rules"), receipt.rules_version),
        (_("Supersedes"), list(receipt.supersedes) or _("nothing")),
        (_("Superseded by"), list(receipt.superseded_by) or _("nothing")),
    )
    for title, value in lines:
        table.add_row(title.to(language), escape(write(value, language)))
    out.print(table)


def receipt_as_json(receipt: Receipt) -> dict[str, Any]:
    """A receipt for a program."""
    return asdict(receipt) | {
        "quarter": str(receipt.quarter),
        "received_at": receipt.received_at.isoformat(),
        "rows": dict(receipt.rows),
    }


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


def show_release(release: Release, path: Path, language: Language) -> None:
    """How much may leave, and where it is."""
    withheld = sum(figure.withheld is not None for figure in release.figures)
    say(
        _(
            "Figures released: {shown}. Withheld: {withheld}.",
            shown=len(release.figures) - withheld,
            withheld=withheld,
        ),
        language,
    )
    say(_("Written: {file}", file=str(path)), language)


@contextmanager
def progress(
    language: Language, *, quiet: bool = False
) -> Iterator[Callable[[Text], Callable[[int, int], None]]]:
    """Bars on the error stream: `step(title)` begins one and gives its `update(done, of)`."""
    bars = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
        console=err,
        disable=quiet,
    )
    with bars:

        def step(title: Text) -> Callable[[int, int], None]:
            task = bars.add_task(escape(title.to(language)), total=None)

            def update(done: int, of: int) -> None:
                bars.update(task, completed=done, total=of)

            return update

        yield step


def _sums(rows: Mapping[Any, int]) -> list[Text]:
    return [_("{form} {n}", form=form, n=n) for form, n in rows.items()]
