"""Runs the steps of this folder, on DuckDB inside the process.

A step is one plain SELECT in a file of its own, kept as a table: the tables are the audit
trail, and the same text runs on Spark (in later work), whose functions the macros bear the
names of. Nothing is downloaded and nothing is written to disk.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.resources import files

import duckdb
import pandas as pd

_MACROS = "CREATE MACRO unix_date(day) AS CAST(day AS DATE) - DATE '1970-01-01'"


@contextmanager
def steps(inputs: Mapping[str, pd.DataFrame], names: Sequence[str]) -> Iterator[Tables]:
    """Run the steps in order over the input frames, and lend their tables."""
    offline: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    with duckdb.connect(":memory:", config=offline) as connection:
        connection.execute(_MACROS)
        for name, frame in inputs.items():
            connection.register(name, frame)
        for name in names:
            text = files(__package__).joinpath(f"{name}.sql").read_text(encoding="utf-8")
            connection.execute(f"CREATE TABLE {name} AS {text}")
        yield Tables(connection)


class Tables:
    """The tables that the steps left behind."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def frame(self, name: str, kinds: Mapping[str, str], order: Sequence[str]) -> pd.DataFrame:
        """One table's columns, in these types and this order of rows: a store has none."""
        frame = self._connection.execute(f"SELECT * FROM {name}").df()  # noqa: S608  # our own name
        return frame[list(kinds)].astype(dict(kinds)).sort_values(list(order), ignore_index=True)
