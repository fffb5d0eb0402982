"""How long a return takes: `python benchmarks/returns.py`, with other tools beside it.

    --rows 1000000       rows of the CSV; frictionless gets a tenth
    --workbook 50000     rows of the workbook
    --times 3            runs of each, every one in a process of its own; the median is told
    --python PATH        a Python that has the other tools; by default this one
    --only ours,polars   some of them

Each run of a tool is timed inside its process, after it and (where it takes data in types) the
data are loaded. Memory is the most that the process held. What is not installed is skipped, aloud.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from rivals import DATES, RIVALS, WHOLES  # noqa: E402 - the path comes first

CSV, TYPED, FAULTS, FACTS = "referrals.csv", "typed.parquet", "faults.parquet", "facts.json"
WORKBOOK, WORKBOOK_FAULTS = "St Giles 2025Q1.xlsx", "workbook_faults.parquet"
TENTH = {"frictionless"}
PACKAGES = ("pandas", "pandera", "pyarrow", "polars", "dataframely", "pointblank",
            "frictionless", "great_expectations", "openpyxl", "python-calamine")  # fmt: skip


# ---- What is measured -----------------------------------------------------------------------------


def ours(folder: Path) -> Callable[[], Any]:
    """The CSV read, searched for identifiers, parsed, and checked against every rule."""
    return_, _forms = _our_return(folder / CSV)

    def run() -> list[int]:
        return [item.row - 2 for item in return_().findings if item.severity == "reject"]

    return run


def our_parts(folder: Path) -> Callable[[], Any]:
    """Parsing and checking alone, of text in memory: what stands beside pandera alone."""
    from evaluation.returns.checking import check
    from evaluation.returns.parsing import parse

    return_, forms = _our_return(folder / CSV)
    source = return_().source

    def run() -> list[int]:
        checked = check(parse(source, forms), forms, {})
        return [item.row - 2 for item in checked.findings if item.severity == "reject"]

    return run


def workbook(folder: Path) -> Callable[[], Any]:
    """A workbook made from our template, checked."""
    return_, _forms = _our_return(folder / WORKBOOK)

    def run() -> list[int]:
        return [item.row for item in return_().findings if item.severity == "reject" and item.row]

    return run


def annotated(folder: Path) -> Callable[[], Any]:
    """Its marked copy, the check not counted."""
    from evaluation.returns.annotating import annotate

    return_, _forms = _our_return(folder / WORKBOOK)
    checked = return_()

    def run() -> list[int]:
        annotate(folder / WORKBOOK, checked, folder / "marked.xlsx", "en")
        return [item.row for item in checked.findings if item.severity == "reject" and item.row]

    return run


def _our_return(path: Path) -> tuple[Callable[[], Any], Any]:
    from evaluation.quarters import Quarter
    from evaluation.returns.checking import check
    from evaluation.returns.parsing import parse
    from evaluation.returns.reading import read_return
    from evaluation.returns.told import Told
    from reports.reading import read_body
    from schemas import FORMS

    providers = dict(read_body("gwent").providers)
    told = Told(providers["st_giles"], Quarter.parse("2025Q1"), "st_giles_referrals")

    def checked() -> Any:
        said = told if path.suffix == ".csv" else Told()
        return check(parse(read_return(path, FORMS, providers, told=said), FORMS), FORMS, {})

    return checked, FORMS


OURS = {"ours": ours, "ours without reading": our_parts}
WORKBOOKS = {"workbook": workbook, "its marked copy": annotated}


# ---- What it is measured on -----------------------------------------------------------------------


def prepare(folder: Path, rows: int, workbook_rows: int) -> None:
    """The CSV, the same in types, the faults in it, and the workbook."""
    import pandas as pd
    from referrals import COLUMNS, FORM, QUARTER, referrals

    from evaluation.quarters import Quarter
    from evaluation.returns.declaring import ALPHABET, KEY, REF

    made = referrals(rows)
    made.texts.to_csv(folder / CSV, index=False)
    made.texts.head(rows // 10).to_csv(folder / "referrals_tenth.csv", index=False)
    made.faults.to_parquet(folder / FAULTS)
    days = {
        name: pd.to_datetime(made.texts[name], format="%d/%m/%Y", errors="coerce") for name in DATES
    }
    numbers = {
        name: pd.to_numeric(made.texts[name], errors="coerce")
        .where(lambda n: n % 1 == 0)
        .astype("Int64")
        for name in WHOLES
    }
    made.texts.assign(**days, **numbers).astype(dict.fromkeys(DATES, "datetime64[us]")).to_parquet(
        folder / TYPED
    )
    known = {
        "columns": COLUMNS,
        "codes": {
            field.name: [code.code for code in field.codes.codes]
            for field in FORM.fields
            if field.codes
        },
        "must": [field.name for field in FORM.fields if field.need == "must"],
        "ref": f"^{REF}$",
        "key": f"^{KEY}$",
        "alphabet": ALPHABET,
        "quarter_ends": Quarter.parse(QUARTER).last_day.isoformat(),
    }
    (folder / FACTS).write_text(json.dumps(known))
    write_workbook(folder / WORKBOOK, workbook_rows)


def write_workbook(path: Path, rows: int) -> None:
    """Our template, filled in by somebody with faults: dates and numbers as a spreadsheet's own."""
    from datetime import datetime

    from openpyxl import load_workbook
    from referrals import COLUMNS, FORM, QUARTER, referrals

    from evaluation.quarters import Quarter
    from evaluation.returns.templates import write_template
    from reports.reading import read_body
    from schemas import FORMS

    provider = read_body("gwent").providers["st_giles"]
    write_template(path, provider, FORMS, quarter=Quarter.parse(QUARTER), language="en")
    book = load_workbook(path)
    sheet = book[FORM.title.message]
    first = sheet.max_row + 1

    def value(column: str, text: object) -> object:
        if not isinstance(text, str):
            return None
        if column in DATES:
            try:
                return datetime.strptime(text, "%d/%m/%Y")  # noqa: DTZ007 - a day
            except ValueError:
                return text
        return int(text) if column in WHOLES and text.lstrip("-").isdigit() else text

    made = referrals(rows)
    made.faults.assign(row=made.faults["row"] + first).to_parquet(path.parent / WORKBOOK_FAULTS)
    for number, row in enumerate(made.texts.itertuples(index=False), start=first):
        for place, (column, text) in enumerate(zip(COLUMNS, row, strict=True), start=1):
            cell = sheet.cell(number, place, value(column, text))
            if column in DATES:
                cell.number_format = "dd/mm/yyyy"
    book.save(path)


