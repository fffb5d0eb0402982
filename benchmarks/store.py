"""How long the store takes: `python benchmarks/store.py [ROWS]` (rows of each form, 500 if left out).

Eight quarters of four forms are accepted, a quarter's four forms as one workbook; then the
medians of five snapshots of all of it, of opening one again by its id, and of reading what one
provider sent before. The disk decides much of it: every acceptance waits for it several times.
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "tests/helpers")]

from store_toys import NOW, Q1, checked, declared, visits  # noqa: E402 - the path comes first

from evaluation.store import Store, accept, earlier, open_snapshot, take_snapshot  # noqa: E402

FORMS = {name: declared(name) for name in ("visits", "calls", "letters", "meetings")}


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    with TemporaryDirectory() as folder:
        store = Store.open(Path(folder) / "store")
        taken = []
        for quarter in (Q1 - 7).to(Q1):
            table = visits(*(f"V-{quarter}-{row:07}" for row in range(rows)))
            return_ = checked(dict.fromkeys(FORMS, table), quarter=quarter, file=str(quarter))
            taken.append(
                seconds(lambda r=return_: accept(store, r, FORMS, now=NOW, rules_version="1"))
            )
        snapshot = take_snapshot(store, Q1, FORMS)
        print(f"{len(taken)} quarters of {len(FORMS)} forms of {rows:,} rows")
        print(f"accept a quarter    {statistics.median(taken):.3f} s (longest {max(taken):.3f})")
        for name, work in {
            "take a snapshot": lambda: take_snapshot(store, Q1, FORMS),
            "open it by its id": lambda: open_snapshot(store, snapshot.id),
            "read what came before": lambda: earlier(store, "team", Q1),
        }.items():
            print(f"{name:<22}{statistics.median(seconds(work) for _ in range(5)):.3f} s")


if __name__ == "__main__":
    main()
