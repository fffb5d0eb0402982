"""The written subset of Quarto: a report's sources, read into prose and cells.

A source is a shell (`report.en.qmd`: front matter, then cells and includes) and the files that
it includes, all in one folder, none nested. What may stand in the prose is `markdown.py`'s to
say. Anything outside the subset is a fault with its file and line; none is silently dropped.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.resources.abc import Traversable
from threading import Lock

import yaml

from evaluation.errors import WrongUse
from evaluation.language import _
from evaluation.rendering.faults import Fault, Line, Linted, refuse
from evaluation.rendering.markdown import lint

FRONT_MATTER = frozenset({"title", "subtitle", "author", "date", "lang"})
_INCLUDE = re.compile(r"\{\{<\s*include\s+(\S+)\s*>\}\}")
_OPTION = re.compile(r"#\|\s*tags:\s*\[\s*parameters\s*\]\s*")

_PARSING = Lock()
"""Both languages are read at once, and CPython's parser counts its depth for all threads together:
now and then one of two that parse at the same time fails (SystemError, "recursion depth")."""


@dataclass(frozen=True, slots=True)
class Prose:
    """Lines of Markdown as written, raw HTML blocks among them."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of Python, `at` the line of its first statement.

    `section` is the function that it calls, for messages. `gives` is True where its last
    statement is an expression: it must then give one piece of Markdown, and otherwise nothing.
    """

    code: str
    at: Line
    section: str
    gives: bool


@dataclass(frozen=True)
class Source:
    """One shell with its includes in place, `linted` as far as can be seen before a cell runs."""

    front: Mapping[str, object]
    pieces: tuple[Prose | Cell, ...]
    linted: Linted


@dataclass
class _Reader:
    """What has been read so far of one shell."""

    folder: Traversable
    pieces: list[Prose | Cell] = field(default_factory=list)
    seen: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def lines_of(self, name: str) -> list[Line]:
        text = (self.folder / name).read_text(encoding="utf-8")
        return [Line(name, number, line) for number, line in enumerate(text.split("\n"), start=1)]

    def read(self, lines: list[Line], *, nested: bool) -> None:
        prose: list[Line] = []
        at, fence = 0, ""
        while at < len(lines):
            line = lines[at]
            text = line.text.rstrip()
            at += 1
            if not fence and text == "```{python}":
                self._keep(prose)
                prose = []
                end = next(
                    (i for i in range(at, len(lines)) if lines[i].text.rstrip() == "```"), None
                )
                if end is None:
                    self.faults.append(Fault(line, _("The cell is never closed.")))
                    return
                self._cell(lines[at:end], line)
                # A cell stands as a blank line in what the linter sees of the prose.
                self.seen.append(Line(line.file, line.number, ""))
                at = end + 1
            elif not fence and (included := _INCLUDE.fullmatch(text)):
                self._keep(prose)
                prose = []
                self._include(included[1], line, nested=nested)
            else:
                if text.startswith("```"):
                    fence = "" if fence else text
                prose.append(line)
                self.seen.append(line)
        self._keep(prose)

    def _keep(self, prose: list[Line]) -> None:
        if prose:
            self.pieces.append(Prose(tuple(prose)))

    def _include(self, name: str, line: Line, *, nested: bool) -> None:
        if nested:
            self.faults.append(
                Fault(
                    line,
                    _(
                        "An included file includes another: Quarto resolves that from the wrong folder."
                    ),
                )
            )
        elif "/" in name or "\\" in name or not (self.folder / name).is_file():
            self.faults.append(
                Fault(line, _("There is no file {name} beside this one to include.", name=name))
            )
        else:
            self.read(self.lines_of(name), nested=True)

    def _cell(self, lines: list[Line], opening: Line) -> None:
        options = [line for line in lines if line.text.startswith("#|")]
        self.faults.extend(
            Fault(line, _("A cell takes no option but '#| tags: [parameters]'."))
            for line in options
            if not _OPTION.fullmatch(line.text)
        )
        code = "\n".join(line.text for line in lines)
        try:
            with _PARSING:
                statements = ast.parse(code).body
        except SyntaxError as error:
            at = lines[min(error.lineno or 1, len(lines)) - 1] if lines else opening
            self.faults.append(Fault(at, _("The cell is not Python: {why}.", why=error.msg)))
            return
        if not statements:
            self.faults.append(Fault(opening, _("The cell is empty.")))
            return
        last = statements[-1]
        gives = isinstance(last, ast.Expr)
        if gives and options:
            self.faults.append(Fault(opening, _("The cell of parameters must only assign them.")))
        self.pieces.append(Cell(code, lines[statements[0].lineno - 1], _name(last), gives))


def _name(statement: ast.stmt) -> str:
    """The function that a cell calls, such as 'headline.section'; else the statement itself."""
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        return ast.unparse(statement.value.func)
    return ast.unparse(statement).split("\n")[0][:60]


def read_source(folder: Traversable, shell: str) -> Source:
    """Read a shell and its includes, and say at once everything that is outside the subset.

    Raises WrongUse if there is no such shell, RenderError with a line for each fault.
    """
    if not (folder / shell).is_file():
        raise WrongUse(
            _("There is no report source {name} in {folder}.", name=shell, folder=str(folder))
        )
    reader = _Reader(folder)
    lines = reader.lines_of(shell)
    front, body = _front_matter(lines, reader.faults)
    reader.read(body, nested=False)
    linted = lint(reader.seen)
    refuse([*reader.faults, *linted.faults])
    return Source(front, tuple(reader.pieces), linted)


def _front_matter(lines: list[Line], faults: list[Fault]) -> tuple[dict[str, object], list[Line]]:
    end = next((i for i, line in enumerate(lines) if i and line.text.rstrip() == "---"), None)
    if lines[0].text.rstrip() != "---" or end is None:
        faults.append(
            Fault(lines[0], _("The shell must begin with front matter between two lines '---'."))
        )
        return {}, lines
    try:
        front = yaml.safe_load("\n".join(line.text for line in lines[1:end]))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        at = lines[min(mark.line + 1, end)] if mark else lines[0]
        faults.append(Fault(at, _("The front matter is not YAML.")))
        return {}, lines[end + 1 :]
    if not isinstance(front, dict):
        front = {}
    by_key = {line.text.partition(":")[0].strip(): line for line in lines[1:end]}
    for key, value in front.items():
        at = by_key.get(str(key), lines[0])
        if key not in FRONT_MATTER:
            allowed = ", ".join(sorted(FRONT_MATTER))
            faults.append(
                Fault(
                    at,
                    _(
                        "The front matter takes no '{key}'; it takes {allowed}.",
                        key=str(key),
                        allowed=allowed,
                    ),
                )
            )
        elif key == "date" and not isinstance(value, date):
            faults.append(Fault(at, _("The date must be written as 2026-11-04.")))
        elif key != "date" and not isinstance(value, str):
            faults.append(Fault(at, _("'{key}' must be text.", key=str(key))))
    faults.extend(
        Fault(lines[0], _("The front matter lacks '{key}'.", key=key))
        for key in ("title", "lang")
        if not front.get(key)
    )
    return front, lines[end + 1 :]


def write_front(front: Mapping[str, object]) -> str:
    """Front matter as YAML between its two lines."""
    written = yaml.safe_dump(dict(front), allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{written}---\n"


def with_front(text: str, front: Mapping[str, object]) -> str:
    """The shell `text` with other front matter; its body stays as written."""
    _before, _front, body = text.split("---\n", 2)
    return write_front(front) + body