# ---- Measuring ------------------------------------------------------------------------------------


def measure(name: str, folder: Path) -> None:
    """One run in this process; its time, memory and rows go out as JSON."""
    start = (OURS | WORKBOOKS | RIVALS)[name]
    try:
        run = start(folder)
    except ModuleNotFoundError as missing:
        print(json.dumps({"missing": missing.name}))
        return
    before = _most_memory()
    began, worked = time.perf_counter(), time.process_time()
    rows = run()
    seconds, worked = time.perf_counter() - began, time.process_time() - worked
    memory = _most_memory()
    found = {"seconds": seconds, "processor": worked, "before": before, "memory": memory}
    print(json.dumps(found | _share_found({int(row) for row in rows}, folder, name)))


def _share_found(rows: set[int], folder: Path, name: str) -> dict[str, float]:
    """How many of the faulty rows were found, and how many that are not."""
    import pandas as pd

    of = WORKBOOK_FAULTS if name in WORKBOOKS else FAULTS
    faulty = set(pd.read_parquet(folder / of)["row"])
    if name in TENTH:
        some = sum(1 for _line in (folder / "referrals_tenth.csv").open()) - 1
        faulty = {row for row in faulty if row < some}
    return {"found": len(rows & faulty) / len(faulty), "false": len(rows - faulty)}


def _most_memory() -> float:
    """MB; Linux counts in kB, macOS in bytes."""
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / (1e6 if sys.platform == "darwin" else 1e3)


