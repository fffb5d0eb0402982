"""The report as a tagged PDF (PDF/UA-1), through Typst."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

import typst

from evaluation.errors import RenderError
from evaluation.language import _
from evaluation.rendering.face import Face
from evaluation.rendering.pandoc import lay_out, resources
from evaluation.rendering.pdf_rows import with_row_headers
from evaluation.rendering.staging import Stage


def document(stage: Stage, face: Face, words: Mapping[str, str], *, depth: int) -> bytes:
    """The staged report.md as a PDF. `depth` is the lowest level of heading in its contents.

    Only the font that lies in the package is used, so that every machine gives the same bytes.
    Raises RenderError, and for whatever Typst only warns of.
    """
    with resources() as folder:
        source = lay_out(
            stage,
            "--to=typst-smart",
            f"--template={folder / 'template.typ'}",
            metadata=words,
        )
        path = stage.folder / "report.typ"
        path.write_bytes(source)
        try:
            compiled, warnings = typst.compile_with_warnings(
                path,
                root=stage.folder,
                font_paths=[folder / "fonts"],
                ignore_system_fonts=True,
                format="pdf",
                pdf_standards="ua-1",
                timestamp=int(stage.environment["SOURCE_DATE_EPOCH"]),
                sys_inputs=_inputs(face, words, depth),
            )
        except typst.TypstError as error:
            raise _stopped(error.message) from None
    if warnings:
        raise _stopped(warnings[0].message)
    assert isinstance(compiled, bytes)
    return with_row_headers(compiled, [said == b"true" for said in _HEADED.findall(source)])


_HEADED = re.compile(rb"^#grid-of\((true|false),", re.MULTILINE)
"""How a table begins in the source: whether its rows have headers."""


def _inputs(face: Face, words: Mapping[str, str], depth: int) -> dict[str, str]:
    lang, _dash, region = face.said("lang").partition("-")
    return {
        "lang": lang,
        "region": region or "GB",
        "title": face.said("title"),
        "subtitle": face.said("subtitle"),
        "author": face.said("author"),
        "day": face.day,
        "footer": face.foot,
        "banners": json.dumps(face.banners),
        "other": face.elsewhere,
        "other-lang": face.other.language if face.other else "",
        "contents": words["toc-title-document"],
        "depth": str(depth - 1),
    }


def _stopped(why: str) -> RenderError:
    return RenderError(
        _("The PDF could not be laid out: {why}. Nothing was published.", why=why[:300].rstrip("."))
    )
