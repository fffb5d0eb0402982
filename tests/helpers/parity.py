"""What two renderings of one report must have in common, read from the finished PDF or Word file.

Whoever made a file, its content stands in its tags and styles: headings, the cells of tables,
captions with their numbers, alt texts and links, in the order in which they are read.
`differences` compares two of them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from io import BytesIO

import pikepdf
from docx import Document
from docx.oxml.ns import qn

HEADINGS = {f"/H{level}": level for level in range(1, 7)}


@dataclass(frozen=True)
class Said:
    """The content of one file; white space is of no account."""

    headings: list[tuple[int, str]]
    tables: list[list[list[str]]]
    alts: list[str]
    links: list[str]
    captions: list[str]


def differences(one: Said, other: Said) -> list[str]:
    """What the one says and the other does not, a line each; empty where they say the same."""
    told = []
    for field in fields(Said):
        ours, theirs = getattr(one, field.name), getattr(other, field.name)
        for how, a, b, c, d in SequenceMatcher(None, *map(_hashed, (ours, theirs))).get_opcodes():
            if how != "equal":
                told.append(f"{field.name}: {ours[a:b]} / {theirs[c:d]}")
    return told


def _hashed(items: list) -> list[str]:
    return [repr(item) for item in items]


def _tidy(text: str) -> str:
    return " ".join(re.sub(r"[\u00ad\u200b\u2060]", "", text).split())


# ---- Word --------------------------------------------------------------------------------------


def of_word(content: bytes) -> Said:
    """Tables are those with a header row: Quarto lays pictures and boxes out in tables, too."""
    word = Document(BytesIO(content))
    body = word.element.body
    styled = [(paragraph.style.name, paragraph.text) for paragraph in word.paragraphs]
    related = word.part.rels
    links = [
        f"{_tidy(''.join(t.text or '' for t in link.iter(qn('w:t'))))} -> "
        + (related[link.get(qn("r:id"))].target_ref if link.get(qn("r:id")) else "#")
        for link in body.iter(qn("w:hyperlink"))
    ]
    return Said(
        [(int(style[-1]), _tidy(text)) for style, text in styled if re.fullmatch(r"Heading \d", style)],
        [[[_tidy(cell.text) for cell in row.cells] for row in table.rows]
         for table in word.tables if table._tbl.find(f".//{qn('w:tblHeader')}") is not None],
        [alt for each in body.iter(qn("wp:docPr")) if (alt := each.get("descr"))],
        links,
        [_tidy(text) for style, text in styled if style in {"Image Caption", "Table Caption"}],
    )  # fmt: skip


# ---- PDF ---------------------------------------------------------------------------------------


def of_pdf(content: bytes) -> Said:
    """By its tags; what is not tagged, such as the foot of a page, is nobody's content."""
    with pikepdf.open(BytesIO(content)) as pdf:
        marked = {page.objgen: _marked(page) for page in pdf.pages}
        tree = list(_elements(pdf.Root.StructTreeRoot.K))

        def text(element, page=None) -> str:
            page = element.get("/Pg", page)
            inside = element.get("/K")
            parts = list(inside) if isinstance(inside, pikepdf.Array) else [inside]
            return "".join(
                marked[page.objgen].get(int(part), "") if isinstance(part, int)
                else marked[part.get("/Pg", page).objgen].get(int(part.MCID), "") if "/MCID" in part
                else text(part, page) if "/S" in part else ""
                for part in parts if part is not None
            )  # fmt: skip

        kinds = [(str(element.S), element) for element in tree]
        notes = [note for page in pdf.pages for note in page.get("/Annots", [])]
        return Said(
            [(HEADINGS[kind], _tidy(text(e))) for kind, e in kinds if kind in HEADINGS],
            [[[_tidy(text(cell)) for cell in _elements(row.K) if str(cell.S) in {"/TH", "/TD"}]
              for row in _elements(table.K) if str(row.S) == "/TR"]
             for kind, table in kinds if kind == "/Table"],
            [str(e.Alt) for kind, e in kinds if kind == "/Figure"],
            [str(note.A.URI) for note in notes if "/A" in note and str(note.A.S) == "/URI"],
            [_tidy(text(e)) for kind, e in kinds if kind == "/Caption"],
        )  # fmt: skip


def _elements(node) -> Iterator[pikepdf.Dictionary]:
    """Each element of the tree of tags, in the order in which it is read."""
    for element in node if isinstance(node, pikepdf.Array) else [node]:
        if isinstance(element, pikepdf.Dictionary):
            if "/S" in element:
                yield element
            if "/K" in element:
                yield from _elements(element.K)


def _marked(page) -> dict[int, str]:
    """The text of each marked part of a page, by its number."""
    fonts = {name: _letters(font) for name, font in page.Resources.get("/Font", {}).items()}
    said: dict[int, str] = {}
    marks, letters = [], {}
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "BDC":
                known = operands[1] if isinstance(operands[1], pikepdf.Dictionary) else {}
                marks.append(int(known["/MCID"]) if "/MCID" in known else None)
            case "BMC":
                marks.append(None)
            case "EMC":
                marks.pop()
            case "Tf":
                letters = fonts[str(operands[0])]
            case "Tj" | "TJ":
                parts = operands[0] if str(operator) == "TJ" else [operands[0]]
                number = next((mark for mark in reversed(marks) if mark is not None), None)
                shown = b"".join(bytes(part) for part in parts if isinstance(part, pikepdf.String))
                if number is not None:
                    codes = (int.from_bytes(shown[i : i + 2]) for i in range(0, len(shown), 2))
                    said[number] = said.get(number, "") + "".join(letters.get(c, "") for c in codes)
            case "T*" | "Td" | "TD" | "Tm" | "ET":
                number = next((mark for mark in reversed(marks) if mark is not None), None)
                if number in said:
                    said[number] += " "
    return said


def _letters(font) -> dict[int, str]:
    """Code -> letters, of a font with codes of two bytes, as its ToUnicode map has them."""
    table = font.ToUnicode.read_bytes().decode("ascii")
    letters: dict[int, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for code, text in re.findall(r"<(\w+)>\s*<(\w+)>", block):
            letters[int(code, 16)] = bytes.fromhex(text).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for first, last, text in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            for step in range(int(last, 16) - int(first, 16) + 1):
                letters[int(first, 16) + step] = chr(int(text, 16) + step)
    return letters
