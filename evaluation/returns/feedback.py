"""What the sender gets back: findings in words, grouped for a screen, as data for a program.

Never a cell's value: a finding says where, not what.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from evaluation.language import Language
from evaluation.nouns import Checked, Finding, Severity
from evaluation.returns.annotating import SEVERITY as SEVERITY
from evaluation.returns.annotating import annotate as annotate

_ORDER: tuple[Severity, ...] = tuple(SEVERITY)

_MARKED = "-findings"

FEW = 5
"""How many of its cells a line of the summary names."""


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of fault, how many times it was found, and the first few places."""

    rule: str
    severity: Severity
    message: str
    fix: str
    times: int
    places: str


def summary(checked: Checked, language: Language) -> tuple[Line, ...]:
    """One line per fault as it reads, the gravest and then the most frequent first."""
    groups: dict[tuple[str, Severity, str, str], list[Finding]] = defaultdict(list)
    for finding in checked.findings:
        words = finding.message.to(language), finding.fix.to(language)
        groups[finding.rule, finding.severity, *words].append(finding)
    lines = [
        Line(rule, severity, message, fix, len(found), _places(found))
        for (rule, severity, message, fix), found in groups.items()
    ]
    return tuple(sorted(lines, key=lambda line: (_ORDER.index(line.severity), -line.times)))


def _places(findings: list[Finding]) -> str:
    named = ", ".join(dict.fromkeys(place(finding) for finding in findings[:FEW]))
    return f"{named} …" if len(findings) > FEW else named


def place(finding: Finding) -> str:
    """Where a finding is, as a spreadsheet writes it: 'Missing episodes!D7'."""
    address = f"{finding.column or ''}{finding.row or ''}"
    return "!".join(part for part in (finding.sheet, address) if part)


def as_json(checked: Checked, language: Language) -> dict[str, object]:
    """The check as one JSON object for a program."""
    return {
        "accepted": checked.acceptable,
        "findings": [_as_dict(finding, language) for finding in checked.findings],
        "not_run": [{"rule": rule, "why": why.to(language)} for rule, why in checked.not_run],
    }


def copy_of(path: Path) -> Path:
    """Where the marked copy of a workbook goes: beside it; a copy's copy replaces the copy."""
    return path.with_name(f"{path.stem.removesuffix(_MARKED)}{_MARKED}.xlsx")


def _as_dict(finding: Finding, language: Language) -> dict[str, object]:
    return {
        "sheet": finding.sheet,
        "row": finding.row,
        "column": finding.column,
        "record": finding.record,
        "rule": finding.rule,
        "severity": finding.severity,
        "message": finding.message.to(language),
        "fix": finding.fix.to(language),
    }
