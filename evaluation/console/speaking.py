"""Sentences for people, one JSON object for programs, and bars while both wait."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from evaluation.language import Language, Text, _

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def say(text: Text, language: Language) -> None:
    """Print one sentence."""
    out.print(escape(text.to(language)), soft_wrap=True)


def sorry(text: Text, language: Language, *, code: int, as_json: bool = False) -> None:
    """Why it stopped, on the error stream; as JSON on the output where a program asked."""
    if as_json:
        print_json({"error": text.to(language), "exit_code": code})
    else:
        err.print(escape(text.to(language)), style="red", soft_wrap=True)


def print_json(value: Mapping[str, Any]) -> None:
    """Print one JSON object, with nothing but ASCII where the output is no UTF-8."""
    escaped = (sys.stdout.encoding or "").lower() not in {"utf-8", "utf8"}
    sys.stdout.write(json.dumps(value, ensure_ascii=escaped, indent=2) + "\n")


@contextmanager
def progress(
    language: Language, *, quiet: bool = False
) -> Iterator[Callable[[Text], Callable[[int, int], None]]]:
    """Bars on the error stream: `step(title)` begins one and gives its `update(done, of)`."""
    bars = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
        console=err,
        disable=quiet,
    )
    with bars:

        def step(title: Text) -> Callable[[int, int], None]:
            task = bars.add_task(escape(title.to(language)), total=None)

            def update(done: int, of: int) -> None:
                bars.update(task, completed=done, total=of)

            return update

        yield step


def sums(rows: Mapping[Any, int]) -> list[Text]:
    """Rows by form: 'Missing episodes 12'."""
    return [_("{form} {n}", form=form, n=n) for form, n in rows.items()]
