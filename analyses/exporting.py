"""The tables behind a quarter's comparison, for an evaluator's own program. They must not leave."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import uuid4

import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from analyses.cohorts import discussed, later_referrals
from analyses.exported_columns import TABLES, Exported
from analyses.outcomes import OUTCOMES
from analyses.plan import Plan, departures
from analyses.time_away import time_away
from evaluation.errors import WrongUse
from evaluation.following import follow, windowed
from evaluation.language import _
from evaluation.nouns import AtRisk, Cohort, Snapshot

MARK = "INTERNAL"
"""What every file's name begins with, and what its metadata and the README say."""

MANIFEST = f"{MARK}-manifest.json"

_TYPES: Mapping[str, Any] = {
    "text": pa.string(),
    "code": pa.string(),
    "date": pa.date32(),
    "whole number": pa.int64(),
    "0 or 1": pa.int8(),
}


def export(
    snapshot: Snapshot, plan: Plan, to: Path, *, made_on: date, replace: bool = False
) -> Path:
    """Write the cohort, its time at risk, its windows and its flow into the folder `to`; gives it.

    Each table is there as Parquet and as CSV, beside a dictionary of their columns, a README and
    a manifest with the digest of each file, the snapshot's id and the plan's hash. Rows are
    children's, by pseudonym: every file is marked INTERNAL in its name, and Parquet in its
    metadata. The same snapshot, plan and day give the same bytes.

    The folder comes whole or not at all, and on POSIX for its owner's eyes alone. An earlier
    export is put out of the way with `replace`; another folder that holds something never is.

    Raises WrongUse where the folder holds something else, or an earlier export without `replace`;
    MissingTable where the comparison lacks a return.
    """
    _refuse_what_is_there(to, replace=replace)
    tables = exported_tables(snapshot, plan)
    about = {
        "classification": MARK,
        "snapshot": snapshot.id,
        "quarter": str(snapshot.quarter),
        "plan": plan.hash,
        "departs_from_plan": ", ".join(departures(plan)),
        "outcome": plan.outcome,
        "made_on": made_on.isoformat(),
        "made_with": f"outcome-evaluation {version('outcome-evaluation')}",
    }
    written: dict[str, bytes] = {}
    for told in TABLES:
        table = _typed(tables[told.name], told, about)
        written[f"{MARK}-{told.name}.parquet"] = _parquet(table)
        written[f"{MARK}-{told.name}.csv"] = _csv(table)
    written[f"{MARK}-dictionary.csv"] = dictionary().encode()
    written[f"{MARK}-README.md"] = _readme(about, tables, plan).encode()
    digests = {name: sha256(content).hexdigest() for name, content in sorted(written.items())}
    manifest = about | {
        "rows": {name: len(rows) for name, rows in tables.items()},
        "sha256": digests,
    }
    written[MANIFEST] = f"{json.dumps(manifest, indent=1, sort_keys=True)}\n".encode()
    _put(written, to)
    return to


def exported_tables(snapshot: Snapshot, plan: Plan) -> dict[str, pd.DataFrame]:
    """The tables by name, each with the columns that `exported_columns` tells of, in order."""
    cohort = discussed(snapshot, plan)
    at_risk = follow(cohort, OUTCOMES[plan.outcome], snapshot, away=time_away(snapshot))
    later = later_referrals(cohort, snapshot)
    made = {
        "cohort": cohort.children.assign(
            referred_later_on=later.reindex(cohort.children["child_key"]).to_numpy()
        ),
        "at_risk": at_risk.rows,
        "windowed": pd.concat(
            [_window(cohort, at_risk, days) for days in plan.windows_days], ignore_index=True
        ),
        "flow": pd.DataFrame(
            [(step.reason, step.title.to("en"), step.children) for step in cohort.flow],
            columns=["reason", "title", "children"],
        ),
    }
    return {told.name: made[told.name][[one.name for one in told.columns]] for told in TABLES}


