"""The code lists of `data_dictionary/codes`, by name."""

import csv
from datetime import date
from functools import lru_cache
from importlib.resources import files

from evaluation.language import Text
from evaluation.nouns import Code, CodeList


@lru_cache
def codes(name: str) -> CodeList:
    """A code list from its file: code, label, valid_from, valid_to, source."""
    with (files("data_dictionary") / "codes" / f"{name}.csv").open(encoding="utf-8") as source:
        rows = list(csv.DictReader(source))
    return CodeList(
        name,
        tuple(
            Code(row["code"], Text(row["label"]), _day(row["valid_from"]), _day(row["valid_to"]))
            for row in rows
        ),
        rows[0]["source"],
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
