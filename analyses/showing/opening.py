"""The newest snapshot of a store, wherever it lies."""

from __future__ import annotations

from pathlib import Path

from evaluation.errors import StoreError
from evaluation.language import _
from evaluation.nouns import Snapshot
from evaluation.store import open_store, receipts, take_snapshot
from schemas import FORMS


def newest(store: str | Path) -> Snapshot:
    """What the store believes now, for the last quarter of which anybody has sent a return.

    Raises StoreError where there is no store, and says how to come by one.
    """
    folder = Path(store).expanduser()
    if not folder.is_dir():
        raise StoreError(
            _(
                "There is no store at {folder}. `make demo` (or `evaluation demo`) makes one with "
                "invented returns; for another, change the line that begins with STORE.",
                folder=str(folder.resolve()),
            )
        )
    kept = open_store(folder)
    quarters = [receipt.quarter for receipt in receipts(kept)]
    if not quarters:
        raise StoreError(
            _("The store at {folder} holds no return yet.", folder=str(folder.resolve()))
        )
    return take_snapshot(kept, max(quarters), FORMS)
