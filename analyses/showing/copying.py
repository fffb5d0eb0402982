"""The notebooks, copied to where their reader works, with the line that names the store."""

from __future__ import annotations

import json
import os
import re
from importlib.resources import as_file, files
from pathlib import Path

from evaluation.errors import WrongUse
from evaluation.language import _

FIRST = "00_start_here.ipynb"
_STORE = re.compile(r"^STORE = .*$", re.MULTILINE)


def copy_notebooks(to: Path, *, store: Path) -> Path:
    """Copy every notebook, and the folder of an outcome of one's own, into the folder `to`.

    The line that begins with STORE names `store`, as seen from there. Gives the first notebook.
    Raises WrongUse rather than write over a file that is there: somebody has worked in it.
    """
    with as_file(files("analyses") / "notebooks") as folder:
        sources = [*sorted(folder.glob("*.ipynb")), *sorted(folder.glob("my_outcomes/*.py"))]
        targets = [to / source.relative_to(folder) for source in sources]
        if there := next((target for target in targets if target.exists()), None):
            raise WrongUse(
                _(
                    "{file} is there already, and somebody may have worked in it. Name another "
                    "folder with --to.",
                    file=str(there),
                )
            )
        for source, target in zip(sources, targets, strict=True):
            target.parent.mkdir(parents=True, exist_ok=True)
            text = source.read_text(encoding="utf-8")
            told = text if source.suffix == ".py" else pointed_at(text, _seen_from(to, store))
            target.write_text(told, encoding="utf-8")
    return to / FIRST


def pointed_at(notebook: str, store: str) -> str:
    """The text of a notebook whose one line that names the store names this one."""
    content = json.loads(notebook)
    line = f"STORE = {json.dumps(store, ensure_ascii=False)}"
    for cell in content["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code" and _STORE.search(source):
            cell["source"] = _STORE.sub(lambda _found: line, source).splitlines(keepends=True)
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _seen_from(folder: Path, store: Path) -> str:
    """The store's path from a folder: they can then be moved together."""
    try:
        return Path(os.path.relpath(store.resolve(), folder.resolve())).as_posix()
    except ValueError:  # another drive of a Windows machine
        return store.resolve().as_posix()
