"""What leaves, beside what the PyPI package `acro` lets leave, of the same tables.

    python -m benchmarks.disclosure --store demo/store --quarter 2024Q4 --python .rivals/bin/python

Of a store's quarter: who engaged by each dimension, both services; the bands of risk before and
after; why children were declined, and cases closed; episodes by month. Of each table it says how
many cells each withholds and why, and of those that acro withholds how many can be worked out from
the others: each table's total is known from the tables in which nothing is withheld.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import time
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from analyses.monitoring.monthly import merge_episodes
from analyses.outcomes import OUTCOMES
from analyses.plan import read_plan
from analyses.releasing import look, public
from evaluation.disclosure import Cell, sums
from evaluation.disclosure.attacking import attack, systems
from evaluation.nouns import Estimate, Release, Snapshot
from evaluation.quarters import Quarter
from evaluation.store import open_store
from reports.reading import read_body

HERE = Path(__file__).parent
FEW = 8
"""Our threshold; acro's is 10 unless it is set."""


@dataclass(frozen=True)
class Table:
    """Exact counts by row and column (with `events`, of each child), and why ours withholds a row."""

    cells: dict[tuple[str, str], int]
    ours: dict[tuple[str, str], str | None]
    events: dict[tuple[str, str], list[int]] | None = None

    def asked(self) -> dict[str, Any]:
        """As acro is given it: a row a child."""
        rows, columns, values = [], [], []
        for (row, column), count in self.cells.items():
            own = [1] * count if self.events is None else self.events[row, column]
            rows += [row] * len(own)
            columns += [column] * len(own)
            values += own
        return {
            "rows": rows, "columns": columns, "values": None if self.events is None else values,
        }  # fmt: skip


def tables(found: tuple[Estimate, ...], made: Release, snapshot: Snapshot) -> dict[str, Table]:
    """The tables of a quarter, from its exact figures, with what the release withholds."""
    withheld = {
        (each.section, each.cohort, each.measure, each.group): each.withheld
        for each in made.figures
    }

    def rows(section: str, cohort: str | None, measure: str) -> list[tuple[Estimate, str | None]]:
        return [
            (one, withheld[section, cohort, measure, one.group])
            for one in found
            if (one.section, one.cohort, one.measure) == (section, cohort, measure)
            and one.children is not None
        ]

    held: dict[str, Table] = {}
    cohorts = dict.fromkeys(one.cohort for one in found if one.measure == "engaged")
    for cohort in (each for each in cohorts if each and "_by_" in each):
        cells, ours = {}, {}
        for one, why in rows("engagement", cohort, "engaged"):
            cells |= {
                (one.group, "yes"): one.children or 0,
                (one.group, "no"): (one.of or 0) - (one.children or 0),
            }
            ours |= dict.fromkeys([(one.group, "yes"), (one.group, "no")], why)
        held[cohort] = Table(cells, ours)
    for section, measure in (
        ("risk_change", "band_pair"),
        ("referrals", "declined_because"),
        ("referrals", "closed_because"),
    ):
        for cohort in dict.fromkeys(one.cohort for one in found if one.measure == measure):
            cells, ours = {}, {}
            for one, why in rows(section, cohort, measure):
                row, _between, column = one.group.partition(">")
                cells[row, column or "children"] = one.children or 0
                ours[row, column or "children"] = why
            held[f"{measure} {cohort}"] = Table(cells, ours)
    held["episodes by month"] = _episodes(rows("monitoring", None, "episodes"), snapshot)
    return {name: table for name, table in held.items() if sum(table.cells.values())}


def _episodes(told: list[tuple[Estimate, str | None]], snapshot: Snapshot) -> Table:
    merged = merge_episodes(OUTCOMES["re_missing"].events(snapshot))
    month = merged["started_on"].dt.strftime("%Y-%m")
    by_child = merged.groupby([month, "child_key"]).size()
    own = {one.group: (one, why) for one, why in told}
    events = {
        (name, "events"): each.tolist()
        for name, each in by_child.groupby(level=0)
        if name in own
    }  # fmt: skip
    return Table(
        {key: sum(each) for key, each in events.items()},
        {key: own[key[0]][1] for key in events},
        events,
    )


