"""A report's sources, copied beside one release file into a folder of their own.

Nothing is ever written into the installed package, and what runs there is given the release
file and nothing else: no store, none of the toolkit's settings.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.resources.abc import Traversable
from pathlib import Path
from tempfile import TemporaryDirectory

import evaluation
from evaluation.errors import RenderError
from evaluation.language import _
from evaluation.rendering.subset import with_front

RELEASE = "release.json"

# Read by matplotlib from the folder that it runs in: identifiers inside an SVG come from its
# content and this word, not from chance, so that the same figures give the same bytes.
_MATPLOTLIBRC = "backend: agg\nsvg.hashsalt: evaluation\n"


@dataclass(frozen=True, slots=True)
class Stage:
    """`folder` holds the sources and the release; `scratch` what the programs need beside them.

    `environment` is that of every program that runs there.
    """

    folder: Path
    scratch: Path
    environment: Mapping[str, str]

    def run(
        self, name: str, command: Sequence[str | Path], *, seconds: float
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a program here and wait, whatever it ends with. Raises RenderError after `seconds`."""
        try:
            return subprocess.run(  # noqa: S603  our own arguments, no shell
                command,
                cwd=self.folder,
                env=dict(self.environment),
                capture_output=True,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            message = _(
                "{program} took longer than {seconds} seconds.", program=name, seconds=seconds
            )
            raise RenderError(message) from None


@contextmanager
def staged(
    sources: Traversable,
    report: str,
    release_file: Path,
    *,
    fronts: Mapping[str, Mapping[str, object]],
    made_on: date | None,
) -> Iterator[Stage]:
    """Lay out `sources`/`report` and what lies beside it for all reports; gone afterwards.

    `fronts` gives the front matter to write into each shell, by its file name. `made_on` is the
    day that a picture or page may say it was made on.
    """
    with TemporaryDirectory(prefix="evaluation-") as temporary:
        folder, scratch = Path(temporary, "report"), Path(temporary, "scratch")
        folder.mkdir()
        scratch.mkdir()
        for source in (sources, sources / report):
            _copy_files(source, folder)
        shutil.copyfile(release_file, folder / RELEASE)
        (folder / "matplotlibrc").write_text(_MATPLOTLIBRC, encoding="utf-8")
        for shell, front in fronts.items():
            path = folder / shell
            text = with_front(path.read_text(encoding="utf-8"), front)
            path.write_text(text, encoding="utf-8", newline="\n")
        yield Stage(folder, scratch, _environment(scratch, made_on))


def _copy_files(source: Traversable, folder: Path) -> None:
    """Copy what is not Python: sections are imported from the package, never from the copy."""
    for item in source.iterdir():
        if item.is_file() and not item.name.endswith((".py", ".pyc")):
            (folder / item.name).write_bytes(item.read_bytes())


def _environment(scratch: Path, made_on: date | None) -> dict[str, str]:
    kept = {
        k: v for k, v in os.environ.items() if not k.startswith(("EVALUATION_", "QUARTO_PROFILE"))
    }
    midnight = datetime(made_on.year, made_on.month, made_on.day, tzinfo=UTC) if made_on else None
    return {
        **kept,
        **_python_path(),
        "IPYTHONDIR": str(scratch / "ipython"),  # nobody's own start-up files
        "MPLBACKEND": "agg",
        "PYTHONHASHSEED": "0",
        "PYTHONIOENCODING": "utf-8",
        "PYTHONWARNINGS": "ignore",
        "QUARTO_PYTHON": sys.executable,
        "SOURCE_DATE_EPOCH": str(int(midnight.timestamp()) if midnight else 0),
    }


def _python_path() -> dict[str, str]:
    """A checkout's own packages are importable too; an installed wheel's are already."""
    root = Path(evaluation.__file__).parents[1]
    if root == Path(sysconfig.get_path("purelib")):
        return {}
    earlier = os.environ.get("PYTHONPATH")
    return {"PYTHONPATH": os.pathsep.join([str(root), *([earlier] if earlier else [])])}