def once(name: str, folder: Path, python: str) -> dict[str, float] | None:
    """One run in a process of its own; None, and said aloud, where it is not installed or fails."""
    command = [python if name in RIVALS else sys.executable, __file__, "--run", name, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        said: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        print(f"{name}: failed\n{done.stderr[-2000:]}", file=sys.stderr)
        return None
    if "missing" in said:
        print(f"{name}: skipped, {said['missing']} is not installed", file=sys.stderr)
        return None
    return said


def in_turns(
    names: list[str], folder: Path, times: int, python: str
) -> dict[str, dict[str, float]]:
    """The median of several runs of each. All take turns, so that a busy minute is shared."""
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    for _turn in range(times):
        for name in [name for name in names if name in runs]:
            if said := once(name, folder, python):
                runs[name].append(said)
            else:
                del runs[name]
    return {
        name: {key: statistics.median(run[key] for run in of) for key in of[0]}
        | {"least": min(run["seconds"] for run in of), "most": max(run["seconds"] for run in of)}
        for name, of in runs.items()
    }


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--rows", type=int, default=1_000_000)
    asked.add_argument("--workbook", type=int, default=50_000)
    asked.add_argument("--times", type=int, default=3)
    asked.add_argument("--python", default=sys.executable)
    asked.add_argument("--only", default="")
    asked.add_argument("--folder", type=Path)
    asked.add_argument("--run", nargs=2, metavar=("NAME", "FOLDER"))
    asked.add_argument("--prepare", action="store_true")
    said = asked.parse_args()
    if said.prepare:
        prepare(said.folder, said.rows, said.workbook)
        return
    if said.run:
        measure(said.run[0], Path(said.run[1]))
        return
    with TemporaryDirectory() as own:
        folder = said.folder or Path(own)
        if not (folder / FACTS).exists():
            folder.mkdir(parents=True, exist_ok=True)
            # A process starts out with the memory of the one that began it, so this one stays small.
            sizes = ["--rows", str(said.rows), "--workbook", str(said.workbook)]
            command = [sys.executable, __file__, "--prepare", "--folder", str(folder), *sizes]
            subprocess.run(command, check=True)
        names = [*OURS, *RIVALS, *WORKBOOKS]
        if said.only:
            names = [name for name in names if name in said.only.split(",")]
        results = in_turns(names, folder, said.times, said.python)
    print(table(results))
    print(f"\n{platform.processor() or platform.machine()}, {platform.python_implementation()} "
          f"{platform.python_version()}, {platform.system()}; {versions(said.python)}")  # fmt: skip


def table(results: dict[str, dict[str, float]]) -> str:
    """A line a tool, with its time beside pandera's alone."""
    base = results.get("pandera", {}).get("seconds")
    titles = (
        "", "seconds (least–most)", "beside pandera alone", "processor s",
        "peak MB (before it began)", "faulty rows found", "false alarms",
    )  # fmt: skip
    lines = [
        f"| {' | '.join(titles)} |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, one in results.items():
        scale = 10 if name in TENTH else 1
        least, middle, most, worked = (
            scale * one[key] for key in ("least", "seconds", "most", "processor")
        )
        cells = (
            f"{name}, ten times a tenth" if scale > 1 else name,
            f"{middle:.2f} ({least:.2f}–{most:.2f})",
            f"{middle / base:.2f}" if base and name not in WORKBOOKS else "",
            f"{worked:.2f}",
            f"{one['memory']:,.0f} ({one['before']:,.0f})",
            # What only reads finds nothing.
            f"{one['found']:.1%}" if one["found"] else "",
            f"{one['false']:,.0f}" if one["found"] else "",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def versions(python: str) -> str:
    """Of all packages that matter, here and in the other Python."""
    here = {}
    for name in PACKAGES:
        try:
            here[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    if python != sys.executable:
        asked = subprocess.run(
            [python, "-m", "pip", "list", "--format=json"],
            capture_output=True,
            text=True,
            check=True,
        )
        there = {item["name"].lower(): item["version"] for item in json.loads(asked.stdout)}
        here = {name: there[name] for name in PACKAGES if name in there} | here
    return ", ".join(f"{name} {version}" for name, version in here.items())


if __name__ == "__main__":
    main()
