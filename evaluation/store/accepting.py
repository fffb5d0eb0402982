"""A checked return goes in whole or not at all.

First the files, each synced with its folder; last the ledger, whose commit is the acceptance.
Whatever stops the machine in between leaves files that nothing mentions, and a retry that works.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from evaluation.errors import WrongUse
from evaluation.language import _
from evaluation.nouns import Checked, Form, Receipt
from evaluation.quarters import Quarter
from evaluation.store import files, shapes
from evaluation.store import ledger as tables
from evaluation.store.findings import keep_findings
from evaluation.store.opening import Store
from evaluation.store.readable import identity, unused
from evaluation.store.receipt import find_receipt, withdrawn_receipts


def accept(
    store: Store,
    checked: Checked,
    forms: Mapping[str, Form],
    *,
    now: datetime,
    rules_version: str,
) -> Receipt:
    """Keep a return for ever, and give the proof.

    The same file again gives the same receipt, unless that was withdrawn. Another file of the same provider and quarter
    supersedes, form by form. A form declared nil is kept with 0 rows: it has arrived. Findings
    of severity explain are kept without their values, and the reasons given for them. `now` must
    have a time zone.

    Raises WrongUse if the return has rejecting findings, names no provider, quarter or form, or
    was not made by `parse`; StoreError if the store cannot take it. Either way nothing was
    accepted.
    """
    provider, quarter = _sender(checked)
    if now.tzinfo is None:
        raise WrongUse(_("The time of acceptance has no time zone."))
    named = _forms(checked, forms)
    with store.reading() as ledger:
        known = find_receipt(ledger, provider, quarter, checked.source.sha256)
    if known is not None:
        return known
    kept = [_keep(store, checked, form, provider, quarter) for form in named]
    with store.writing() as ledger:
        # Somebody may have accepted the same file while these were written.
        if find_receipt(ledger, provider, quarter, checked.source.sha256) is None:
            _enter(ledger, checked, kept, now, rules_version)
        receipt = find_receipt(ledger, provider, quarter, checked.source.sha256)
        assert receipt is not None
    return receipt


def _sender(checked: Checked) -> tuple[str, Quarter]:
    source = checked.source
    if not checked.acceptable:
        raise WrongUse(
            _(
                "This return has findings that refuse it ({n}), so it cannot be accepted. "
                "Mend the workbook and check it again.",
                n=sum(finding.severity == "reject" for finding in checked.findings),
            )
        )
    if source.provider is None or source.quarter is None:
        raise WrongUse(
            _("This return does not say which provider and quarter it is of. Fill in its Cover.")
        )
    return source.provider, source.quarter


def _forms(checked: Checked, forms: Mapping[str, Form]) -> list[Form]:
    """The forms that the return holds or declares nil, in order of name."""
    names = sorted({*checked.tables, *checked.source.nil})
    if not names:
        raise WrongUse(_("This return holds no form and declares none nil: nothing to accept."))
    for name in names:
        if name not in forms:
            raise WrongUse(_("This return holds a form that is not known: {form}.", form=name))
        if name in checked.source.nil and len(checked.tables.get(name, ())):
            raise WrongUse(
                _("The Cover declares {form} nil, and its sheet has rows. Mend one.", form=name)
            )
    return [forms[name] for name in names]


def _keep(
    store: Store, checked: Checked, form: Form, provider: str, quarter: Quarter
) -> dict[str, Any]:
    """Write one form's file; what the ledger is to say of it."""
    rows = checked.tables.get(form.name)
    table = (
        shapes.empty(form)
        if rows is None or rows.empty
        else shapes.conform(rows, form, provider, quarter)
    )
    return {
        "form": form.name,
        "provider": provider,
        "quarter": str(quarter),
        "rows": table.num_rows,
        "nil": form.name in checked.source.nil,
        "form_version": form.version,
        "file": files.write(store.files, table),
    }


def _enter(
    ledger: Connection,
    checked: Checked,
    kept: list[dict[str, Any]],
    now: datetime,
    rules_version: str,
) -> None:
    """Write the acceptance into the ledger. The caller's transaction is the commit."""
    source = checked.source
    assert source.provider is not None
    assert source.quarter is not None
    sequence = tables.next_number(ledger)
    # A file that was taken back and is sent again is another submission than it was.
    before = withdrawn_receipts(ledger, source.provider, source.quarter, source.sha256)
    submission = identity(source.provider, str(source.quarter), source.sha256, *before)
    start = f"R-{source.quarter}"
    ledger.execute(
        tables.receipts.insert().values(
            sequence=sequence,
            id=unused(ledger, tables.receipts.c.id, start, submission),
            submission=submission,
            provider=source.provider,
            quarter=str(source.quarter),
            sha256=source.sha256,
            received_at=now.astimezone(UTC).isoformat(),
            rules_version=rules_version,
            template_version=source.template_version,
            history_from=source.history_from.isoformat() if source.history_from else None,
        )
    )
    held = tables.submissions.c
    for item in kept:
        revisions = select(func.coalesce(func.max(held.revision), 0)).where(
            held.provider == item["provider"],
            held.form == item["form"],
            held.quarter == item["quarter"],
        )
        revision = ledger.execute(revisions).scalar_one() + 1
        ledger.execute(
            tables.submissions.insert().values(sequence=sequence, revision=revision, **item)
        )
    keep_findings(ledger, sequence, checked)
