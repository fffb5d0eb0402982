"""A release leaves whole: its file, its report in both languages, and its manifest; or not at all.

It leaves and is remembered in one step. All of it is made in a folder of its own first; if any of
that fails, nothing has left and the ledger knows of nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from evaluation.disclosure import write_release
from evaluation.errors import WrongUse
from evaluation.language import LANGUAGES, Language, _
from evaluation.nouns import Release
from evaluation.rendering import FORMATS, Engine, Format, publish, renderer
from evaluation.returns.receipting import on_the_clock
from evaluation.store import Approved, Store, approve, name_of, record_release
from reports.making import make_reports
from reports.manifest import (
    Manifest,
    digest,
    manifest,
    otherwise_than_released,
    place_of,
    read_manifest,
    written,
)
from reports.reading import body_of, open_release

Pages = dict[Language, dict[str, Path]]
"""Each file of a report, by its language and by what its name ends in."""


def leave(
    store: Store,
    release: Release,
    place: Path,
    *,
    now: datetime,
    counts: str | None = None,
    engine: Engine | None = None,
    formats: Sequence[Format] = FORMATS,
) -> Pages:
    """Put a release at `place`, its report and manifest beside it, and into the ledger.

    The files of a release that stood there before go. `counts` are the exact counts behind it,
    for the ledger alone. Raises RenderError where the report cannot be made, StoreError where it
    cannot be recorded: then nothing has left.
    """
    with TemporaryDirectory(prefix="evaluation-") as temporary:
        made = write_release(release, Path(temporary) / place.name)
        there = _of(made, beside=place)
        approved = there.approved if there else {}
        pages, files = _report(made, made, approved, engine, formats, there=there)
        files[Path(place.name)] = made.read_bytes()
        record_release(
            store, release, made, now=now, counts=counts,
            put_in_place=partial(_put, files, place, () if there else _left(place)),
        )  # fmt: skip
    return _at(place.parent, pages)


def again(
    release_file: Path,
    to: Path,
    *,
    engine: Engine | None = None,
    formats: Sequence[Format] = FORMATS,
) -> Pages:
    """Render a release file again into the folder `to`, with its manifest; the store is not opened.

    What its own manifest, beside it, says was approved stays approved. In other formats than those
    asked for it stays as it is there; what another release left there goes.
    """
    known, target = _of(release_file, beside=release_file), to / release_file.name
    with TemporaryDirectory(prefix="evaluation-") as temporary:
        staged = Path(temporary) / release_file.name
        approved, there = known.approved if known else {}, _of(release_file, beside=target)
        there = there if there and there.approved == approved else None
        pages, files = _report(release_file, staged, approved, engine, formats, there=there)
        if target.resolve() != release_file.resolve():
            files[Path(target.name)] = release_file.read_bytes()
        _put(files, target, () if there else _left(target))
    return _at(to, pages)


def sign(
    store: Store,
    release_file: Path,
    what: Approved,
    *,
    by: str,
    now: datetime,
) -> None:
    """Record that a person approved a release, or its text in a language, and show it.

    A text that was a draft is written anew without saying so; nothing else in it changes. What is
    approved must stand there as it left. Raises WrongUse where it does not.
    """
    known = read_manifest(release_file)
    if known is None:
        raise WrongUse(
            _(
                "There is no report beside {file} to approve. Make it with: evaluation report QUARTER",
                file=release_file.name,
            )
        )
    if changed := otherwise_than_released(known, release_file.parent):
        raise WrongUse(
            _(
                "These files are not as they left: {files}. Nobody can approve what may have been "
                "changed by hand. Make the report again first.",
                files=", ".join(changed),
            )
        )
    signed = {"by": name_of(by), "on": on_the_clock(now).date().isoformat()}
    approved = {**known.approved, what: signed}
    with TemporaryDirectory(prefix="evaluation-") as temporary:
        if what in known.drafts:
            staged = Path(temporary) / release_file.name
            files = _report(release_file, staged, approved, _engine(known), _formats(known))[1]
        else:
            told = written(replace(known, approved=approved))
            files = {Path(place_of(release_file).name): told}
        approve(
            store, known.release_sha256, what, by=by, now=now,
            put_in_place=partial(_put, files, release_file, ()),
        )  # fmt: skip


def _engine(known: Manifest) -> Engine:
    return "quarto" if known.engine.startswith("Quarto") else "builtin"


def _formats(known: Manifest) -> list[Format]:
    endings = {Path(name).suffix for name in known.files}
    return [kind for kind in FORMATS if f".{kind}" in endings]


def _report(
    release_file: Path,
    staged: Path,
    approved: Mapping[str, Mapping[str, str]],
    engine: Engine | None,
    formats: Sequence[Format],
    *,
    there: Manifest | None = None,
) -> tuple[Pages, dict[Path, bytes]]:
    """The report and its manifest, made in the folder of `staged`; the content of each by its name.

    The manifest has what stands `there` already in other formats, too.
    """
    release = open_release(release_file)
    chosen = engine or body_of(release).engine
    languages = [each for each in LANGUAGES if each in approved]
    pages = make_reports(
        release_file, staged.parent, engine=chosen, formats=formats, approved=languages
    )
    files = {Path(path.name): path.read_bytes() for of in pages.values() for path in of.values()}
    told = manifest(release, release_file, files, engine=renderer(chosen), approved=approved)
    told = replace(told, files={**(there.files if there else {}), **told.files})
    files[Path(place_of(release_file).name)] = written(told)
    return pages, files


def _of(release_file: Path, *, beside: Path) -> Manifest | None:
    """The manifest that stands beside a place, if it is that of this very release file."""
    known = read_manifest(beside)
    same = known is not None and known.release_sha256 == digest(release_file.read_bytes())
    return known if same else None


def _left(place: Path) -> list[Path]:
    """The files that an earlier release left at this place."""
    known = read_manifest(place)
    return [] if known is None else [place.with_name(name) for name in known.files]


def _put(files: Mapping[Path, bytes], place: Path, instead_of: Sequence[Path]) -> None:
    publish(
        {place.parent / name: content for name, content in files.items()}, instead_of=instead_of
    )


def _at(folder: Path, pages: Pages) -> Pages:
    return {
        language: {ending: folder / path.name for ending, path in of.items()}
        for language, of in pages.items()
    }
