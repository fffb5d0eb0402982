"""Monitoring, not impact: the before and after that everyone asks for."""

from __future__ import annotations

from functools import partial

import pandas as pd

from analyses.by_child import events_of
from evaluation.following import windowed
from evaluation.nouns import AtRisk, Cohort, Estimate

DAYS = 90

_figure = partial(Estimate, section="monitoring", outcome="re_missing", role="monitoring")
_before_after = partial(
    _figure, measure="before_after", cohort="discussed", days=DAYS, design_level=2
)


def before_after(cohort: Cohort, at_risk: AtRisk) -> list[Estimate]:
    """Episodes per 100 days of the referred children, in the 90 days before and after.

    Calendar days on both sides, and only children whose 90 days after are on record. Children
    are referred because of the 90 days before, so that a fall is to be expected without any
    service: at most design level 2, and never a claim.
    """
    after = windowed(at_risk, cohort, days=DAYS, complete_only=True)
    after = after[after["arm"] == "referred"].merge(cohort.children, on="child_key")
    after = after[after["time_zero"] + pd.Timedelta(days=DAYS) <= after["data_end"]]
    if after.empty:
        return [_before_after(group=group, why_not="too_few_children") for group in _GROUPS]
    sides = (
        (after["episodes_90"], DAYS * len(after)),
        (after["events"], int(after["followed_days"].sum())),
    )
    return [
        _before_after(
            group=group,
            children=len(after),
            **events_of(after["child_key"], events),
            value=100 * float(events.sum()) / days,
            unmet=("regression_to_the_mean",),
        )
        for group, (events, days) in zip(_GROUPS, sides, strict=True)
    ]


_GROUPS = ("before", "after")


def no_before_after() -> list[Estimate]:
    """The same figures where the returns for them have not come."""
    return [_before_after(group=group, why_not="no_return") for group in _GROUPS]
