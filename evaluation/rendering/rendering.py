"""Reports as people read them: sources and one release file in, every format of both languages out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from evaluation.errors import RenderError, WrongUse
from evaluation.language import LANGUAGES, Language, Text, _, write
from evaluation.nouns import Figure
from evaluation.rendering import builtin, pandoc, quarto
from evaluation.rendering.face import FIGURES, FORMATS, PAGE, Face, Format, banners
from evaluation.rendering.pairs import Other, other_than
from evaluation.rendering.publishing import publish
from evaluation.rendering.staging import Stage, staged
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


def renderer(engine: Engine) -> str:
    """The renderer that `engine` means here, with its version, for those who would do it again."""
    program = _program(engine)
    if program is not None:
        return f"Quarto {quarto.version(program)}"
    return f"built in: pandoc {pandoc.version()}, Typst {version('typst')}"


@dataclass(frozen=True)
class _Order:
    """What was asked for, the same in both languages; `over` goes over the shell's front matter."""

    report: str
    release_file: Path
    sources: Traversable
    name: str
    formats: Sequence[Format]
    watermark: Text | None
    program: Path | None
    over: Mapping[str, Text | str | date | None]
    timeout: float
    figures: Sequence[Figure]
    words: Mapping[str, Mapping[str, Text]]
    groups: Callable[[Figure], Text | None]
    approved: Collection[Language]
    remarks: Sequence[Text]

    @property
    def endings(self) -> tuple[str, ...]:
        """What the page's companions end in, as it names them."""
        beside = tuple(kind for kind in self.formats if kind != PAGE)
        return (*beside, FIGURES) if self.figures and "csv" in beside else beside


def render_pair(
    report: str,
    release_file: Path,
    *,
    to: Path,
    name: str = "report",
    formats: Sequence[Format] = FORMATS,
    watermark: Text | None = None,
    engine: Engine = "auto",
    title: Text | str | None = None,
    subtitle: Text | str | None = None,
    author: Text | str | None = None,
    made_on: date | None = None,
    sources: Traversable | None = None,
    timeout: float = TIMEOUT_SECONDS,
    figures: Sequence[Figure] = (),
    words: Mapping[str, Mapping[str, Text]] = MappingProxyType({}),
    groups: Callable[[Figure], Text | None] = lambda _figure: None,
    approved: Collection[Language] = (),
    remarks: Sequence[Text] = (),
) -> dict[Language, dict[str, Path]]:
    """Render a report in both languages and every format, into the folder `to`.

    Gives, for each language, where each format stands: `<name>-en.html`, and so on.

        report                a folder of `sources`, which holds `report.<language>.qmd`
        name                  what the files are called
        watermark             for a report that is not for everyone: stands on every page
        title, subtitle, ...  written over the shell's own front matter; a Text in the language
        made_on               the day under the title
        timeout               seconds, for each cell and for each program
        figures               those of the release file: told in full beside the CSV of the tables
        words                 a field of a figure -> its codes -> what they mean, for their dictionary
        groups                a figure's group in words, for the CSV of all; None where nobody knows
        approved              languages whose text a person has approved: no draft
        remarks               what must be known of every number: stands on a spreadsheet's cover

    Each page leads to the other language at its top, and to its other formats. If one fails,
    nothing is published: a Welsh reader never waits for what an English one has, nor the other
    way about. The same release file, sources and versions give the same bytes. The sections see
    the release file and no store.

    Raises WrongUse if there is no such report, release or engine; RenderError otherwise.
    """
    order = _Order(
        report,
        release_file,
        files("reports") if sources is None else sources,
        name,
        tuple(kind for kind in FORMATS if kind in formats),
        watermark,
        _program(engine),
        {"title": title, "subtitle": subtitle, "author": author, "date": made_on},
        timeout,
        figures,
        words,
        groups,
        approved,
        remarks,
    )
    with ThreadPoolExecutor(len(LANGUAGES)) as both:
        made = dict(
            zip(LANGUAGES, both.map(lambda one: _documents(order, one), LANGUAGES), strict=True)
        )
    paths = {
        language: {ending: to / _file(name, language, ending) for ending in documents}
        for language, documents in made.items()
    }
    publish({paths[of][ending]: content for of in made for ending, content in made[of].items()})
    return paths


def _file(name: str, language: Language, ending: str) -> str:
    return f"{name}-{language}.{ending}"


def _documents(order: _Order, language: Language) -> dict[str, bytes]:
    """The content of each file of one language, by what its name ends in."""
    if not order.release_file.is_file():
        raise WrongUse(_("There is no release file {path}.", path=str(order.release_file)))
    shell = f"report.{language}.qmd"
    source = read_source(order.sources / order.report, shell)
    face = _face(order, language, source.front)
    fronts = {shell: quarto.front_for(face) if order.program else face.front}
    with staged(
        order.sources,
        order.report,
        order.release_file,
        fronts=fronts,
        made_on=face.published,
    ) as stage:
        if order.program:
            made = quarto.documents(
                order.program, stage, shell, face=face, formats=order.formats, timeout=order.timeout
            )
        else:
            made = builtin.documents(
                source, stage, face=face, formats=order.formats, timeout=order.timeout
            )
        tables = _sheets(made[PAGE].decode(), order, face, stage)
    written = {str(kind): content for kind, content in made.items()} | tables
    return {ending: content for ending, content in written.items() if _asked(ending, order.formats)}


def _asked(ending: str, formats: Sequence[Format]) -> bool:
    return ending.rsplit(".", maxsplit=1)[-1] in formats


def _sheets(page: str, order: _Order, face: Face, stage: Stage) -> dict[str, bytes]:
    """The tables of the finished page, and all figures of the release, by their endings."""
    if not {"xlsx", "ods", "csv"} & set(order.formats):
        return {}
    # Two tenths of a second, which who wants a page alone should not pay.
    from evaluation.rendering import sheets  # noqa: PLC0415

    tables = sheets.tables_of(page)
    book = sheets.book_of(tables, face)
    figures = {
        FIGURES: sheets.figures_csv(order.figures, face.language, groups=order.groups),
        "figures-dictionary.csv": sheets.figures_dictionary(
            order.figures, face.language, words=order.words
        ),
    }
    return (figures if order.figures else {}) | {
        "xlsx": sheets.as_xlsx(book, face, stage),
        "ods": sheets.as_ods(book, face, stage),
        "csv": sheets.as_csv(tables, face.language),
        "dictionary.csv": sheets.dictionary(face.language),
    }


def _face(order: _Order, language: Language, front: Mapping[str, object]) -> Face:
    """The front matter with what was asked for in place of the shell's. Raises RenderError."""
    front = dict(front) | {
        key: value if isinstance(value, date) else write(value, language)
        for key, value in order.over.items()
        if value is not None
    }
    if str(front["lang"]).split("-")[0] != language:
        raise RenderError(
            _(
                "{file} says 'lang: {lang}'; it must be in '{due}'.",
                file=f"report.{language}.qmd",
                lang=front["lang"],
                due=language,
            )
        )
    other = other_than(language)
    return Face(
        language,
        front,
        banners(language, order.watermark, approved=language in order.approved),
        Other(other, _file(order.name, other, "html")),
        tuple((ending, _file(order.name, language, ending)) for ending in order.endings),
        tuple(remark.to(language) for remark in order.remarks),
    )
