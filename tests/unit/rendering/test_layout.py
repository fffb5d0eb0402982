"""The finished page: what it says, and that everyone can read it."""

import base64
import re
from html.parser import HTMLParser

import pytest

VOID = {"meta", "link", "img", "br", "hr", "input"}


class Tree(HTMLParser):
    """Elements in order: (tag, attributes, text below it)."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.elements = []
        self.open = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        element = {
            "tag": tag,
            "attrs": dict(attrs),
            "text": "",
            "within": [e["tag"] for e in self.open],
        }
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1]["tag"] == tag, f"</{tag}> closes <{self.open[-1]['tag']}>"
        self.open.pop()

    def handle_data(self, data):
        for element in self.open:
            element["text"] += data

    def all(self, *tags, **attrs):
        return [
            e
            for e in self.elements
            if e["tag"] in tags
            and all(e["attrs"].get(k.rstrip("_")) == v for k, v in attrs.items())
        ]

    def by_id(self, name):
        (element,) = [e for e in self.elements if e["attrs"].get("id") == name]
        return element


@pytest.fixture(scope="module", params=["en", "cy"])
def language(request):
    return request.param


@pytest.fixture(scope="module")
def tree(pages, language):
    tree = Tree(pages[language])
    assert tree.open == []
    return tree


def test_the_page_says_its_language_and_title(tree, language):
    (html,) = tree.all("html")
    assert html["attrs"]["lang"] == {"en": "en-GB", "cy": "cy-GB"}[language]
    (title,) = tree.all("title")
    assert (
        title["text"]
        == {
            "en": "A tiny report – July to September 2025 – An office & its 'partners'",
            "cy": "Adroddiad bach – Gorffennaf i Fedi 2025 – An office & its 'partners'",
        }[language]
    )
    (time,) = tree.all("time")
    assert time["attrs"]["datetime"] == "2026-11-04"
    assert time["text"] == {"en": "4 November 2026", "cy": "4 Tachwedd 2026"}[language]


def test_headings_are_in_order_with_one_of_the_first_level(tree):
    levels = [int(e["tag"][1]) for e in tree.all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels == [1, 2, 2, 3]


def test_the_page_has_its_landmarks_and_a_skip_link_that_arrives(tree):
    assert [len(tree.all(tag)) for tag in ("header", "main", "nav", "footer")] == [1, 1, 1, 1]
    skip = tree.all("a")[0]
    assert skip["attrs"]["href"] == "#main"
    assert tree.by_id("main")["tag"] == "main"
    (nav,) = tree.all("nav")
    (summary,) = [e for e in tree.all("summary") if "nav" in e["within"]]
    assert summary["text"].strip() == nav["attrs"]["aria-label"]


def test_the_top_leads_to_the_other_language_in_its_own_words(tree, language):
    other = {"en": "cy", "cy": "en"}[language]
    (link,) = [e for e in tree.all("a") if "header" in e["within"]]
    assert link["attrs"] == {"href": f"report-{other}.html", "lang": other, "hreflang": other}
    assert link["text"]


def test_contents_lead_to_every_section(tree):
    links = [e for e in tree.all("a") if "nav" in e["within"]]
    below = [e for e in tree.all("h2") if "nav" not in e["within"]]
    assert [e["attrs"]["href"] for e in links] == ["#" + e["attrs"]["id"] for e in below]
    assert [e["text"] for e in links] == [e["text"] for e in below]


def test_every_link_within_the_page_arrives(tree):
    for link in tree.all("a"):
        if link["attrs"]["href"].startswith("#"):
            tree.by_id(link["attrs"]["href"][1:])


def test_figures_and_tables_are_numbered_in_the_language(tree, language):
    figure, table = {"en": ("Figure", "Table"), "cy": ("Ffigur", "Tabl")}[language]
    what = {"en": "Episodes a month", "cy": "Cyfnodau fesul mis"}[language]
    (caption,) = tree.all("figcaption")
    assert caption["text"].strip() == f"{figure}\u00a01: {what}, x"
    captions = [e["text"] for e in tree.all("caption")]
    assert captions == [
        f"{table}\u00a01: {what}, {figure}\u00a01",
        f"{table}\u00a02: A pipe table",
        "Loose",
    ]


def test_references_are_links_with_the_words_before_them(tree, language):
    (item,) = [e for e in tree.all("li") if "main" in e["within"] and "[c]" in e["text"]]
    words = {
        "en": ("Figure\u00a01", "by Table\u00a01"),
        "cy": ("Ffigur\u00a01", "yn Nhabl\u00a01"),
    }[language]
    assert item["text"] == f"{words[0]}, {words[1]}, 2, [c]"
    targets = {e["attrs"]["href"]: e["text"] for e in tree.all("a")}
    assert targets["#tbl-months"] == words[1]
    assert targets["#tbl-pipe"] == "2"


def test_a_picture_is_svg_within_the_page_with_its_alt_text(tree):
    (image,) = tree.all("img")
    assert image["attrs"]["alt"] == '"9" & [c] < 7, 4'
    kind, _comma, data = image["attrs"]["src"].partition("base64,")
    assert kind == "data:image/svg+xml;"
    assert b"</svg>" in base64.b64decode(data)


def test_tables_keep_their_scopes_and_alignment_in_a_region_named_by_the_caption(tree):
    for header in tree.all("th"):
        assert header["attrs"]["scope"] in {"col", "row"}
    assert len(tree.all("th", scope="row")) == 3
    assert {e["attrs"]["style"] for e in tree.all("td") if e["attrs"].get("style")} == {
        "text-align:right",
        "text-align: left;",
        "text-align: right;",
    }
    regions = tree.all("div", role="region")
    assert len(regions) == 4  # the figure and three tables
    for region in regions:
        assert region["attrs"]["tabindex"] == "0"
        assert tree.by_id(region["attrs"]["aria-labelledby"])["text"].strip()


def test_callouts_are_named_by_a_heading_word(tree, language):
    headings = [
        tree.by_id(e["attrs"]["aria-labelledby"])["text"].strip()
        for e in tree.all("div", role="note")
        if "main" in e["within"]
    ]
    assert (
        headings
        == {
            "en": ["Important: Number of children & more", "Note"],
            "cy": ["Pwysig: Nifer y plant & more", "Nodyn"],
        }[language]
    )


def test_only_what_is_meant_for_a_page_is_there(tree, pages, language):
    (main,) = tree.all("main")
    assert "Not for Word" in main["text"]
    assert "Word only" not in main["text"]
    assert "A comment is for" not in pages[language]
    assert tree.all("div", class_="page-break")
    (span,) = [e for e in tree.all("span") if e["text"] == "Cymraeg"]
    assert span["attrs"]["lang"] == "cy"


def test_nothing_is_fetched_and_nothing_runs(tree):
    assert tree.all("script", "iframe", "object", "embed") == []
    for element in tree.elements:
        for name in ("src", "srcset", "data", "poster"):
            assert element["attrs"].get(name, "data:").startswith("data:")
    assert [e["attrs"]["href"] for e in tree.all("link")] == ["data:,"]
    (style,) = tree.all("style")
    assert not re.search(r"url\(|@import", style["text"])
    (rule,) = [e["attrs"]["content"] for e in tree.all("meta") if "http-equiv" in e["attrs"]]
    assert "default-src 'none'" in rule  # the browser holds to it too


def test_the_style_is_small_and_readable_in_print_and_narrow(tree):
    (style,) = tree.all("style")
    assert len(style["text"]) < 5000
    assert "@media print" in style["text"]
    assert "overflow-x: auto" in style["text"]


def test_both_languages_hold_the_same_numbers(pages):
    cells = {
        language: re.findall(r"<td[^>]*>([^<]*)</td>", html) for language, html in pages.items()
    }
    assert cells["en"] == cells["cy"]
    assert len(cells["en"]) > 20


def test_a_table_too_wide_for_a_telephone_names_each_cells_column_and_its_own_parts(tree):
    wide, narrow = tree.by_id("tbl-months"), tree.by_id("tbl-pipe")
    assert (wide["tag"], narrow["tag"]) == ("div", "div")
    (table,) = tree.all("table", class_="narrow")
    assert table["attrs"]["role"] == "table"
    titles = [e["text"] for e in tree.all("th", role="columnheader")]
    cells = tree.all("td", role="cell")
    assert len(titles) == 9
    assert [cell["attrs"]["data-title"] for cell in cells] == titles[1:] * 3
    assert len(tree.all("th", role="rowheader")) == 3
    assert len(tree.all("tr", role="row")) == 4
