"""How the counts of a release hang together: what disclosure control has to reckon with.

Written once, from the figures' places: a total and its parts, stages of which each is part of the
one before, ends that exclude one another, months in their quarter, one count told twice. Each
file is about some sections; `across` is about releases that have left before.

Where one count is part of another, `nested` also protects what is between them: children who were
referred and not accepted are not told, and can be counted all the same. It is used where that
difference describes children whom somebody might know; `at_most` is used where it only comes of
how things are counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from analyses.relations import (
    across,
    annex,
    encompass,
    engagement,
    monitoring,
    re_missing,
    referrals,
    risk,
    sessions,
)
from analyses.relations.told import Told
from evaluation.disclosure import Relation, place_of
from evaluation.nouns import Estimate, Figure, Release

SECTIONS = (referrals, engagement, risk, encompass, monitoring, re_missing, sessions, annex)


def within(figures: Iterable[Estimate | Figure], at: str = "") -> list[Relation]:
    """The relations between the figures of one release; `at` is its name, '' for this one."""
    told = Told(figures, at)
    return [relation for section in SECTIONS for relation in section.relations(told)]


def relations(
    estimates: Iterable[Estimate], earlier: Mapping[str, Release], quarter: str
) -> tuple[Relation, ...]:
    """All relations of this release (of `quarter`), of earlier ones, and across them.

    The figures of earlier ones are taken in the order of this one's, so that of several figures
    that tell one count the others are related to the same one.
    """
    held = tuple(estimates)
    order = {place_of(each): number for number, each in enumerate(held)}
    return (
        *within(held),
        *(
            each
            for at, release in earlier.items()
            for each in within(
                sorted(release.figures, key=lambda figure: order.get(place_of(figure), len(order))),
                at,
            )
        ),
        *across.relations(held, earlier, quarter),
    )
