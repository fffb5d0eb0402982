"""What the sender gets back: findings in words, grouped for a screen, as data for a program.

Never a cell's value: a finding says where, not what.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from evaluation.errors import BrokenFile
from evaluation.language import Language, Text
from evaluation.nouns import Checked, Finding
from evaluation.returns.annotating import annotate as annotate
from evaluation.returns.findings_page import findings_page
from evaluation.returns.findings_sheet import SEVERITY as SEVERITY
from evaluation.returns.summary import summary as summary

_MARKED = "-findings"


def as_json(checked: Checked, language: Language) -> dict[str, object]:
    """The check as one JSON object for a program; an explain finding has its number, too."""
    return {
        "accepted": checked.acceptable,
        "findings": [_as_dict(finding, checked, language) for finding in checked.findings],
        "not_run": [{"rule": rule, "why": why.to(language)} for rule, why in checked.not_run],
    }


@dataclass(frozen=True, slots=True)
class Given:
    """What was written for the sender: a marked copy, or why there is none, and a page."""

    page: Path
    marked: Path | None
    why_not: Text | None = None


def give_back(path: Path, checked: Checked, copy: Path, language: Language) -> Given:
    """Write the marked copy, and beside it a page with the findings for a browser."""
    page = copy.with_suffix(".html")
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(findings_page(checked, path.name, language), encoding="utf-8")
    try:
        return Given(page, annotate(path, checked, copy, language))
    except BrokenFile as error:
        return Given(page, None, error.text)


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
