"""The Word document is whole for those who hear it: titles, languages, headers and alt texts."""

import pytest
from docx import Document
from docx.oxml.ns import qn

pytestmark = pytest.mark.slow


@pytest.fixture(params=["en", "cy"])
def language(request):
    return request.param


@pytest.fixture
def word(pair, language):
    return Document(pair[language]["docx"])


def test_it_says_its_title_and_language(word, language):
    core = word.core_properties
    assert core.title == {"en": "A tiny report", "cy": "Adroddiad bach"}[language]
    assert core.author == "An office & its 'partners'"
    assert core.language == f"{language}-GB"
    assert f"{core.created:%Y-%m-%d}" == "2026-11-04"
    (default,) = word.styles.element.iter(qn("w:lang"))
    assert default.get(qn("w:val")) == f"{language}-GB"


def test_headings_begin_at_the_first_level_and_skip_none(word):
    levels = [
        int(paragraph.style.name[-1])
        for paragraph in word.paragraphs
        if paragraph.style.name.startswith("Heading")
    ]
    assert levels == [1, 1, 2]
    assert [p.style.name for p in word.paragraphs].count("Title") == 1


def test_every_table_has_its_header_row_its_first_column_and_its_alt_text(word):
    tables = list(word.element.body.iter(qn("w:tbl")))
    assert len(tables) == 3
    for table in tables:
        rows = list(table.iter(qn("w:tr")))
        assert [row.find(f".//{qn('w:tblHeader')}") is not None for row in rows] == [
            place == 0 for place in range(len(rows))
        ]
        assert all(row.find(f".//{qn('w:cantSplit')}") is not None for row in rows)
        look = table.find(f".//{qn('w:tblLook')}")
        assert (look.get(qn("w:firstRow")), look.get(qn("w:firstColumn"))) == ("1", "1")
        assert table.find(f".//{qn('w:tblDescription')}").get(qn("w:val"))
        assert not list(table.iter(qn("w:vMerge"), qn("w:gridSpan")))


def test_the_first_table_is_described_by_its_caption(word, language):
    said = word.element.body.find(f".//{qn('w:tblDescription')}").get(qn("w:val"))
    assert (
        said.replace("\u00a0", " ")
        == {
            "en": "Table 1: Episodes a month, Figure 1",
            "cy": "Tabl 1: Cyfnodau fesul mis, Ffigur 1",
        }[language]
    )


def test_every_picture_has_its_alt_text(word):
    drawn = list(word.element.body.iter(qn("wp:docPr")))
    assert [each.get("descr") for each in drawn] == ['"9" & [c] < 7, 4']


def test_every_link_within_the_document_arrives_and_the_contents_have_every_section(word):
    anchors = [each.get(qn("w:anchor")) for each in word.element.body.iter(qn("w:hyperlink"))]
    within = [anchor for anchor in anchors if anchor]
    marks = {each.get(qn("w:name")) for each in word.element.body.iter(qn("w:bookmarkStart"))}
    assert len(within) == 2 + 5
    assert set(within) <= marks
    listed = [p.text for p in word.paragraphs if p.style.name == "toc 1"]
    sections = [p.text for p in word.paragraphs if p.style.name == "Heading 1"]
    assert listed == sections


def test_pages_have_their_number(word):
    (section,) = word.sections
    for foot in (section.footer, section.first_page_footer):
        fields = [each.text.strip() for each in foot._element.iter(qn("w:instrText"))]
        assert fields == ["PAGE", "NUMPAGES"]


def test_what_is_for_word_alone_is_there_and_what_is_not_is_not(word):
    texts = [paragraph.text for paragraph in word.paragraphs]
    assert "Word only" in texts
    assert "Not for Word" not in texts
