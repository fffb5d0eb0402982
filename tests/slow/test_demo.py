"""The demonstration: the whole road, twice."""

import json
import re
from collections import Counter
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from evaluation.errors import WrongUse
from reports import demo

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def make(folder):
    return demo.make_demo(
        folder,
        effect=0.7,
        seed=1,
        language="en",
        step=lambda _title: lambda _done, _of: None,
        now=NOW,
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """One demonstration; its truth from fewer children than a visitor's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo, "TRUTH_CHILDREN", 5_000)
        yield make(tmp_path_factory.mktemp("demo") / "demo").parent


class Page(HTMLParser):
    """What a reader sees of a page, and where its links lead."""

    def __init__(self, html):
        super().__init__()
        self.words, self.links, self.hidden = [], [], False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.hidden = tag in {"style", "title"}
        self.links += [value for name, value in attrs if name == "href"]
        self.words += [value for name, value in attrs if name == "alt"]

    def handle_endtag(self, tag):
        self.hidden = False

    def handle_data(self, data):
        if not self.hidden:
            self.words.append(data)


def read(path):
    return Page(path.read_text(encoding="utf-8"))


def test_it_keeps_what_it_promises(made):
    assert {path.name for path in made.iterdir()} >= {
        "returns", "refused", "store", "release.json", "report-en.html", "report-cy.html",
        "index.html",
    }  # fmt: skip
    assert [path.suffix for path in (made / "refused").iterdir()] == [".xlsx"]


def test_every_link_of_its_index_leads_somewhere(made):
    links = [link for link in read(made / "index.html").links if not link.startswith("data:")]
    assert len(links) > 20
    assert all((made / link.replace("%20", " ")).exists() for link in links)


def test_the_same_numbers_stand_in_both_reports(made):
    english, welsh = (
        Counter(re.findall(r"\d+(?:[.,]\d+)*", " ".join(read(made / f"report-{lang}.html").words)))
        for lang in ("en", "cy")
    )
    assert english.total() > 200
    assert english == welsh


def test_a_second_time_is_harmless_and_gives_the_same_figures(made):
    before = json.loads((made / "release.json").read_text())["figures"]
    page = (made / "report-en.html").read_bytes()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo, "TRUTH_CHILDREN", 5_000)
        make(made)
    assert json.loads((made / "release.json").read_text())["figures"] == before
    assert (made / "report-en.html").read_bytes() == page


def test_a_folder_of_yours_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(WrongUse, match="holds other things"):
        make(tmp_path)
    assert (tmp_path / "mine.txt").read_text() == "mine"
