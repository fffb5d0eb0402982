"""The PDF is tagged: a checker of PDF/UA finds nothing, and its parts are what they should be."""

import page
import pikepdf
import pytest

pytestmark = pytest.mark.slow

NUMBERED = {"en": ("Figure", "Table"), "cy": ("Ffigur", "Tabl")}


@pytest.fixture(params=["en", "cy"])
def language(request):
    return request.param


@pytest.fixture
def opened(pair, language):
    with pikepdf.open(pair[language]["pdf"]) as pdf:
        yield pdf


def elements(node):
    """Each element of the tree of tags, in the order in which it is read."""
    if isinstance(node, pikepdf.Array):
        for each in node:
            yield from elements(each)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from elements(node["/K"])


def tags(pdf, name):
    return [each for each in elements(pdf.Root.StructTreeRoot.K) if f"/{name}" == each.S]


def test_a_checker_of_pdf_ua_finds_nothing(pair, language):
    report = page.validate_pdf(str(pair[language]["pdf"]))
    assert str(report.profile).endswith("PDF_UA_1")
    assert report.rules.total > 100
    assert [(failure.rule_id, failure.message) for failure in report.failures] == []


def test_the_checker_would_have_seen_a_fault(pair, tmp_path):
    with pikepdf.open(pair["en"]["pdf"]) as pdf:
        del pdf.Root.StructTreeRoot
        del pdf.Root.Lang
        pdf.save(tmp_path / "spoilt.pdf")
    assert not page.validate_pdf(str(tmp_path / "spoilt.pdf")).is_compliant


def test_it_says_its_language_and_its_title_in_the_window(opened, language):
    assert opened.Root.Lang == f"{language}-GB"
    assert opened.Root.ViewerPreferences.DisplayDocTitle
    with opened.open_metadata() as told:
        assert told["dc:title"] == {"en": "A tiny report", "cy": "Adroddiad bach"}[language]
        assert told["pdfuaid:part"] == "1"
        assert told["dc:creator"] == ["An office & its 'partners'"]
        assert told["xmp:CreateDate"].startswith("2026-11-04")


def test_headings_figures_and_tables_are_tagged(opened):
    assert len(tags(opened, "Title")) == 1
    assert [len(tags(opened, f"H{level}")) for level in (1, 2, 3)] == [2, 1, 0]
    (figure,) = tags(opened, "Figure")
    assert str(figure.Alt) == '"9" & [c] < 7, 4'
    assert len(tags(opened, "Table")) == 3
    assert len(tags(opened, "Caption")) == 4


def in_table(cell):
    """What a cell says of its place in the table."""
    return next(each for each in cell.A if each.O == "/Table")


def test_each_column_and_each_row_has_its_header_and_cells_name_both(opened):
    of = [in_table(header) for header in tags(opened, "TH")]
    assert sum(each.Scope == "/Column" for each in of) == 9 + 2 + 1
    rows = [header for header in tags(opened, "TH") if in_table(header).Scope == "/Row"]
    assert len(rows) == 3  # those of the months; the other two tables have none
    named = pikepdf.NameTree(opened.Root.StructTreeRoot.IDTree)
    for cell in tags(opened, "TD"):
        headers = [named[str(name)] for name in in_table(cell).Headers]
        scopes = [str(in_table(header).Scope) for header in headers]
        assert scopes in (["/Column", "/Row"], ["/Column"])


def test_the_outline_and_the_contents_lead_to_every_section(opened):
    with opened.open_outline() as outline:
        assert len(outline.root) == 2
    assert len(tags(opened, "TOCI")) == 2


def test_only_our_font_is_used_and_it_lies_within(opened):
    fonts = {str(font.BaseFont) for page in opened.pages for font in page.Resources.Font.values()}
    assert fonts
    assert all("AtkinsonHyperlegibleNext" in name for name in fonts)


def test_links_lead_within_the_document_or_out_of_it(opened):
    links = [note for page in opened.pages for note in page.get("/Annots", [])]
    out = [str(link.A.URI) for link in links if "/A" in link and link.A.S == "/URI"]
    assert set(out) == {"https://example.org"}
    assert len(links) - len(out) >= 2 + 5  # the contents, and each reference


def test_both_languages_have_the_same_tags(pair):
    found = []
    for files in pair.values():
        with pikepdf.open(files["pdf"]) as pdf:
            found.append([str(each.S) for each in elements(pdf.Root.StructTreeRoot.K)])
    kept = [[tag for tag in each if tag not in {"/Span", "/P", "/Div"}] for each in found]
    assert kept[0] == kept[1]
