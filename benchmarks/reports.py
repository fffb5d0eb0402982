"""How long reports take: `python benchmarks/reports.py RELEASE…`, by default that of the demonstration.

The report of each release file is rendered in both languages and all formats, into a folder that
is thrown away; then the first one in each format alone (the page is always made), so that it can
be seen what a format costs beside the cells, which run once for all of them.
"""

import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

from evaluation.rendering import FORMATS
from reports.making import make_reports


def used() -> float:
    """Seconds of the processor so far, those of the programs that were started among them."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in spent)


def measured(work: Callable[[], object]) -> tuple[float, float]:
    began, before = time.perf_counter(), used()
    work()
    return time.perf_counter() - began, used() - before


def main() -> None:
    releases = [Path(name) for name in sys.argv[1:]] or [Path("demo/release.json")]
    print(f"{'':<40}{'seconds':>10}{'processor':>12}")
    with TemporaryDirectory() as folder:
        took = spent = 0.0
        for place, release in enumerate(releases):
            to = Path(folder, str(place))
            seconds, processor = measured(lambda: make_reports(release, to, engine="builtin"))  # noqa: B023
            print(f"{release.name + ', every format':<40}{seconds:>10.1f}{processor:>12.1f}")
            took, spent = took + seconds, spent + processor
        print(f"{'together':<40}{took:>10.1f}{spent:>12.1f}")
        for kind in FORMATS:
            seconds, processor = measured(
                lambda: make_reports(releases[0], to, engine="builtin", formats=(kind,))  # noqa: B023
            )
            print(
                f"{releases[0].name + ', ' + kind + ' alone':<40}{seconds:>10.1f}{processor:>12.1f}"
            )
        for path in sorted(Path(folder, "0").iterdir()):
            print(f"{path.name:<40}{path.stat().st_size / 1000:>10,.0f} kB")


if __name__ == "__main__":
    main()
