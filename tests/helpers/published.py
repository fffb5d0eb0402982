"""What was published, as a reader has it who knows nothing of how it was made.

With `mining` and `attacker` it shares no code with `evaluation.disclosure` and none with
`analyses.relations`.
"""

import csv
import json
from pathlib import Path
from typing import NamedTuple

COLUMNS = (
    "section", "cohort", "outcome", "measure", "group", "days", "unit", "children", "of", "events",
    "withheld", "sign",
)  # fmt: skip
_TITLES = {"of": "out of", "withheld": "withheld by"}
"""What the English file calls them, where it is something else; the Welsh one has the same order."""

COUNTS = ("children", "of", "events")
FEW, ROUNDING, MANY = 7, 2, 10**6


class Cell(NamedTuple):
    """One count of one row of one quarter's file."""

    file: str
    section: str
    cohort: str
    outcome: str
    measure: str
    group: str
    days: str
    what: str


Rows = dict[str, list[dict[str, str]]]
Ranges = dict[Cell, tuple[int, int]]


def read_files(folder: Path) -> Rows:
    """The rows of figures of each quarter; what only one language's file tells is told."""
    now = json.loads((folder / "release.json").read_text(encoding="utf-8"))["quarter"]
    english, welsh = (
        list(csv.reader((folder / f"report-{language}.figures.csv").open(encoding="utf-8-sig")))
        for language in ("en", "cy")
    )
    at = {name: english[0].index(_TITLES.get(name, name)) for name in COLUMNS}
    both = [
        {name: one[number] or other[number] for name, number in at.items()}
        for one, other in zip(english[1:], welsh[1:], strict=True)
    ]
    past = json.loads((folder / "last_quarter" / "release.json").read_text(encoding="utf-8"))
    before = [
        {name: "" if row.get(name) is None else str(row[name]) for name in COLUMNS}
        for row in past["figures"]
    ]
    return {now: both, past["quarter"]: before}


def ranges_of(rows: Rows) -> Ranges:
    """What each row tells of its own counts: they are rounded to 5, and few are not told.

    Of a part told beside its whole, `rest` is what is left: enough, unless it is all of it.
    """
    found: Ranges = {}
    for file, each in rows.items():
        for row in each:
            cells = {what: cell_of(file, row, what) for what in COUNTS}
            if row["unit"] == "children" and not row["days"]:
                is_all = row["of"] and row["children"] == row["of"]
                if not is_all:
                    found[cells["of"]._replace(what="rest")] = FEW + 1 if row["of"] else 0, MANY
            if row["sign"] == "[c]" or row["withheld"]:
                found |= dict.fromkeys(cells.values(), (0, MANY))
                if row["withheld"] == "few_children" and row["unit"] == "children":
                    found[cells["children"]] = 0, FEW
                continue
            for what, cell in cells.items():
                if row[what]:
                    told = int(float(row[what]))
                    of_children = what == "children" or row["unit"] == "children"
                    least = FEW + 1 if told and of_children else 0
                    found[cell] = max(told - ROUNDING, least), told + ROUNDING if told else 0
    return found


def cell_of(file: str, row: dict[str, str], what: str) -> Cell:
    place = (row[name] for name in ("section", "cohort", "outcome", "measure", "group", "days"))
    return Cell(file, *place, what)
