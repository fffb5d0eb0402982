"""The simulations in batches, on every core, kept as they are done so that a run can go on."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from analyses.invented.truth import Truth, marginal_rate_ratio
from analyses.plan import read_plan
from calibration.cohorts import WINDOW, cohorts
from calibration.rivals import DEFAULT, laid_out, rivals

ROOT = Path(__file__).parents[3]
_LIVED_AT_ONCE = 500_000
BATCH = 25
"""Simulations that one process does between two reports of progress."""


@dataclass(frozen=True)
class World:
    """A world (see `cohorts`), and how many cohorts of it are drawn; slow rivals see the first ones."""

    effect: float
    pull: float
    simulations: int
    rivals: int = 0


@dataclass(frozen=True)
class Settings:
    """What is run. `lifelines` is its Python, if there is one."""

    sizes: tuple[int, ...]
    worlds: tuple[World, ...]
    replicates: int
    seed: int
    lifelines: Path | None = None


def simulate(
    settings: Settings, *, kept: Path | None = None, tell: Callable[[str], None] | None = None
) -> pd.DataFrame:
    """One row is what one rival found in one cohort: effect, pull, size, simulation, who, value, low,
    high.

    Batches already in `kept`, made by the same code with the same settings, are taken as they are.
    """
    batches = [
        (settings, world, batch)
        for world in settings.worlds
        for batch in range(-(-world.simulations // BATCH))
    ]
    folder = None if kept is None else kept / _seal(settings)
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    files = {
        one: folder / f"{one[1].effect}-{one[1].pull}-{one[2]}.csv" if folder else None
        for one in batches
    }
    found = [pd.read_csv(file) for file in files.values() if file and file.exists()]
    todo = [one for one, file in files.items() if not file or not file.exists()]
    began = time.monotonic()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        running = {pool.submit(run_batch, *one, files[one]): one for one in todo}
        for done, future in enumerate(as_completed(running), start=1):
            found.append(future.result())
            if tell:
                spent = time.monotonic() - began
                left = spent / done * (len(todo) - done)
                tell(
                    f"{done} of {len(todo)} batches; {spent / 60:.1f} min gone, {left / 60:.1f} to go"
                )
    order = ["effect", "pull", "size", "who", "simulation"]
    return pd.concat(found).sort_values(order, ignore_index=True)


def run_batch(settings: Settings, world: World, batch: int, file: Path | None) -> pd.DataFrame:
    """The simulations of one batch; the smaller cohorts are the first children of the largest."""
    plan = read_plan()
    ways = rivals(plan, replicates=settings.replicates)
    seed = (settings.seed, round(1000 * world.effect), round(1000 * world.pull), batch)
    first = batch * BATCH
    count = min(BATCH, world.simulations - first)
    told, rows = [], []
    for number, drawn in enumerate(
        cohorts(count, max(settings.sizes), effect=world.effect, pull=world.pull, seed=seed),
        start=first,
    ):
        for size in settings.sizes:
            cohort = drawn.first(size)
            for name, way in ways.items():
                if name != DEFAULT and number >= world.rivals:
                    continue
                for who, ratio in way(cohort, (*seed, number, size)).items():
                    told.append((size, number, who, *ratio))
            if settings.lifelines and number < world.rivals:
                rows.append(laid_out(cohort).assign(size=size, simulation=number))
    found = pd.DataFrame(told, columns=["size", "simulation", "who", "value", "low", "high"])
    if settings.lifelines and rows:
        found = pd.concat([found, _lifelines(settings.lifelines, pd.concat(rows))])
    found.insert(0, "effect", world.effect)
    found.insert(1, "pull", world.pull)
    if file:
        unfinished = file.with_suffix(".part")
        found.to_csv(unfinished, index=False)
        unfinished.rename(file)
    return found


def truth(effect: float, *, children: int, seed: int) -> Truth:
    """The marginal rate ratio on those referred, lived twice, by as many processes as there are.

    No effect is no effect: 1, without doubt.
    """
    if effect == 1:
        return Truth(1.0, 0.0, 0.0, 0, WINDOW)
    parts = -(-children // _LIVED_AT_ONCE)
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        each = list(pool.map(_truth, [effect] * parts, range(seed, seed + parts)))
    weight = np.array([one.children for one in each], float)
    weight /= weight.sum()
    logs = np.log([one.ratio for one in each])
    return Truth(
        ratio=float(np.exp(weight @ logs)),
        monte_carlo_error=float(
            np.sqrt(weight**2 @ np.array([one.monte_carlo_error**2 for one in each]))
        ),
        difference_per_100=float(weight @ np.array([one.difference_per_100 for one in each])),
        children=sum(one.children for one in each),
        days=WINDOW,
    )


def _truth(effect: float, seed: int) -> Truth:
    return marginal_rate_ratio(effect, days=WINDOW, children=_LIVED_AT_ONCE, seed=seed)


def _lifelines(python: Path, rows: pd.DataFrame) -> pd.DataFrame:
    script = Path(__file__).with_name("lifelines_cox.py")
    with TemporaryDirectory() as folder:
        source, target = Path(folder, "rows.csv"), Path(folder, "found.csv")
        rows.to_csv(source, index=False)
        subprocess.run([python, script, source, target], check=True)
        return pd.read_csv(target)


def _seal(settings: Settings) -> str:
    """A name that changes with the settings and with the code that they run."""
    seal = sha256(repr(settings).encode())
    sources = [*ROOT.glob("evaluation/estimating/**/*.py"), *ROOT.glob("analyses/invented/*.py")]
    sources += [*ROOT.glob("analyses/quarterly/*.py"), *Path(__file__).parent.glob("*.py")]
    for source in [*sorted(sources), ROOT / "analyses" / "plan.toml"]:
        seal.update(source.read_bytes())
    return seal.hexdigest()[:16]
