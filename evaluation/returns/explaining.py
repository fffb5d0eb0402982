"""The sheet Explanations: the sender's reasons, each beside the number of its finding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd
from openpyxl.utils import get_column_letter

from evaluation.language import _
from evaluation.nouns import Checked, Explanation, Finding, Form
from evaluation.returns import faults, identifiers
from evaluation.returns.cell_faults import NO_CHILD
from evaluation.returns.layout import plain, spellings

LONGEST = 200
"""The most characters of a reason."""

TITLES = {
    "finding": _("Finding"),
    "place": _("Where"),
    "asked": _("What is unusual"),
    "reason": _("Reason"),
}
_WITHIN = 15


@dataclass(frozen=True, slots=True)
class Places:
    """Where the sheet keeps what: the row of its titles, and each title's column from 1."""

    row: int
    columns: Mapping[str, int]


def find_titles(rows: Iterable[tuple[int, Sequence[object]]]) -> Places:
    """The line of titles near the top, in either language.

    `rows` are row numbers and their cells from column A. A sheet without titles has the numbers
    of findings in its first column and the reasons in its second.
    """
    known = spellings(TITLES)
    for _nth, (row, cells) in zip(range(_WITHIN), rows, strict=False):
        columns = {
            known[plain(cell)]: column
            for column, cell in reversed(list(enumerate(cells, start=1)))
            if isinstance(cell, str) and plain(cell) in known
        }
        if {"finding", "reason"} <= columns.keys():
            return Places(row, columns)
    return Places(0, {"finding": 1, "reason": 2})


def read_explanations(
    sheet: str, grid: pd.DataFrame
) -> tuple[tuple[Explanation, ...], list[Finding]]:
    """The reasons that were written, and what is wrong with them; a line without one is nothing.

    One that is too long, or would identify somebody, is refused where it stands and goes no
    further.
    """
    places = find_titles((int(str(row)), list(cells)) for row, cells in grid.iterrows())
    column = places.columns["reason"]
    letter = get_column_letter(column)
    # Beside the reasons stands what we wrote there, references among it.
    beside = (int(str(name)) for name in grid.columns if places.row)
    ours: dict[int, identifiers.Place] = {name: "ours" for name in beside if name != column}
    findings = list(identifiers.find(grid, sheet, ours))
    refused = {item.row for item in findings if item.column == letter}

    given: dict[str, Explanation] = {}
    lines = grid[grid.index > places.row].reindex(columns=[places.columns["finding"], column])
    for row, number, reason in lines.dropna(subset=[column]).itertuples(name=None):
        if len(reason) > LONGEST:
            findings.append(faults.LONG_REASON.at(sheet, row, letter, most=LONGEST))
        elif row not in refused:
            said = number if isinstance(number, str) else ""
            this = Explanation(said, reason, sheet, row, letter)
            if given.setdefault(said.casefold(), this).reason != reason:
                findings.append(faults.TWO_REASONS.at(sheet, row, letter))
    return tuple(given.values()), findings


def weigh(
    checked: Checked,
    findings: Sequence[Finding],
    forms: Mapping[str, Form],
    not_run: Iterable[str],
) -> tuple[dict[str, str], list[Finding]]:
    """The reasons that answer a finding, by its number, and a note for each that answers none.

    Findings across providers show only when a snapshot is taken, so a reason for one is kept in
    hope. Of a rule that could not be run, nobody knows whether its reason is still wanted.
    """
    asked = {item.id.casefold(): item.id for item in findings if item.severity == "explain"}
    across = {rule.id for form in forms.values() for rule in form.rules if rule.scope == "snapshot"}
    across.add(NO_CHILD.id)
    unknown = set(not_run) - across
    reasons: dict[str, str] = {}
    stale: list[Finding] = []
    for said in checked.source.explanations:
        rule = said.finding.partition(" ")[0].upper()
        if number := asked.get(said.finding.casefold()):
            reasons[number] = said.reason
        elif rule in across:
            reasons[said.finding] = said.reason
        elif rule not in unknown:
            stale.append(faults.STALE_REASON.at(said.sheet, said.row, said.column))
    return reasons, stale


def as_told(checked: Checked) -> tuple[Finding, ...]:
    """The findings as the sender is told them: one that has its reason asks for nothing more."""
    fix = _("You have given a reason, so nothing needs doing.")
    return tuple(
        replace(item, severity="note", fix=fix)
        if item.severity == "explain" and item.id in checked.reasons
        else item
        for item in checked.findings
    )
