"""How long the estimators take: `python benchmarks/estimators.py [--rows 1000,10000] [--times 3]`.

Cox's model with Efron's ties at several sizes, ours beside statsmodels, lifelines (from the Python
of `make rivals`) and R (where Rscript and its package survival are), on the same data: 6 covariates
in 9 columns, two thirds of the rows end in an event, whole days to 365. Every tool is a process of
its own, gets its data into memory and fits a thousand rows before the clock starts; the tools take
turns, so that a busy minute is shared; medians. What each finds is held against ours.

Then 2,000 bootstrap replicates of a weighted rate ratio with 300 children, propensity refitted.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

HERE = Path(__file__).parents[1]
sys.path.insert(0, str(HERE))

Run = Callable[[], dict[str, float]]
COVARIATES = ("referred", "girl", "area", "placement", "age_band", "earlier")
AREAS, PLACEMENTS = ("east", "north", "south", "west"), ("foster", "home", "kin")
CODED = ("referred", "girl", *(f"area_{one}" for one in AREAS[1:]),
         *(f"placement_{one}" for one in PLACEMENTS[1:]), "age_band", "earlier")  # fmt: skip
CONTINUOUS = (*CODED[:-2], "age", "earlier")
FORMULA = "stop ~ " + " + ".join(COVARIATES)
WARM = 1000


def invented(rows: int) -> Any:
    """The rows: 768 patterns of covariates, an age to the hundredth, three rows a child."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(rows)
    age = rng.uniform(2, 18, rows).round(2)
    frame = pd.DataFrame(
        {
            "referred": rng.integers(0, 2, rows),
            "girl": rng.integers(0, 2, rows),
            "area": rng.choice(AREAS, rows),
            "placement": rng.choice(PLACEMENTS, rows),
            "age_band": (age // 4).clip(0, 3).astype("int64"),
            "earlier": rng.integers(0, 4, rows),
            "age": age,
            "child": np.arange(rows) // 3,
        }
    )
    for name, kinds in (("area", AREAS[1:]), ("placement", PLACEMENTS[1:])):
        for kind in kinds:
            frame[f"{name}_{kind}"] = (frame[name] == kind).astype("int64")
    risk = np.exp(-0.3 * frame["referred"] + 0.1 * frame["girl"] + 0.2 * frame["earlier"])
    until = rng.exponential(300 / risk.to_numpy())
    seen = np.minimum(rng.uniform(90, 900, rows), 365)
    frame["stop"] = np.ceil(np.minimum(until, seen))
    frame["event"] = (until <= seen).astype("int64")
    return frame


def ours(folder: Path, rows: int) -> Run:
    """From numbers in memory; few patterns and days are counted first."""
    return _ours(folder, rows, CODED)


def ours_by_formula(folder: Path, rows: int) -> Run:
    """From a formula and texts in memory."""
    import pandas as pd

    from evaluation.estimating.cox import Cox

    frame = pd.read_parquet(folder / f"{rows}.parquet")

    def run() -> dict[str, float]:
        fitted = Cox.from_formula(FORMULA, frame, event="event").fit()
        assert fitted.bse.notna().all()
        names = {name: name.replace("[T.", "_").rstrip("]") for name in fitted.params.index}
        return fitted.params.rename(names).to_dict()

    return run


def ours_from_cells(folder: Path, rows: int) -> Run:
    """From a Parquet file that is counted on the way, as a country's would be."""
    import duckdb

    from evaluation.estimating.cox import cox_from_cells

    by = ", ".join(COVARIATES)
    path = folder / f"{rows}.parquet"

    def run() -> dict[str, float]:
        cells = duckdb.sql(
            f"SELECT {by}, stop, count(*) AS leave, sum(event) AS events FROM '{path}' GROUP BY ALL"
        ).df()
        found = cox_from_cells(FORMULA, cells)
        names = {name: name.replace("[T.", "_").rstrip("]") for name in found.model.params.index}
        return found.model.params.rename(names).to_dict()

    return run


def ours_by_rows(folder: Path, rows: int) -> Run:
    """A continuous covariate: nothing can be counted."""
    return _ours(folder, rows, CONTINUOUS)


def ours_clustered(folder: Path, rows: int) -> Run:
    """Errors clustered on the child."""
    return _ours(folder, rows, CODED, cluster="child")


def _ours(folder: Path, rows: int, names: tuple[str, ...], cluster: str | None = None) -> Run:
    import pandas as pd

    from evaluation.estimating.cox import Cox

    frame = pd.read_parquet(folder / f"{rows}.parquet")
    x = frame[list(names)]

    def run() -> dict[str, float]:
        model = Cox(
            frame["stop"],
            x,
            event=frame["event"],
            cluster=None if cluster is None else frame[cluster],
        )
        fitted = model.fit()
        errors = fitted.bse.rename(lambda name: f"se {name}")
        return fitted.params.to_dict() | (errors.to_dict() if cluster else {})

    return run


def statsmodels(folder: Path, rows: int) -> Run:
    """PHReg, told to use Efron's ties."""
    import pandas as pd
    from statsmodels.duration.hazard_regression import PHReg

    frame = pd.read_parquet(folder / f"{rows}.parquet")
    x = frame[list(CODED)].to_numpy(dtype=float)

    def run() -> dict[str, float]:
        fitted = PHReg(frame["stop"], x, status=frame["event"], ties="efron").fit()
        assert (fitted.bse > 0).all()
        return dict(zip(CODED, map(float, fitted.params), strict=True))

    return run


def lifelines(folder: Path, rows: int) -> Run:
    """CoxPHFitter."""
    import pandas as pd
    from lifelines import CoxPHFitter

    # Its Python has no reader of Parquet.
    frame = pd.read_csv(folder / f"{rows}.csv")[[*CODED, "stop", "event"]]

    def run() -> dict[str, float]:
        fitted = CoxPHFitter().fit(frame, "stop", "event")
        return {str(name): float(value) for name, value in fitted.params_.items()}

    return run


IN_R = """
suppressPackageStartupMessages(library(survival))
said <- commandArgs(trailingOnly = TRUE)
fit <- function(rows) {
  if (said[3] == "r_clustered") coxph(FORMULA, rows, cluster = child)
  else coxph(FORMULA, rows)
}
FORMULA <- as.formula(paste("Surv(stop, event) ~", said[4]))
warm <- read.csv(file.path(said[1], "1000.csv"))
rows <- read.csv(file.path(said[1], paste0(format(as.numeric(said[2]), scientific = FALSE), ".csv")))
for (name in c("area", "placement")) {
  warm[[name]] <- factor(warm[[name]]); rows[[name]] <- factor(rows[[name]])
}
invisible(fit(warm))
seconds <- c(); worked <- c()
for (turn in seq_len(as.integer(said[5]))) {
  gc(); before <- proc.time(); began <- Sys.time()
  found <- fit(rows)
  seconds <- c(seconds, as.numeric(Sys.time() - began, units = "secs"))
  worked <- c(worked, sum((proc.time() - before)[1:2]))
}
names <- sub("^(area|placement)([^_])", "\\\\1_\\\\2", names(coef(found)))
numbers <- coef(found)
if (said[3] == "r_clustered") {
  numbers <- c(numbers, sqrt(diag(vcov(found)))); names <- c(names, paste("se", names))
}
cat(sprintf('{"seconds": [%s], "processor": [%s], "found": {%s}}\\n',
  paste(sprintf("%.6f", seconds), collapse = ","), paste(sprintf("%.3f", worked), collapse = ","),
  paste(sprintf('"%s": %.12g', names, numbers), collapse = ",")))
"""
IN_PYTHON: dict[str, Callable[[Path, int], Run]] = {
    "ours": ours,
    "ours_by_formula": ours_by_formula,
    "ours_from_cells": ours_from_cells,
    "ours_by_rows": ours_by_rows,
    "ours_clustered": ours_clustered,
    "statsmodels": statsmodels,
    "lifelines": lifelines,
}
R_TERMS = {
    "r": " + ".join(CODED),
    "r_by_formula": " + ".join(COVARIATES),
    "r_by_rows": " + ".join(CONTINUOUS),
    "r_clustered": " + ".join(CODED),
}
TITLES = {
    "ours": "**ours**, from numbers",
    "statsmodels": "statsmodels `PHReg`",
    "lifelines": "lifelines `CoxPHFitter`",
    "r": "R `coxph`",
    "ours_by_formula": "**ours**, formula with texts",
    "r_by_formula": "R, formula with factors",
    "ours_from_cells": "**ours**, counts from Parquet by DuckDB, reading included",
    "ours_by_rows": "**ours**, an age to the hundredth (rows)",
    "r_by_rows": "R, an age to the hundredth",
    "ours_clustered": "**ours**, clustered on the child",
    "r_clustered": "R, clustered on the child",
}
LIKE = {"ours_by_rows": None, "ours_clustered": None,
        "r_by_rows": "ours_by_rows", "r_clustered": "ours_clustered"}  # fmt: skip
"""With whose numbers a tool's must agree, where it is not `ours`."""
R_CLUSTERS = 10_000
"""R's time for clusters grows with their square: a hundred thousand rows took it three minutes."""


def measure(name: str, folder: Path, rows: int, repeats: int) -> None:
    """Some fits in this process; their times and what was found go out as JSON."""
    try:
        start = IN_PYTHON[name]
        start(folder, WARM)()
    except ModuleNotFoundError as missing:
        print(json.dumps({"missing": missing.name}))
        return
    run = start(folder, rows)
    seconds, worked = [], []
    found: dict[str, float] = {}
    for _ in range(repeats):
        began, busy = time.perf_counter(), time.process_time()
        found = run()
        seconds.append(time.perf_counter() - began)
        worked.append(time.process_time() - busy)
    print(json.dumps({"seconds": seconds, "processor": worked, "found": found}))


def once(name: str, folder: Path, rows: int, python: str) -> dict[str, Any] | None:
    """A process of its own; None, and said aloud, where the tool is not there or fails."""
    repeats = 5 if rows <= 10_000 else 1
    if name in R_TERMS:
        if shutil.which("Rscript") is None or (name == "r_clustered" and rows > R_CLUSTERS):
            return None
        command = ["Rscript", str(folder / "cox.R"), str(folder), str(rows), name, R_TERMS[name]]
        command.append(str(repeats))
    else:
        whose = python if name == "lifelines" else sys.executable
        command = [whose, __file__, "--run", name, str(folder), str(rows), str(repeats)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    except (OSError, IndexError, ValueError) as error:
        why = done.stderr[-1500:] if "done" in dir() else error
        print(f"{name} at {rows:,} rows: failed\n{why}", file=sys.stderr)
        return None
    if "missing" in said:
        print(f"{name}: skipped, {said['missing']} is not installed", file=sys.stderr)
        return None
    return said


def in_turns(names: list[str], folder: Path, rows: int, times: int, python: str) -> dict[str, Any]:
    """Each tool's medians; all take turns."""
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for _turn in range(times):
        for name in [name for name in names if name in runs]:
            if said := once(name, folder, rows, python):
                runs[name].append(said)
            else:
                del runs[name]
    return {
        name: {
            key: statistics.median(value for run in of for value in run[key])
            for key in ("seconds", "processor")
        }
        | {"found": of[0]["found"]}
        for name, of in runs.items()
    }


def apart(name: str, results: dict[str, Any]) -> float | None:
    """The largest difference from what ours found."""
    like = LIKE.get(name, "ours")
    if like not in results or like == name:
        return None
    other = results[like]["found"]
    return max(abs(value - other[term]) for term, value in results[name]["found"].items())


def cox(folder: Path, sizes: list[int], times: int, python: str, only: list[str]) -> None:
    """A line a tool and a column a size: seconds, and how much sooner than R ours is."""
    (folder / "cox.R").write_text(IN_R)
    results = {}
    for rows in sorted({WARM, *sizes}):
        frame = invented(rows)
        frame.to_parquet(folder / f"{rows}.parquet")
        frame.to_csv(folder / f"{rows}.csv", index=False)
        if rows in sizes:
            results[rows] = in_turns(only, folder, rows, times, python)
    print("| seconds (processor) | " + " | ".join(f"{rows:,}" for rows in sizes) + " |")
    print("|---" * (1 + len(sizes)) + "|")
    for name, title in TITLES.items():
        cells = [
            f"{one['seconds']:.3f} ({one['processor']:.3f})"
            if (one := results[rows].get(name))
            else "–"
            for rows in sizes
        ]
        if set(cells) != {"–"}:
            print(f"| {title} | " + " | ".join(cells) + " |")
    print(
        "\nThe largest difference in a coefficient (or clustered error), and R's time for ours:\n"
    )
    for rows in sizes:
        of = results[rows]
        far = {name: gap for name in of if (gap := apart(name, of)) is not None}
        print(f"- {rows:,}: " + ", ".join(f"{name} {gap:.0e}" for name, gap in far.items()))
        pairs = (("r", "ours"), ("r_by_formula", "ours_by_formula"), ("r", "ours_from_cells"),
                 ("r_by_rows", "ours_by_rows"), ("r_clustered", "ours_clustered"),
                 ("statsmodels", "ours"), ("lifelines", "ours"))  # fmt: skip
        print("  " + ", ".join(
            f"{slow} / {quick} {of[slow]['seconds'] / of[quick]['seconds']:.1f}"
            for slow, quick in pairs if slow in of and quick in of
        ))  # fmt: skip


def bootstrap(times: int) -> None:
    """2,000 replicates of the weighted rate ratio; 300 children, three covariates, refitted."""
    import numpy as np
    import pandas as pd

    from evaluation.estimating.bootstrap import whole_child
    from evaluation.estimating.weighting import propensity

    rng = np.random.default_rng(1)
    prior = rng.poisson(3, 300)
    treated = rng.random(300) < 1 / (1 + np.exp(-0.25 * (prior - 3)))
    children = pd.DataFrame(
        {
            "child_key": [f"C{number}" for number in range(300)],
            "arm": np.where(treated, "referred", "not_referred"),
            "prior": prior,
            "age": rng.integers(10, 18, 300),
            "authority": pd.array(rng.choice(list("ABCDE"), 300), dtype="str"),
            "events": rng.poisson(2 * np.exp(0.2 * (prior - 3)) * rng.gamma(1, 1, 300)),
            "days_at_risk": 182,
        }
    )
    weights = propensity(children, ["prior", "age", "authority"], treated="referred")
    took, worked = [], []
    for _ in range(times + 1):
        began, busy = time.perf_counter(), time.process_time()
        found = whole_child(
            weights, counts={182: children}, replicates=2000, rng=np.random.default_rng(1)
        )
        took.append(time.perf_counter() - began)
        worked.append(time.process_time() - busy)
    ratio = found.one("rate_ratio", "contrast", 182)
    print(f"\n2,000 replicates of the weighted rate ratio, 300 children, {weights.design.shape[1]} "
          f"columns refitted: {statistics.median(took[1:]):.2f} s "
          f"({statistics.median(worked[1:]):.2f} of the processor) "
          f"({ratio.value:.3f}, {ratio.low:.3f} to {ratio.high:.3f})")  # fmt: skip


def versions(python: str) -> str:
    """Of all that matters, here, in the other Python, and in R."""
    told = [f"{name} {importlib.metadata.version(name)}"
            for name in ("numpy", "scipy", "pandas", "duckdb", "statsmodels")]  # fmt: skip
    for command in (
        [python, "-c", "import lifelines; print('lifelines', lifelines.__version__)"],
        ["Rscript", "-e", "cat(R.version.string, 'with survival', as.character(packageVersion('survival')))"],
    ):  # fmt: skip
        try:
            said = subprocess.run(command, capture_output=True, text=True, check=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        told.append(said.stdout.strip())
    return ", ".join(told)


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--rows", default="1000,10000,100000,1000000")
    asked.add_argument("--times", type=int, default=3)
    asked.add_argument("--only", default="")
    asked.add_argument("--python", default=str(HERE / ".rivals/bin/python"))
    asked.add_argument("--run", nargs=4, metavar=("NAME", "FOLDER", "ROWS", "REPEATS"))
    said = asked.parse_args()
    if said.run:
        name, folder, rows, repeats = said.run
        measure(name, Path(folder), int(rows), int(repeats))
        return
    names = [name for name in TITLES if not said.only or name in said.only.split(",")]
    with TemporaryDirectory() as own:
        sizes = [int(rows) for rows in said.rows.split(",")]
        cox(Path(own), sizes, said.times, said.python, names)
    bootstrap(said.times)
    print(f"\n{platform.processor() or platform.machine()}, {os.cpu_count()} cores, "
          f"{platform.python_implementation()} {platform.python_version()}, {platform.system()}; "
          f"{versions(said.python)}")  # fmt: skip


if __name__ == "__main__":
    main()
