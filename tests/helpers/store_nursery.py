"""Forks, on request, children that accept returns and may be killed: one import for all of them.

    python tests/helpers/store_nursery.py STORE ACKNOWLEDGED

A request is a line 'FIRST COUNT DIE_AT': accept returns FIRST, FIRST + 1, … (COUNT of them); if
DIE_AT is not negative, be killed at that step, a step being either side of each sync, rename and
statement of the ledger. The answers are the child's process number, and 'gone' when it has gone.
What a child began and what it was given a receipt for stands in the file ACKNOWLEDGED.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
from sqlalchemy import Engine, event
from store_toys import FORMS, NOW, checked, visits

from evaluation.nouns import Checked, Receipt
from evaluation.quarters import Quarter
from evaluation.store import Store, accept

QUARTERS = (Quarter(2024, 4), Quarter(2025, 1))
PROVIDERS = ("alpha", "beta", "gamma")


HERE = (Path(__file__).parents[2], Path(__file__).parent)


def rows_of(number: int) -> int:
    return 1_500 if number % 3 == 0 else 40


def provider_of(number: int) -> str:
    return PROVIDERS[number % len(PROVIDERS)]


def quarter_of(number: int) -> Quarter:
    return QUARTERS[number // len(PROVIDERS) % len(QUARTERS)]


def return_of(number: int) -> Checked:
    """A return of two forms, whose every row says which return it is of."""
    refs = [f"V-{number}-{row:05}" for row in range(rows_of(number))]
    tables: dict[str, pd.DataFrame] = {"visits": visits(*refs), "calls": visits(f"V-{number}-0")}
    return checked(
        tables, provider=provider_of(number), quarter=quarter_of(number), file=f"return {number}"
    )


def accept_return(store: Store, number: int) -> Receipt:
    return accept(store, return_of(number), FORMS, now=NOW, rules_version="1")


def die_at(last: int) -> Callable[..., None]:
    """Be killed at step `last`, counted from 0. What is given back is a step of its own."""
    steps = 0

    def step(*_args, **_kwargs):
        nonlocal steps
        if steps == last:
            os.kill(os.getpid(), signal.SIGKILL)
        steps += 1

    def around(function):
        def watched(*args):
            step()
            answer = function(*args)
            step()
            return answer

        return watched

    os.fsync = around(os.fsync)
    Path.replace = around(Path.replace)
    for moment in ("begin", "before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(Engine, moment, step)
    return step


def live(root: Path, acknowledged: Path, first: int, count: int, last: int) -> None:
    store = Store.open(root)
    said = os.open(acknowledged, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    step = die_at(last) if last >= 0 else lambda: None
    for number in range(first, first + count):
        os.write(said, f"began {number}\n".encode())
        receipt = accept_return(store, number)
        step()
        os.write(said, f"receipt {number} {receipt.id}\n".encode())


class Nursery:
    """A nursery in a process of its own, to ask from a test."""

    def __init__(self, process, acknowledged):
        self.process, self.acknowledged = process, acknowledged

    def ask(self, first, count, last=-1) -> int:
        self.process.stdin.write(f"{first} {count} {last}\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def gone(self) -> int:
        word, status = self.process.stdout.readline().split()
        assert word == "gone"
        return int(status)

    def said(self) -> tuple[set[int], dict[int, str]]:
        """The returns that were begun, and the receipts that were given."""
        if not self.acknowledged.exists():
            return set(), {}
        lines = [line.split() for line in self.acknowledged.read_text().splitlines()]
        began = {int(line[1]) for line in lines if line[0] == "began"}
        return began, {int(line[1]): line[2] for line in lines if line[0] == "receipt"}


@contextmanager
def nursing(store: Path, acknowledged: Path) -> Iterator[Nursery]:
    process = subprocess.Popen(
        [sys.executable, __file__, store, acknowledged],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, HERE))},
    )
    try:
        yield Nursery(process, acknowledged)
    finally:
        process.stdin.close()
        process.wait(30)


def main() -> None:
    root, acknowledged = map(Path, sys.argv[1:])
    # What only happens the first time happens here, so that children are killed in what matters.
    with TemporaryDirectory() as folder:
        store = Store.open(Path(folder) / "store")
        accept_return(store, 0)
        accept_return(store, 0)
    for line in sys.stdin:
        first, count, last = map(int, line.split())
        child = os.fork()
        if child == 0:
            try:
                live(root, acknowledged, first, count, last)
            finally:
                os._exit(0 if sys.exc_info()[0] is None else 1)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        _child, status = os.waitpid(child, 0)
        sys.stdout.write(f"gone {status}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
