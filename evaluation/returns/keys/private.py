"""Files that are for one person only: a secret, and what it was used for."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from evaluation.errors import BrokenFile, WrongUse
from evaluation.language import Text, _
from evaluation.store.files import sync_folder
from evaluation.store.opening import LEDGER


def apart_from_stores(path: Path) -> Path:
    """The path in full, links followed. Raises WrongUse if it lies in a store of returns."""
    whole = path.resolve()
    for folder in whole.parents:
        if (folder / LEDGER).is_file():
            raise WrongUse(
                _(
                    "{file} lies in a store of returns. Identifiers, keys and the secret are kept "
                    "apart from every store: name another folder.",
                    file=str(path),
                )
            )
    return whole


def write_private(to: Path, content: bytes, *, replace: bool = False) -> None:
    """Write a file that only its owner may read, whole or not at all.

    Raises WrongUse if it is there already and `replace` was not asked for.
    """
    if to.is_dir():
        raise WrongUse(_("{file} is a folder. Name a file in it.", file=str(to)))
    part = to.with_name(f".{uuid4().hex}.part")
    claimed = False
    try:
        with _open_new(part) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if not replace:
            # The name is taken first, so that of two who write at once one is refused.
            _open_new(to).close()
            claimed = True
        part.replace(to)
        claimed = False
        sync_folder(to.parent)
    except FileExistsError as error:
        raise WrongUse(_already_there(to)) from error
    except OSError as error:
        raise BrokenFile(
            _(
                "{file} cannot be written ({reason}). Check the folder, the disk and your rights.",
                file=str(to),
                reason=error.strerror or type(error).__name__,
            )
        ) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
            if claimed:
                to.unlink(missing_ok=True)


def _open_new(path: Path) -> BinaryIO:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags, 0o600), "wb")


def _already_there(path: Path) -> Text:
    return _(
        "{file} is there already and was left as it is. Move it, or name another file.",
        file=str(path),
    )
