"""One count told in two releases: of the same quarter again, or of a month or quarter that is past."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from evaluation.disclosure import Cell, Relation, place_of, same
from evaluation.nouns import Estimate, Release

_PERIOD = re.compile(r"\d{4}(-\d\d|Q[1-4])(/.*)?")
"""A group that names its month or quarter: the same count in whichever release it stands."""

COUNTS = ("children", "of", "events")


def relations(
    estimates: Iterable[Estimate], earlier: Mapping[str, Release], quarter: str
) -> list[Relation]:
    """What this release, of `quarter`, tells again.

    Every count of an earlier release of the same quarter, which a revision may have changed; and
    of a release of another quarter those of months and quarters by themselves. All others are of
    a time of their own (the twelve months up to the quarter), or of children who become more.
    """
    found: list[Relation] = []
    held = tuple(estimates)
    for at, release in earlier.items():
        again = str(release.quarter) == quarter
        places = {place_of(figure) for figure in release.figures}
        for estimate in held:
            place = place_of(estimate)
            if place in places and (again or _PERIOD.fullmatch(estimate.group)):
                found += [
                    same(Cell(place, count), Cell(place, count, at))
                    for count in COUNTS
                    if getattr(estimate, count) is not None
                ]
    return found
