"""The report as a Word document: pandoc's, and then what pandoc leaves undone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt

from evaluation.rendering.face import Face
from evaluation.rendering.pandoc import lay_out
from evaluation.rendering.staging import Stage
from evaluation.rendering.word_styles import REFERENCE, write_reference
from evaluation.rendering.zipped import same_bytes

FEW_ROWS = 11
_TEXT = {"BodyText", "FirstParagraph"}
_TOP = {"Title", "Subtitle", "Author", "Date"}
_FIRST_ROW_AND_COLUMN = (
    '<w:tblLook w:val="06A0" w:firstRow="1" w:lastRow="0" w:firstColumn="1" w:lastColumn="0" '
    'w:noHBand="1" w:noVBand="1"/>'
)

_LIST_IN_A_BOX = '<w:ind w:left="567" w:right="113" w:hanging="340"/>'


def document(stage: Stage, face: Face, words: Mapping[str, str]) -> bytes:
    """The staged report.md as a Word document. Raises RenderError."""
    write_reference(stage)
    said = {key: face.said(key) for key in ("title", "subtitle", "author", "lang")}
    said["date"] = face.day
    made = lay_out(
        stage,
        "--to=docx",
        f"--reference-doc={REFERENCE}",
        metadata=dict(words) | {key: value for key, value in said.items() if value},
    )
    return finish(made, face, stage)


def finish(made: bytes, face: Face, stage: Stage) -> bytes:
    """What neither pandoc nor Quarto does, for those who hear a document or read it by its keys.

    Header rows are known as such and repeat on each page, as is the first column; no row splits;
    each table has its caption as alt text; banners stand above all else, and at the head of each
    further page; every page has its number.
    """
    word: Any = Document(BytesIO(made))
    for table in _tables(word.element.body):
        _mark(table)
        _room_above(_below(table))
    _boxes(word)
    _lists(word)
    _properties(word.core_properties, face, int(stage.environment["SOURCE_DATE_EPOCH"]))
    _above_and_below(word, face)
    _at_the_top(word, face)
    finished = BytesIO()
    word.save(finished)
    return same_bytes(finished.getvalue(), stage)


def _tables(body: Any) -> Iterator[Any]:
    """Each table of figures. One that lays out others, a picture or a box, as Quarto's do, is none."""
    for table in body.iter(qn("w:tbl")):
        inside = (found for tag in ("w:drawing", "w:tbl") for found in table.iter(qn(tag)))
        boxed = len(table.tr_lst[0].tc_lst) == 1 and _style_above(table) != "TableCaption"
        if not boxed and all(found is table for found in inside):
            yield table


def _mark(table: Any) -> None:
    properties = table.tblPr
    _remove(properties, "w:tblLook", "w:tblCaption", "w:tblDescription")
    properties.append(_xml(_FIRST_ROW_AND_COLUMN))
    if caption := _caption(table):
        for tag in ("w:tblCaption", "w:tblDescription"):
            alt = _xml(f"<{tag}/>")
            alt.set(qn("w:val"), caption)
            properties.append(alt)
    for place, row in enumerate(table.tr_lst):
        known = row.get_or_add_trPr()
        _remove(known, "w:cantSplit", "w:tblHeader")
        known.append(_xml("<w:cantSplit/>"))
        if place == 0:
            known.append(_xml("<w:tblHeader/>"))
    # On one page: each row but the last stays with the next. A longer one begins with two rows at
    # least below its caption and titles.
    together = table.tr_lst[:-1] if len(table.tr_lst) <= FEW_ROWS else table.tr_lst[:2]
    for row in together:
        for paragraph in row.iter(qn("w:p")):
            paragraph.get_or_add_pPr().get_or_add_keepNext()


def _remove(element: Any, *tags: str) -> None:
    for tag in tags:
        for old in element.findall(qn(tag)):
            element.remove(old)


def _below(element: Any) -> Any:
    """The paragraph below it; bookmarks may stand between."""
    below = element.getnext()
    while below is not None and below.tag != qn("w:p"):
        below = below.getnext()
    return below


