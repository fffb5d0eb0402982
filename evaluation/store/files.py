"""One immutable Parquet file per accepted form, named by the SHA-256 of its bytes.

    files/ab/ab12….parquet

A file is complete and on the disk before its name exists, so a name never stands for a torn
file. A file that the ledger does not mention was never accepted and does no harm.
"""

from __future__ import annotations

import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq

from evaluation.errors import StoreError
from evaluation.language import _


def path_of(folder: Path, digest: str) -> Path:
    """Where the file with this digest stands."""
    return folder / digest[:2] / f"{digest}.parquet"


def write(folder: Path, table: Any) -> str:
    """Put the table into a file of its own, safe from a power cut, and give its digest.

    Writing the same table again changes nothing. Raises StoreError if the disk is full or the
    folder cannot be written.
    """
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    content = sink.getvalue().to_pybytes()
    digest = sha256(content).hexdigest()
    path = path_of(folder, digest)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not _holds(path, digest):
            _put(path, content, digest)
        # Every time, and up to the store's own folder: another process may have made any of
        # these names a moment ago and not have synced it yet.
        for parent in (path.parent, folder, folder.parent):
            sync_folder(parent)
    except OSError as error:
        raise trouble(error, path) from error
    return digest


def read(folder: Path, digest: str) -> Any:
    """The table in the file with this digest, every byte of it checked.

    Raises StoreError, naming the file, if it is missing or is not what it was.
    """
    path = path_of(folder, digest)
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise StoreError(
            _(
                "The store has lost the file {path}, which its ledger names. "
                "Restore it from the store’s last backup.",
                path=str(path),
            )
        ) from error
    except OSError as error:
        raise trouble(error, path) from error
    if sha256(content).hexdigest() != digest:
        raise StoreError(
            _(
                "The file {path} is damaged: its content does not match its name. "
                "Restore it from the store’s last backup.",
                path=str(path),
            )
        )
    return pq.read_table(pa.BufferReader(content))


def sync_folder(folder: Path) -> None:
    """Make the names in a folder safe from a power cut. Windows neither needs nor allows it."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def trouble(error: OSError, path: Path) -> StoreError:
    """The sentence for a disk that will not do as it is told."""
    return StoreError(
        _(
            "The store cannot use {path} ({reason}). Nothing was accepted. "
            "Check the disk and your rights in the store’s folder.",
            path=str(path),
            reason=error.strerror or type(error).__name__,
        )
    )


def _put(path: Path, content: bytes, digest: str) -> None:
    part = path.with_name(f".{digest[:16]}-{uuid4().hex}.part")
    try:
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            part.replace(path)
        except PermissionError:
            # Windows will not replace a file that somebody reads. If it is the same, all is well.
            if not _holds(path, digest):
                raise
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _holds(path: Path, digest: str) -> bool:
    try:
        return sha256(path.read_bytes()).hexdigest() == digest
    except FileNotFoundError:
        return False
