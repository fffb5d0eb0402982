"""What a new return begins with: the rows of the last one that belong in it too."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from evaluation.nouns import Form, Provider
from evaluation.quarters import Quarter
from evaluation.store import Store, earlier


def carried(
    store: Store, provider: Provider, forms: Mapping[str, Form], quarter: Quarter
) -> dict[str, pd.DataFrame]:
    """For each form that carries rows forward, those of the newest return before `quarter`.

    One row is one row of the form, as it was accepted, in the order of its key. A form of which
    nothing was accepted, or of which nothing goes on, is absent.
    Raises StoreError if a file of the store is missing or damaged.
    """
    known = earlier(store, provider.name, quarter - 1)
    rows: dict[str, pd.DataFrame] = {}
    for name in provider.forms:
        carries = forms[name].carries if name in forms else None
        if carries is not None and name in known:
            accepted = known[name]
            last = accepted[accepted["quarter"] == accepted["quarter"].max()]
            goes_on = carries(last).drop(columns="quarter")
            if not goes_on.empty:
                rows[name] = goes_on
    return rows
