"""The built-in renderer: the sections' Markdown, run once, through pandoc and one filter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from html import escape
from importlib.resources import files
from pathlib import Path

import yaml

from evaluation.errors import RenderError
from evaluation.language import _
from evaluation.rendering import pdf, word
from evaluation.rendering.face import PAGE, Face, Format
from evaluation.rendering.faults import Line, across, refuse
from evaluation.rendering.markdown import CALLOUTS, lint
from evaluation.rendering.page import check_page
from evaluation.rendering.pandoc import lay_out, resources
from evaluation.rendering.staging import Stage
from evaluation.rendering.subset import Cell, Source

WORDS = (
    "toc-title-document",
    "crossref-fig-title",
    "crossref-tbl-title",
    *(f"callout-{kind}-title" for kind in sorted(CALLOUTS)),
)


def documents(
    source: Source,
    stage: Stage,
    *,
    face: Face,
    formats: Sequence[Format],
    timeout: float,
) -> dict[Format, bytes]:
    """Run the cells once, and lay out what they gave: the page always, the others as asked for.

    The page comes first, and is looked at: whatever is wrong is told of it best. Raises RenderError.
    """
    markdown = assemble(source, stage, timeout=timeout)
    (stage.folder / "report.md").write_text(markdown, encoding="utf-8", newline="\n")
    words = _words(stage.folder, face.said("lang"))
    settings = yaml.safe_load((stage.folder / "_quarto.yml").read_text(encoding="utf-8"))
    depth = int(settings["toc-depth"])
    page = _page(stage, face, words, depth)
    check_page(page.decode(), scripts_allowed=False)
    others: dict[Format, Callable[[], bytes]] = {
        "pdf": lambda: pdf.document(stage, face, words, depth=depth),
        "docx": lambda: word.document(stage, face, words),
    }
    chosen = [kind for kind in others if kind in formats]
    with ThreadPoolExecutor(len(others)) as beside:
        laid = list(beside.map(lambda kind: others[kind](), chosen))
    return {PAGE: page, **dict(zip(chosen, laid, strict=True))}


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
        "on-each-page": r"\a ".join(_in_css(banner) for banner in face.banners),
    }
    return {k: v for k, v in html.items() if v} | {k: escape(v) for k, v in texts.items() if v}


def _in_css(words: str) -> str:
    """Words within a CSS string, which stands in HTML: nothing in them ends either."""
    return "".join(
        sign if sign.isalnum() or sign in " .,:;" else f"\\{ord(sign):x} " for sign in words
    )


def _page(stage: Stage, face: Face, words: Mapping[str, str], depth: int) -> bytes:
    with resources() as folder:
        return lay_out(
            stage,
            "--to=html5",
            "--embed-resources",
            "--toc",
            f"--toc-depth={depth}",
            "--default-image-extension=svg",
            f"--template={folder / 'template.html'}",
            *(f"--variable={key}:{value}" for key, value in _variables(face, words).items()),
            metadata=words,
        )
