"""What the sender gets back: findings in words, grouped for a screen, as data for a program.

Never a cell's value: a finding says where, not what.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from evaluation.errors import BrokenFile
from evaluation.language import Language, Text, _
from evaluation.nouns import Checked, Finding
from evaluation.returns.annotating import annotate as annotate
from evaluation.returns.findings_page import findings_page
from evaluation.returns.findings_sheet import SEVERITY as SEVERITY
from evaluation.returns.saving import save_whole
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
    """What was written for the sender: a page, and a marked copy or why there is none.

    Neither is written over a copy that somebody has worked on.
    """

    page: Path | None
    marked: Path | None
    why_not: Text | None = None


def give_back(path: Path, checked: Checked, copy: Path, language: Language) -> Given:
    """Write the marked copy, and beside it a page with the findings for a browser.

    A copy of an earlier check is written over, but not once its sender has begun to mend it.
    """
    page = copy.with_suffix(".html")
    if not _is(path, copy) and _worked_on(copy, page):
        left = _(
            "{file} was left as it is: somebody has worked on it since it was written. Go on "
            "there, and check or send that file; or name another place for a new copy: --copy",
            file=str(copy),
        )
        return Given(None, None, left)
    given = Given(page, None)
    try:
        given = replace(given, marked=annotate(path, checked, copy, language))
    except BrokenFile as error:
        given = replace(given, why_not=error.text)
    try:
        # After the copy: one that is newer than its page has been saved by somebody since.
        save_whole(page, findings_page(checked, path.name, language).encode())
    except BrokenFile as error:
        return replace(given, page=None, why_not=error.text)
    return given


def copy_of(path: Path) -> Path:
    """Where the marked copy of a workbook goes: beside it; a copy's copy replaces the copy."""
    return path.with_name(f"{path.stem.removesuffix(_MARKED)}{_MARKED}.xlsx")


def _is(path: Path, copy: Path) -> bool:
    return copy.exists() and copy.samefile(path)


def _worked_on(copy: Path, page: Path) -> bool:
    if not copy.exists():
        return False
    return not page.exists() or copy.stat().st_mtime_ns > page.stat().st_mtime_ns


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
