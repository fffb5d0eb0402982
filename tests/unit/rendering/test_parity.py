"""Two PDFs, or two Word documents, are compared by what they say: equal where it is the same."""

from io import BytesIO
from pathlib import Path

import pytest
import typst
from docx import Document
from parity import differences, of_pdf, of_word

ROOT = Path(__file__).parents[3]

REPORT = """
#set document(title: "A report")
#set text(lang: "en", font: "Atkinson Hyperlegible Next", size: {size})
#set figure.caption(position: top)
= First
== Below
#link("https://example.org")[A link]
#figure(table(columns: 2, table.header([Stage], [Children]), [Referred], [{children}], [Accepted, and long enough to be broken over two lines], [150]), kind: table, supplement: none, numbering: none, caption: [Table 1: {caption}])
"""


@pytest.fixture
def pdf(tmp_path):
    def made(children="185", caption="Stages of it", size="10pt"):
        source = REPORT.format(children=children, caption=caption, size=size)
        (tmp_path / "report.typ").write_text(source, encoding="utf-8")
        return of_pdf(typst.compile(
            tmp_path / "report.typ", format="pdf", pdf_standards="ua-1", ignore_system_fonts=True,
            font_paths=[ROOT / "evaluation" / "rendering" / "resources" / "fonts"],
        ))  # fmt: skip

    return made


def word(children="185", heading="First"):
    document = Document()
    document.add_heading(heading, 1)
    table = document.add_table(2, 2)
    for row, cells in zip(table.rows, (("Stage", "Children"), ("Referred", children)), strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    table.rows[0]._tr.get_or_add_trPr().append(
        table.rows[0]._tr.makeelement(f"{{{table._tbl.nsmap['w']}}}tblHeader")
    )
    held = BytesIO()
    document.save(held)
    return of_word(held.getvalue())


def test_a_pdf_is_read_by_its_tags(pdf):
    said = pdf()
    assert said.headings == [(1, "First"), (2, "Below")]
    assert said.tables[0][:2] == [["Stage", "Children"], ["Referred", "185"]]
    assert said.tables[0][2][0] == "Accepted, and long enough to be broken over two lines"
    assert said.links == ["https://example.org"]
    assert said.captions == ["Table 1: Stages of it"]


def test_the_same_content_laid_out_otherwise_is_the_same(pdf):
    assert differences(pdf(), pdf(size="24pt")) == []
    assert differences(word(), word()) == []


def test_a_changed_cell_heading_or_number_of_a_table_is_reported(pdf):
    (cell,) = differences(pdf(), pdf(children="186"))
    assert cell.startswith("tables: ")
    assert "185" in cell
    assert "186" in cell
    (caption,) = differences(pdf(), pdf(caption="Steps of it"))
    assert caption.startswith("captions: ")
    (cell,) = differences(word(), word(children="186"))
    assert cell.startswith("tables: ")
    (heading,) = differences(word(), word(heading="Firsts"))
    assert heading == "headings: [(1, 'First')] / [(1, 'Firsts')]"
