"""The release file: sorted JSON, the same bytes for the same release, whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date
from pathlib import Path
from typing import Any

from evaluation.errors import BrokenFile, WrongUse
from evaluation.language import _
from evaluation.nouns import Before, Claiming, Corrected, Figure, Release
from evaluation.quarters import Quarter

FORMAT = 2
"""Raised when a reader of yesterday could misread the file of today: 2 added `claiming`, without
which it could make a claim that the plan forbids. Files of format 1 are read as what they were."""


def write_release(release: Release, path: Path) -> Path:
    """Write the release whole: a reader sees the old file or the new one, never a part."""
    text = json.dumps(
        _plain(release), ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            file.write(f"{text}\n".encode())
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def read_release(path: Path) -> Release:
    """Read a release file. Raises BrokenFile if it is not one, or of another format."""
    try:
        return parse_release(path.read_text(encoding="utf-8"))
    except FileNotFoundError as fault:
        raise BrokenFile(
            _(
                "There is no release file {file}. Make one with: evaluation analyse QUARTER",
                file=path.name,
            )
        ) from fault
    except (ValueError, KeyError, TypeError, AttributeError, WrongUse) as fault:
        raise BrokenFile(
            _(
                "{file} is not a release file that this version can read. "
                "Make it anew with: evaluation analyse QUARTER",
                file=path.name,
            )
        ) from fault


def parse_release(text: str) -> Release:
    """The release of a file's text. Raises ValueError, or what looking into it raises."""
    return _release(json.loads(text))


def _plain(release: Release) -> dict[str, object]:
    return asdict(release) | {
        "format": FORMAT,
        "quarter": str(release.quarter),
        "claim_quarter": None if release.claim_quarter is None else str(release.claim_quarter),
        "claiming": asdict(release.claiming)
        | {"looks": [str(quarter) for quarter in release.claiming.looks]},
        "made_on": release.made_on.isoformat(),
        "before": None if release.before is None else _plain_before(release.before),
        "corrects": None if release.corrects is None else _plain_corrected(release.corrects),
    }


def _plain_before(before: Before) -> dict[str, object]:
    return asdict(before) | {
        "quarter": str(before.quarter),
        "made_on": before.made_on.isoformat(),
    }


def _plain_corrected(corrected: Corrected) -> dict[str, object]:
    return asdict(corrected) | {"before": _plain_before(corrected.before)}


def _release(held: Mapping[str, Any]) -> Release:
    known = {item.name for item in fields(Release)} | {"format"}
    # Files without them are of the one report that there was, and compared nothing with before.
    since = {"report", "provider", "withheld_children", "before", "corrects"}
    if held["format"] == 1:  # made before a plan could say what forbids a claim: nothing does
        known -= {"claiming"}
    elif held["format"] != FORMAT:
        raise ValueError(held["format"])
    if held.keys() | since != known | since:
        raise ValueError(held.keys())
    awaited = held["claim_quarter"]
    read = {
        "quarter": Quarter.parse(held["quarter"]),
        "claim_quarter": None if awaited is None else Quarter.parse(awaited),
        "made_on": date.fromisoformat(held["made_on"]),
        "figures": tuple(_figure(figure) for figure in held["figures"]),
        "claiming": _claiming(held.get("claiming", {})),
        "before": None if held.get("before") is None else _before(held["before"]),
        "corrects": None if held.get("corrects") is None else _corrected(held["corrects"]),
    }
    return Release(**{name: held[name] for name in held if name != "format"} | read)


def _before(held: Mapping[str, Any]) -> Before:
    return Before(
        quarter=Quarter.parse(held["quarter"]),
        made_on=date.fromisoformat(held["made_on"]),
        snapshot=held["snapshot"],
        figures=tuple(_figure(figure) for figure in held["figures"]),
    )


def _corrected(held: Mapping[str, Any]) -> Corrected:
    return Corrected(**dict(held) | {"before": _before(held["before"])})


def _claiming(held: Mapping[str, Any]) -> Claiming:
    lists = {name: tuple(held[name]) for name in ("looks", "blocked_by", "departs") if name in held}
    if "looks" in lists:
        lists["looks"] = tuple(Quarter.parse(written) for written in lists["looks"])
    return Claiming(**dict(held) | lists)


def _figure(held: Mapping[str, Any]) -> Figure:
    return Figure(**dict(held) | {"unmet": tuple(held["unmet"])})
