"""How many children stand behind a figure, where the figure itself does not say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from evaluation.disclosure.policy import SCALES, Policy
from evaluation.nouns import Estimate

CONTRAST = "contrast"
"""The group of a figure that compares the arms of its cohort."""

Place = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class Arms:
    """The sizes of the arms of each cohort, and the comparisons that have a small side.

    `sizes`: (section, cohort) -> group -> children, from the measure 'children' or, without it,
    from those at risk when a survival curve begins. `thin`: (section, cohort, outcome, days)
    where an arm's own figure comes from too few children.
    """

    sizes: Mapping[Place, Mapping[str, int]]
    thin: frozenset[tuple[str, str | None, str | None, int | None]]
    policy: Policy

    @classmethod
    def of(cls, estimates: Iterable[Estimate], policy: Policy) -> Arms:
        held = [item for item in estimates if item.group != CONTRAST and item.unit != "returns"]
        sizes: dict[Place, dict[str, int]] = {}
        for item in sorted(held, key=lambda item: item.measure == "children"):
            place = sizes.setdefault((item.section, item.cohort), {})
            if item.measure == "children" and item.children is not None:
                place[item.group] = item.children
            elif SCALES.get(item.measure) == "curve":
                place[item.group] = max(place.get(item.group, 0), item.children or 0)
        thin = {
            (item.section, item.cohort, item.outcome, item.days)
            for item in held
            if item.group in sizes[item.section, item.cohort]
            and SCALES.get(item.measure, "curve") != "curve"
            and any(map(policy.few, (item.children, item.events, item.with_events)))
        }
        return cls(sizes, frozenset(thin), policy)

    def base(self, estimate: Estimate) -> int | None:
        """The distinct children that a value is about; of a comparison, those of its smaller arm.

        A curve's own `children` are those still at risk, so its base is its arm.
        """
        arms = self.sizes.get((estimate.section, estimate.cohort), {})
        if estimate.group == CONTRAST:
            return min(arms.values(), default=estimate.children)
        if SCALES.get(estimate.measure) == "curve":
            return arms.get(estimate.group)
        if estimate.unit == "children" and estimate.of is not None:
            return estimate.of
        return arms.get(estimate.group) if estimate.children is None else estimate.children

    def small(self, contrast: Estimate) -> bool:
        """True where one side of a comparison has too few children, or events of too few."""
        arms = self.sizes.get((contrast.section, contrast.cohort), {})
        place = (contrast.section, contrast.cohort, contrast.outcome, contrast.days)
        return place in self.thin or any(map(self.policy.few, arms.values()))
