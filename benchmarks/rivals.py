"""The same checks written for other tools, each as its own documentation would have it.

A function gets the folder of `returns.py` and gives `run`, which is timed, and is asked for the
numbers of the rows (from 0) in which it finds a fault. Data in types are loaded before the clock
starts. Nothing of this project is imported, so that each tool may live in a Python of its own.

What all of them check: referral_ref is there, of the right letters and length, and unique; child_key
is there and of the right letters; answers are there and on their list; dates are there where the
decision makes them necessary and blank where not, in order, and not after the quarter; sessions
attended are not above those offered; a declined referral has no session. The check character of
a child key is tested where a tool takes a function of a whole column.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import reduce
from itertools import combinations
from operator import and_
from pathlib import Path
from typing import Any

Run = Callable[[], Any]
Rival = Callable[[Path], Run]

IN_ORDER = ("referred_on", "decided_on", "first_session_on", "closed_on")
PAIRS = (("referred_on", "first_contact_on"), *combinations(IN_ORDER, 2))
DATES = ("referred_on", "decided_on", "first_contact_on", "first_session_on", "closed_on")
WHOLES = ("sessions_offered", "sessions_attended")
DECIDED = ("accepted", "declined")


def facts(folder: Path) -> dict[str, Any]:
    """Patterns, answers and the quarter's end, as the form has them."""
    return json.loads((folder / "facts.json").read_text())


# ---- From text, as ours --------------------------------------------------------------------------


