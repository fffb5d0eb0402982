"""Many worlds, on several cores, kept as they are done so that a run can go on."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd

from analyses.invented.truth import Truth, marginal_rate_ratio
from analyses.plan import read_plan
from recovery.roads import WORLD, found, planned

ROOT = Path(__file__).parents[3]
AT_ONCE = 100_000
"""Children that live twice in one piece of a truth."""


@dataclass(frozen=True)
class Settings:
    """What is run: `worlds` of each effect with `children` at risk, and so many for each truth."""

    effects: tuple[float, ...]
    worlds: int
    children: int
    replicates: int
    truth_children: int
    seed: int


def run(
    settings: Settings,
    *,
    kept: Path,
    workers: int,
    until: float = np.inf,
    tell: Callable[[str], None] = print,
) -> tuple[pd.DataFrame, dict[float, Truth]]:
    """What was found, a row a world (see `Found`), and the truth of each effect.

    What is already in `kept`, made by the same code with the same settings but for the number of
    worlds and children, is taken as it is. Worlds come in turns of one of each effect; none is
    begun after the moment `until` (of `time.time`), so that a run ends with whole turns.
    """
    folder = kept / _seal(settings)
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        pieces = [
            (effect, number)
            for number in range(settings.truth_children // AT_ONCE)
            for effect in settings.effects
        ]
        living = {pool.submit(_truth, settings, folder, *piece): piece for piece in pieces}
        truths: dict[float, list[Truth]] = {effect: [] for effect in settings.effects}
        for future in _told(living, "pieces of the truth", tell):
            truths[living[future][0]].append(future.result())
        worlds = [
            (effect, settings.seed + number)
            for number in range(settings.worlds)
            for effect in settings.effects
        ]
        asked = {pool.submit(_world, settings, folder, *each, until): each for each in worlds}
        rows = [future.result() for future in _told(asked, "worlds", tell)]
    table = pd.concat([row for row in rows if row is not None])
    whole = table.groupby("seed")["effect"].transform("size") == len(settings.effects)
    table = table[whole].sort_values(["effect", "seed"], ignore_index=True)
    return table, {effect: _pooled(parts) for effect, parts in truths.items()}


def _world(
    settings: Settings, folder: Path, effect: float, seed: int, until: float
) -> pd.DataFrame | None:
    file = folder / f"world-{effect}-{seed}.csv"
    if not file.exists():
        if time.time() > until:
            return None
        row = found(
            effect, children=settings.children, seed=seed, plan=planned(settings.replicates)
        )
        _write(pd.DataFrame([asdict(row)]), file)
    return pd.read_csv(file)


def _truth(settings: Settings, folder: Path, effect: float, number: int) -> Truth:
    file = folder / f"truth-{effect}-{number}.csv"
    if not file.exists():
        piece = marginal_rate_ratio(
            effect,
            days=read_plan().window_days,
            children=AT_ONCE,
            seed=settings.seed + number,
            world=WORLD,
        )
        _write(pd.DataFrame([asdict(piece)]), file)
    return Truth(**pd.read_csv(file).iloc[0].to_dict())


def _write(row: pd.DataFrame, file: Path) -> None:
    unfinished = file.with_suffix(".part")
    row.to_csv(unfinished, index=False)
    unfinished.rename(file)


def _pooled(parts: list[Truth]) -> Truth:
    """The truth of several sets of children together, each counting by its referred children."""
    weight = np.array([part.children for part in parts], float)
    weight /= weight.sum()
    errors = np.array([part.monte_carlo_error for part in parts])
    return replace(
        parts[0],
        ratio=float(np.exp(weight @ np.log([part.ratio for part in parts]))),
        monte_carlo_error=float(np.sqrt(weight**2 @ errors**2)),
        difference_per_100=float(weight @ [part.difference_per_100 for part in parts]),
        children=int(sum(part.children for part in parts)),
    )


def _told(futures: dict[Future, tuple], what: str, tell: Callable[[str], None]) -> Iterator[Future]:
    began = time.monotonic()
    for done, future in enumerate(as_completed(futures), start=1):
        yield future
        if done % 10 == 0 or done == len(futures):
            tell(f"{done} of {len(futures)} {what}, {(time.monotonic() - began) / 60:.1f} min")


def _seal(settings: Settings) -> str:
    """A name that changes with what a world's figures hang on: its settings and the code."""
    seal = sha256(repr(replace(settings, worlds=0, truth_children=0)).encode())
    rooms = ("evaluation/estimating", "evaluation/following", "analyses/invented")
    sources = [source for room in rooms for source in (ROOT / room).rglob("*.py")]
    named = (
        "cohorts",
        "covariates",
        "quarterly/re_missing",
        "quarterly/windows",
        "quarterly/alike",
    )
    sources += [ROOT / "analyses" / f"{name}.py" for name in named]
    sources += [ROOT / "analyses" / "plan.toml", Path(__file__).with_name("roads.py")]
    for source in sorted(sources):
        seal.update(source.read_bytes())
    return seal.hexdigest()[:16]
