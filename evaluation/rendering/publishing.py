"""Files put in place as one set: all of them whole, or none."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

from evaluation.errors import RenderError
from evaluation.language import _


def publish(files: Mapping[Path, bytes], *, instead_of: Iterable[Path] = ()) -> None:
    """Write every file whole beside its place, then put all of them in place.

    Files of an earlier set, `instead_of` which they stand, go. What stood there before is put
    back if one of them cannot be. Raises RenderError then.
    """
    parts = {path: path.with_name(f".{path.name}.part") for path in files}
    undo: list[Callable[[], object]] = []
    try:
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with parts[path].open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        for path, part in parts.items():
            before = path.read_bytes() if path.exists() else None
            part.replace(path)
            undo.append(
                partial(path.unlink) if before is None else partial(path.write_bytes, before)
            )
        for path in {*instead_of} - files.keys():
            if path.exists():
                undo.append(partial(path.write_bytes, path.read_bytes()))
                path.unlink()
    except OSError as error:
        for put_back in undo:
            put_back()
        for part in parts.values():
            part.unlink(missing_ok=True)
        raise RenderError(
            _(
                "The report could not be written ({why}); nothing was published.",
                why=error.strerror or "-",
            )
        ) from error