def polars_by_hand(folder: Path) -> Run:
    """The floor: the CSV read, parsed in one form of date, and checked, by expressions alone."""
    import polars as pl

    known = facts(folder)
    ended = pl.lit(known["quarter_ends"]).str.to_date()
    col = pl.col

    def luhn() -> Any:
        letters = {letter: place for place, letter in enumerate(known["alphabet"])}
        doubled = {letter: 2 * n // 32 + 2 * n % 32 for letter, n in letters.items()}
        total = reduce(
            lambda left, right: left + right,
            (
                col("child_key")
                .str.slice(at, 1)
                .replace_strict(letters if at % 2 else doubled, default=0, return_dtype=pl.Int32)
                for at in range(12)
            ),
        )
        return total % 32 == 0

    def run() -> list[int]:
        text = pl.read_csv(folder / "referrals.csv", infer_schema=False)
        typed = text.with_columns(
            *(col(name).str.to_date("%d/%m/%Y", strict=False) for name in DATES),
            *(col(name).cast(pl.Int64, strict=False) for name in WHOLES),
        )
        unread = [
            (text[name].is_not_null() & typed[name].is_null()).alias(f"{name} unread")
            for name in (*DATES, *WHOLES)
        ]
        decided = col("decision").is_in(DECIDED)
        decision = col("decision").is_in(known["codes"]["decision"])
        checks = {
            "referral_ref": col("referral_ref").str.contains(known["ref"])
            & (col("referral_ref").str.len_chars() <= 24),
            "unique": col("referral_ref").is_unique() | col("referral_ref").is_null(),
            "child_key": col("child_key").str.contains(known["key"]) & luhn(),
            **{name: col(name).is_in(answers) for name, answers in known["codes"].items()},
            **{f"{name} there": col(name).is_not_null() for name in (*known["must"],)},
            **{f"{name} >= 0": col(name) >= 0 for name in WHOLES},
            **{f"{name} in time": col(name) <= ended for name in DATES},
            "decided_on needed": (col("decided_on").is_not_null() == decided) | ~decision,
            "decline_reason needed": (
                col("decline_reason").is_not_null() == (col("decision") == "declined")
            )
            | ~decision,
            "closure_reason needed": col("closure_reason").is_not_null()
            == col("closed_on").is_not_null(),
            **{f"{a} {b}": col(b) >= col(a) for a, b in PAIRS},
            "attended": col("sessions_attended") <= col("sessions_offered"),
            "declined": ~((col("decision") == "declined") & col("first_session_on").is_not_null()),
        }
        broken = typed.select(
            *((~check).fill_null(value=False).alias(name) for name, check in checks.items())
        ).with_columns(*unread)
        # Every fault by row and check, as a list of findings would have it.
        found = (
            broken.with_row_index("row")
            .unpivot(index="row", variable_name="check")
            .filter(col("value"))
        )
        return found["row"].to_list()

    return run


def frictionless(folder: Path) -> Run:
    """A Table Schema with row constraints, on a tenth of the rows: it reads row by row."""
    from frictionless import Checklist, Resource, Schema, checks

    known = facts(folder)

    def field(name: str) -> dict[str, Any]:
        constraints: dict[str, Any] = {"required": name in known["must"]}
        kind = "string"
        if name in known["codes"]:
            constraints["enum"] = known["codes"][name]
        if name in DATES:
            kind, constraints["maximum"] = "date", "/".join(known["quarter_ends"].split("-")[::-1])
        if name in WHOLES:
            kind, constraints["minimum"] = "integer", 0
        if name == "referral_ref":
            constraints |= {"pattern": known["ref"], "maxLength": 24, "unique": True}
        if name == "child_key":
            constraints["pattern"] = known["key"]
        how = {"format": "%d/%m/%Y"} if kind == "date" else {}
        return {"name": name, "type": kind, "constraints": constraints, **how}

    # As one formula, because each is worked out anew for every row.
    rule = " and ".join(
        f"({rule})"
        for rule in (
            "not sessions_attended or not sessions_offered or sessions_attended <= sessions_offered",
            "decision != 'declined' or not first_session_on",
            "(decision in ('accepted', 'declined')) != (not decided_on)",
            "(decision == 'declined') != (not decline_reason)",
            "(not closed_on) == (not closure_reason)",
            *(f"not {a} or not {b} or {a} <= {b}" for a, b in PAIRS),
        )
    )

    def run() -> list[int]:
        resource = Resource(
            path="referrals_tenth.csv",
            basepath=str(folder),
            schema=Schema.from_descriptor({"fields": [field(name) for name in known["columns"]]}),
        )
        report = resource.validate(
            Checklist(checks=[checks.row_constraint(formula=rule)]),
            limit_errors=1_000_000,
        )
        return [row - 2 for (row,) in report.flatten(["rowNumber"]) if row]

    return run


# ---- From data in types --------------------------------------------------------------------------


def pandas_reading(folder: Path) -> Run:
    """What comes before any of these: the CSV into types, what cannot be read missing."""
    import pandas as pd

    def run() -> list[int]:
        table = pd.read_csv(folder / "referrals.csv", dtype="str", keep_default_na=False)
        for name in DATES:
            table[name] = pd.to_datetime(table[name], format="%d/%m/%Y", errors="coerce")
        for name in WHOLES:
            table[name] = pd.to_numeric(table[name], errors="coerce")
        return []

    return run


def pandera_alone(folder: Path) -> Run:
    """pandera on pandas: lazily, every check of whole columns."""
    import numpy as np
    import pandas as pd
    import pandera.pandas as pa

    known = facts(folder)
    table = pd.read_parquet(folder / "typed.parquet")
    ended = pd.Timestamp(known["quarter_ends"])
    value = np.zeros(128, dtype=np.uint16)
    value[[ord(letter) for letter in known["alphabet"]]] = np.arange(32)
    doubled = np.array([2 * n // 32 + 2 * n % 32 for n in range(32)])

    def luhn(keys: Any) -> Any:
        shaped = keys.str.len() == 12
        letters = np.frombuffer("".join(keys[shaped]).encode(), dtype=np.uint8)
        places = value[letters].reshape(-1, 12)
        total = sum(places[:, at] if at % 2 else doubled[places[:, at]] for at in range(12))
        right = pd.Series(data=True, index=keys.index)
        right[shaped] = total % 32 == 0
        return right

    def column(name: str) -> Any:
        must = name in known["must"]
        if name == "referral_ref":
            held = [pa.Check.str_matches(known["ref"]), pa.Check.str_length(1, 24)]
            return pa.Column("str", held, nullable=False, unique=True)
        if name == "child_key":
            held = [pa.Check.str_matches(known["key"]), pa.Check(luhn)]
            return pa.Column("str", held, nullable=False)
        if name in known["codes"]:
            return pa.Column("str", pa.Check.isin(known["codes"][name]), nullable=not must)
        if name in DATES:
            return pa.Column("datetime64[us]", pa.Check.le(ended), nullable=not must)
        return pa.Column("Int64", pa.Check.ge(0), nullable=True)

    def holds(test: Callable[[Any], Any]) -> Any:
        return pa.Check(test, ignore_na=False)

    rules = (
        holds(lambda t: t["decision"].isin(DECIDED) == t["decided_on"].notna()),
        holds(lambda t: (t["decision"] == "declined") == t["decline_reason"].notna()),
        holds(lambda t: t["closed_on"].notna() == t["closure_reason"].notna()),
        holds(lambda t: ~(t["sessions_attended"] > t["sessions_offered"]).fillna(value=False)),
        holds(lambda t: ~((t["decision"] == "declined") & t["first_session_on"].notna())),
        holds(lambda t: reduce(and_, (~(t[b] < t[a]) for a, b in PAIRS))),
    )
    schema = pa.DataFrameSchema({name: column(name) for name in known["columns"]}, list(rules))

    def run() -> Any:
        try:
            schema.validate(table, lazy=True)
        except pa.errors.SchemaErrors as errors:
            return errors.failure_cases["index"].dropna().astype(int).to_numpy()
        return []

    return run


def dataframely(folder: Path) -> Run:
    """A dataframely schema on Polars; `filter` says of each row which rules it breaks."""
    import dataframely as dy
    import polars as pl

    known = facts(folder)
    table = pl.read_parquet(folder / "typed.parquet").with_row_index("row")
    col, ended = pl.col, known["quarter_ends"]

    def column(name: str) -> Any:
        optional = name not in known["must"]
        if name == "referral_ref":
            return dy.String(nullable=False, regex=known["ref"], max_length=24)
        if name == "child_key":
            return dy.String(nullable=False, regex=known["key"])
        if name in known["codes"]:
            answers = known["codes"][name]
            return dy.String(nullable=optional, check=lambda c: c.is_in(answers))
        if name in DATES:
            return dy.Datetime(
                nullable=optional,
                time_unit="us",
                check=lambda c: c <= pl.lit(ended).str.to_datetime(),
            )
        return dy.Int64(nullable=True, min=0)

    def rule(expression: Any, **how: Any) -> Any:
        return dy.rule(**how)(classmethod(lambda _cls: expression).__func__)

    needed = col("decided_on").is_not_null() == col("decision").is_in(DECIDED)
    declined = col("decision") == "declined"
    body = {
        "row": dy.UInt32(),
        **{name: column(name) for name in known["columns"]},
        "unique": rule(col("referral_ref").is_unique() | col("referral_ref").is_null()),
        "decided": rule(needed),
        "reason_declined": rule(col("decline_reason").is_not_null() == declined),
        "reason_closed": rule(
            col("closure_reason").is_not_null() == col("closed_on").is_not_null()
        ),
        "attended": rule(col("sessions_attended") <= col("sessions_offered")),
        "no_session": rule(~(declined & col("first_session_on").is_not_null())),
        **{f"{a}_{b}": rule(col(b) >= col(a)) for a, b in PAIRS},
    }
    schema = type("Referrals", (dy.Schema,), body)

    def run() -> Any:
        _good, failures = schema.filter(table)
        failures.counts()
        return failures.details()["row"].to_list()

    return run


def pointblank(folder: Path) -> Run:
    """pointblank on Polars, with the rows that fail each step."""
    import pointblank as pb
    import polars as pl

    known = facts(folder)
    table = pl.read_parquet(folder / "typed.parquet").with_row_index("row")
    col, ended = pl.col, known["quarter_ends"]
    declined = col("decision") == "declined"
    rules = (
        col("referral_ref").is_unique() | col("referral_ref").is_null(),
        col("decided_on").is_not_null() == col("decision").is_in(DECIDED),
        col("decline_reason").is_not_null() == declined,
        col("closure_reason").is_not_null() == col("closed_on").is_not_null(),
        (col("sessions_attended") <= col("sessions_offered")).fill_null(value=True),
        ~(declined & col("first_session_on").is_not_null()),
        *((col(b) >= col(a)).fill_null(value=True) for a, b in PAIRS),
        *((col(d) <= pl.lit(ended).str.to_datetime()).fill_null(value=True) for d in DATES),
    )

    def run() -> list[int]:
        steps = pb.Validate(table).col_vals_not_null(columns=list(known["must"]))
        steps = steps.col_vals_regex(columns="referral_ref", pattern=known["ref"], na_pass=True)
        steps = steps.col_vals_regex(columns="child_key", pattern=known["key"], na_pass=True)
        for name, answers in known["codes"].items():
            steps = steps.col_vals_expr(col(name).is_in(answers) | col(name).is_null())
        steps = steps.col_vals_ge(columns=list(WHOLES), value=0, na_pass=True)
        for rule in rules:
            steps = steps.col_vals_expr(rule)
        done = steps.interrogate(extract_limit=len(table))
        failing = [part["row"] for part in done.get_data_extracts().values() if len(part)]
        return pl.concat(failing).to_list()

    return run


def great_expectations(folder: Path) -> Run:
    """A suite on pandas, with complete results: the index of every row that fails."""
    import great_expectations as gx
    import great_expectations.expectations as gxe
    import pandas as pd

    known = facts(folder)
    table = pd.read_parquet(folder / "typed.parquet")
    for name in DATES:
        table[name] = table[name].astype("datetime64[ns]")
    ended = pd.Timestamp(known["quarter_ends"])
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = gx.data_context.types.base.ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("memory").add_dataframe_asset("referrals")
    batch = asset.add_batch_definition_whole_dataframe("all")

    def only(condition: str) -> dict[str, str]:
        return {"row_condition": condition, "condition_parser": "pandas"}

    expected = [
        *(gxe.ExpectColumnValuesToNotBeNull(column=name) for name in known["must"]),
        gxe.ExpectColumnValuesToBeUnique(column="referral_ref"),
        gxe.ExpectColumnValuesToMatchRegex(column="referral_ref", regex=known["ref"]),
        gxe.ExpectColumnValuesToMatchRegex(column="child_key", regex=known["key"]),
        *(
            gxe.ExpectColumnValuesToBeInSet(column=name, value_set=answers)
            for name, answers in known["codes"].items()
        ),
        *(gxe.ExpectColumnValuesToBeBetween(column=name, min_value=0) for name in WHOLES),
        *(gxe.ExpectColumnValuesToBeBetween(column=name, max_value=ended) for name in DATES),
        *(
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A=b, column_B=a, or_equal=True, ignore_row_if="either_value_is_missing"
            )
            for a, b in (*PAIRS, ("sessions_attended", "sessions_offered"))
        ),
        gxe.ExpectColumnValuesToBeNull(column="first_session_on", **only('decision == "declined"')),
        gxe.ExpectColumnValuesToNotBeNull(
            column="decided_on", **only('decision in ("accepted", "declined")')
        ),
        gxe.ExpectColumnValuesToBeNull(column="decided_on", **only('decision == "waiting"')),
        gxe.ExpectColumnValuesToNotBeNull(
            column="decline_reason", **only('decision == "declined"')
        ),
        gxe.ExpectColumnValuesToBeNull(
            column="decline_reason", **only('decision in ("accepted", "waiting")')
        ),
        gxe.ExpectColumnValuesToNotBeNull(
            column="closure_reason", **only("closed_on == closed_on")
        ),
        gxe.ExpectColumnValuesToBeNull(column="closure_reason", **only("closed_on != closed_on")),
    ]
    suite = gx.ExpectationSuite("referrals", expectations=expected)

    def run() -> list[int]:
        result = batch.get_batch(batch_parameters={"dataframe": table}).validate(
            suite, result_format={"result_format": "COMPLETE"}
        )
        rows: list[int] = []
        for one in result.results:
            rows += one.result.get("unexpected_index_list") or []
        return rows

    return run


RIVALS: dict[str, Rival] = {
    "polars": polars_by_hand,
    "frictionless": frictionless,
    "pandas reading into types": pandas_reading,
    "pandera": pandera_alone,
    "dataframely": dataframely,
    "pointblank": pointblank,
    "great_expectations": great_expectations,
}
