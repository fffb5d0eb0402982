"""Where a report's sources leave the subset: lines, faults, and the error that lists them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce

from evaluation.errors import RenderError
from evaluation.language import Text, _


@dataclass(frozen=True, slots=True)
class Line:
    """One line of Markdown and where it stands.

    Where a section returned it, `section` is that function, `number` the line that calls it and
    `within` the line of what it returned.
    """

    file: str
    number: int
    text: str
    section: str = ""
    within: int = 0

    @property
    def place(self) -> Text:
        if self.section:
            return _(
                "{file}, line {number}, line {within} of what {section} returns",
                file=self.file,
                number=str(self.number),
                within=str(self.within),
                section=self.section,
            )
        return _("{file}, line {number}", file=self.file, number=str(self.number))


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing outside the subset, and its line."""

    at: Line
    says: Text

    @property
    def text(self) -> Text:
        return _("{place}: {fault}", place=self.at.place, fault=self.says)


@dataclass
class Linted:
    """What a linter saw: faults, the labels that are defined, the references that are made."""

    faults: list[Fault] = field(default_factory=list)
    labels: list[tuple[str, Line]] = field(default_factory=list)
    references: list[tuple[str, Line]] = field(default_factory=list)

    def fault(self, at: Line, says: Text) -> None:
        self.faults.append(Fault(at, says))


def across(parts: Iterable[Linted]) -> list[Fault]:
    """Faults that only the whole document shows: labels given twice, references to nothing."""
    parts = list(parts)
    labels: dict[str, Line] = {}
    faults = []
    for label, at in (pair for part in parts for pair in part.labels):
        if label in labels:
            first = labels[label].place
            says = _("The label {label} is already given in {place}.", label=label, place=first)
            faults.append(Fault(at, says))
        labels.setdefault(label, at)
    for label, at in (pair for part in parts for pair in part.references):
        if label not in labels:
            says = _("There is no figure or table {label} to refer to.", label=label)
            faults.append(Fault(at, says))
    return faults


def under_each_other(texts: Iterable[Text]) -> Text:
    """Texts as lines of one text."""
    return reduce(lambda above, below: _("{above}\n{below}", above=above, below=below), texts)


def refuse(faults: Iterable[Fault]) -> None:
    """Raise RenderError with a line for each fault, if there are any."""
    listed = sorted(faults, key=lambda fault: (fault.at.file, fault.at.number, fault.at.within))
    texts = list(dict.fromkeys(fault.text for fault in listed))
    if texts:
        raise RenderError(
            _(
                "The report is outside the written subset of Quarto; nothing was published.\n{faults}",
                faults=under_each_other(texts),
            )
        )
