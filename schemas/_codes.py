"""The code lists of `data_dictionary/codes`, by name."""

import csv
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from importlib.resources import files

from evaluation.language import Text
from evaluation.nouns import Code, CodeList


@lru_cache
def codes(name: str) -> CodeList:
    """A code list from its file: code, label, valid_from, valid_to, source.

    Two more columns, where the file has them: `group`, the code under which an answer is
    reported, and `also`, other ways to write it, with | between them.
    """
    with (files("data_dictionary") / "codes" / f"{name}.csv").open(encoding="utf-8") as source:
        rows = list(csv.DictReader(source))
    return CodeList(name, tuple(_code(row) for row in rows), rows[0]["source"])


def _code(row: Mapping[str, str]) -> Code:
    return Code(
        row["code"],
        Text(row["label"]),
        _day(row["valid_from"]),
        _day(row["valid_to"]),
        tuple(row["also"].split(" | ")) if row.get("also") else (),
        row.get("group") or None,
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
