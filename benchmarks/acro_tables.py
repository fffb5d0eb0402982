"""Tables as the PyPI package `acro` would let them leave, cell by cell. Run by a Python that has it.

Reads from standard input, and writes to standard output, JSON:

    {"threshold": 8, "tables": {name: {"rows": [...], "columns": [...], "values": [...] or null}}}
    {name: [[row, column, [the checks that failed], number shown or null], ...]}

A row of a table is one child (with `values`, its events, of which sums are told). Nothing of this
project is imported. Texts only: with whole numbers for categories, acro 1.0.2 marks a cell and then
shows it.
"""

from __future__ import annotations

import json
import logging
import sys
from contextlib import redirect_stdout
from typing import Any

import pandas as pd
from acro import ACRO


def checked(session: Any, table: dict[str, list[Any]]) -> list[list[Any]]:
    """Each cell, the checks that it failed, and what acro shows of it."""
    rows = pd.Series(table["rows"], name="rows", dtype="object")
    columns = pd.Series(table["columns"], name="columns", dtype="object")
    if table["values"] is None:
        shown = session.crosstab(rows, columns)
    else:
        values = pd.Series(table["values"], name="events", dtype="float64")
        shown = session.crosstab(rows, columns, values=values, aggfunc="sum")
    outcome = list(session.results.results.values())[-1].outcome
    found = []
    for row in outcome.index:
        for column in outcome.columns:
            failed = [each.strip() for each in str(outcome.loc[row, column]).split(";")]
            number = shown.loc[row, column] if row in shown.index and column in shown else None
            found.append(
                [
                    row,
                    column,
                    [each for each in failed if each and each != "ok"],
                    None if number is None or pd.isna(number) else int(number),
                ]
            )
    return found


def main() -> None:
    """From standard input to standard output."""
    asked = json.load(sys.stdin)
    logging.disable(logging.CRITICAL)
    with redirect_stdout(sys.stderr):
        session = ACRO(suppress=True)
        session.sdc_checks.risk_appetite["safe_threshold"] = asked["threshold"]
        found = {name: checked(session, table) for name, table in asked["tables"].items()}
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
