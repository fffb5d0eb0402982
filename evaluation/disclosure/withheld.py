"""What withholding cost: figures and children by rule, for the method's section and the console."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil

from evaluation.nouns import Estimate, Figure, Release

RULES: Mapping[str, str] = {
    "few_children": "primary",
    "few_at_risk": "primary",
    "small_arm": "primary",
    "dominance": "dominance",
    "complement": "complement",
    "secondary": "secondary",
    "earlier_release": "earlier_release",
}
"""The rule behind each reason that a withheld figure carries, in the order in which they apply:

    primary           too few children stand behind the figure itself
    dominance         one child had most of what it counts
    complement        what is left of its total would be too few children
    secondary         with the other figures it would give one of these away
    earlier_release   with a release that has left before it would
"""

STEP = 0.05
"""Shares of children are told in steps, upward: a finer one would tell a withheld number."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """One line: what one rule withheld. `of` are all figures about children.

    `share_of_children` is the part of all children behind figures (one who stands behind several
    counts in each) that stood behind those withheld, rounded up to the next twentieth; None where
    the release does not tell it, because it is too small for that.
    """

    rule: str
    figures: int
    of: int
    share_of_children: float | None


def withheld_by_rule(release: Release) -> tuple[Withheld, ...]:
    """A line for every rule, also for one that withheld nothing, in the order of RULES."""
    about = [figure for figure in release.figures if is_about_children(figure)]
    times = Counter(RULES[figure.withheld] for figure in about if figure.withheld)
    told = release.withheld_children
    return tuple(
        Withheld(rule, times[rule], len(about), told.get(rule) if times[rule] else 0.0)
        for rule in dict.fromkeys(RULES.values())
    )


def is_about_children(figure: Figure | Estimate) -> bool:
    """False of what says nothing of a child: whether a return has come, and what has no number."""
    return figure.unit != "returns" and (
        isinstance(figure, Estimate) or figure.withheld is not None or figure.children is not None
    )


def share_of_children(estimates: Iterable[Estimate], figures: Iterable[Figure]) -> dict[str, float]:
    """The share of children behind withheld figures, by rule, as `Withheld` tells it.

    Nothing is told of a release so small that one step is less than a child of every figure
    that a rule withheld, times the seven that it may hide.
    """
    lost: Counter[str] = Counter()
    times: Counter[str] = Counter()
    whole = 0
    for estimate, figure in zip(estimates, figures, strict=True):
        children = estimate.children or 0
        whole += children if is_about_children(figure) else 0
        if figure.withheld:
            lost[RULES[figure.withheld]] += children
            times[RULES[figure.withheld]] += 1
    return {
        rule: round(ceil(lost[rule] / whole / STEP) * STEP, 2)
        for rule in times
        if whole and STEP * whole >= 7 * times[rule]
    }
