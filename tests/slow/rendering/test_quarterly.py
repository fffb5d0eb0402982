"""The quarterly report in every format and both languages: they say the same, and are whole."""

import re
import shutil
import subprocess
from collections import Counter
from urllib.parse import urlsplit

import openpyxl
import page
import pikepdf
import pytest
from docx import Document
from docx.oxml.ns import qn
from lxml import html as lxml_html

from evaluation.rendering.sheets import tables_of

pytestmark = pytest.mark.slow

MARK = "For the “office” & nobody else"
LARGEST = 3_000_000
MARGIN_IN_POINTS = 50


@pytest.fixture(params=["en", "cy"])
def files(quarterly, request):
    return quarterly[request.param]


def tree(files):
    return lxml_html.document_fromstring(files["html"].read_text(encoding="utf-8"))


def words(element):
    return " ".join(element.text_content().split())


def headings(files, *levels):
    found = tree(files).iter(*levels)
    return [
        words(each) for each in found if not [a for a in each.iterancestors() if a.tag == "nav"]
    ]


def test_every_format_is_there_and_none_is_large(files):
    assert set(files) == {
        "html", "pdf", "docx", "xlsx", "ods", "csv", "dictionary.csv", "figures.csv",
        "figures-dictionary.csv",
    }  # fmt: skip
    for path in files.values():
        assert 0 < path.stat().st_size < LARGEST


def test_every_link_of_the_page_leads_to_a_place_in_it_or_a_file_beside_it(files):
    document = tree(files)
    ids = {each.get("id") for each in document.iter() if each.get("id")}
    links = [link.get("href") for link in document.iter("a")]
    for link in links:
        if link.startswith("#"):
            assert link[1:] in ids
        elif not urlsplit(link).scheme:
            assert (files["html"].parent / link).is_file()
    assert {path.name for ending, path in files.items() if "dictionary" not in ending} - {
        files["html"].name
    } <= set(links)


def test_a_mark_stands_on_each_format(files):
    document = tree(files)
    (banner,) = document.xpath("//div[@class='banner']")
    assert MARK in words(banner)
    word = Document(files["docx"])
    assert word.paragraphs[0].text == MARK
    assert word.sections[0].header.paragraphs[0].text == MARK
    cover = openpyxl.load_workbook(files["xlsx"]).worksheets[0]
    assert cover["A2"].value == MARK


def test_the_pdf_passes_a_checker_and_has_each_picture_with_the_pages_alt_text(files):
    assert page.validate_pdf(str(files["pdf"])).is_compliant
    expected = [image.get("alt") for image in tree(files).iter("img")]
    with pikepdf.open(files["pdf"]) as pdf:
        found = [
            str(each.Alt)
            for each in pdf.objects
            if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/Figure"
        ]
    assert Counter(found) == Counter(expected)
    assert len(expected) >= 3


def test_sections_are_the_same_in_the_page_the_pdf_and_word(files):
    sections = headings(files, "h2")
    with pikepdf.open(files["pdf"]) as pdf, pdf.open_outline() as outline:
        assert [item.title for item in outline.root] == sections
    word = Document(files["docx"])
    assert [p.text for p in word.paragraphs if p.style.name == "Heading 1"] == sections
    below = [p.text for p in word.paragraphs if p.style.name == "Heading 2"]
    assert below == headings(files, "h3")


def test_every_cell_captions_and_alt_texts_of_word_are_those_of_the_page(files):
    printed = tables_of(files["html"].read_text(encoding="utf-8"))
    word = Document(files["docx"])
    for table, ours in zip(word.tables, printed, strict=True):
        cells = [[" ".join(cell.text.split()) for cell in row.cells] for row in table.rows]
        assert cells == [list(ours.columns), *map(list, ours.rows)]
    captions = [
        p.text.replace("\u00a0", " ") for p in word.paragraphs if p.style.name == "Table Caption"
    ]
    assert captions == [table.caption for table in printed]
    drawn = [each.get("descr") for each in word.element.body.iter(qn("wp:docPr"))]
    assert drawn == [image.get("alt") for image in tree(files).iter("img")]


def test_every_number_of_the_sheets_is_shown_as_the_page_prints_it(files):
    printed = tables_of(files["html"].read_text(encoding="utf-8"))
    workbook = openpyxl.load_workbook(files["xlsx"])
    for table, sheet in zip(printed, workbook.worksheets[3:], strict=True):
        (named,) = sheet.tables.values()
        rows = list(sheet[named.ref])[1:]
        for row, ours in zip(rows, table.rows, strict=True):
            shown = Counter(number for cell in row for number in digits(as_shown(cell)))
            assert shown == Counter(number for cell in ours for number in digits(cell))


def digits(text):
    return re.findall(r"[+−]?\d+(?:[.,]\d+)*%?", text)


def as_shown(cell):
    """A cell as Excel shows it, for the formats that we write."""
    if isinstance(cell.value, str):
        return cell.value
    kinds = cell.number_format.split(";")
    kind = kinds[0] if cell.value > 0 or len(kinds) == 1 else kinds[1 if cell.value < 0 else 2]
    share = kind.endswith("%")
    decimals = len(kind.rstrip("%").partition(".")[2])
    grouping = "," if "," in kind else ""
    number = f"{abs(cell.value) * (100 if share else 1):{grouping}.{decimals}f}"
    return f"{re.match(r'[+−]?£?', kind)[0]}{number}{'%' if share else ''}"


def test_both_languages_are_equal_in_numbers_labels_headings_and_figures(quarterly):
    english, welsh = (tree(quarterly[language]) for language in ("en", "cy"))
    for path in ("//h2", "//h3", "//h4", "//img", "//table", "//li", "//p"):
        assert len(english.xpath(path)) == len(welsh.xpath(path)) + _draft(path, english, welsh)
    labels = [
        [
            each.get("id")
            for each in document.iter()
            if re.match(r"(fig|tbl)-", each.get("id") or "")
        ]
        for document in (english, welsh)
    ]
    assert labels[0] == labels[1]
    numbers = [Counter(digits(words(document.find(".//main")))) for document in (english, welsh)]
    assert numbers[0].total() > 200
    assert numbers[0] == numbers[1]


def _draft(path, english, welsh):
    """The Welsh has a paragraph more while it is a draft: its banner."""
    if path != "//p":
        return 0
    return len(english.xpath("//div[@class='banner']/div/p")) - len(
        welsh.xpath("//div[@class='banner']/div/p")
    )


def test_nothing_printed_runs_off_its_page(files):
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed, so where words stand in the PDF is not tested")
    told = subprocess.run(
        ["pdftotext", "-bbox", files["pdf"], "-"], capture_output=True, check=True
    )
    for each in lxml_html.document_fromstring(told.stdout).iter("page"):
        sides = [(float(word.get("xmin")), float(word.get("xmax"))) for word in each.iter("word")]
        assert min(left for left, _right in sides) > MARGIN_IN_POINTS
        assert max(right for _left, right in sides) < float(each.get("width")) - MARGIN_IN_POINTS


def test_the_first_page_on_paper_asks_all_four_questions(files):
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed, so what the PDF's first page says is not tested")
    told = subprocess.run(
        ["pdftotext", "-l", "1", files["pdf"], "-"], capture_output=True, check=True
    )
    first = " ".join(told.stdout.decode().split())
    assert all(question in first for question in headings(files, "h3")[:4])