def _room_above(paragraph: Any) -> None:
    """So that running text does not cling to the table, box or list that it stands under."""
    if paragraph is not None and paragraph.style in _TEXT:
        paragraph.get_or_add_pPr().get_or_add_spacing().set(qn("w:before"), "160")


def _above(table: Any) -> Any:
    """The paragraph above it; bookmarks may stand between."""
    above = table.getprevious()
    while above is not None and above.tag != qn("w:p"):
        above = above.getprevious()
    return above


def _style_above(table: Any) -> str:
    above = _above(table)
    return "" if above is None else str(above.style)


def _caption(table: Any) -> str:
    above = _above(table)
    return "" if above is None else "".join(t.text or "" for t in above.iter(qn("w:t")))


def _boxes(word: Any) -> None:
    """A list within a callout hangs by as much as the box is set in, so that its edge runs on."""
    for paragraph in word.paragraphs:
        properties = paragraph._element.pPr  # noqa: SLF001  python-docx has no other way
        if paragraph.style.name == "Callout":
            _room_above(_below(paragraph._element))  # noqa: SLF001  as above
            if properties.numPr is not None:
                properties.append(_xml(_LIST_IN_A_BOX))


def _lists(word: Any) -> None:
    for element in word.element.body.iter(qn("w:p")):
        if element.pPr is not None and element.pPr.numPr is not None:
            below = _below(element)
            if below is not None and (below.pPr is None or below.pPr.numPr is None):
                _room_above(below)


def _properties(core: Any, face: Face, epoch: int) -> None:
    core.title, core.subject = face.said("title"), face.said("subtitle")
    core.author = core.last_modified_by = face.said("author")
    core.language, core.revision = face.said("lang"), 1
    core.comments = " – ".join(face.banners)
    core.created = core.modified = datetime.fromtimestamp(epoch, UTC).replace(tzinfo=None)


def _above_and_below(word: Any, face: Face) -> None:
    """Banners at the head of every page but the first, where they stand in the text; numbers below."""
    for section in word.sections:
        section.different_first_page_header_footer = True
        section.header.is_linked_to_previous = False
        for old in section.header.paragraphs:
            old._element.getparent().remove(old._element)  # noqa: SLF001  as above
        for banner in face.banners or ("",):
            section.header.add_paragraph(banner, "Header")
        section.header.paragraphs[-1].paragraph_format.space_after = Pt(9)
        for foot in (section.footer, section.first_page_footer):
            foot.is_linked_to_previous = False
            paragraph = foot.paragraphs[0]
            paragraph.style = "Footer"
            paragraph.add_run(f"{face.foot}\t")
            _field(paragraph, "PAGE")
            paragraph.add_run(" / ")
            _field(paragraph, "NUMPAGES")


def _field(paragraph: Any, name: str) -> None:
    for inside in (
        '<w:fldChar w:fldCharType="begin"/>',
        f'<w:instrText xml:space="preserve"> {name} </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        "<w:t>1</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
    ):
        paragraph._element.append(_xml(f"<w:r>{inside}</w:r>"))  # noqa: SLF001  as above


def _at_the_top(word: Any, face: Face) -> None:
    """Banners before the title, and after the day where the report stands in the other language."""
    first = word.paragraphs[0]
    for banner in face.banners:
        first.insert_paragraph_before(banner, "Banner")
    if face.other is None:
        return
    below = next(p for p in word.paragraphs if p.style.name not in _TOP | {"Banner"})
    paragraph = below.insert_paragraph_before("", "Elsewhere")
    run = paragraph.add_run(face.elsewhere)
    run.element.get_or_add_rPr().append(_xml(f'<w:lang w:val="{face.other.language}-GB"/>'))


def _xml(written: str) -> Any:
    """An element, such as `<w:cantSplit/>`."""
    name, rest = written[1:].split(">", 1)[0].rstrip("/").split(" ", 1)[0], written
    return parse_xml(rest.replace(f"<{name}", f"<{name} {nsdecls('w')}", 1))
