"""pandoc, called as a program: the assembled Markdown laid out by the filter, in one format."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import pypandoc

from evaluation.errors import RenderError
from evaluation.language import Text, _
from evaluation.rendering.staging import Stage

SECONDS = 120


@contextmanager
def resources() -> Iterator[Path]:
    """The folder of templates, filters and fonts."""
    with as_file(files("evaluation.rendering") / "resources") as folder:
        yield folder


def lay_out(stage: Stage, *options: str, metadata: Mapping[str, str]) -> bytes:
    """The staged report.md through the filter and pandoc; what pandoc wrote. Raises RenderError."""
    with resources() as folder:
        command = [
            program(),
            "report.md",
            "--from=markdown",
            "--standalone",
            "--fail-if-warnings",
            "--wrap=none",
            "--eol=lf",
            f"--lua-filter={folder / 'filter.lua'}",
            *(f"--metadata={key}:{value}" for key, value in metadata.items()),
            *options,
        ]
        return run(command, stage)


@cache
def program() -> str:
    """The pandoc that came with the package, so that a machine's own, older one changes nothing."""
    for own in Path(pypandoc.__file__).with_name("files").glob("pandoc*"):
        if own.stem == "pandoc" and os.access(own, os.X_OK):
            return str(own)
    return str(pypandoc.get_pandoc_path())


def version() -> str:
    """The version of pandoc that is used here."""
    ran = subprocess.run([program(), "--version"], capture_output=True, text=True, check=True)  # noqa: S603
    return ran.stdout.split()[1]


def run(command: Sequence[str], stage: Stage) -> bytes:
    """Run pandoc in the stage; what it wrote to its standard output. Raises RenderError."""
    ran = stage.run("pandoc", command, seconds=SECONDS)
    if ran.returncode:
        raise RenderError(_refusal(ran.stderr.decode("utf-8", "replace")))
    return ran.stdout


_REFUSALS = {
    "outside": _("it is outside the written subset of Quarto"),
    "no-alt": _("the figure has no alt text"),
    "no-caption": _("it has no caption"),
    "two-captions": _("it has a caption of its own beside that of its div"),
    "one-table": _("its div must hold exactly one table"),
    "unresolved": _("there is no such figure or table"),
    "repeated": _("the label is given twice"),
}


def _refusal(said: str) -> Text:
    """What the filter refused, in words; or pandoc's own first line."""
    if "REFUSED|" in said:
        code, detail, *_rest = said.split("REFUSED|", 1)[1].split("|")
        if code in _REFUSALS:
            return _(
                "The report cannot be laid out at '{detail}': {why}. Nothing was published.",
                detail=detail,
                why=_REFUSALS[code],
            )
    line = next((line for line in said.splitlines() if line.strip()), "-")
    return _("pandoc could not lay out the report: {why}. Nothing was published.", why=line[:300])
