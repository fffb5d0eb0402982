"""How the cells of an OpenDocument spreadsheet look, and how its numbers are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from evaluation.rendering.face import Face
from evaluation.rendering.sheets.book import Cell, Link
from evaluation.rendering.sheets.numbers import Number

NAVY = "#1f3a5f"
_LETTER_CM = 0.2

_BOLD = 'fo:font-weight="bold"'
_LINKED = f'fo:color="{NAVY}" style:text-underline-style="solid"'
_CELLS = {  # letters, the cell, and the side that words stand on
    "title": (f'fo:font-size="14pt" {_BOLD} fo:color="{NAVY}"', "", "start"),
    "banner": (_BOLD, 'fo:background-color="#fff3cd"', "start"),
    "words": ("", "", "start"),
    "head-first": (_BOLD, f'fo:border-bottom="1.5pt solid {NAVY}"', "start"),
    "head-left": (_BOLD, f'fo:border-bottom="1.5pt solid {NAVY}"', "start"),
    "head-right": (_BOLD, f'fo:border-bottom="1.5pt solid {NAVY}"', "end"),
    "first": ("", "", "start"),
    "left": ("", "", "start"),
    "right": ("", "", "end"),
    "link": (_LINKED, "", "start"),
}
_MARGIN = '<style:header-footer-properties fo:min-height="0.7cm" fo:margin-bottom="0.2cm"/>'
_WRAP = 'fo:wrap-option="wrap"'


def cell_style(cell: Cell, *, right: bool, first: bool) -> str:
    """The name of a cell's style within a table."""
    match cell:
        case Number():
            return f"cell-{number_name(cell)}"
        case Link():
            return "link-wrapped"
        case _:
            return "first" if first else "right" if right else "left"


def number_name(number: Number) -> str:
    """The name of the format that shows a number as the report prints it."""
    unit = {"%": "percent", "£": "pounds", "": "plain"}[number.unit]
    plus = "plus" if number.shown.startswith("+") else "minus" if number.signed else ""
    return f"{unit}{number.decimals}{'grouped' if number.grouped else ''}{plus}"


def column_style(width: int) -> str:
    """The name of the style of a column so many letters wide."""
    return f"wide{width}"


def content_styles(wide: Sequence[int], numbers: Mapping[str, Number]) -> str:
    """Every style that the sheets use."""
    columns = "".join(
        f'<style:style style:name="{column_style(width)}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{width * _LETTER_CM:.2f}cm"/></style:style>'
        for width in wide
    )
    words = "".join(
        _cell(name, *look, wrap=_WRAP if wrapped else "")
        for kind, look in _CELLS.items()
        for name, wrapped in _variants(kind)
    )
    counted = "".join(
        _format(name, number) + _cell(f"cell-{name}", "", "", "end", data=name)
        for name, number in numbers.items()
    )
    return (
        "<office:automatic-styles>"
        '<style:style style:name="sheet" style:family="table" style:master-page-name="page">'
        '<style:table-properties table:display="true"/></style:style>'
        '<style:style style:name="row" style:family="table-row">'
        '<style:table-row-properties style:use-optimal-row-height="true"/></style:style>'
        f"{columns}{words}{counted}</office:automatic-styles>"
    )


def _variants(kind: str) -> tuple[tuple[str, bool], ...]:
    """What stands above a table runs on over the empty cells beside it; all else is wrapped."""
    if kind in {"title", "banner", "words", "link"}:
        return ((kind, False), (f"{kind}-wrapped", True))
    return ((kind, True),)


def _cell(
    name: str, letters: str, around: str, side: str, *, wrap: str = _WRAP, data: str = ""
) -> str:
    named = f' style:data-style-name="{data}"' if data else ""
    inset = ' fo:margin-left="0.2cm"' if name in {"left", "head-left"} else ""
    if side == "end":  # so that the titles of two such columns do not touch
        inset = ' fo:margin-right="0.15cm"'
    upright = "bottom" if name.startswith("head") else "top"
    return (
        f'<style:style style:name="{name}" style:family="table-cell" '
        f'style:parent-style-name="Default"{named}>'
        f'<style:table-cell-properties style:vertical-align="{upright}" {wrap} {around} '
        'style:text-align-source="fix"/>'
        f'<style:paragraph-properties fo:text-align="{side}"{inset}/>'
        f"<style:text-properties {letters}/></style:style>"
    )


def _format(name: str, number: Number) -> str:
    """A number's format, with formats of its own for below and at zero where it has a sign."""
    tag = "percentage-style" if number.unit == "%" else "number-style"
    digits = (
        f'<number:number number:decimal-places="{number.decimals}" '
        f'number:min-decimal-places="{number.decimals}" number:min-integer-digits="1"'
        f"{' number:grouping=' + chr(34) + 'true' + chr(34) if number.grouped else ''}/>"
    )
    before = "<number:text>£</number:text>" if number.unit == "£" else ""
    after = "<number:text>%</number:text>" if number.unit == "%" else ""

    def written(key: str, sign: str, maps: str = "") -> str:
        said = f"<number:text>{sign}</number:text>" if sign else ""
        return (
            f'<number:{tag} style:name="{key}">{said}{before}{digits}{after}{maps}</number:{tag}>'
        )

    if not number.signed:
        return written(name, "")
    maps = (
        f'<style:map style:condition="value()&lt;0" style:apply-style-name="{name}-below"/>'
        f'<style:map style:condition="value()=0" style:apply-style-name="{name}-zero"/>'
    )
    plus = "+" if number.shown.startswith("+") else ""
    return written(f"{name}-below", "−") + written(f"{name}-zero", "") + written(name, plus, maps)


def page_styles(face: Face) -> str:
    """The language, the font, and a page that is printed across with its banners at its head."""
    language, _dash, country = face.said("lang").partition("-")
    banner = escape(" – ".join(face.banners))
    return (
        '<office:styles><style:default-style style:family="table-cell">'
        f'<style:text-properties fo:font-family="Arial" fo:font-size="11pt" '
        f'fo:language="{language}" fo:country="{country or "GB"}"/></style:default-style>'
        '<style:style style:name="Default" style:family="table-cell"/></office:styles>'
        '<office:automatic-styles><style:page-layout style:name="layout">'
        '<style:page-layout-properties fo:page-width="29.7cm" fo:page-height="21cm" '
        'style:print-orientation="landscape" style:scale-to-X="1" style:scale-to-Y="0" '
        'fo:margin-top="1.5cm" fo:margin-bottom="1.5cm" fo:margin-left="1.5cm" fo:margin-right="1.5cm"/>'
        f"<style:header-style>{_MARGIN}</style:header-style>"
        f"<style:footer-style>{_MARGIN}</style:footer-style></style:page-layout></office:automatic-styles>"
        '<office:master-styles><style:master-page style:name="page" style:page-layout-name="layout">'
        f"<style:header><text:p>{banner}</text:p></style:header>"
        "<style:footer><text:p><text:sheet-name/> – <text:page-number/></text:p></style:footer>"
        "</style:master-page></office:master-styles>"
    )