def dictionary() -> str:
    """The dictionary as CSV: a row for each column of each table."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["table", "one_row_is", "column", "type", "unit", "missing_means", "about"])
    for told in TABLES:
        for one in told.columns:
            rows.writerow(
                [told.name, told.one_row_is, one.name, one.kind, one.unit, one.missing, one.about]
            )
    return text.getvalue()


def _window(cohort: Cohort, at_risk: AtRisk, days: int) -> pd.DataFrame:
    rows = windowed(at_risk, cohort, days=days, complete_only=False)
    ends = cohort.children.set_index("child_key")["time_zero"] + pd.Timedelta(days=days)
    whole = ends <= cohort.children.set_index("child_key")["data_end"]
    return rows.assign(
        window_days=days, complete=rows["child_key"].map(whole).astype(bool).astype("int8")
    )


def _typed(rows: pd.DataFrame, told: Exported, about: Mapping[str, str]) -> Any:
    """The rows as an Arrow table in the dictionary's types, with the marks in its metadata."""
    schema = pa.schema(
        [
            pa.field(
                one.name, _TYPES[one.kind], metadata={"about": one.about, "missing": one.missing}
            )
            for one in told.columns
        ],
        metadata=dict(about) | {"table": told.name, "one_row_is": told.one_row_is},
    )
    columns = [
        pa.Array.from_pandas(_days(rows[one.name]) if one.kind == "date" else rows[one.name]).cast(
            _TYPES[one.kind]
        )
        for one in told.columns
    ]
    return pa.Table.from_arrays(columns, schema=schema)


def _days(column: pd.Series) -> pd.Series:
    return column.astype("datetime64[us]")


def _parquet(table: Any) -> bytes:
    sink = pa.BufferOutputStream()
    pyarrow.parquet.write_table(table, sink, compression="snappy")
    return bytes(sink.getvalue().to_pybytes())


def _csv(table: Any) -> bytes:
    sink = pa.BufferOutputStream()
    pyarrow.csv.write_csv(table, sink)
    return bytes(sink.getvalue().to_pybytes())


def _readme(about: Mapping[str, str], tables: Mapping[str, pd.DataFrame], plan: Plan) -> str:
    template = (files("analyses") / "exported_readme.md").read_text(encoding="utf-8")
    lines = [
        f"| `{MARK}-{told.name}` | {told.one_row_is} | {len(tables[told.name])} |"
        for told in TABLES
    ]
    facts = [f"| {name.replace('_', ' ')} | {said or 'nothing'} |" for name, said in about.items()]
    for name, said in {
        "TABLES": "\n".join(lines),
        "FACTS": "\n".join(facts),
        "WINDOW": str(plan.window_days),
        "MARK": MARK,
    }.items():
        template = template.replace(f"@{name}@", said)
    return template


def _refuse_what_is_there(to: Path, *, replace: bool) -> None:
    if not to.exists() or (to.is_dir() and not any(to.iterdir())):
        return
    if not to.is_dir() or not (to / MANIFEST).is_file():
        raise WrongUse(
            _("{folder} holds other things. Name an empty or a new folder.", folder=str(to))
        )
    if not replace:
        raise WrongUse(
            _(
                "{folder} holds an earlier export. Name another folder, or add --replace.",
                folder=str(to),
            )
        )


def _put(written: Mapping[str, bytes], to: Path) -> None:
    """Make the folder beside its place, whole, and then give it its name."""
    to.parent.mkdir(parents=True, exist_ok=True)
    mark = uuid4().hex
    part, old = to.with_name(f".{to.name}-{mark}.part"), to.with_name(f".{to.name}-{mark}.old")
    try:
        part.mkdir(mode=0o700)
        for name, content in written.items():
            with (part / name).open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        if to.exists():
            to.rename(old)
        try:
            part.rename(to)
        except OSError:
            if old.exists():
                old.rename(to)
            raise
    finally:
        for folder in (part, old):
            with suppress(OSError):
                if folder.exists():
                    shutil.rmtree(folder)
