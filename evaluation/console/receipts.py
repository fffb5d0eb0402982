"""The proof of an acceptance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from rich.markup import escape
from rich.table import Table

from evaluation.console.speaking import out, sums
from evaluation.language import Language, _, write
from evaluation.nouns import Form, Provider, Receipt


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
        (_("Rows"), sums({forms[name].title: rows for name, rows in receipt.rows.items()})),
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
