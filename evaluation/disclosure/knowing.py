"""What a reader knows of a count: the two ends between which it must lie.

A reader knows the rules (threshold, rounding, what each reason means) and every published number,
but no exact one.
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
"""The count that is left of `of` without `children`."""


def counts_of(estimate: Estimate) -> dict[str, int]:
    """The exact counts behind a figure about children; of a part, what is left too."""
    if estimate.unit == "returns" or (estimate.unit == "records" and estimate.children is None):
        return {}
    held = {name: getattr(estimate, name) for name in COUNTS}
    counts = {name: round(count) for name, count in held.items() if count is not None}
    if is_part(estimate) and "children" in counts:
        counts[REST] = counts["of"] - counts["children"]
    return counts


def is_part(item: Estimate | Figure) -> bool:
    """True where `children` are some of the children in `of`."""
    return item.unit == "children" and item.of is not None


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
        if name != REST:
            by_threshold = not (name == "of" and figure.unit == "records")
            return told(getattr(figure, name), policy, thresholded=by_threshold)
        if is_curve(figure):
            return 0, top
        return (0, 0) if true == 0 else (few + 1, top)  # all of them, by definition, or enough left
    none_too = is_part(estimate) and not is_curve(figure)  # a part of none is withheld with the few
    least = 0 if none_too else 1
    if figure.withheld == "few_children" and name != REST and least <= true <= few:
        return least, few
    if figure.withheld == "complement" and name == REST and least <= true <= few:
        return least, few
    if figure.withheld in {"secondary", "earlier_release"} and name == "children":
        return few + 1, top
    if figure.withheld == "few_at_risk" and name == "children":
        return 0, policy.fewest_at_risk - 1
    return 0, top


def range_before(figure: Figure, name: str, policy: Policy, top: int) -> Range | None:
    """The same for a figure of an earlier release; None where it has no such count."""
    if figure.withheld is not None:
        passed = figure.withheld in {"secondary", "earlier_release"} and name == "children"
        return (policy.fewest_children, top) if passed else (0, top)
    number = getattr(figure, name, None)
    if number is None:
        return None
    return told(number, policy, thresholded=not (name == "of" and figure.unit == "records"))


def is_curve(item: Figure | Estimate) -> bool:
    """True of a point of a survival curve: its children are those still followed."""
    return SCALES.get(item.measure) == "curve"
