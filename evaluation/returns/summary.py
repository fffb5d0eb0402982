"""What was found, a line for each kind of fault."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from evaluation.language import Language
from evaluation.nouns import Checked, Finding, Severity
from evaluation.returns.explaining import as_told
from evaluation.returns.findings_sheet import gravity

FEW = 5
"""How many of its cells a line of the summary names."""


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of fault, how many times it was found, and the first few places.

    `numbers` are those findings' numbers, beside which reasons are written, where any are asked.
    """

    rule: str
    severity: Severity
    message: str
    fix: str
    times: int
    places: str
    numbers: str = ""


def summary(checked: Checked, language: Language) -> tuple[Line, ...]:
    """One line per fault as it reads, the gravest and then the most frequent first."""
    groups: dict[tuple[str, Severity, str, str], list[Finding]] = defaultdict(list)
    for finding in as_told(checked):
        words = finding.message.to(language), finding.fix.to(language)
        groups[finding.rule, finding.severity, *words].append(finding)
    lines = [
        Line(
            *(rule, severity, message, fix, len(found)),
            _few(_places(found)),
            _few(dict.fromkeys(finding.id for finding in found)) if severity == "explain" else "",
        )
        for (rule, severity, message, fix), found in groups.items()
    ]
    return tuple(sorted(lines, key=lambda line: (*gravity(line.rule, line.severity), -line.times)))


def _places(found: Iterable[Finding]) -> Iterator[str]:
    """Each place once; one on the sheet of the place before it by its cell alone."""
    before = None
    for place in dict.fromkeys(finding.place for finding in found):
        sheet, _sign, cell = place.rpartition("!")
        yield cell if sheet and sheet == before else place
        before = sheet


def _few(words: Iterable[str]) -> str:
    named = list(words)
    return f"{', '.join(named[:FEW])}{' …' if len(named) > FEW else ''}"
