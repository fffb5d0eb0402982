"""What a reader knows of a count: the two ends between which it must lie.

A reader knows the rules (threshold, rounding, what each reason means) and every published number,
but no exact one. Of a figure withheld for what others give away nothing at all is known: such a
reason may also stand for that of a count below the threshold, where that reason would tell of
another count that it is smaller still.
"""

from __future__ import annotations

from math import ceil
from typing import TypeAlias

from evaluation.disclosure.policy import SCALES, Policy
from evaluation.nouns import Estimate, Figure

Range: TypeAlias = tuple[int, int]
"""The least and the greatest that a count can be."""

COUNTS = ("children", "of", "events")
REST = "rest"
"""The count that is left of `of` without the part."""


def counts_of(estimate: Estimate) -> dict[str, int]:
    """The exact counts behind a figure about children; of a part, what is left too."""
    if estimate.unit == "returns" or is_of_no_child(estimate):
        return {}
    held = {name: getattr(estimate, name) for name in COUNTS}
    counts = {name: round(count) for name, count in held.items() if count is not None}
    part = part_of(estimate)
    if part in counts:
        counts[REST] = counts["of"] - counts[part]
    return counts


def rest_of_records(estimate: Estimate) -> int | None:
    """The records that are left of all without those of which a share tells."""
    if estimate.unit != "records" or estimate.of is None or estimate.events is None:
        return None
    return estimate.of - estimate.events


def is_of_no_child(estimate: Estimate) -> bool:
    """True of records that are not children's, such as sessions held: no `children` and no `events`.

    Heads counted are `events` without `children`: so many of them may be as many children.
    """
    return estimate.unit == "records" and estimate.children is None and estimate.events is None


def part_of(item: Estimate | Figure) -> str | None:
    """Which count is a part of `of`: the children, or of records the events.

    None of a curve, and of how well records are filled in, which is told openly (see `grids`).
    """
    if item.of is None or is_curve(item):
        return None
    if item.unit == "children":
        return "children"
    is_of_known = item.unit == "records" and item.children is not None
    is_share_of_events = is_of_known and SCALES.get(item.measure) != "filled"
    return "events" if is_share_of_events else None


def told(number: int, policy: Policy, *, thresholded: bool = True) -> Range:
    """What a rounded number tells. A count below the threshold never leaves, but for none at all."""
    low, high = ceil(number - policy.base / 2), ceil(number + policy.base / 2) - 1
    if not thresholded:
        return max(low, 0), high
    return (0, 0) if number == 0 else (max(low, policy.fewest_children), high)


def range_of(figure: Figure, estimate: Estimate, name: str, policy: Policy, top: int) -> Range:
    """The ends of one count of a figure of this release, for a reader who knows why it is withheld."""
    true = counts_of(estimate)[name]
    few = policy.fewest_children - 1
    if figure.withheld is None:
        if name == REST:  # all of them, by definition, or enough left
            return (0, 0) if true == 0 else (few + 1, top)
        known = _published(figure, name, policy)
        return (0, top) if known is None else known  # an open share does not tell its events
    least = 0 if part_of(estimate) else 1  # a part of none is withheld with those of a few
    small = least <= true <= few
    if small and figure.withheld == "complement" and name == REST:
        return least, few
    if small and figure.withheld == "few_children" and name != REST:
        return (least if name == part_of(estimate) else 1), few
    if figure.withheld == "few_at_risk" and name == "children":
        return 0, policy.fewest_at_risk - 1
    return 0, top


def range_before(figure: Figure, name: str, policy: Policy, top: int) -> Range | None:
    """The same for a figure of an earlier release; None where it has no such count."""
    if figure.withheld is not None:
        return 0, top
    return _published(figure, name, policy) if name in COUNTS else None


def is_curve(item: Figure | Estimate) -> bool:
    """True of a point of a survival curve: its children are those still followed."""
    return SCALES.get(item.measure) == "curve"


def _published(figure: Figure, name: str, policy: Policy) -> Range | None:
    number = getattr(figure, name)
    if number is None:
        return None
    of_records = figure.unit == "records" and (
        name == "of" or SCALES.get(figure.measure) == "filled"
    )
    return told(number, policy, thresholded=name == "children" or not of_records)
