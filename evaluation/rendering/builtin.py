"""The built-in renderer: the sections' Markdown, through pandoc and one filter, as one HTML page."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import as_file, files
from pathlib import Path

import pypandoc
import yaml

from evaluation.errors import RenderError
from evaluation.language import Text, _
from evaluation.rendering.face import Face, Format
from evaluation.rendering.faults import Line, across, refuse
from evaluation.rendering.markdown import CALLOUTS, lint
from evaluation.rendering.staging import Stage
from evaluation.rendering.subset import Cell, Source

WORDS = (
    "toc-title-document",
    "crossref-fig-title",
    "crossref-tbl-title",
    *(f"callout-{kind}-title" for kind in sorted(CALLOUTS)),
)
PANDOC_SECONDS = 120


def documents(
    source: Source,
    stage: Stage,
    *,
    face: Face,
    formats: Sequence[Format],  # noqa: ARG001
    timeout: float,
) -> dict[Format, bytes]:
    """Run the cells once, and lay out what they gave: the page always, the others as asked for.

    Raises RenderError.
    """
    markdown = assemble(source, stage, timeout=timeout)
    (stage.folder / "report.md").write_text(markdown, encoding="utf-8", newline="\n")
    words = _words(stage.folder, face.said("lang"))
    return {"html": _pandoc(stage, words, _variables(face, words))}


def assemble(source: Source, stage: Stage, *, timeout: float) -> str:
    """One Markdown document, each cell replaced by what its section returned, all of it linted."""
    # Half a second, which neither `evaluation check` nor a section that writes a table should pay.
    from evaluation.rendering.kernel import run_cells  # noqa: PLC0415

    cells = [piece for piece in source.pieces if isinstance(piece, Cell)]
    given = iter(run_cells(cells, stage, timeout=timeout))
    texts, linted = [], [source.linted]
    for piece in source.pieces:
        if isinstance(piece, Cell):
            text = next(given)
            linted.append(lint(_lines(piece, text)))
        else:
            text = "\n".join(line.text for line in piece.lines)
        texts.append(text.strip("\n"))
    refuse([fault for part in linted for fault in part.faults] + across(linted))
    return "\n\n".join(text for text in texts if text) + "\n"


def _lines(cell: Cell, text: str) -> list[Line]:
    return [
        Line(cell.at.file, cell.at.number, line, section=cell.section, within=number)
        for number, line in enumerate(text.split("\n"), start=1)
    ]


def _words(folder: Path, lang: str) -> dict[str, str]:
    """Quarto's own words in the page's language, from the `_language-cy.yml` that Quarto reads too."""
    words: dict[str, str] = {}
    tags = lang.split("-")
    for end in range(len(tags)):
        path = folder / f"_language-{'-'.join(tags[: end + 1])}.yml"
        if path.is_file():
            words |= yaml.safe_load(path.read_text(encoding="utf-8"))
    missing = [key for key in WORDS if key not in words]
    if missing:
        raise RenderError(
            _("The language file for {lang} lacks: {keys}.", lang=lang, keys=", ".join(missing))
        )
    return {key: words[key] for key in WORDS}


def _variables(face: Face, words: Mapping[str, str]) -> dict[str, str]:
    """What fills the template, as HTML."""
    style = (files("evaluation.rendering") / "resources" / "style.css").read_text(encoding="utf-8")
    texts = {
        "lang": face.said("lang"),
        "title": face.said("title"),
        "subtitle": face.said("subtitle"),
        "author": face.said("author"),
        "pagetitle": face.whole_title,
        "date": face.day,
        "date-iso": face.published.isoformat() if face.published else "",
        "skip": _("Skip to the main content").to(face.language),
        "top": _("Back to the top").to(face.language),
        "contents": words["toc-title-document"],
    }
    html = {
        "style": style.strip(),
        "other": face.other.link if face.other else "",
        "banners": "".join(f"<p>{escape(banner)}</p>" for banner in face.banners),
        "formats": face.also_as,
    }
    return {k: v for k, v in html.items() if v} | {k: escape(v) for k, v in texts.items() if v}


def _program() -> str:
    """The pandoc that came with the package, so that a machine's own, older one changes nothing."""
    for own in Path(pypandoc.__file__).with_name("files").glob("pandoc*"):
        if own.stem == "pandoc" and os.access(own, os.X_OK):
            return str(own)
    return str(pypandoc.get_pandoc_path())


def _pandoc(stage: Stage, words: Mapping[str, str], variables: Mapping[str, str]) -> bytes:
    settings = yaml.safe_load((stage.folder / "_quarto.yml").read_text(encoding="utf-8"))
    with as_file(files("evaluation.rendering") / "resources") as resources:
        command = [
            _program(),
            "report.md",
            "--from=markdown",
            "--to=html5",
            "--standalone",
            "--embed-resources",
            "--fail-if-warnings",
            "--toc",
            f"--toc-depth={settings['toc-depth']}",
            "--wrap=none",
            "--eol=lf",
            "--default-image-extension=svg",
            f"--template={resources / 'template.html'}",
            f"--lua-filter={resources / 'filter.lua'}",
            *(f"--metadata={key}:{value}" for key, value in words.items()),
            *(f"--variable={key}:{value}" for key, value in variables.items()),
        ]
        try:
            ran = subprocess.run(  # noqa: S603  our own arguments, no shell
                command,
                cwd=stage.folder,
                env=dict(stage.environment),
                capture_output=True,
                timeout=PANDOC_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise RenderError(
                _("pandoc took longer than {seconds} seconds.", seconds=PANDOC_SECONDS)
            ) from None
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
