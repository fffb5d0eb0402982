"""What has left before: each figure as it left, beside the exact counts that it was made of."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from evaluation.disclosure.knowing import COUNTS, told
from evaluation.disclosure.policy import Policy
from evaluation.disclosure.relations import Cell, Place, Relation, place_of
from evaluation.nouns import Estimate, Figure, Release

Drafts = Mapping[Place, tuple[Estimate, Figure]]
"""Each figure as it is, and as it is meant to leave, or has left."""

Counts = Mapping[Place, Mapping[str, float]]
"""The exact counts behind a release, which never leave, by the figures' places: those of `KEPT`,
as far as each has them."""

VALUES = ("value", "low", "high")
KEPT = (
    *COUNTS,
    "with_events",
    "without_events",
    "largest_child_events",
    *VALUES,
    "largest_child_rest",
)


@dataclass(frozen=True, slots=True)
class Left:
    """A public release that has left, and the exact counts behind it; None where nobody kept them."""

    release: Release
    counts: Counts | None = None

    @property
    def policy(self) -> Policy:
        """The policy that it left under."""
        known = {each.name for each in fields(Policy)}
        held = {name: each for name, each in self.release.policy.items() if name in known}
        return Policy(**held)  # type: ignore[arg-type]


def write_counts(counts: Counts) -> str:
    """The counts as a text to keep: a line of JSON for each figure."""
    lines = (json.dumps([*place, *map(held.get, KEPT)]) for place, held in counts.items())
    return "\n".join(lines)


def read_counts(text: str) -> Counts:
    """The counts of a text that `write_counts` made, now or when no values were kept."""
    found: dict[Place, dict[str, float]] = {}
    for line in text.splitlines():
        section, cohort, outcome, measure, group, days, *held = json.loads(line)
        found[section, cohort, outcome, measure, group, days] = {
            name: count for name, count in zip(KEPT, held, strict=False) if count is not None
        }
    return found


def counts_behind(estimates: Iterable[Estimate]) -> dict[Place, dict[str, float]]:
    """The exact counts and values behind figures, to be kept where the children's records are."""
    return {
        place_of(estimate): {
            name: count if name in VALUES else round(count)
            for name in KEPT
            if (count := getattr(estimate, name)) is not None
        }
        for estimate in estimates
    }  # fmt: skip


def left_of(
    earlier: Left, at: str, today: Mapping[Cell, int], relations: Iterable[Relation]
) -> Drafts:
    """The figures of a release that has left, as far as their exact counts are known.

    Where nobody kept the counts (an older version made it), a count that this release tells again
    is supposed to have been what it is now, if what was published then allows that; the other
    figures of such a release are left out.
    """
    counts = earlier.counts
    if counts is None:
        counts = _supposed(earlier, at, today, relations)
    return {
        (place := place_of(figure)): (_estimate(figure, counts[place]), figure)
        for figure in earlier.release.figures
        if place_of(figure) in counts
    }


def _supposed(
    earlier: Left, at: str, today: Mapping[Cell, int], relations: Iterable[Relation]
) -> dict[Place, dict[str, int]]:
    figures = {place_of(figure): figure for figure in earlier.release.figures}
    found: dict[Place, dict[str, int]] = {}
    for now, then in (each.cells for each in relations if each.kind == "same"):
        if then.at == at and now in today and then.place in figures:
            published = getattr(figures[then.place], then.what)
            low, high = (0, today[now])
            if published is not None:
                low, high = told(published, earlier.policy, thresholded=False)
            if low <= today[now] <= high:
                found.setdefault(then.place, {})[then.what] = today[now]
    return found


def _estimate(figure: Figure, counts: Mapping[str, float]) -> Estimate:
    """The counts of a figure that has left, in the shape in which they came."""
    return Estimate(
        figure.section, figure.measure, figure.group, figure.cohort, figure.outcome, figure.days,
        unit=figure.unit,  # type: ignore[arg-type]
        method=figure.method,
        **counts,  # type: ignore[arg-type]
    )  # fmt: skip
