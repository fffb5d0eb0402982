"""What the sender gets back: findings in words, grouped for a screen, as data for a program.

Never a cell's value: a finding says where, not what.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from evaluation.language import Language
from evaluation.nouns import Checked, Finding, Severity
from evaluation.returns.annotating import annotate as annotate
from evaluation.returns.explaining import as_told
from evaluation.returns.findings_sheet import SEVERITY as SEVERITY

_ORDER: tuple[Severity, ...] = tuple(SEVERITY)

_MARKED = "-findings"

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
            _few(finding.place for finding in found),
            _few(finding.id for finding in found) if severity == "explain" else "",
        )
        for (rule, severity, message, fix), found in groups.items()
    ]
    return tuple(sorted(lines, key=lambda line: (_ORDER.index(line.severity), -line.times)))


def _few(words: Iterable[str]) -> str:
    named = list(dict.fromkeys(words))
    return f"{', '.join(named[:FEW])}{' …' if len(named) > FEW else ''}"


def as_json(checked: Checked, language: Language) -> dict[str, object]:
    """The check as one JSON object for a program; an explain finding has its number, too."""
    return {
        "accepted": checked.acceptable,
        "findings": [_as_dict(finding, checked, language) for finding in checked.findings],
        "not_run": [{"rule": rule, "why": why.to(language)} for rule, why in checked.not_run],
    }


def copy_of(path: Path) -> Path:
    """Where the marked copy of a workbook goes: beside it; a copy's copy replaces the copy."""
    return path.with_name(f"{path.stem.removesuffix(_MARKED)}{_MARKED}.xlsx")


def _as_dict(finding: Finding, checked: Checked, language: Language) -> dict[str, object]:
    said: dict[str, object] = {
        "sheet": finding.sheet,
        "row": finding.row,
        "column": finding.column,
        "record": finding.record,
        "rule": finding.rule,
        "severity": finding.severity,
        "message": finding.message.to(language),
        "fix": finding.fix.to(language),
    }
    if finding.severity == "explain":
        said |= {"id": finding.id, "explained": finding.id in checked.reasons}
    return said
