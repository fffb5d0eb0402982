"""One count told in two releases: of the same quarter again, or of a month or quarter that is past."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from evaluation.disclosure import Cell, Place, Relation, place_of, same
from evaluation.nouns import Estimate, Figure, Release

_PERIOD = re.compile(r"\d{4}(-\d\d|Q[1-4])(/.*)?")
"""A group that names its month or quarter: the same count in whichever release it stands."""

COUNTS = ("children", "of", "events")


def relations(
    estimates: Iterable[Estimate], earlier: Mapping[str, Release], quarter: str
) -> list[Relation]:
    """What this release, of `quarter`, and those before it tell again.

    Every count of a release of the same quarter, which a revision may have changed; and of a
    release of another quarter those of months and quarters by themselves. All others are of a
    time of their own (the twelve months up to the quarter), or of children who become more.
    """
    found: list[Relation] = []
    told: defaultdict[tuple[Place, str, str], list[Cell]] = defaultdict(list)
    releases: list[tuple[str, str, Iterable[Estimate | Figure]]] = [
        *((at, str(release.quarter), release.figures) for at, release in earlier.items()),
        ("", quarter, estimates),
    ]
    for at, when, figures in releases:
        for figure in figures:
            place = place_of(figure)
            of = "" if _PERIOD.fullmatch(figure.group) else when
            for count in COUNTS:
                before = told[place, count, of]
                cell = Cell(place, count, at)
                found += [same(cell, each) for each in before]
                before.append(cell)
    return found
