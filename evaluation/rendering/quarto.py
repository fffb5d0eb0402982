"""Real Quarto, where it is installed: found, called, and its silent warnings made errors."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from html import escape
from pathlib import Path

from evaluation.errors import RenderError, WrongUse
from evaluation.language import _
from evaluation.rendering import word, word_styles
from evaluation.rendering.face import PAGE, Face, Format
from evaluation.rendering.page import check_page
from evaluation.rendering.pandoc import resources
from evaluation.rendering.staging import Stage

OLDEST = (1, 9)
FONTS = "fonts"

# Quarto says these, ends with 0, and the page is wrong.
_WARNINGS = re.compile(
    r"Unable to resolve crossref|unclosed|Shortcode .* not found|Unknown meta key|Could not fetch resource|unknown font family",
    re.IGNORECASE,
)


def find_quarto() -> Path | None:
    """Quarto's program, if one is here that is new enough.

    Looked for in QUARTO_PATH, then on the PATH, then beside this Python.
    """
    named = os.environ.get("QUARTO_PATH")
    candidates = [
        named,
        shutil.which("quarto"),
        shutil.which("quarto", path=str(Path(sys.executable).parent)),
    ]
    for candidate in candidates:
        if candidate and Path(candidate).is_file():
            return Path(candidate) if _version(candidate) >= OLDEST else None
    return None


def quarto_or_refuse() -> Path:
    """As `find_quarto`. Raises WrongUse where there is none."""
    program = find_quarto()
    if program is None:
        oldest = ".".join(str(part) for part in OLDEST)
        raise WrongUse(
            _(
                "Quarto {oldest} or later is not installed here (looked in QUARTO_PATH, on the PATH and "
                "beside this Python). Install it, or choose the engine 'builtin'.",
                oldest=oldest,
            )
        )
    return program


def version(program: Path) -> str:
    """Its version, as it says it."""
    return ".".join(map(str, _version(str(program))))


def _version(program: str) -> tuple[int, ...]:
    try:
        ran = subprocess.run(  # noqa: S603  the program that the user has installed
            [program, "--version"], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return tuple(int(part) for part in re.findall(r"\d+", ran.stdout)[:3])


def front_for(face: Face) -> dict[str, object]:
    """The shell's front matter with, for Quarto, what stands above the title in each format.

    A Word document has it from `word.finish`, as with the built-in renderer.
    """
    above = "".join(f'<p class="banner">{escape(banner)}</p>' for banner in face.banners)
    if face.other is not None:
        above += f'<p class="other-language">{face.other.link}</p>'
    if face.also_as:
        above += f'<p class="other-formats">{face.also_as}</p>'
    html = {"include-before-body": [{"text": above}]} if above else {}
    docx = {"reference-doc": word_styles.REFERENCE}
    typst: dict[str, object] = {"font-paths": [FONTS]}
    if face.banners:
        said = ", ".join(_typst_text(banner) for banner in face.banners)
        typst |= {
            "include-in-header": [{"text": f"#set page(header: [#({said}).join(parbreak())])"}],
            "include-before-body": [{"text": f"#strong[#({said}).join(parbreak())]"}],
        }
    return {**face.front, "format": {"html": html, "docx": docx, "typst": typst}}


def _typst_text(words: str) -> str:
    """Words as Typst writes a string, and a comma: one of them alone is a list too."""
    return json.dumps(words, ensure_ascii=False) + ","


def documents(
    program: Path,
    stage: Stage,
    shell: str,
    *,
    face: Face,
    formats: Sequence[Format],
    timeout: float,
) -> dict[Format, bytes]:
    """Render one staged shell: the page always, the others as asked for. Raises RenderError.

    One after the other, because Quarto keeps what it is doing beside the sources. `timeout` is
    in seconds, for each format: Quarto runs the cells anew for each.
    """
    page = _one(program, stage, shell, "html", ".html", timeout=timeout)
    check_page(page.decode(), scripts_allowed=True)
    made: dict[Format, bytes] = {PAGE: page}
    if "pdf" in formats:
        with resources() as folder:
            shutil.copytree(folder / FONTS, stage.folder / FONTS)
        made["pdf"] = _one(program, stage, shell, "typst", ".pdf", timeout=timeout)
    if "docx" in formats:
        word_styles.write_reference(stage)
        given = _one(program, stage, shell, "docx", ".docx", timeout=timeout)
        made["docx"] = word.finish(given, face, stage)
    return made


def _one(
    program: Path, stage: Stage, shell: str, kind: str, ending: str, *, timeout: float
) -> bytes:
    ran = stage.run("Quarto", [program, "render", shell, "--to", kind], seconds=timeout)
    said = re.sub(r"\x1b\[[0-9;]*m", "", ran.stderr.decode("utf-8", "replace"))
    wrong = next((line.strip() for line in said.splitlines() if _WARNINGS.search(line)), None)
    if ran.returncode:
        wrong = wrong or _last_error(said)
    if wrong:
        raise RenderError(
            _(
                "Quarto could not render {file}: {why}. Nothing was published.",
                file=shell,
                why=wrong[:300],
            )
        )
    rendered = stage.folder / "_out" / Path(shell).with_suffix(ending).name
    if not rendered.is_file():
        raise RenderError(
            _("Quarto said nothing and wrote no {kind} for {file}.", kind=kind, file=shell)
        )
    return rendered.read_bytes()


def _last_error(said: str) -> str:
    """The line that names the error: Python's own is the last of its kind, Quarto's begins so."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    named = [
        line for line in lines if re.match(r"(ERROR|[A-Z]\w*(Error|Exception)\b|\w+\.\w+:)", line)
    ]
    return (named or lines or ["-"])[-1]
