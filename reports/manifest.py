"""The manifest of a release: what left, made of what and with what, and who approved it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from evaluation.errors import BrokenFile
from evaluation.language import LANGUAGES, Language, _, is_draft
from evaluation.nouns import Release

FORMAT = 1
"""Raised when a reader of yesterday could misread the manifest of today."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """`release_file` and `files` are named from the manifest's own folder; digests are SHA-256.

    `engine` is the renderer with its version. `drafts` are the languages whose text nobody has
    approved. `approved` says of 'release', 'en' and 'cy' by whom and on which day. `corrects` is
    the day and the reason of the release whose place this takes.
    """

    body: str
    quarter: str
    report: str
    provider: str | None
    profile: str
    release_file: str
    release_sha256: str
    snapshot: str
    plan: str
    made_on: str
    engine: str
    versions: Mapping[str, str]
    corrects: Mapping[str, str] | None
    drafts: tuple[Language, ...]
    approved: Mapping[str, Mapping[str, str]]
    files: Mapping[str, str]


def manifest(
    release: Release,
    release_file: Path,
    files: Mapping[Path, bytes],
    *,
    engine: str,
    approved: Mapping[str, Mapping[str, str]],
) -> Manifest:
    """The manifest of a release file and of the report's `files`, which all stand in its folder."""
    corrected = release.corrects
    return Manifest(
        body=release.body,
        quarter=str(release.quarter),
        report=release.report,
        provider=release.provider,
        profile=str(release.policy.get("name", "public")),
        release_file=release_file.name,
        release_sha256=digest(release_file.read_bytes()),
        snapshot=release.snapshot,
        plan=release.plan,
        made_on=release.made_on.isoformat(),
        engine=engine,
        versions=release.versions,
        corrects=None
        if corrected is None
        else {"made_on": corrected.before.made_on.isoformat(), "because": corrected.because},
        drafts=tuple(each for each in LANGUAGES if is_draft(each) and each not in approved),
        approved=approved,
        files={path.name: digest(content) for path, content in sorted(files.items())},
    )


def place_of(release_file: Path) -> Path:
    """Where the manifest of a release file stands: `manifest.json`, `annex-manifest.json`."""
    stem = release_file.stem
    return release_file.with_name("manifest.json" if stem == "release" else f"{stem}-manifest.json")


def written(made: Manifest) -> bytes:
    """Its JSON: the same bytes for the same manifest."""
    held = {"format": FORMAT} | asdict(made)
    return (json.dumps(held, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def read_manifest(release_file: Path) -> Manifest | None:
    """The manifest beside a release file; None where there is none. Raises BrokenFile."""
    path = place_of(release_file)
    if not path.exists():
        return None
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        return Manifest(
            **{name: held[name] for name in held if name != "format"}
            | {"drafts": tuple(held["drafts"])}
        )
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise BrokenFile(
            _(
                "{file} is not a manifest that this version can read. Make the report again.",
                file=path.name,
            )
        ) from fault


def otherwise_than_released(made: Manifest, folder: Path) -> Collection[str]:
    """The files that are no longer there, or no longer what they were when they left."""
    due = {made.release_file: made.release_sha256} | dict(made.files)
    return [
        name
        for name, due_digest in due.items()
        if not (folder / name).is_file() or digest((folder / name).read_bytes()) != due_digest
    ]


def digest(content: bytes) -> str:
    """The SHA-256 of some bytes."""
    return sha256(content).hexdigest()
