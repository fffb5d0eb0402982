"""The figures of a release by their places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise

from evaluation.disclosure import Cell, Relation, nested, place_of, sums
from evaluation.nouns import Estimate, Figure

Item = Estimate | Figure


class Told:
    """Which figures there are; a count of one is `told.cell(figure, 'of')`."""

    def __init__(self, figures: Iterable[Item], at: str = "") -> None:
        self.at = at
        self.figures = tuple(figures)
        self._by_measure: dict[tuple[str, str], list[Item]] = defaultdict(list)
        for figure in self.figures:
            self._by_measure[figure.section, figure.measure].append(figure)

    def all(self, section: str, measure: str, **fields: object) -> list[Item]:
        """The figures of a measure with these fields (cohort, outcome, group, days)."""
        return [
            figure
            for figure in self._by_measure[section, measure]
            if all(getattr(figure, name) == held for name, held in fields.items())
        ]

    def one(self, section: str, measure: str, **fields: object) -> Item | None:
        """The first of them, if there is one."""
        return next(iter(self.all(section, measure, **fields)), None)

    def cell(self, figure: Item, count: str = "children") -> Cell:
        return Cell(place_of(figure), count, self.at)

    def cohorts(self, section: str, measure: str) -> list[str | None]:
        """The cohorts that a measure is told for."""
        return list(dict.fromkeys(each.cohort for each in self._by_measure[section, measure]))

    def alike(self, figures: Iterable[Item | None], count: str = "children") -> list[Relation]:
        """One count told by several figures."""
        cells = [self.cell(figure, count) for figure in figures if figure is not None]
        return [sums(cells[0], each) for each in cells[1:]]

    def chain(self, figures: Iterable[Item | None], count: str = "children") -> list[Relation]:
        """Figures of which each is part of the one before."""
        cells = [self.cell(figure, count) for figure in figures if figure is not None]
        return [nested(part, whole) for whole, part in pairwise(cells)]

    def total(
        self, whole: Item | None, parts: Iterable[Item], count: str = "children", of: str = ""
    ) -> list[Relation]:
        """The parts' counts make up the whole's (its count `of`, if that is another)."""
        own = [self.cell(part, count) for part in parts]
        return [] if whole is None or not own else [sums(self.cell(whole, of or count), *own)]
