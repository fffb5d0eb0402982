"""Files that a sender gets, whole or not at all."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from evaluation.errors import BrokenFile
from evaluation.language import _


def save_whole(to: Path, content: bytes) -> Path:
    """Write a file in one step, over an older one if there is one: whoever is killed loses neither.

    Raises BrokenFile, and the older one stays, where the folder or the file may not be written.
    """
    part = to.with_name(f".{uuid4().hex}.part")
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        try:
            part.write_bytes(content)
            part.replace(to)
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)
    except OSError as error:
        raise BrokenFile(
            _(
                "{file} cannot be written ({reason}). Close it if it is open elsewhere, or write "
                "to another folder.",
                file=str(to),
                reason=error.strerror or type(error).__name__,
            )
        ) from error
    return to
