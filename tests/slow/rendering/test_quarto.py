"""Real Quarto and the built-in renderer give the same report; skips aloud where Quarto is not."""

from html.parser import HTMLParser

import pytest
from parity import differences, of_pdf, of_word

from evaluation.rendering import render_pair
from evaluation.rendering.quarto import find_quarto

pytestmark = pytest.mark.slow

VOID = {"meta", "link", "img", "br", "hr", "input", "source", "path"}
KEPT = {"h1", "h2", "h3", "h4", "td", "th", "figcaption", "caption", "a", "img", "html"}


class Content(HTMLParser):
    """What both pages must say alike, in order."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.open = []
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        element = {
            "tag": tag,
            "attrs": dict(attrs),
            "text": "",
            "nav": any(e["tag"] == "nav" for e in self.open),
        }
        if tag in KEPT:
            self.found.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag):
        while self.open and tag not in VOID and self.open.pop()["tag"] != tag:
            pass

    def handle_data(self, data):
        for element in self.open:
            element["text"] += data

    def texts(self, *tags):
        return [
            " ".join(e["text"].split()) for e in self.found if e["tag"] in tags and not e["nav"]
        ]

    def references(self):
        return [
            (e["attrs"]["href"], " ".join(e["text"].split()))
            for e in self.found
            if e["tag"] == "a" and e["attrs"].get("href", "").startswith(("#fig-", "#tbl-"))
        ]

    def attribute(self, tag, name):
        return [e["attrs"].get(name) for e in self.found if e["tag"] == tag]


@pytest.fixture(scope="module")
def quartos(laid_out, release_file):
    if find_quarto() is None:
        pytest.skip("Quarto 1.9 or later is not installed: the two renderers are not compared")
    return render_pair(
        "tiny", release_file, to=laid_out.parent / "quarto", sources=laid_out, engine="quarto"
    )


@pytest.mark.parametrize("language", ["en", "cy"])
def test_both_renderers_say_the_same(quartos, pair, language):
    theirs, ours = (
        Content(pages[language]["html"].read_text(encoding="utf-8")) for pages in (quartos, pair)
    )
    assert theirs.texts("h1", "h2", "h3", "h4") == ours.texts("h1", "h2", "h3", "h4")
    assert theirs.texts("td", "th") == ours.texts("td", "th")
    assert sorted(theirs.texts("caption", "figcaption")) == sorted(
        ours.texts("caption", "figcaption")
    )
    assert theirs.references() == ours.references()
    assert theirs.attribute("img", "alt") == ours.attribute("img", "alt")
    assert theirs.attribute("html", "lang") == ours.attribute("html", "lang")
    others = [[h for h in page.attribute("a", "hreflang") if h] for page in (theirs, ours)]
    assert others[0] == others[1]


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize(("kind", "read"), [("pdf", of_pdf), ("docx", of_word)])
def test_both_renderers_say_the_same_in_pdf_and_word(quartos, pair, language, kind, read):
    theirs, ours = (read(pages[language][kind].read_bytes()) for pages in (quartos, pair))
    assert differences(theirs, ours) == []


@pytest.mark.parametrize("language", ["en", "cy"])
def test_our_pdf_and_our_word_document_say_the_same(pair, language):
    """What one format drops, the other shows; the contents and references are links in Word only."""
    pdf, word = (
        read(pair[language][kind].read_bytes())
        for kind, read in (("pdf", of_pdf), ("docx", of_word))
    )
    told = differences(pdf, word)
    assert [each for each in told if not each.startswith("links: ")] == []
    outside = [link.split(" -> ")[1] for link in word.links if not link.endswith("#")]
    assert pdf.links == outside
