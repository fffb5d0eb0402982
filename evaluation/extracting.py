"""Messages that stand in data and not in code, for `make words`: code labels, and a body's words."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterator
from typing import Any, BinaryIO

Found = tuple[int, str | None, str, list[str]]

WORDS = frozenset({"title", "name", "office", "plan", "text"})
"""The keys of a body's file whose values are read by people."""


def codes(source: BinaryIO, _keywords: Any, _comments: Any, **_options: Any) -> Iterator[Found]:
    """The labels of a code list."""
    rows = csv.DictReader(io.TextIOWrapper(source, encoding="utf-8"))
    for number, row in enumerate(rows, start=2):
        yield number, None, row["label"], []


def bodies(source: BinaryIO, _keywords: Any, _comments: Any, **_options: Any) -> Iterator[Found]:
    """The titles and names in a body's file."""
    yield from ((0, None, text, []) for text in _texts(tomllib.load(source)))


def _texts(value: Any) -> Iterator[str]:
    match value:
        case dict():
            for key, inner in value.items():
                if key in WORDS and isinstance(inner, str):
                    yield inner
                else:
                    yield from _texts(inner)
        case list():
            for inner in value:
                yield from _texts(inner)
