"""Whose events a figure counts, so that one which is mostly about one child does not leave."""

from __future__ import annotations

from typing import Any

import pandas as pd


def events_of(children: pd.Series, events: pd.Series | None = None) -> dict[str, Any]:
    """The events of some children, as fields of a figure.

    `children` is the child of each row, `events` how many the row tells of; one, unless given.

        events                all of them
        with_events           the distinct children who had any
        largest_child_events  those of the child who had most; 0 where nobody had any
    """
    told = pd.Series(1, index=children.index) if events is None else events
    by_child = told.groupby(children.to_numpy()).sum()
    return {
        "events": int(by_child.sum()),
        "with_events": int((by_child > 0).sum()),
        "largest_child_events": int(by_child.max()) if len(by_child) else 0,
    }


def part_of_records(
    children: pd.Series, events: pd.Series, records: pd.Series | None = None
) -> dict[str, Any]:
    """The records of some children of which something is true, as fields of a share of them.

    As `events_of`; `records` is of how many records each row tells, one unless given.

        without_events        the distinct children who have any record of which it is not true
        largest_child_rest    such records of the child who has most
    """
    told = pd.Series(1, index=children.index) if records is None else records
    over = (told - events).groupby(children.to_numpy()).sum()
    return {
        **events_of(children, events),
        "without_events": int((over > 0).sum()),
        "largest_child_rest": int(over.max()) if len(over) else 0,
    }
