"""From a file to what can be said of it, and from there into the store or back to the sender."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from evaluation.errors import WrongUse
from evaluation.language import Language, _
from evaluation.nouns import Checked, Form, Provider, Receipt, Return
from evaluation.returns import identifiers
from evaluation.returns.checking import check, rules_version
from evaluation.returns.parsing import parse
from evaluation.returns.reading import read_return
from evaluation.returns.told import Told
from evaluation.store import (
    Store,
    accept,
    earlier,
    find_store,
    open_store,
    record_attempt,
    withdraw,
    would_supersede,
)


@dataclass(frozen=True)
class Submitted:
    """A file that was sent: what was found, and its receipt; None where it was refused."""

    checked: Checked
    receipt: Receipt | None


def examine(
    path: Path,
    forms: Mapping[str, Form],
    providers: Mapping[str, Provider],
    store: Store | None,
    *,
    told: Told = Told(),  # noqa: B008 (frozen)
) -> Checked:
    """Every finding that the file gives, in one pass; nothing is written.

    `told` is said of a file without a Cover; see `read_return`. Without a store the rules that
    look at earlier returns are reported as not run. Raises BrokenFile where the file cannot be
    read at all.
    """
    return judge(read_return(path, forms, providers, told=told), forms, store)


def judge(received: Return, forms: Mapping[str, Form], store: Store | None) -> Checked:
    """Every finding that a return gives; see `examine`."""
    known = {}
    if store and received.provider and received.quarter:
        known = earlier(store, received.provider, received.quarter)
    return check(parse(received, forms), forms, known)


def submit(
    received: Return, forms: Mapping[str, Form], folder: Path, *, now: datetime
) -> Submitted:
    """Check a return and take it in, whole or not at all, into the store in `folder`.

    The first return that is accepted makes the store. That a return was refused is noted in the
    store, if there is one, and nothing of it. Raises StoreError.
    """
    checked = judge(received, forms, find_store(folder))
    if checked.acceptable:
        store, rules = open_store(folder, create=True), rules_version(forms)
        return Submitted(checked, accept(store, checked, forms, now=now, rules_version=rules))
    if known := find_store(folder):
        record_attempt(known, checked, now=now)
    return Submitted(checked, None)


def would_replace(checked: Checked, store: Store | None) -> tuple[Receipt, ...]:
    """The receipts that accepting this return would supersede; none if it was accepted before."""
    source = checked.source
    if store is None or source.provider is None or source.quarter is None:
        return ()
    named = {*checked.tables, *source.nil}
    return would_supersede(store, source.provider, source.quarter, named, source.sha256)


def take_back(store: Store, receipt: str, *, why: str, now: datetime) -> Receipt:
    """Withdraw a return, on the record; see `store.withdraw`.

    Raises WrongUse, too, if the reason would identify somebody: it is kept for good.
    """
    if identifiers.in_values([why], "free"):
        raise WrongUse(
            _(
                "The reason seems to hold something that tells who a person is. It would be kept "
                "for good: say it without."
            )
        )
    return withdraw(store, receipt, why=why, now=now)


def language_of(checked: Checked, asked_for: Language) -> Language:
    """The sender's language: the one they asked for, or that of their workbook."""
    return checked.source.language if asked_for == "en" else asked_for
