"""Reports as people read them: sources and one release file in, self-contained pages out."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal

from evaluation.errors import RenderError, WrongUse
from evaluation.language import LANGUAGES, Language, Text, _, write
from evaluation.rendering import builtin, quarto
from evaluation.rendering.page import check_page
from evaluation.rendering.pairs import Other, other_than
from evaluation.rendering.staging import staged
from evaluation.rendering.subset import read_source

Engine = Literal["auto", "quarto", "builtin"]
TIMEOUT_SECONDS = 300.0


def choose_engine(engine: Engine) -> Literal["quarto", "builtin"]:
    """The renderer that `engine` means here; 'auto' is Quarto where a fit one is installed.

    Raises WrongUse if Quarto is asked for and is not there.
    """
    return "quarto" if _program(engine) else "builtin"


def _program(engine: Engine) -> Path | None:
    """Quarto's program, or None for the built-in renderer."""
    match engine:
        case "builtin":
            return None
        case "quarto":
            return quarto.quarto_or_refuse()
        case "auto":
            return quarto.find_quarto()


def render(
    report: str,
    release_file: Path,
    *,
    to: Path,
    language: Language,
    engine: Engine = "auto",
    title: Text | str | None = None,
    subtitle: Text | str | None = None,
    author: Text | str | None = None,
    made_on: date | None = None,
    other_language_href: str | None = None,
    sources: Traversable | None = None,
    timeout: float = TIMEOUT_SECONDS,
) -> Path:
    """Render one report in one language from a release file, to the page `to`; gives `to`.

        report                a folder of `sources`, which holds `report.<language>.qmd`
        title, subtitle, ...  written over the shell's own front matter; a Text in the language
        made_on               the day under the title
        other_language_href   where the same report stands in the other language
        timeout               seconds, for each cell and for each program

    The page is written whole or not at all. The same release file, sources and versions give
    the same bytes. The sections see the release file and no store.

    Raises WrongUse if there is no such report, release or engine; RenderError otherwise.
    """
    html = _page(
        report,
        release_file,
        language=language,
        program=_program(engine),
        over={"title": title, "subtitle": subtitle, "author": author, "date": made_on},
        other_language_href=other_language_href,
        sources=files("reports") if sources is None else sources,
        timeout=timeout,
    )
    _publish({to: html})
    return to


def render_pair(
    report: str,
    release_file: Path,
    *,
    to: Path,
    engine: Engine = "auto",
    title: Text | str | None = None,
    subtitle: Text | str | None = None,
    author: Text | str | None = None,
    made_on: date | None = None,
    sources: Traversable | None = None,
    timeout: float = TIMEOUT_SECONDS,
) -> dict[Language, Path]:
    """Render a report in both languages, into the folder `to`: report-en.html, report-cy.html.

    Each leads to the other at its top. If one fails, neither is published: a Welsh reader never
    waits for what an English one has, nor the other way about. As `render` otherwise.
    """
    pages: dict[Language, Path] = {
        language: to / f"report-{language}.html" for language in LANGUAGES
    }
    program = _program(engine)

    def one(language: Language) -> str:
        return _page(
            report,
            release_file,
            language=language,
            program=program,
            over={"title": title, "subtitle": subtitle, "author": author, "date": made_on},
            other_language_href=pages[other_than(language)].name,
            sources=files("reports") if sources is None else sources,
            timeout=timeout,
        )

    with ThreadPoolExecutor(len(LANGUAGES)) as both:
        rendered = list(both.map(one, LANGUAGES))
    _publish({pages[language]: html for language, html in zip(LANGUAGES, rendered, strict=True)})
    return pages


def _page(
    report: str,
    release_file: Path,
    *,
    language: Language,
    program: Path | None,
    over: dict[str, object],
    other_language_href: str | None,
    sources: Traversable,
    timeout: float,
) -> str:
    if not release_file.is_file():
        raise WrongUse(_("There is no release file {path}.", path=str(release_file)))
    shell = f"report.{language}.qmd"
    source = read_source(sources / report, shell)
    front = dict(source.front) | {
        key: value if isinstance(value, date) else write(value, language)
        for key, value in over.items()
        if value is not None
    }
    if str(front["lang"]).split("-")[0] != language:
        raise RenderError(
            _(
                "{shell} says 'lang: {lang}'; it must be in '{due}'.",
                shell=shell,
                lang=front["lang"],
                due=language,
            )
        )
    made_on = front.get("date")
    other = Other(other_than(language), other_language_href) if other_language_href else None
    fronts = {shell: quarto.front_for(front, other) if program else front}
    with staged(
        sources,
        report,
        release_file,
        fronts=fronts,
        made_on=made_on if isinstance(made_on, date) else None,
    ) as stage:
        if program:
            html = quarto.page(program, stage, shell, timeout=timeout)
        else:
            html = builtin.page(
                source, stage, front=front, language=language, other=other, timeout=timeout
            )
    check_page(html, scripts_allowed=program is not None)
    return html


def _publish(pages: dict[Path, str]) -> None:
    """Write every page whole beside its place, then put all of them in place; or none."""
    parts = {path: path.with_name(f".{path.name}.part") for path in pages}
    undo: list[Callable[[], object]] = []
    try:
        for path, html in pages.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with parts[path].open("w", encoding="utf-8", newline="\n") as file:
                file.write(html)
                file.flush()
                os.fsync(file.fileno())
        for path, part in parts.items():
            before = path.read_bytes() if path.exists() else None
            part.replace(path)
            undo.append(
                partial(path.unlink) if before is None else partial(path.write_bytes, before)
            )
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