def opened(table: Table, shown: dict[tuple[str, str], int | None]) -> tuple[int, int]:
    """Of the cells of 1 to 7 that are not shown: how many are known exactly, and how many not to
    be each of 1 to 7. A reader knows the shown cells exactly, and each column's total."""
    if table.events is not None:
        return 0, 0
    cell = {
        key: Cell(("t", None, None, key[0], key[1], None), "children") for key in table.cells
    }  # fmt: skip
    ranges = {
        cell[key]: (0, FEW - 1) if shown.get(key) is None else (number, number)
        for key, number in table.cells.items()
    }
    relations = []
    for column in dict.fromkeys(column for _row, column in table.cells):
        own = {key: number for key, number in table.cells.items() if key[1] == column}
        total = Cell(("t", None, None, "total", column, None), "children")
        ranges[total] = (sum(own.values()),) * 2
        relations.append(sums(total, *(cell[key] for key in own)))
    few = [
        cell[key]
        for key, number in table.cells.items()
        if shown.get(key) is None and 0 < number < FEW
    ]
    every = tuple((number, number) for number in range(1, FEW))
    closed = Counter(
        each for _system, each, _wanted in attack(systems(ranges, relations), dict.fromkeys(few, every))
    )  # fmt: skip
    return sum(times == len(every) - 1 for times in closed.values()), len(closed)


def by_acro(held: dict[str, Table], python: str, threshold: int) -> dict[str, list[list[Any]]]:
    """What acro says of the tables' cells."""
    asked = {"threshold": threshold, "tables": {name: each.asked() for name, each in held.items()}}
    told = subprocess.run(
        [python, HERE / "acro_tables.py"],
        input=json.dumps(asked), capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(told.stdout)


def main() -> None:
    """Print a line for each table, as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--quarter", default="2024Q4")
    parser.add_argument("--body", default="gwent")
    parser.add_argument("--python", default=".rivals/bin/python")
    asked = parser.parse_args()
    body, plan = read_body(asked.body), replace(read_plan(), bootstrap_replicates=20)
    found = look(
        open_store(asked.store), Quarter.parse(asked.quarter), body.forms, body=asked.body,
        providers=body.providers, plan=plan, contracts=body.contracts, events=body.events,
    )  # fmt: skip
    found = replace(found, earlier={})
    begun = time.process_time()
    made = public(found, made_on=date(2025, 4, 30))
    took = time.process_time() - begun
    held = tables(found.estimates, made, found.snapshot)
    acro = by_acro(held, asked.python, FEW)
    print("| table | cells (1 to 7) | ours withholds | why | acro withholds | why | worked out |")
    print("|---|---|---|---|---|---|---|")
    sums_: Counter[str] = Counter()
    for name, table in held.items():
        present = {key: number for key, number in table.cells.items() if number}
        few = sum(0 < number < FEW for number in table.cells.values())
        ours = Counter(why for key, why in table.ours.items() if why and key in present)
        checks = {(row, column): failed for row, column, failed, _shown in acro[name]}
        shown = {(row, column): number for row, column, _failed, number in acro[name]}
        theirs = Counter(
            "+".join(sorted(each)) for key, each in checks.items() if each and key in present
        )
        exactly, not_open = opened(table, shown)
        lost = sum(table.cells[key] for key, why in table.ours.items() if why)
        lost_there = sum(table.cells[key] for key in present if checks.get(key))
        sums_.update(cells=len(present), few=few, ours=ours.total(), acro=theirs.total(),
                     exactly=exactly, not_open=not_open, lost=lost, lost_there=lost_there,
                     all=sum(present.values()))  # fmt: skip
        print(
            f"| {name} | {len(present)} ({few}) | {ours.total()} | {_said(ours)} | {theirs.total()}"
            f" | {_said(theirs)} | {exactly} exactly, {not_open} of {few} |"
        )
    print(f"\n{dict(sums_)}\nours: {took:.1f} s for all {len(made.figures)} figures")


def _said(why: Counter[str]) -> str:
    return ", ".join(f"{number} {name}" for name, number in why.most_common()) or "–"


if __name__ == "__main__":
    main()
