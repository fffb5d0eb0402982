"""The receipt as a sender keeps it: a few lines of text beside the workbook."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from evaluation.errors import WrongUse
from evaluation.language import Language, Text, _, write
from evaluation.nouns import Form, Provider, Receipt
from evaluation.returns.days import CLOCK


def on_the_clock(moment: datetime) -> datetime:
    """A moment as the local clock showed it, for people."""
    return moment.astimezone(ZoneInfo(CLOCK))


def receipt_lines(
    receipt: Receipt, forms: Mapping[str, Form], providers: Mapping[str, Provider]
) -> tuple[tuple[Text, object], ...]:
    """What a receipt says, line by line: a title and its value."""
    rows = [_("{form} {n}", form=forms[name].title, n=rows) for name, rows in receipt.rows.items()]
    lines: list[tuple[Text, object]] = [
        (_("Receipt"), receipt.id),
        (_("Provider"), providers[receipt.provider].title),
        (_("Quarter"), str(receipt.quarter)),
        (_("Accepted"), on_the_clock(receipt.received_at)),
        (_("Rows"), rows),
        (_("File (SHA-256)"), receipt.sha256),
        (_("Rules"), receipt.rules_version),
        (_("Supersedes"), list(receipt.supersedes) or _("nothing")),
        (_("Superseded by"), list(receipt.superseded_by) or _("nothing")),
    ]
    if receipt.withdrawn_at:
        lines.append((_("Withdrawn"), on_the_clock(receipt.withdrawn_at)))
        lines.append((_("Why"), receipt.withdrawn_why))
    return tuple(lines)


def receipt_beside(workbook: Path, receipt: Receipt) -> Path:
    """Where the receipt of a workbook goes, unless somebody says otherwise."""
    return workbook.with_name(f"receipt {receipt.id}.txt")


def write_receipt(
    to: Path,
    receipt: Receipt,
    forms: Mapping[str, Form],
    providers: Mapping[str, Provider],
    language: Language,
) -> Path:
    """Write the receipt as text. Raises WrongUse, once the return is in, if it cannot be written."""
    lines = [
        f"{title.to(language)}: {write(value, language)}"
        for title, value in receipt_lines(receipt, forms, providers)
    ]
    keep = _(
        "Keep this. The same file sent again gets the same receipt; a corrected file supersedes it."
    )
    try:
        to.write_text("\n".join([*lines, "", keep.to(language), ""]), encoding="utf-8")
    except OSError as error:
        raise WrongUse(
            _(
                "The return was accepted (receipt {receipt}), but the receipt could not be "
                "written to {file}. Send the same file again and name another place: --receipt",
                receipt=receipt.id,
                file=str(to),
            )
        ) from error
    return to
