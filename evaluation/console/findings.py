"""What was found in a workbook, for the person who is to mend it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.markup import escape
from rich.padding import Padding

from evaluation.console.speaking import out, say, sums
from evaluation.language import Language, _, n_
from evaluation.nouns import Checked, Form, Receipt
from evaluation.returns.feedback import SEVERITY, Given, summary
from evaluation.returns.receipting import on_the_clock

SIGNS = {"reject": "✗", "explain": "?", "note": "i"}


def show_findings(checked: Checked, forms: Mapping[str, Form], language: Language) -> None:
    """What is wrong, how often, the first few places, and how to mend it."""
    groups = summary(checked, language)
    for group in groups:
        out.print(
            f"[bold]{SIGNS[group.severity]} {escape(SEVERITY[group.severity].to(language))}:[/bold] "
            f"{escape(group.message)} [dim]{group.rule}[/dim]"
        )
        lines = [group.fix]
        if group.places:
            where = _("Where: {places} (times: {n})", places=group.places, n=group.times)
            lines.insert(0, where.to(language))
        if group.numbers:
            lines.append(
                _("Write the reason beside: {numbers}", numbers=group.numbers).to(language)
            )
        for line in lines:
            out.print(Padding(escape(line), (0, 0, 0, 4)))
    not_run: dict[str, list[str]] = {}
    for rule, reason in checked.not_run:
        not_run.setdefault(reason.to(language), []).append(rule)
    for why, rules in not_run.items():
        say(_("Not run: {rule}. {reason}", rule=", ".join(rules), reason=why), language)
    rows = {forms[name].title: len(frame) for name, frame in checked.tables.items()}
    if rows:
        say(_("Rows read: {rows}", rows=sums(rows)), language)
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


def show_given(given: Given, language: Language) -> None:
    """Where the marked copy and the page are, or why not."""
    if given.marked:
        say(_("Your workbook, with each fault marked: {file}", file=str(given.marked)), language)
    if given.why_not:
        say(given.why_not, language)
    if given.page:
        say(_("The findings as a page for a browser: {file}", file=str(given.page)), language)


def show_supersedes(receipts: Sequence[Receipt], language: Language) -> None:
    """What this return would replace."""
    for receipt in receipts:
        say(
            _(
                "A return for {quarter} was accepted on {when} (receipt {receipt}). "
                "Accepting this one supersedes it, form by form.",
                quarter=str(receipt.quarter),
                when=on_the_clock(receipt.received_at),
                receipt=receipt.id,
            ),
            language,
        )


def show_waiting(checked: Checked, language: Language) -> None:
    """What of an accepted return still wants a reason, and how to give one."""
    asked = [item.id for item in checked.findings if item.severity == "explain"]
    waiting = [number for number in dict.fromkeys(asked) if number not in checked.reasons]
    if waiting:
        say(
            _(
                "Waiting for a reason: {n}. `evaluation check` gives a copy with a line for each "
                "on the sheet Explanations; write the reasons there and send that copy.",
                n=len(waiting),
            ),
            language,
        )
