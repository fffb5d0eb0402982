"""The proof of an acceptance, and what became of many files."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.markup import escape
from rich.table import Table

from evaluation.console.speaking import out, say
from evaluation.language import Language, Text, _, write
from evaluation.nouns import Checked, Form, Provider, Receipt
from evaluation.returns.batches import Handled, Outcome
from evaluation.returns.feedback import as_json
from evaluation.returns.receipting import on_the_clock, receipt_lines
from evaluation.store import Submission

OUTCOMES: Mapping[Outcome, Text] = {
    "accepted": _("Accepted"),
    "refused": _("Refused"),
    "broken": _("Could not be read"),
    "passed_over": _("Passed over"),
}


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
    for title, value in receipt_lines(receipt, forms, providers):
        table.add_row(title.to(language), escape(write(value, language)))
    out.print(table)


def show_not_in_force(receipt: Receipt, language: Language) -> None:
    """That a file sent again had been replaced since, for who meant to go back to it."""
    if receipt.superseded_by:
        say(
            _(
                "This file was accepted before, and {receipts} has replaced it: nothing has "
                "changed. To go back to it, take the newer return back: evaluation withdraw",
                receipts=list(receipt.superseded_by),
            ),
            language,
        )


def show_withdrawn(
    receipt: Receipt,
    instead: Mapping[str, Submission | None],
    forms: Mapping[str, Form],
    language: Language,
) -> None:
    """That a return was taken back, and what is in force in its place."""
    assert receipt.withdrawn_at is not None
    said = _(
        "The return with receipt {receipt} was withdrawn on {when}.",
        receipt=receipt.id,
        when=on_the_clock(receipt.withdrawn_at),
    )
    say(said, language)
    for form, held in instead.items():
        title = forms[form].title
        if held is None:
            say(_("{form}: no return is in force now.", form=title), language)
        else:
            say(
                _("{form}: the return {receipt} is in force.", form=title, receipt=held.receipt),
                language,
            )


def withdrawn_as_json(receipt: Receipt, instead: Mapping[str, Submission | None]) -> dict[str, Any]:
    """A withdrawal for a program: the receipt, and what is in force, form by form."""
    return receipt_as_json(receipt) | {
        "in_force": {form: held and held.receipt for form, held in instead.items()}
    }


def receipt_as_json(receipt: Receipt) -> dict[str, Any]:
    """A receipt for a program."""
    return asdict(receipt) | {
        "quarter": str(receipt.quarter),
        "received_at": receipt.received_at.isoformat(),
        "rows": dict(receipt.rows),
        "withdrawn_at": receipt.withdrawn_at and receipt.withdrawn_at.isoformat(),
    }


def show_batch(handled: Sequence[Handled], language: Language) -> None:
    """What became of each file, and how many there were of each kind."""
    table = Table()
    for title in (_("File"), _("Outcome"), _("What to know")):
        table.add_column(title.to(language), overflow="fold")
    for item in handled:
        table.add_row(
            escape(item.path.name),
            OUTCOMES[item.outcome].to(language),
            escape(write(_what_to_know(item), language)),
        )
    out.print(table)
    counts = Counter(item.outcome for item in handled)
    say(
        _(
            "Accepted: {accepted}. Refused: {refused}. Could not be read: {broken}.",
            accepted=counts["accepted"],
            refused=counts["refused"],
            broken=counts["broken"],
        ),
        language,
    )
    if counts["refused"]:
        say(_("For a copy of a workbook with each fault marked: evaluation check"), language)


def batch_as_json(handled: Sequence[Handled], language: Language) -> dict[str, Any]:
    """What became of each file, for a program."""
    counts = Counter(item.outcome for item in handled)
    return {
        "files": [
            {
                "file": item.path.name,
                "outcome": item.outcome,
                "faults": _faults(item.checked) if item.checked else None,
                "receipt": receipt_as_json(item.receipt) if item.receipt else None,
                "why": item.why and item.why.to(language),
                "check": as_json(item.checked, language) if item.checked else None,
            }
            for item in handled
        ],
        **{outcome: counts[outcome] for outcome in OUTCOMES},
    }


def _what_to_know(item: Handled) -> Text | list[Text]:
    if item.receipt:
        known = [_("Receipt {receipt}", receipt=item.receipt.id)]
        if item.receipt.supersedes:
            known.append(_("supersedes {receipts}", receipts=list(item.receipt.supersedes)))
        return known
    if item.checked:
        return _("Faults to mend: {n}", n=_faults(item.checked))
    return item.why or Text("")


def _faults(checked: Checked) -> int:
    return sum(finding.severity == "reject" for finding in checked.findings)
