"""The finished pages in a real browser: axe finds nothing, at full width and at 320 pixels.

Skips aloud where Chromium or npm is not installed.
"""

import re

import pytest

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("width", [1100, 320])
@pytest.mark.parametrize("report", ["pair", "quarterly"])
def test_axe_finds_nothing_and_the_page_needs_no_more_width_and_no_network(
    look, request, report, language, width
):
    pages = request.getfixturevalue(report)
    told = look(pages[language]["html"].read_text(encoding="utf-8"), width)
    assert told["violations"] == []
    assert told["passes"] > 30
    assert told["width"] == width
    assert told["needed"] <= width
    assert told["fetched"] == []
    if width > 320:  # what has scrolled out of sight cannot be looked at for its contrast
        assert told["incomplete"] == []


@pytest.mark.parametrize(
    ("fault", "spoil"),
    {
        "image-alt": lambda html: re.sub(
            r'(<img) role="img" aria-label="[^"]*"([^>]*) alt="[^"]*"', r"\1\2", html
        ),
        "html-has-lang": lambda html: html.replace('<html lang="en-GB">', "<html>"),
        "color-contrast": lambda html: html.replace("--ink: #1a1a1a", "--ink: #bbbbbb"),
        "scrollable-region-focusable": lambda html: html.replace(' tabindex="0"', "").replace(
            "</style>", ".wide > * { min-width: 60rem; }</style>", 1
        ),
    }.items(),
)
def test_axe_would_have_seen_a_fault(fault, spoil, look, pair):
    html = pair["en"]["html"].read_text(encoding="utf-8")
    spoilt = spoil(html)
    assert spoilt != html
    assert fault in [name for name, _nodes in look(spoilt, 320)["violations"]]
