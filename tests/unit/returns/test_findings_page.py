"""The page for a browser: whole in itself, in the sender's language, and nothing of theirs in it."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from evaluation.language import Text, _
from evaluation.nouns import Finding
from evaluation.returns import findings_page as page_module
from evaluation.returns.feedback import give_back
from evaluation.returns.findings_page import findings_page
from evaluation.returns.parsing import parse
from evaluation.returns.reading import read_return
from tests.unit.returns.workbooks import FORMS, PROVIDERS, VISIT, right, table

SECRET = "Rose Heyworth"


@pytest.fixture
def checked(tmp_path):
    wrong = VISIT | {"visit_ref": "V2", "child_key": SECRET, "seen_at": "31/02/2025"}
    path = right(tmp_path / "x.xlsx", Home_visits=table(VISIT, wrong))
    return parse(read_return(path, FORMS, PROVIDERS), FORMS)


def some(checked, *findings, not_run=()):
    return replace(checked, findings=findings, not_run=not_run)


class Tags(HTMLParser):
    """The tags of a page with their attributes; fails where one is not closed in its turn."""

    VOID = frozenset({"meta", "!doctype"})

    def __init__(self, page):
        super().__init__()
        self.found, self.open = [], []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_it_says_what_is_wrong_where_and_what_to_do_and_never_the_value(checked):
    page = findings_page(checked, "x.xlsx", "en")
    for item in checked.findings:
        assert str(item.message).replace("'", "&#x27;") in page
        assert f"<td>{item.column}{item.row}</td>" in page
    assert "This return was not accepted. Things to mend: 2." in page
    assert SECRET not in page
    assert "31/02/2025" not in page


def test_it_needs_nothing_beside_it(checked):
    page = findings_page(checked, "x.xlsx", "en")
    tags = {tag for tag, _attributes in Tags(page).found}
    assert not tags & {"script", "link", "img", "iframe", "object", "form"}
    assert not re.search(r"https?:|url\(|@import|javascript:", page)


def test_a_screen_reader_finds_language_headings_captions_and_titles_of_columns(checked):
    tags = Tags(findings_page(checked, "x.xlsx", "en")).found
    names = [tag for tag, _attributes in tags]
    assert ("html", {"lang": "en"}) in tags
    assert names.count("h1") == names.count("main") == names.count("title") == 1
    assert names.count("table") == names.count("caption") == 2
    heads = [attributes for tag, attributes in tags if tag == "th"]
    assert heads
    assert all(attributes == {"scope": "col"} for attributes in heads)
    regions = [attributes for _tag, attributes in tags if attributes.get("role") == "region"]
    assert all(item["aria-label"] and item["tabindex"] == "0" for item in regions)


@pytest.mark.usefixtures("welsh")
def test_it_is_in_the_language_asked_for(checked):
    page = findings_page(checked, "x.xlsx", "cy")
    assert '<html lang="cy">' in page
    assert "Canfyddiadau" in page
    assert "Rhaid ei gywiro" in page


def test_what_a_file_calls_its_sheets_is_words_and_never_markup(checked):
    hostile = "<script>alert(1)</script>\"'&"
    finding = Finding("SHE-01", "reject", _("It is not ours."), Text("Go."), hostile, 2, "A")
    page = findings_page(some(checked, finding), f"{hostile}.xlsx", "en")
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;&amp;" in page
    assert "script" not in {tag for tag, _attributes in Tags(page).found}


def test_rules_that_could_not_be_run_are_told(checked):
    page = findings_page(
        some(
            checked,
            not_run=(
                (
                    "MIS-06",
                    _("No earlier return."),
                ),
            ),
        ),
        "x",
        "en",
    )
    assert "<td>MIS-06</td><td>No earlier return.</td>" in page
    assert "This return can be accepted." in page


def test_of_very_many_only_the_first_are_listed_and_all_are_counted(checked, monkeypatch):
    monkeypatch.setattr(page_module, "MOST_LISTED", 3)
    many = [Finding("A", "reject", _("Bad."), _("Go."), "x", row, "A") for row in range(9)]
    page = findings_page(some(checked, *many), "x", "en")
    assert "Only the first findings are listed: 3 of 9." in page
    assert page.count('<td class="words">Bad.</td>') == 1 + 3
    assert '<td class="number">9</td>' in page


def test_it_is_written_beside_the_marked_copy(checked, tmp_path):
    given = give_back(tmp_path / "x.xlsx", checked, tmp_path / "x-findings.xlsx", "en")
    assert given.page == tmp_path / "x-findings.html"
    assert given.page.read_text(encoding="utf-8") == findings_page(checked, "x.xlsx", "en")
    assert given.marked == tmp_path / "x-findings.xlsx"
