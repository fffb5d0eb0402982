"""How a report looks in Word: pandoc's own styles, each written anew. The only place for it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm

from evaluation.rendering.pandoc import program, run
from evaluation.rendering.staging import Stage

REFERENCE = "reference.docx"

NAVY, GREY, BROWN, PALE = "1F3A5F", "4B5563", "8A4B00", "F3F4F6"
FONT = '<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial" w:eastAsia="Arial"/>'
_TOGETHER = "<w:keepNext/><w:keepLines/>"


def _spacing(before: int, after: int, line: int = 264) -> str:
    """In twentieths of a point; 240 is a single line."""
    return f'<w:spacing w:before="{before}" w:after="{after}" w:line="{line}" w:lineRule="auto"/>'


def _size(half_points: int, colour: str = "1A1A1A", *, bold: bool = False) -> str:
    weight = "<w:b/><w:bCs/>" if bold else ""
    return (
        f'{FONT}{weight}<w:i w:val="0"/><w:color w:val="{colour}"/>'
        f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'
    )


def _side(side: str, size: int, colour: str, space: int = 0) -> str:
    """A line along one side; `size` in eighths of a point, `space` in points."""
    return f'<w:{side} w:val="single" w:sz="{size}" w:space="{space}" w:color="{colour}"/>'


_BOX = f'<w:pBdr>{_side("left", 36, NAVY, 8)}</w:pBdr><w:shd w:val="clear" w:fill="{PALE}"/>'
_WARNS = f'<w:pBdr>{_side("bottom", 12, BROWN, 3)}</w:pBdr><w:shd w:val="clear" w:fill="FFF3CD"/>'
_LEVEL_1 = '<w:outlineLvl w:val="0"/>'
_IN_BOX = '<w:ind w:left="227" w:right="113"/>'

_LIGHT = '<w:b w:val="0"/><w:bCs w:val="0"/>'  # what is based on the title would be as bold
_WORDS_OWN = {"TOC 1", "Header", "Footer"}

PARAGRAPHS = {
    "Normal": ("", _size(21)),
    "Body Text": (_spacing(0, 140), ""),
    "First Paragraph": (_spacing(0, 140), ""),
    "Compact": (_spacing(30, 30, 245), ""),
    "Title": (_TOGETHER + _spacing(120, 60, 240), _size(44, NAVY, bold=True)),
    "Subtitle": (_spacing(0, 60, 240), _LIGHT + _size(26)),
    "Author": (_spacing(0, 20, 240), _LIGHT + _size(21, GREY)),
    "Date": (_spacing(0, 160, 240), _LIGHT + _size(21, GREY)),
    "Elsewhere": (_spacing(0, 240, 240), _size(21)),
    "Heading 1": (
        f"{_TOGETHER}<w:pBdr>{_side('top', 12, NAVY, 6)}</w:pBdr>{_spacing(440, 160, 240)}{_LEVEL_1}",
        _size(30, NAVY, bold=True),
    ),
    "Heading 2": (
        f'{_TOGETHER}{_spacing(320, 120, 240)}<w:outlineLvl w:val="1"/>',
        _size(24, NAVY, bold=True),
    ),
    "Heading 3": (
        f'{_TOGETHER}{_spacing(240, 100, 240)}<w:outlineLvl w:val="2"/>',
        _size(21, NAVY, bold=True),
    ),
    "TOC Heading": (_TOGETHER + _spacing(160, 80, 240), _size(24, NAVY, bold=True)),
    "TOC 1": (_spacing(0, 60, 240), ""),
    "Caption": (_TOGETHER + _spacing(240, 80, 245), _size(21, bold=True)),
    "Table Caption": (_TOGETHER + _spacing(240, 80, 245), _size(21, bold=True)),
    "Image Caption": (_spacing(60, 240, 245), _size(21, bold=True)),
    "Captioned Figure": (_TOGETHER + _spacing(160, 0, 240), ""),
    "Callout Heading": (_TOGETHER + _BOX + _spacing(200, 0) + _IN_BOX, _size(21, bold=True)),
    "Callout": (f"<w:keepLines/>{_BOX}{_spacing(0, 0)}{_IN_BOX}", ""),
    "Banner": (_WARNS + _spacing(0, 60, 240), _size(19, bold=True)),
    "Header": (_spacing(0, 20, 240), _size(17, BROWN, bold=True)),
    "Footer": (
        '<w:tabs><w:tab w:val="right" w:pos="9638"/></w:tabs>' + _spacing(0, 0, 240),
        _size(17, GREY),
    ),
}

_TABLE = f"""<w:tblPr {nsdecls("w")}>
<w:tblBorders>{_side("bottom", 4, "B8BEC8")}{_side("insideH", 4, "B8BEC8")}</w:tblBorders>
<w:tblCellMar>
<w:top w:w="20" w:type="dxa"/><w:left w:w="0" w:type="dxa"/>
<w:bottom w:w="20" w:type="dxa"/><w:right w:w="190" w:type="dxa"/>
</w:tblCellMar></w:tblPr>"""
_FIRST_ROW = f"""<w:tblStylePr {nsdecls("w")} w:type="firstRow"><w:rPr><w:b/><w:bCs/></w:rPr><w:tcPr>
<w:tcBorders>{_side("bottom", 12, NAVY)}</w:tcBorders><w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr>"""


def write_reference(stage: Stage) -> None:
    """Write the document that pandoc and Quarto take their styles from."""
    given = run([program(), "--print-default-data-file=reference.docx"], stage)
    document = Document(BytesIO(given))
    for name, (paragraph, letters) in PARAGRAPHS.items():
        _write_anew(_style(document, name), paragraph, letters)
    _write_anew(
        document.styles["Hyperlink"].element, "", f'<w:color w:val="{NAVY}"/><w:u w:val="single"/>'
    )
    _table(document.styles["Table"].element)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.bottom_margin = Mm(20)
    section.top_margin = Mm(22)
    document.save(str(stage.folder / REFERENCE))


def _style(document: Any, name: str) -> Any:
    """The style's element, made anew where pandoc has none of that name.

    Known by its id: python-docx looks for some names in small letters, and pandoc capitalises them.
    """
    key = name.replace(" ", "")
    for style in document.styles.element.findall(qn("w:style")):
        if style.get(qn("w:styleId")) == key:
            return style
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Normal"]
    style.element.set(qn("w:styleId"), key)
    if name in _WORDS_OWN:
        style.element.find(qn("w:name")).set(qn("w:val"), name.lower())
        style.element.attrib.pop(qn("w:customStyle"), None)
    return style.element


def _write_anew(style: Any, paragraph: str, letters: str) -> None:
    for tag in ("w:pPr", "w:rPr"):
        for old in style.findall(qn(tag)):
            style.remove(old)
    if paragraph:
        style.append(parse_xml(f"<w:pPr {nsdecls('w')}>{paragraph}</w:pPr>"))
    if letters:
        style.append(parse_xml(f"<w:rPr {nsdecls('w')}>{letters}</w:rPr>"))


def _table(style: Any) -> None:
    for tag in ("w:tblPr", "w:tblStylePr"):
        for old in style.findall(qn(tag)):
            style.remove(old)
    style.append(parse_xml(_TABLE))
    style.append(parse_xml(_FIRST_ROW))
