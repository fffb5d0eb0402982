"""From a file to what can be said of it: read, parse, check against what was accepted before."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from evaluation.nouns import Checked, Form, Provider, Receipt
from evaluation.returns.checking import check
from evaluation.returns.parsing import parse
from evaluation.returns.reading import read_return
from evaluation.store import Store, earlier, would_supersede


def examine(
    path: Path,
    forms: Mapping[str, Form],
    providers: Mapping[str, Provider],
    store: Store | None,
) -> Checked:
    """Every finding that the file gives, in one pass; nothing is written.

    Without a store the rules that look at earlier returns are reported as not run. Raises
    BrokenFile where the file cannot be read as a workbook at all.
    """
    received = read_return(path, forms, providers)
    known = {}
    if store and received.provider and received.quarter:
        known = earlier(store, received.provider, received.quarter)
    return check(parse(received, forms), forms, known)


def would_replace(checked: Checked, store: Store | None) -> tuple[Receipt, ...]:
    """The receipts that accepting this return would supersede; none if it was accepted before."""
    source = checked.source
    if store is None or source.provider is None or source.quarter is None:
        return ()
    named = {*checked.tables, *source.nil}
    return would_supersede(store, source.provider, source.quarter, named, source.sha256)
